//! Machine or person? One line a case: the fields that matter, and what the letter is taken for. A person's letter
//! taken for a machine's goes unanswered, so the second table matters more than the first.

use channels::mail::read::read;

fn check(cases: &[(&str, &str)]) {
    for (fields, expected) in cases {
        let has_from = fields.contains("From:");
        let from = if has_from { "" } else { "From: Paul <paul@entreprise.example>\n" };
        let raw = format!("{from}{fields}\nTo: aide@desk.example\n\nBonjour, voici quelques mots.\n");
        let (letter, _) = read(raw.as_bytes(), "mark");
        let kind = letter.automatic.map_or_else(|| "person".to_owned(), |kind| format!("{kind:?}"));
        assert_eq!(kind, *expected, "{fields}");
    }
}

#[test]
fn machines_are_known_by_their_marks() {
    check(&[
        ("Subject: Absent\nAuto-Submitted: auto-replied (vacation)", "Reply"),
        ("Subject: Re: x\nAuto-Submitted: auto-generated\nIn-Reply-To: <a@desk.example>", "Reply"),
        ("Subject: Bonjour\nAuto-Submitted: auto-generated", "Generated"),
        ("Subject: x\nX-Autoreply: yes", "Reply"),
        ("Subject: x\nX-Autorespond: absence", "Reply"),
        ("Subject: x\nPrecedence: auto_reply", "Reply"),
        ("Subject: x\nPreference: auto_reply", "Reply"),
        ("Subject: x\nX-Precedence: auto_reply", "Reply"),
        ("Subject: x\nX-POST-MessageClass: 9; Autoresponder", "Reply"),
        ("Subject: Re: x\nDelivered-By-The-Graces-Of: The Vacation program", "Reply"),
        ("Subject: Out of Office AutoReply: Votre dossier", "Reply"),
        ("Subject: Réponse automatique\u{a0}: Votre dossier\nX-Auto-Response-Suppress: All", "Reply"),
        ("Subject: Réponse automatique\u{a0}: Re: Votre dossier [X43A-7HM6]", "Reply"),
        ("Subject: Automatic reply: RE: Your case", "Reply"),
        ("Subject: Respuesta automática: x\nX-Auto-Response-Suppress: All", "Reply"),
        ("Return-Path: <>\nSubject: En congés jusqu'au 10", "Reply"),
        ("Return-Path: <>\nSubject: Re: Out of the office", "Reply"),
        ("From: Majordomo@listes.example\nSubject: Majordomo results: help", "Reply"),
        (
            "From: boite@entreprise.example\nSubject: Your email requires verification verify#Xy\nPrecedence: bulk",
            "Reply",
        ),
        ("From: noreply@boutique.example\nSubject: Votre commande", "Generated"),
        ("From: ne-pas-repondre@boutique.example\nSubject: Votre commande", "Generated"),
        ("Subject: Nos offres\nList-Unsubscribe: <https://x.example>\nFeedback-ID: 1:2:3:esp", "List"),
        ("Subject: Nos offres\nList-Unsubscribe: <https://x.example>\nPrecedence: bulk", "List"),
        ("Subject: [asso] x\nList-Id: <asso.example>", "List"),
        ("Subject: [asso] x\nPrecedence: list", "List"),
        ("Subject: x\nPrecedence: bulk", "Generated"),
        ("From: x@exemple.example\nSubject: complaint about message from 192.0.2.1", "person"),
        ("From: Mail Delivery System <bounce-17@relais.example>\nSubject: x", "Bounce"),
        ("From: postmaster@relais.example\nSubject: Undeliverable: x", "Bounce"),
        ("Return-Path: <>\nSubject: x", "Generated"),
    ]);
}

#[test]
fn people_are_not_taken_for_machines() {
    for fields in [
        "Subject: Absence de livraison\nX-Auto-Response-Suppress: All",
        "Subject: Absent lors du passage du technicien\nX-Auto-Response-Suppress: DR, OOF, AutoReply",
        "Subject: Vacation rental complaint\nX-Auto-Response-Suppress: All",
        "Subject: Réponse automatique : inadmissible",
        "Subject: RE: Automatic reply: Re: votre dossier",
        "Subject: Réponse automatique : rien que des refus",
        "Subject: RE: Automatic reply: votre dossier\nX-Auto-Response-Suppress: All",
        "Subject: Accusé de réception non signé",
        "Subject: Lu : votre dossier",
        "Subject: Read: my terms",
        "Subject: Undelivered parcel",
        "Subject: Delivery failure of my order",
        "Subject: Returned mail",
        "Subject: Échec de la remise du colis",
        "Subject: Retardé : mon train",
        "Subject: Non remis : mon recommandé",
        "Subject: Warning: message for the manager",
        "From: postmaster@petite-mairie.example\nSubject: Notre ligne est en panne",
        "From: administrator@entreprise.example\nSubject: Facture",
        "From: system@entreprise.example\nSubject: Returned goods",
        "Subject: x\nAuto-Submitted: no",
        "Subject: x\nX-Autoreply: no",
        "Subject: x\nList-Unsubscribe: <mailto:u@x.example>",
        "Subject: x\nPrecedence: normal",
        "Subject: x\nX-TMDA-Fingerprint: abc\nX-Delivery-Agent: TMDA/1.0",
        "Subject: x\nX-Spam-Status: Yes",
        "From: noreply@formulaire.example\nReply-To: zoe@exemple.example\nSubject: Formulaire de contact",
        "Return-Path: <paul@entreprise.example>\nSubject: x",
    ] {
        check(&[(fields, "person")]);
    }
}

#[test]
fn a_formula_and_an_absence_are_a_program_and_neither_is_alone() {
    for (subject, text, expected) in [
        (
            "Réponse automatique : Votre commande",
            "Bonjour, je suis absente du bureau jusqu’au 3 décembre.",
            true,
        ),
        (
            "Automatic reply: Your order",
            "I am out of the office until 3 December with limited access to mail.",
            true,
        ),
        ("Abwesenheitsnotiz: Ihre Bestellung", "Ich bin bis 3.12. nicht im Büro.", true),
        (
            "Réponse automatique : inadmissible",
            "Votre réponse automatique dit que vous êtes absents depuis mars.",
            false,
        ),
        ("Absence du livreur", "Je suis absent jusqu'au 3 décembre, livrez-moi ensuite.", false),
        ("Votre commande", "Je suis absente du bureau jusqu'au 3 décembre.", false),
    ] {
        let raw = format!(
            "From: p@entreprise.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
        );
        let (letter, _) = read(raw.as_bytes(), "mark");
        assert_eq!(
            letter.automatic == Some(casework::inbound::Automatic::Reply),
            expected,
            "{subject}: {text}"
        );
    }
}

#[test]
fn a_text_that_only_points_to_the_html_gives_way_to_it() {
    for (text, expected) in [
        ("This message is in HTML format. Please use an HTML-capable mail reader.", "Mon colis est perdu."),
        ("Ce message est au format HTML, votre logiciel ne peut pas l'afficher.", "Mon colis est perdu."),
        (
            "Mon colis est perdu, et le HTML de votre site aussi.",
            "Mon colis est perdu, et le HTML de votre site aussi.",
        ),
    ] {
        let raw = format!(
            "From: p@entreprise.example\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n{text}\n\
             --b\nContent-Type: text/html\n\n<p>Mon colis est perdu.</p>\n--b--\n"
        );
        assert_eq!(read(raw.as_bytes(), "mark").0.text, expected);
    }
}

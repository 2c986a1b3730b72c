//! Customers' own words that look like a mail program's, and mail programs' words beside them: every mail is a line of a
//! table.

use text::reading::{PartKind, read};

const HISTORY: &str =
    "On Tue, Mar 3, 2026 at 10:22 AM Atelier Lumen <aide@atelier-lumen.example> wrote:\n\n> It left.\n";

/// All of it stays visible.
fn check_own(mail: &str) {
    let reading = read(mail);
    assert!(reading.parts.iter().all(|part| part.kind == PartKind::Visible), "{mail:?}: {:?}", reading.parts);
}

/// What the writer said stays visible above their program's line; it alone folds, at the end and above history.
fn check_added(line: &str) {
    for mail in [format!("Merci à vous.\n\n{line}\n"), format!("Merci à vous.\n\n{line}\n\n{HISTORY}")] {
        assert_eq!(read(&mail).visible(), "Merci à vous.", "{mail}");
    }
}

/// Sentences that begin as advertisements do.
const SENT: &[&str] = &[
    "Sent via DHL on Monday",
    "Sent via Royal Mail",
    "Sent via the app",
    "Sent by mail",
    "Sent with the wrong plug",
    "Sent with the phone and its charger",
    "Sent with the order last week",
    "Sent from my old address",
    "Sent from your phone shop",
    "Sent from my iPhone on 3 March at 10:22",
    "Envoyé par mon mari le 3 mars",
    "Envoyé par mon comptable",
    "Envoyé par Orange",
    "Envoyé par mail",
    "Envoyé via Chronopost",
    "Envoyé avec mon ancien téléphone",
    "Envoyé avec spark plugs",
    "Envoyé avec la facture",
    "Envoyé de mon domicile hier",
    "Envoyé de mon iPhone LM-48213",
    "Envoyé de mon iPhone (écran cassé par le livreur)",
    "Envoyé de mon iPhone 06 12 34 56 78",
    "Envoyé depuis mon bureau de poste",
    "Envoyé depuis la messagerie de ma banque",
    "Envoyé depuis un téléphone cassé",
    "Envoyé depuis Lyon",
    "Télécharger la facture pour mon téléphone",
    "Gesendet mit der Post",
    "Gesendet von meinem Bruder",
    "Virus-free",
    "Garanti sans virus",
    "Cet e-mail a été vérifié par votre service, qui n'y a rien vu.",
];

#[test]
fn sentences_that_begin_like_an_advertisement_stay() {
    for line in SENT {
        check_own(&format!("Bonjour,\n\n{line}\n\nMarie\n"));
        check_own(&format!("Bonjour,\n\nLe colis est perdu.\n\n{line}\n"));
        let above_history = format!("Bonjour,\n\n{line}\n\n{HISTORY}");
        assert_eq!(read(&above_history).visible(), format!("Bonjour,\n\n{line}"));
    }
}

#[test]
fn an_advertisement_inside_a_letter_stays() {
    check_own("Votre application affiche :\n\nSent from Outlook for Android\n\nQue faire ?");
    check_own("Le message finit par\nEnvoyé de mon iPhone\net rien d'autre.");
    check_own("Je ne vois que\nEnvoyé avec Spark\n");
}

#[test]
fn advertisements_fold() {
    for line in [
        "Envoyé de Gmail Mobile",
        "Envoyé depuis le webmail Bbox",
        "Envoyé à partir de l'application Free",
        "Envoyé avec Mailo",
        "Envoyé depuis Infomaniak Mail",
        "Envoyé avec eM Client",
        "Envoyé depuis Thunderbird pour Android",
        "Sent from the all new AOL app for iOS",
        "Sent with Superhuman",
        "Sent from Front",
        "Envoyé par Canary",
        "Yahoo Mail : Recherchez, organisez, maîtrisez",
        "[Yahoo Mail: Search, Organize, Conquer](https://mail.onelink.example/107872968)",
        "\u{2063}Télécharger BlueMail pour Android \u{200b}",
        "Sent from Mailspring, the best free email app for work",
        "Envoyé de façon sécurisée avec Tuta Mail. Obtenez votre boîte mail cryptée gratuite et sans publicité : https://tuta.example/free",
        "Skickat från min iPhone",
        "Sent via mobile device",
        "Ce message a été envoyé depuis mon téléphone, merci d'excuser les fautes.",
        "Sent from a mobile device, please excuse typos.",
        "Envoyé depuis mon portable, désolé pour les fautes",
        "Envoyé de mon SM-A515F Samsung",
        "Envoye\u{301} de mon te\u{301}le\u{301}phone",
        "Von meinem Galaxy A52 5G gesendet",
        "-- \nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Envoyé de mon iPhone\n\nGaranti sans virus. www.avast.com",
    ] {
        check_added(line);
    }
}

/// Lines that begin as quoted ones do.
const MARKED: &[&str] = &[
    "Bonjour,\n\nbudget\n> 100 €\nmerci",
    "il faut\n>= 60 W\nmerci",
    "Temperature\n>30°C in the room\nand it stops",
    ">:( toujours rien !\n\nMarie",
    "Bonjour\n\n>>> URGENT <<<\n\nMa lampe a pris feu",
    "Menu > Compte > Commandes\n> Mes retours\nest vide",
    "Bonjour,\n\nje cherche des lampes\n>= 60 W et < 200 €\n>100 lm/W\n\nMerci",
    "Je voudrais\n> 2 lampes rouges\n> 1 abat-jour\n> un câble\nLivrez vite.",
    "Prix affiché\n>45,90 €\nPrix payé\n>60 €",
    ">_< encore cassée\n\nTom",
    "Bonjour,\n>> Commande 48213 : où est-elle ?\nMarie",
    "> Réponse attendue avant lundi\n\nMarie",
    "Bonjour\n> $50 was taken twice\nTom",
    "the meter says\n\n> 230V\n\nand the lamp burns",
    "> URGENT <\nLa lampe fume.",
    "Bonjour,\n\n>>>> à lire avant tout !\n\nLa lampe fume.",
];

#[test]
fn marks_that_a_person_types_stay() {
    for mail in MARKED {
        check_own(mail);
        assert_eq!(read(&format!("{mail}\n\n{HISTORY}")).visible(), *mail, "above history");
    }
}

#[test]
fn amounts_below_a_quotation_stay() {
    for own in ["il faut\n>= 60 W\nmerci", "budget\n> 100 €\nmerci", ">:( toujours rien !"] {
        let mail = format!("{HISTORY}> Sophie\n\nBonjour,\n{own}\n");
        assert_eq!(read(&mail).visible(), format!("Bonjour,\n{own}"));
    }
}

#[test]
fn marks_of_programs_fold() {
    for (mail, visible) in [
        ("Non.\n\n> Votre colis est remis.\n> Cordialement", "Non."),
        ("Non.\n\n> Votre colis est remis.\n>\n> Cordialement", "Non."),
        ("> Quelle taille ?\n42\n> Quelle couleur ?\nbleu", "42\n\nbleu"),
        ("Camille Moreau wrote:\n> 100 €\nnon, 90", "non, 90"),
        ("Camille Moreau wrote:\n\n> 100 € ?\nnon, 90", "non, 90"),
        ("Le 3 nov. 2026 à 14:02, X <x@y.example> a écrit :\n> Un seul ?\nOui.", "Oui."),
        ("> 1) Quel numéro ?\nAB-1\n> 2) Quelle couleur ?\nbleu", "AB-1\n\nbleu"),
        ("Non.\n\n> 100 € vous seront rendus.\n>\n> Sophie", "Non."),
        ("Non.\n\n> 12 lampes\n> > 13 lampes\n> Sophie", "Non."),
        (
            "Non.\n\n> 12 lampes vous ont été livrées lundi par notre transporteur\n> et déposées chez vous.",
            "Non.",
        ),
        (
            ">>>>> \"J\" == Jean Blin <jean@courrier.example> writes:\n\nJ> Une lampe ?\n\nNon, deux.",
            "J> Une lampe ?\n\nNon, deux.",
        ),
    ] {
        assert_eq!(read(mail).visible(), visible, "{mail}");
    }
}

const CARD: &str = "Cordialement,\n\nNadia BENALI\nAssistante comptable\nGroupe Vernet\nTél. : 04 78 00 00 00\n\
    www.groupe-vernet.example\n";

/// A card stays when the letter above it asks to use what stands on it; a word that merely holds such a word asks
/// nothing.
#[test]
fn a_card_stays_when_it_is_asked_for() {
    for asked in [
        "Merci de me rappeler.",
        "J'attends votre appel.",
        "Vous pouvez me joindre demain.",
        "Mon numéro est plus bas.",
        "Le numéro de téléphone est plus bas.",
        "Livrez à l'adresse ci-dessous.",
        "Please call.",
        "My number is below.",
    ] {
        check_own(&format!("Bonjour,\n\n{asked}\n\n{CARD}"));
    }
    for told in [
        "Merci de nous adresser un duplicata.",
        "Nous vous rappelons que la facture est échue.",
        "Comment s'appelle ce modèle ?",
        "Je vous ai appelé hier.",
        "Quel est le numéro de suivi ?",
        "My order number is AB-1.",
    ] {
        let mail = format!("Bonjour,\n\n{told}\n\n{CARD}");
        assert_eq!(read(&mail).visible(), format!("Bonjour,\n\n{told}\n\nCordialement,\n\nNadia BENALI"));
    }
    check_own(&format!(
        "Bonjour,\n\nLa lampe est cassée.\n\n{}",
        CARD.replace("Cordialement", "Cordialementer")
    ));
}

const OUTLOOK: &str = "De : Atelier Lumen <aide@atelier-lumen.example>\nEnvoyé : mardi 3 mars 2026 10:22\n\
    À : Marie <m@x.example>\nObjet : RE: Votre commande\n\nBonjour Marie,\n\nElle est partie ce matin.\n";

#[test]
fn history_folds_when_no_answer_is_announced_in_it() {
    for own in [
        "Comment cela se fait ? Je l'ai acheté dans le magasin de Lyon.",
        "I would like a replacement, the photo is below.",
        "J'attends une réponse, mon adresse est ci-dessous.",
        "Nobody responds. My number is below.",
        "Comment choisir ? Je voudrais la lampe en rouge.",
        "Comment avoir la lampe en rouge ?",
        "Merci de votre réponse. La lampe en bleu me va.",
        "Thanks for your reply. Please send the lamp in green.",
        "The voltage is below the norm, who is responsible?",
        "Suite à votre réponse, vous trouverez plus bas mes coordonnées.",
        "Thanks for your reply, but the price dropped below what I paid.",
        "En réponse à votre message ci-dessous : non.",
        "No reply to my message below, why?",
        "Je n'ai pas eu de réponse à mon message ci-dessous.",
        "Il me faut une réponse, le modèle est en rouge sur la photo.",
        "Je remarque que la lampe en rouge est moins chère.",
        "I need an answer, the facts are in your files.",
        "Vous n'avez pas répondu aux questions ci-dessous.",
    ] {
        let mail = format!("Bonjour,\n\n{own}\n\nMarie\n\n{OUTLOOK}");
        assert_eq!(read(&mail).visible(), format!("Bonjour,\n\n{own}\n\nMarie"));
    }
}

#[test]
fn history_stays_when_answers_are_announced_in_it() {
    for own in [
        "Mes réponses en rouge.",
        "Voir mes réponses dans votre texte.",
        "Je réponds en bleu dans le texte.",
        "J'ai répondu ci-dessous, en gras.",
        "Merci pour votre message, mes réponses sont\nplus bas.",
        "Réponses en rouge",
        "cf. commentaires dans le corps du message",
        "Please see my comments below, thanks.",
        "My comment is in red.",
        "Answers inline",
        "I have answered below.",
        "I replied in your text",
        "See replies in capitals.",
        "Bonjour, nos réponses sous chaque question",
        "Meine Antworten in Rot",
    ] {
        check_own(&format!("{own}\n\n{OUTLOOK}Livrée lundi.\n"));
        // A name below the quotation is no answer: they are among the marked lines.
        check_own(&format!("{own}\n\n{HISTORY}> Livrée lundi.\n\nMarie\n"));
        let between = format!("{own}\n\n{HISTORY}non\n> Livrée lundi ?\noui\n");
        assert_eq!(read(&between).visible(), format!("{own}\n\nnon\n\noui"));
    }
}

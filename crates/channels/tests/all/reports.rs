//! Kinds of delivery reports, each as its program words it: who it was for, what became of it, why. A kind is a line
//! in a table; whole letters are in `tests/mails`.

use casework::inbound::Automatic;
use channels::mail::read::read;

/// What is read from a report with this sender, subject and text.
fn told(from: &str, subject: &str, text: &str) -> String {
    let raw = format!(
        "Return-Path: <>\nFrom: {from}\nTo: aide@desk.example\nSubject: {subject}\n\
         Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    );
    let (letter, _) = read(raw.as_bytes(), "mark");
    match (letter.automatic, letter.report) {
        (Some(Automatic::Bounce), Some(report)) => {
            let recipient = report.recipient.unwrap_or_else(|| "nobody".to_owned());
            format!("{:?} {recipient} {}", report.fate, report.status.as_deref().unwrap_or("-"))
        }
        (other, _) => format!("{other:?}"),
    }
}

fn check(cases: &[(&str, &str, &str, &str)]) {
    for (from, subject, text, expected) in cases {
        assert_eq!(told(from, subject, text), *expected, "{subject}\n{text}");
    }
}

const POST: &str = "postmaster@relais.example";
const DAEMON: &str = "MAILER-DAEMON@relais.example";

#[test]
fn programs_without_fields_say_it_in_words() {
    check(&[
        (
            POST,
            "Permanent Delivery Failure",
            "The attached message had PERMANENT fatal delivery errors!\n\nFailed address: zoe@exemple.example\n\n\
             --- Session Transcript ---\n Tue: --> RCPT To:<zoe@exemple.example>\n Tue: <-- 550 5.1.1 unknown\n",
            "Failed zoe@exemple.example 5.1.1",
        ),
        (
            "MDaemon@relais.example",
            "WARNING: MESSAGE STILL UNDELIVERED",
            "The attached message has been delayed. It will be retried.\n\nFailed address: zoe@exemple.example",
            "Delayed zoe@exemple.example -",
        ),
        (
            POST,
            "Message status - undeliverable",
            "The message that you sent was undeliverable to the following:\n\tzoe@exemple.example (user not found)",
            "Failed zoe@exemple.example 5.1.1",
        ),
        (
            DAEMON,
            "Undeliverable Message",
            "Failed to deliver to '<zoe@exemple.example>'\nSMTP module(domain exemple.example) reports:\n host \
             mx.exemple.example says:\n 552 5.2.2 mailbox full\n",
            "Failed zoe@exemple.example 5.2.2",
        ),
        (
            DAEMON,
            "Delivery Notification",
            "The following message to <zoe@exemple.example> was undeliverable.\nThe reason for the problem:\n5.1.0 - \
             Unknown address error 550-'User unknown'",
            "Failed zoe@exemple.example 5.1.0",
        ),
        (
            POST,
            "Message delivery failure",
            "Your message did not reach some or all of the intended recipients.\n\n   Sent: Tue\n   Subject: Votre \
             dossier\n\nThe following recipient(s) could not be reached:\n\nzoe@exemple.example\n   Error Type: SMTP\n   \
             Remote server (192.0.2.1) issued an error.\n   Sent: RCPT TO:<zoe@exemple.example>\n   Remote server \
             replied: 550 No such user\n",
            "Failed zoe@exemple.example 5.1.1",
        ),
    ]);
}

#[test]
fn the_reason_may_stand_before_the_recipient() {
    check(&[
        (
            DAEMON,
            "Mail System Error - Returned Mail",
            "This Message was undeliverable due to the following reason:\n\nYour message was not delivered because the \
             destination computer was not found.\n\n     Host not found\n\nThe following recipients did not receive \
             this message:\n\n     <zoe@nulle-part.example>\n\nPlease reply to Postmaster@relais.example",
            "Failed zoe@nulle-part.example 5.1.2",
        ),
        (
            DAEMON,
            "Delivery failure",
            "Your message to zoe@exemple.example could not be delivered.\n\nThis account is over quota.",
            "Failed zoe@exemple.example 5.2.2",
        ),
        (
            POST,
            "Message undeliverable: Votre dossier",
            "User's mailbox is full: <zoe@exemple.example>\nUnable to deliver mail.\n",
            "Failed zoe@exemple.example 5.2.2",
        ),
        (
            DAEMON,
            "Undelivered Mail Returned to Sender",
            "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n\
             For further assistance, please send mail to <aide@fai.example>\n\n<zoe@exemple.example> (expanded from \
             <tous@exemple.example>): host\n    mx[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)",
            "Failed zoe@exemple.example 5.1.1",
        ),
    ]);
}

#[test]
fn reports_in_other_languages() {
    check(&[
        (
            DAEMON,
            "Non remis : Votre dossier",
            "Votre message n'est pas parvenu à certains des destinataires prévus.\n\n      Objet : Votre dossier\n\nImpossible \
             de joindre le(s) destinataire(s) suivant(s) :\n\n      zoe@exemple.example le 03/03/2026 10:00\n            \
             Le compte de messagerie n'existe pas dans l'organisation. <#5.1.1>\n",
            "Failed zoe@exemple.example 5.1.1",
        ),
        (
            "Mail Delivery Subsystem <mailer-daemon@relais.example>",
            "Delivery Status Notification (Failure)",
            "** Adresse introuvable **\n\nVotre message n'est pas parvenu à zoe@exemple.example, car l'adresse est \
             introuvable ou ne peut pas recevoir d'e-mail.\n\nLa réponse était :\n550 5.1.1 The email account that you \
             tried to reach does not exist.",
            "Failed zoe@exemple.example 5.1.1",
        ),
        (
            POST,
            "Avis de non-remise",
            "Bonjour,\n\nla boîte aux lettres de zoe@exemple.example est pleine : votre message n'a pas pu être délivré.",
            "Failed zoe@exemple.example 5.2.2",
        ),
        (
            POST,
            "Retardé : Votre dossier",
            "La remise de ce message à ces destinataires ou groupes est retardée :\n\nzoe@exemple.example\n\nVous n'avez pas \
             besoin de renvoyer votre message.",
            "Delayed zoe@exemple.example -",
        ),
        (
            POST,
            "Unzustellbar: Votre dossier",
            "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nzoe@exemple.example\nDie eingegebene \
             E-Mail-Adresse wurde nicht gefunden.\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'",
            "Failed zoe@exemple.example 5.1.10",
        ),
        (
            POST,
            "Verzögert: Votre dossier",
            "Die Nachricht wurde noch nicht zugestellt:\n\nzoe@exemple.example",
            "Delayed zoe@exemple.example -",
        ),
        (
            POST,
            "No se puede entregar: Votre dossier",
            "No se pudo entregar el mensaje a los siguientes destinatarios:\n\nzoe@exemple.example\nBuzón lleno",
            "Failed zoe@exemple.example 5.2.2",
        ),
        (
            POST,
            "Non recapitabile: Votre dossier",
            "Impossibile recapitare il messaggio ai seguenti destinatari:\n\n  zoe@exemple.example\n  Utente inesistente",
            "Failed zoe@exemple.example -",
        ),
        (
            POST,
            "Onbestelbaar: Votre dossier",
            "Uw bericht kon niet worden bezorgd bij:\n\nzoe@exemple.example\n550 5.7.1 geweigerd",
            "Failed zoe@exemple.example 5.7.1",
        ),
    ]);
}

#[test]
fn what_the_subject_repeats_is_not_the_reports_own_word() {
    check(&[
        (
            POST,
            "Undeliverable: Colis en retard, delay",
            "Delivery has failed to these recipients or groups:\n\nzoe@exemple.example\n550 5.1.1 unknown",
            "Failed zoe@exemple.example 5.1.1",
        ),
        (
            POST,
            "Delivered: Delivery failure",
            "Your message has been delivered to the following recipients:\n\nzoe@exemple.example",
            "Delivered zoe@exemple.example -",
        ),
        (
            POST,
            "Remise impossible",
            "Votre message n'a pas pu être remis au destinataire zoe@exemple.example",
            "Failed zoe@exemple.example -",
        ),
        // Delivery was tried for days and then given up: that is a failure, whatever it waited for.
        (
            DAEMON,
            "Mail delivery failed",
            "Delivery to zoe@exemple.example has been delayed and failed permanently: 450 4.2.2 mailbox full",
            "Failed zoe@exemple.example 4.2.2",
        ),
    ]);
}

#[test]
fn our_own_and_helping_addresses_are_not_the_recipient() {
    check(&[
        (
            DAEMON,
            "Delivery failure",
            "Hello aide@desk.example,\n\nyour mail could not be delivered. Please contact support@relais.example or \
             https://relais.example/?who=x@y.example\n\nReason: 550 blocked",
            "Failed nobody -",
        ),
        (
            DAEMON,
            "Delivery failure",
            "MAIL FROM:<aide@desk.example>\nRCPT TO:<zoe@exemple.example>\n550 5.7.1 <aide@desk.example> refused",
            "Failed zoe@exemple.example 5.7.1",
        ),
        (
            DAEMON,
            "Undeliverable mail",
            "The message could not be delivered.\n\n--- Original message ---\nFrom: aide@desk.example\nTo: \
             zoe@exemple.example\nSubject: Votre dossier\n",
            "Failed zoe@exemple.example -",
        ),
        // We wrote to ourselves: then our own address is the one.
        (
            DAEMON,
            "failure notice",
            "I wasn't able to deliver your message to the following addresses.\n\n<aide@desk.example>:\n552 disk quota \
             exceeded\n\n--- Below this line is a copy of the message.\n\nFrom: x@y.example\nTo: aide@desk.example\n",
            "Failed aide@desk.example 5.2.2",
        ),
    ]);
}

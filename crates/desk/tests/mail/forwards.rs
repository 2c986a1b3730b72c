//! Customers' letters that a person of the desk passes on: the customer is whose letter it is, not the colleague.

use casework::act::Act;
use casework::event::What;
use casework::{Actor, MessageState};

use super::post::{do_act, happenings, received, words};
use crate::on_both_engines;
use crate::support::{INBOX, Letter, TestDesk};

/// Camille passes on what a customer wrote to her.
fn passed_on<'a>(id: &'a str, subject: &'a str, text: &'a str) -> Letter<'a> {
    Letter { from: "camille@atelier.example", name: "Camille Moreau", id, subject, text, ..Letter::default() }
}

const GMAIL: &str = "Vu au salon, à traiter vite.\r\n\r\n---------- Forwarded message ---------\r\nDe : Nadia Ferrand <nadia@exemple.fr>\r\nDate: lun. 2 mars 2026 à 18:04\r\nSubject: Colis en retard\r\nTo: <camille@atelier.example>\r\n\r\n\r\nBonjour,\r\nMon colis MG-2481 devait arriver mardi dernier et je n'ai rien reçu.\r\n";
const OUTLOOK: &str = "Vu au salon, à traiter vite.\r\n\r\n-----Message d'origine-----\r\nDe : Nadia Ferrand <nadia@exemple.fr>\r\nEnvoyé : lundi 2 mars 2026 18:04\r\nÀ : Camille Moreau <camille@atelier.example>\r\nObjet : Colis en retard\r\n\r\nBonjour,\r\nMon colis MG-2481 devait arriver mardi dernier et je n'ai rien reçu.\r\n";
const GERMAN: &str = "Vu au salon, à traiter vite.\r\n\r\n-----Ursprüngliche Nachricht-----\r\nVon: Nadia Ferrand <nadia@exemple.fr>\r\nGesendet: Montag, 2. März 2026 18:04\r\nAn: Camille Moreau <camille@atelier.example>\r\nBetreff: Colis en retard\r\n\r\nBonjour,\r\nMon colis MG-2481 devait arriver mardi dernier et je n'ai rien reçu.\r\n";

/// What must be seen of a letter that was passed on, whatever program did it.
async fn is_nadias(desk: &TestDesk) {
    let case = desk.only_case().await;
    let page = desk.desk.store.case_page(case.clone(), None).await.unwrap();
    assert_eq!(page.customer.mail_addresses().collect::<Vec<_>>(), ["nadia@exemple.fr"]);
    let all = happenings(desk, &case).await;
    assert!(all.iter().any(|what| matches!(what, What::LetterForwarded { .. })));
    let (to, receipt) = desk.sent().await.pop().unwrap();
    assert_eq!(to, "nadia@exemple.fr", "the receipt goes to whoever waits");
    assert!(receipt.subject.contains("Colis en retard"), "{}", receipt.subject);
    let texts = |state| {
        page.messages
            .iter()
            .filter(move |one| one.message.state == state)
            .map(|one| (one.message.author, one.text.clone()))
    };
    let letters: Vec<_> = texts(MessageState::Received).collect();
    assert!(
        matches!(&letters[..], [(Actor::Customer(_), text)] if text.contains("MG-2481") && !text.contains("au salon")),
        "{letters:?}"
    );
    let notes: Vec<_> = texts(MessageState::Note).collect();
    assert!(
        matches!(&notes[..], [(Actor::Agent(_), text)] if text.contains("à traiter vite")),
        "the colleague's words are a note: {notes:?}"
    );
    assert!(!receipt.text.contains("traiter"), "and do not leave");
}

on_both_engines! {
    // zammad#4965, #5287: prefixes in other languages than English.
    async fn a_letter_passed_on_from_gmail_is_the_customers(desk: TestDesk) {
        desk.mail(&passed_on("f@atelier.example", "Fwd: Colis en retard", GMAIL)).await;
        is_nadias(&desk).await;
    }

    async fn a_letter_passed_on_from_outlook_in_french_is_the_customers(desk: TestDesk) {
        desk.mail(&passed_on("f@atelier.example", "TR: Colis en retard", OUTLOOK)).await;
        is_nadias(&desk).await;
    }

    async fn a_letter_passed_on_from_outlook_in_german_is_the_customers(desk: TestDesk) {
        desk.mail(&passed_on("f@atelier.example", "WG: Colis en retard", GERMAN)).await;
        is_nadias(&desk).await;
    }

    async fn a_letter_passed_on_as_a_file_is_the_customers_and_keeps_its_thread(desk: TestDesk) {
        let inner = Letter::default().to_mail(desk.desk.clock.now());
        let raw = format!(
            "From: Camille Moreau <camille@atelier.example>\r\nTo: <{INBOX}>\r\nSubject: TR: Colis en retard\r\nMessage-ID: <f@atelier.example>\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVu au salon, à traiter vite.\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
        );
        desk.hand_in("camille@atelier.example", INBOX, raw.as_bytes()).await;
        desk.settle().await;
        is_nadias(&desk).await;
        desk.mail(&Letter { id: "b@exemple.fr", answers: &["first@exemple.fr"], subject: "Re: Colis en retard", text: "J'ajoute la photo.\r\n", ..Letter::default() }).await;
        assert_eq!(received(&desk, &desk.only_case().await).await, 2, "what she adds to her own mail finds it");
    }

    async fn the_answer_to_a_letter_passed_on_goes_to_the_customer(desk: TestDesk) {
        desk.mail(&passed_on("f@atelier.example", "TR: Colis en retard", OUTLOOK)).await;
        let case = desk.only_case().await;
        do_act(&desk, "camille", &case, Act::Reply { words: words("Je vérifie."), waits: false }).await;
        assert!(desk.sent().await.iter().all(|(to, _)| to == "nadia@exemple.fr"));
    }

    async fn a_colleague_who_complains_is_a_customer(desk: TestDesk) {
        desk.mail(&passed_on("own@atelier.example", "Ma commande", "Bonjour, ma propre commande MG-33333 n'est pas arrivée non plus.\r\n")).await;
        let case = desk.only_case().await;
        assert!(!happenings(&desk, &case).await.iter().any(|what| matches!(what, What::LetterForwarded { .. })));
        assert_eq!(desk.sent().await.pop().unwrap().0, "camille@atelier.example");
    }

    async fn a_letter_passed_on_twice_is_filed_once(desk: TestDesk) {
        for _ in 0..2 {
            desk.mail(&passed_on("f@atelier.example", "TR: Colis en retard", OUTLOOK)).await;
        }
        is_nadias(&desk).await;
        assert_eq!(desk.sent().await.len(), 1);
    }
}

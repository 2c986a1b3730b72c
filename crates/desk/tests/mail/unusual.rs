//! Letters unlike others: without sender, encrypted, huge, through a form; each is filed or kept aside with a reason.

use casework::Status;
use casework::event::{Flag, What};

use super::post::{aside, ask, happenings, id_of, received, signed};
use crate::on_both_engines;
use crate::support::{INBOX, Letter, TestDesk};

async fn raw(desk: &TestDesk, sender: &str, mail: &str) {
    desk.hand_in(sender, INBOX, mail.as_bytes()).await;
    desk.settle().await;
}

on_both_engines! {
    async fn a_letter_without_from_is_whose_who_handed_it_over(desk: TestDesk) {
        raw(&desk, "scan@exemple.fr", "Subject: Courrier numérisé\r\nMessage-ID: <s@exemple.fr>\r\n\r\nLe formulaire signé de la cliente est en pièce jointe.\r\n").await;
        let page = desk.desk.store.case_page(desk.only_case().await, None).await.unwrap();
        assert_eq!(page.customer.mail_addresses().collect::<Vec<_>>(), ["scan@exemple.fr"]);
    }

    async fn a_letter_of_long_ago_says_so(desk: TestDesk) {
        raw(&desk, "scan@exemple.fr", "From: <nadia@exemple.fr>\r\nDate: Sat, 02 Mar 2002 10:00:00 +0100\r\nMessage-ID: <s@exemple.fr>\r\n\r\nBonjour, voici mon courrier.\r\n").await;
        let page = desk.desk.store.case_page(desk.only_case().await, None).await.unwrap();
        let letter = page.messages.iter().find(|message| message.message.letter.is_some()).unwrap();
        assert_eq!(letter.message.written_at, Some("2002-03-02T09:00:00Z".parse().unwrap()));
    }

    async fn a_letter_from_nobody_is_kept_aside(desk: TestDesk) {
        raw(&desk, "", "Subject: ?\r\nMessage-ID: <s@exemple.fr>\r\n\r\nQui suis-je ?\r\n").await;
        assert_eq!((desk.cases().await.len(), aside(&desk).await), (0, vec!["no_sender".to_owned()]));
    }

    async fn a_web_form_is_from_whom_it_says_answers_go_to(desk: TestDesk) {
        let headers = "Reply-To: Anne Roux <anne@exemple.fr>\r\nAuto-Submitted: auto-generated\r\n";
        desk.mail(&Letter { from: "formulaire@atelier.example", name: "Site", id: "w@atelier.example", headers, ..Letter::default() }).await;
        let page = desk.desk.store.case_page(desk.only_case().await, None).await.unwrap();
        assert_eq!(page.customer.mail_addresses().collect::<Vec<_>>(), ["anne@exemple.fr"]);
        assert_eq!(page.case.status, Status::New);
    }

    // Zammad 0015 the other way round: whoever has a no-reply address could speak in anybody's name, in any case.
    async fn a_form_never_answers_in_a_customers_name(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let asked = ask(&desk, &case).await;
        let (to, id) = (signed(&asked), id_of(&asked));
        desk.mail(&Letter { from: "no-reply@exemple.org", name: "Nadia", id: "w@exemple.org", to: &to, answers: &[&id], headers: "Reply-To: <nadia@exemple.fr>\r\n", text: "Remboursez sur mon nouveau compte.\r\n", ..Letter::default() }).await;
        assert_eq!(received(&desk, &case).await, 1);
    }

    async fn an_encrypted_letter_is_a_case_that_says_so(desk: TestDesk) {
        let mail = "From: Nadia <nadia@exemple.fr>\r\nSubject: Confidentiel\r\nMessage-ID: <e@exemple.fr>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\
             --b\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA0\r\n-----END PGP MESSAGE-----\r\n--b--\r\n";
        raw(&desk, "nadia@exemple.fr", mail).await;
        let case = desk.only_case().await;
        assert!(happenings(&desk, &case).await.iter().any(|what| matches!(what, What::MessageFlagged { flag: Flag::Encrypted, .. })));
    }

    // zammad#2416, #4260: HTML that the sanitizer never finished with held up all mail behind it.
    async fn html_nested_a_hundred_thousand_times_holds_up_nobody(desk: TestDesk) {
        let html = "<div><table><tr><td>".repeat(25_000);
        let mail = format!("From: Nadia <nadia@exemple.fr>\r\nSubject: Profond\r\nMessage-ID: <d@exemple.fr>\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n{html}au fond\r\n");
        desk.hand_in("nadia@exemple.fr", INBOX, mail.as_bytes()).await;
        desk.mail(&Letter { from: "luc@exemple.fr", id: "after@exemple.fr", ..Letter::default() }).await;
        assert_eq!(desk.cases().await.len(), 2);
    }

    // zammad#795, #1033, #1772: mail that was silently not worked on.
    async fn bytes_that_are_hardly_a_mail_are_kept_with_a_reason(desk: TestDesk) {
        let noise: Vec<u8> = (0..4000_u32).map(|number| u8::try_from(number * 7919 % 251).unwrap()).collect();
        for sender in ["", "noise@exemple.org"] {
            desk.hand_in(sender, INBOX, &noise).await;
            desk.settle().await;
        }
        assert_eq!(desk.cases().await.len() + aside(&desk).await.len(), 2);
    }
}

//! Machines that write to the desk: nobody gets more automatic mails than the bound, and nothing that a machine says
//! moves a case or stops a clock.

use casework::event::What;
use casework::{Automatic, Status};
use jiff::SignedDuration;

use super::post::{Report, aside, ask, happenings, id_of, now, received, report, signed};
use crate::on_both_engines;
use crate::support::{INBOX, Letter, TestDesk};

/// Receipts to one address in an hour and in a day at most.
const PER_HOUR_MAX: usize = 5;
const PER_DAY_MAX: usize = 20;

/// Another desk whose receipts say nothing of being automatic: each of our mails makes it open a ticket and tell us.
async fn robot_answers(desk: &TestDesk, number: usize) {
    let (id, order) = (format!("t{number}@robot.example"), format!("TCK-{}", 70_000 + number));
    let subject = format!("[{order}] Nouveau ticket");
    let text =
        format!("Votre demande {order} est enregistrée, nous reviendrons vers vous sous 48 heures.\r\n");
    desk.mail(&Letter {
        from: "support@robot.example",
        name: "Support",
        id: &id,
        subject: &subject,
        text: &text,
        ..Letter::default()
    })
    .await;
}

on_both_engines! {
    // Zammad 0030, "out of office keeps state".
    async fn an_absence_notice_moves_nothing(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let asked = ask(&desk, &case).await;
        let before = now(&desk, &case).await;
        assert_eq!(before.status, Status::WaitingCustomer);
        desk.pass(SignedDuration::from_mins(1));
        let (to, id) = (signed(&asked), id_of(&asked));
        desk.mail(&Letter { id: "away@exemple.fr", to: &to, answers: &[&id], subject: "Réponse automatique : Colis", headers: "Auto-Submitted: auto-replied\r\n", text: "Je suis absente jusqu'à lundi.\r\n", ..Letter::default() }).await;
        let after = now(&desk, &case).await;
        assert_eq!((after.status, after.unanswered_since, after.last_inbound_at), (before.status, before.unanswered_since, before.last_inbound_at));
        assert!(happenings(&desk, &case).await.iter().any(|what| matches!(what, What::MessageReceived { automatic: Some(Automatic::Reply), .. })), "it is shown all the same");
        assert_eq!(desk.sent().await.len(), 2, "receipt and question");
    }

    // freescout#4143 (8,000 mails, 100 GB), #3670, chatwoot#5131, otrs#1367: two desks that thank each other.
    async fn two_desks_that_thank_each_other_stop_after_five_an_hour(desk: TestDesk) {
        for number in 0..30 {
            robot_answers(&desk, number).await;
        }
        assert_eq!(desk.sent().await.len(), PER_HOUR_MAX);
        for hour in 0..23 {
            desk.pass(SignedDuration::from_hours(1));
            for number in 0..6 {
                robot_answers(&desk, 100 + hour * 6 + number).await;
            }
        }
        assert_eq!(desk.sent().await.len(), PER_DAY_MAX);
        let cases = desk.cases().await;
        assert!(cases.iter().all(|case| case.unanswered_since.is_some()), "every one of its letters is still to be answered");
    }

    // zammad#731: its own notification came back and was answered.
    async fn our_own_mail_sent_on_to_us_is_answered_by_nobody(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        ask(&desk, &case).await;
        for mail in desk.desk.store.postbox(10).await.unwrap() {
            // A mailbox that redirects everything to us; some servers put an address of their own above.
            for from in ["nadia@exemple.fr", "redirect@exemple.fr"] {
                desk.hand_in(from, INBOX, &mail.bytes).await;
            }
        }
        desk.settle().await;
        assert_eq!(desk.only_case().await.seq, now(&desk, &case).await.seq);
        assert_eq!(desk.sent().await.len(), 2, "receipt and question");
        assert_eq!(received(&desk, &case).await, 1);
        assert!(aside(&desk).await.iter().all(|reason| reason == "own_loop"), "kept, visible");
    }

    // zammad#1131: an address that does not exist, and a trigger on each answer of its mail server.
    async fn a_dead_address_is_not_written_to_for_its_own_reports(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let receipt = desk.sent().await.pop().unwrap().1;
        for number in 0..12 {
            let id = format!("dsn{number}@exemple.fr");
            report(&desk, &signed(&receipt), &Report { about: &id_of(&receipt), recipient: "nadia@exemple.fr", action: "failed", status: "5.1.1", id: &id }).await;
        }
        let case = desk.only_case().await;
        assert_eq!(desk.sent().await.len(), 1, "one receipt, and nothing about its reports");
        let refused = happenings(&desk, &case).await.iter().filter(|what| matches!(what, What::MessageRefused { .. })).count();
        assert_eq!(refused, 1, "told once, however many reports come");
    }

    // freescout#4250: each report of a chain opened a conversation.
    async fn reports_about_reports_open_nothing(desk: TestDesk) {
        let mut about = "unknown@ailleurs.example".to_owned();
        for number in 0..8 {
            let id = format!("chain{number}@exemple.fr");
            report(&desk, INBOX, &Report { about: &about, recipient: "mailer-daemon@exemple.fr", action: "failed", status: "5.1.1", id: &id }).await;
            about = id;
        }
        assert_eq!((desk.cases().await.len(), desk.sent().await.len()), (0, 0));
        assert_eq!(aside(&desk).await, ["bounce"; 8]);
    }

    // freescout#1403, #4631; frappe/helpdesk#3628 looked at its own header alone.
    async fn every_sign_of_a_machine_is_enough(desk: TestDesk) {
        let signs = [
            "Auto-Submitted: auto-replied\r\n",
            "X-Autoreply: yes\r\n",
            "X-Autorespond: absence\r\n",
            "Precedence: auto_reply\r\n",
            "Precedence: bulk\r\nList-Unsubscribe: <mailto:u@exemple.org>\r\n",
            "List-Id: <news.exemple.org>\r\n",
        ];
        for (number, headers) in signs.into_iter().enumerate() {
            let id = format!("sign{number}@exemple.org");
            desk.mail(&Letter { from: "robot@exemple.org", id: &id, headers, ..Letter::default() }).await;
        }
        assert_eq!((desk.cases().await.len(), desk.sent().await.len()), (0, 0));
        assert_eq!(aside(&desk).await.len(), signs.len(), "kept, visible");
    }

    // chatwoot#5131, freescout#3670: receipts to addresses that nobody reads.
    async fn an_address_that_nobody_reads_gets_a_case_and_no_receipt(desk: TestDesk) {
        for (number, from) in ["no-reply@boutique.example", "ne-pas-repondre@boutique.example"].into_iter().enumerate() {
            let (id, text) = (format!("n{number}@boutique.example"), format!("Le paiement de la commande B-{} a échoué, merci de le vérifier.\r\n", 81_000 + number));
            desk.mail(&Letter { from, id: &id, text: &text, ..Letter::default() }).await;
        }
        let cases = desk.cases().await;
        assert_eq!((cases.len(), desk.sent().await.len()), (2, 0));
    }

    async fn a_read_receipt_and_a_calendars_answer_move_nothing(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let asked = ask(&desk, &case).await;
        let before = now(&desk, &case).await;
        let to = signed(&asked);
        let read = format!("From: Nadia <nadia@exemple.fr>\r\nTo: <{to}>\r\nSubject: Lu : Colis\r\nMessage-ID: <mdn@exemple.fr>\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nLu.\r\n\
             --b\r\nContent-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; nadia@exemple.fr\r\nOriginal-Message-ID: <{}>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n", id_of(&asked));
        let calendar = format!("From: Nadia <nadia@exemple.fr>\r\nTo: <{to}>\r\nSubject: Accepté : rendez-vous\r\nMessage-ID: <ics@exemple.fr>\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:nadia@exemple.fr\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        for raw in [read, calendar] {
            desk.hand_in("nadia@exemple.fr", &to, raw.as_bytes()).await;
            desk.settle().await;
        }
        let after = now(&desk, &case).await;
        assert_eq!((after.status, after.unanswered_since), (before.status, before.unanswered_since));
        assert_eq!((desk.cases().await.len(), desk.sent().await.len()), (1, 2));
    }
}

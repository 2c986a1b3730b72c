//! Mails of ours that come back: the customer has not heard from us, so the case is ours to move, and it says why.

use casework::act::Act;
use casework::event::What;
use casework::{Case, Inbound, MessageState, Status};
use jiff::SignedDuration;
use store::Lookup;

use super::post::{
    Report, ask, do_act, eve, happenings, id_of, is_ours_to_move, now, received, report, signed, words,
};
use crate::on_both_engines;
use crate::support::{BRAND, Letter, TestDesk};

/// A case that waits for its customer, and the mail that asked.
async fn asked(desk: &TestDesk) -> (Case, Inbound) {
    desk.mail(&Letter::default()).await;
    let case = desk.only_case().await;
    let mail = ask(desk, &case).await;
    desk.pass(SignedDuration::from_mins(3));
    (now(desk, &case).await, mail)
}

async fn fails(desk: &TestDesk, mail: &Inbound, status: &str) {
    report(
        desk,
        &signed(mail),
        &Report {
            about: &id_of(mail),
            recipient: "nadia@exemple.fr",
            action: "failed",
            status,
            id: "dsn@exemple.fr",
        },
    )
    .await;
}

async fn states(desk: &TestDesk, case: &Case) -> Vec<MessageState> {
    let states = desk.desk.store.message_states(BRAND, case.id).await.unwrap();
    states.into_iter().map(|(_, state)| state).collect()
}

async fn is_dead(desk: &TestDesk) -> bool {
    let mut conn = desk.desk.store.reader().await.unwrap();
    let (_, identity) = Lookup(&mut conn).sender(BRAND, "nadia@exemple.fr").await.unwrap().unwrap();
    identity.undeliverable_at.is_some()
}

on_both_engines! {
    // Zammad marks the user `mail_delivery_failed`; the ticket stays "pending reminder", and nobody moves.
    async fn an_answer_that_comes_back_is_ours_to_move(desk: TestDesk) {
        let (case, mail) = asked(&desk).await;
        assert_eq!(case.status, Status::WaitingCustomer);
        fails(&desk, &mail, "5.1.1").await;
        let case = now(&desk, &case).await;
        assert!(is_ours_to_move(&case));
        assert_eq!(case.undelivered_at, Some(desk.desk.clock.now()));
        assert!(states(&desk, &case).await.contains(&MessageState::Refused));
        assert!(is_dead(&desk).await, "the address is known to be dead");
        assert_eq!(desk.sent().await.len(), 2, "nobody is told by mail");
    }

    async fn a_full_mailbox_is_not_a_dead_address(desk: TestDesk) {
        let (case, mail) = asked(&desk).await;
        fails(&desk, &mail, "5.2.2").await;
        assert!(is_ours_to_move(&now(&desk, &case).await));
        assert!(!is_dead(&desk).await);
    }

    async fn a_delay_moves_nothing_and_the_failure_after_it_does(desk: TestDesk) {
        let (case, mail) = asked(&desk).await;
        report(&desk, &signed(&mail), &Report { about: &id_of(&mail), recipient: "nadia@exemple.fr", action: "delayed", status: "4.4.1", id: "late@exemple.fr" }).await;
        let delayed = now(&desk, &case).await;
        assert_eq!((delayed.status, delayed.undelivered_at), (Status::WaitingCustomer, None));
        assert!(states(&desk, &case).await.contains(&MessageState::Delayed));
        desk.pass(SignedDuration::from_hours(30));
        fails(&desk, &mail, "5.4.7").await;
        let failed = now(&desk, &case).await;
        assert!(is_ours_to_move(&failed) && failed.undelivered_at.is_some());
        do_act(&desk, "camille", &case, Act::Reply { words: words("Nous réessayons."), waits: true }).await;
        let again = now(&desk, &case).await;
        assert_eq!((again.status, again.undelivered_at), (Status::WaitingCustomer, None), "a mail that leaves ends it");
    }

    async fn a_failed_forwarding_says_nothing_against_the_address(desk: TestDesk) {
        let (case, mail) = asked(&desk).await;
        report(&desk, &signed(&mail), &Report { about: &id_of(&mail), recipient: "ancienne.adresse@ailleurs.example", action: "failed", status: "5.1.1", id: "dsn@exemple.fr" }).await;
        assert!(is_ours_to_move(&now(&desk, &case).await));
        assert!(!is_dead(&desk).await);
    }

    // Exchange and qmail send reports that do not say which mail came back; they come to the signed address.
    async fn a_report_that_does_not_say_which_mail_moves_the_case_too(desk: TestDesk) {
        let (case, mail) = asked(&desk).await;
        report(&desk, &signed(&mail), &Report { about: "", recipient: "nadia@exemple.fr", action: "failed", status: "5.1.1", id: "dsn@exemple.fr" }).await;
        let case = now(&desk, &case).await;
        assert!(is_ours_to_move(&case), "{:?}", happenings(&desk, &case).await);
    }

    async fn a_letter_from_an_address_that_was_dead_revives_it(desk: TestDesk) {
        let (case, mail) = asked(&desk).await;
        fails(&desk, &mail, "5.1.1").await;
        desk.mail(&Letter { id: "back@exemple.fr", to: &signed(&mail), text: "Ma boîte est réparée.\r\n", ..Letter::default() }).await;
        assert!(!is_dead(&desk).await);
        assert_eq!(now(&desk, &case).await.undelivered_at, None);
    }

    async fn a_proposal_that_comes_back_does_not_lapse(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        desk.pass(SignedDuration::from_mins(1));
        do_act(&desk, "camille", &case, Act::Propose(words("Nous vous remboursons 39 euros."))).await;
        let mail = desk.sent().await.pop().unwrap().1;
        fails(&desk, &mail, "5.1.1").await;
        desk.pass(SignedDuration::from_hours(24 * 30));
        desk.settle().await;
        let case = now(&desk, &case).await;
        assert!(is_ours_to_move(&case), "it cannot be agreed to by somebody who never saw it");
        assert!(!happenings(&desk, &case).await.iter().any(|what| matches!(what, What::Closed { .. })));
    }

    // What a bounce may do needs proof: a mail of ours, whose number nobody guesses. The number of the customer's own
    // letter is known to everybody whom they wrote a copy.
    async fn a_stranger_who_plays_the_mail_server_gets_nowhere(desk: TestDesk) {
        let (case, _) = asked(&desk).await;
        let raw = Report { about: "first@exemple.fr", recipient: "nadia@exemple.fr", action: "failed", status: "5.1.1", id: "fake@exemple.org" };
        report(&desk, crate::support::INBOX, &raw).await;
        let daemon = Letter { from: "mailer-daemon@exemple.org", answers: &["first@exemple.fr"], ..eve("fake2@exemple.org") };
        desk.mail(&daemon).await;
        assert_eq!(now(&desk, &case).await, case);
        assert_eq!(received(&desk, &case).await, 1);
    }
}

//! Two cases about one problem become one: what is said afterwards is said in the one that goes on, nothing inside gets
//! out, and it can be undone.

use casework::act::{Act, CustomerAct};
use casework::delivery::Answer;
use casework::event::What;
use casework::{Case, Closing, Inbound, Mint as _, Status};
use desk::door::merge::{Joining, join};
use desk::door::{DoorError, act, delivery};
use jiff::SignedDuration;

use super::post::{
    Report, ask, do_act, eve, happenings, id_of, is_ours_to_move, now, other_problem, received, report,
    signed, words,
};
use crate::on_both_engines;
use crate::support::{BRAND, Letter, TestDesk};
use crate::web::browser::{Browser, link_of};

/// Nadia's two cases, each with its receipt.
async fn two_cases(desk: &TestDesk) -> ([Case; 2], [Inbound; 2]) {
    desk.mail(&Letter::default()).await;
    desk.pass(SignedDuration::from_mins(1));
    desk.mail(&other_problem("other@exemple.fr")).await;
    let cases: [Case; 2] = desk.cases().await.try_into().unwrap();
    let receipts: Vec<Inbound> = desk.sent().await.into_iter().map(|(_, mail)| mail).collect();
    (cases, receipts.try_into().unwrap())
}

async fn joined(desk: &TestDesk, joining: Joining, ending: &Case, going_on: &Case) {
    join(&desk.desk, desk.agent("camille"), joining, (BRAND, ending.id, going_on.id)).await.unwrap();
    desk.settle().await;
}

on_both_engines! {
    // chatwoot#5115: the wrong one was lost. freescout#4986: letters of the merged one had no home.
    async fn letters_to_a_merged_case_are_in_the_one_that_goes_on(desk: TestDesk) {
        let ([first, second], [receipt, _]) = two_cases(&desk).await;
        joined(&desk, Joining::Merge, &first, &second).await;
        let ended = now(&desk, &first).await;
        assert_eq!((ended.status, ended.closing, ended.merged_into), (Status::Closed, Some(Closing::Merged), Some(second.id)));
        let (to, id) = (signed(&receipt), id_of(&receipt));
        desk.mail(&Letter { id: "a@exemple.fr", to: &to, text: "Par l'adresse signée.\r\n", ..Letter::default() }).await;
        desk.mail(&Letter { id: "b@exemple.fr", answers: &[&id], text: "Par la chaîne.\r\n", ..Letter::default() }).await;
        desk.mail(&Letter { id: "c@exemple.fr", answers: &["first@exemple.fr"], text: "À moi-même.\r\n", ..Letter::default() }).await;
        assert_eq!(now(&desk, &first).await, ended, "the one that ended receives nothing");
        assert_eq!(received(&desk, &second).await, 4);
        assert_eq!(desk.cases().await.len(), 2);
    }

    async fn a_private_link_to_a_merged_case_leads_on(desk: TestDesk) {
        let ([first, second], _) = two_cases(&desk).await;
        let link = link_of(&desk.desk, &first);
        joined(&desk, Joining::Merge, &first, &second).await;
        let mut browser = Browser::new(&desk.desk);
        let page = browser.get(&link).await;
        let page = if page.status.is_redirection() { browser.get(page.location()).await } else { page };
        assert!(page.body.contains(second.reference.as_str()), "{}", page.body);
    }

    // freescout#5138: a merge showed an internal note to the customer.
    async fn a_note_is_seen_by_nobody_outside_after_a_merge(desk: TestDesk) {
        let ([first, second], _) = two_cases(&desk).await;
        do_act(&desk, "camille", &first, Act::Note(words("Cliente fidèle, soyons généreux."))).await;
        joined(&desk, Joining::Merge, &first, &second).await;
        do_act(&desk, "camille", &second, Act::Reply { words: words("Nous regardons les deux."), waits: false }).await;
        let mut browser = Browser::new(&desk.desk);
        for case in [&first, &second] {
            let page = browser.get(&link_of(&desk.desk, case)).await;
            assert!(!page.body.contains("généreux"), "{}", page.body);
        }
        assert!(desk.sent().await.iter().all(|(_, mail)| !mail.text.contains("généreux")));
    }

    // osTicket#5325, chatwoot#2811: what was merged stayed merged.
    async fn a_merge_is_undone_and_each_case_stands_by_itself(desk: TestDesk) {
        let ([first, second], [receipt, _]) = two_cases(&desk).await;
        joined(&desk, Joining::Merge, &first, &second).await;
        desk.pass(SignedDuration::from_mins(5));
        joined(&desk, Joining::Undo, &first, &second).await;
        let again = now(&desk, &first).await;
        assert!(is_ours_to_move(&again), "whoever waited waits still");
        assert_eq!(again.unanswered_since, first.unanswered_since);
        desk.mail(&Letter { id: "a@exemple.fr", to: &signed(&receipt), text: "Me revoilà.\r\n", ..Letter::default() }).await;
        assert_eq!((received(&desk, &first).await, received(&desk, &second).await), (2, 1));
    }

    async fn a_chain_of_merges_leads_to_its_end(desk: TestDesk) {
        let ([first, second], [receipt, _]) = two_cases(&desk).await;
        desk.pass(SignedDuration::from_mins(1));
        desk.mail(&Letter { id: "third@exemple.fr", subject: "Boutique", text: "Le vendeur de Lyon a refusé de reprendre mon fauteuil bleu.\r\n", ..Letter::default() }).await;
        let third = desk.cases().await.pop().unwrap();
        joined(&desk, Joining::Merge, &first, &second).await;
        joined(&desk, Joining::Merge, &second, &third).await;
        desk.mail(&Letter { id: "a@exemple.fr", to: &signed(&receipt), text: "Alors ?\r\n", ..Letter::default() }).await;
        assert_eq!(received(&desk, &third).await, 2);
        let round = join(&desk.desk, desk.agent("camille"), Joining::Merge, (BRAND, third.id, first.id)).await;
        assert!(matches!(round, Err(DoorError::Refused(_))), "no circle");
    }

    // chatwoot#4728: cases of different people were joined by themselves.
    async fn nothing_is_merged_by_itself(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        desk.mail(&Letter { text: Letter::default().text, ..eve("x@exemple.org") }).await;
        let cases = desk.cases().await;
        assert_eq!(cases.len(), 2);
        assert!(cases.iter().all(|case| case.merged_into.is_none()));
    }

    // freescout#5138, and worse: each would read the other's letters, and our answers would reach whoever wrote last.
    async fn cases_of_two_people_stay_two(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        desk.pass(SignedDuration::from_mins(1));
        desk.mail(&Letter { text: Letter::default().text, ..eve("x@exemple.org") }).await;
        let [first, second]: [Case; 2] = desk.cases().await.try_into().unwrap();
        let receipt = desk.sent().await.pop().unwrap().1;
        let refused = join(&desk.desk, desk.agent("camille"), Joining::Merge, (BRAND, second.id, first.id)).await;
        assert!(matches!(refused, Err(DoorError::Refused(casework::Refusal::OtherCustomer))), "{refused:?}");
        desk.mail(&Letter { to: &signed(&receipt), ..eve("y@exemple.org") }).await;
        assert_eq!((received(&desk, &first).await, received(&desk, &second).await), (1, 2));
    }

    // An answer was under way when the cases were merged, and came back: somebody must still be told.
    async fn a_mail_of_a_merged_case_that_comes_back_moves_the_one_that_goes_on(desk: TestDesk) {
        let ([first, second], _) = two_cases(&desk).await;
        let asked = ask(&desk, &first).await;
        do_act(&desk, "camille", &second, Act::Reply { words: words("Et la bouilloire ?"), waits: true }).await;
        joined(&desk, Joining::Merge, &first, &second).await;
        assert_eq!(now(&desk, &second).await.status, Status::WaitingCustomer);
        report(&desk, &signed(&asked), &Report { about: &id_of(&asked), recipient: "nadia@exemple.fr", action: "failed", status: "5.1.1", id: "dsn@exemple.fr" }).await;
        assert!(is_ours_to_move(&now(&desk, &second).await), "{:?}", happenings(&desk, &second).await);
    }

    // The same, told by the next server itself while the mail is handed over.
    async fn a_mail_refused_after_the_merge_moves_the_case_that_goes_on(desk: TestDesk) {
        let ([first, second], _) = two_cases(&desk).await;
        do_act(&desk, "camille", &second, Act::Reply { words: words("Et la bouilloire ?"), waits: true }).await;
        let reply = Act::Reply { words: words("Je vérifie."), waits: true };
        act::by_agent(&desk.desk, desk.agent("camille"), (BRAND, first.id), reply, None).await.unwrap();
        let lease = desk.desk.mint().uuid();
        let order = desk.desk.store.claim_orders(desk.desk.clock.now(), lease, 1).await.unwrap().remove(0);
        joined(&desk, Joining::Merge, &first, &second).await;
        let words = "550 no such person".to_owned();
        let refused = Answer::Refused { words, status: Some("5.1.1".to_owned()), is_of_recipient: true };
        delivery::record(&desk.desk, &order, refused).await.unwrap();
        assert!(is_ours_to_move(&now(&desk, &second).await), "{:?}", happenings(&desk, &second).await);
    }

    async fn what_reaches_the_customer_happens_in_the_case_that_goes_on(desk: TestDesk) {
        let ([first, second], _) = two_cases(&desk).await;
        joined(&desk, Joining::Merge, &first, &second).await;
        let refused = act::by_agent(&desk.desk, desk.agent("camille"), (BRAND, first.id), Act::Propose(words("Voilà.")), None).await;
        assert!(matches!(refused, Err(DoorError::Refused(casework::Refusal::MergedAway))));
        let refused = act::by_customer(&desk.desk, (BRAND, first.id), CustomerAct::Confirm, None).await;
        assert!(matches!(refused, Err(DoorError::Refused(_))));
        let tells = |happened: Vec<What>| happened.iter().any(|what| matches!(what, What::TookIn { .. }));
        assert!(tells(happenings(&desk, &second).await));
    }
}

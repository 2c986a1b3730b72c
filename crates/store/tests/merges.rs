//! What a merge, a report and a mark write: both cases or neither, and what the row says afterwards.

use casework::intake::Returned;
use casework::{Closing, Decision, Inbound, MessageState, merge};
use store::Lookup;

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, mail, minute, opened};

both!(
    two_cases_are_merged_and_apart_again,
    a_merge_that_relied_on_an_old_case_is_a_conflict,
    an_address_is_marked_and_alive_again,
    who_wrote_in_a_case_takes_part_in_it,
    a_report_leads_to_the_mail_it_is_about,
);

async fn merged(desk: &Desk) -> Decision {
    let first = mail("luc@exemple.fr", "a@exemple.fr");
    let text = "Le vendeur de Lyon refuse de reprendre mon fauteuil bleu.".to_owned();
    let second = Inbound { text, ..mail("luc@exemple.fr", "b@exemple.fr") };
    let one = opened(&desk.receive(first, START).await.unwrap()).after.clone();
    let other = opened(&desk.receive(second, START).await.unwrap()).after.clone();
    let mut conn = desk.store.reader().await.unwrap();
    let mut lookup = Lookup(&mut conn);
    let one = lookup.situation(one, None).await.unwrap();
    let other = lookup.situation(other, None).await.unwrap();
    merge::merge(&desk.alice, (&one, &other), minute(5)).unwrap()
}

async fn two_cases_are_merged_and_apart_again(place: &Place) {
    let desk = Desk::new(place).await;
    let decision = desk.store.commit(merged(&desk).await).await.unwrap();
    for change in &decision.cases {
        desk.assert_folds(change).await;
    }
    let (ended, went_on) = (decision.cases[0].after.clone(), decision.cases[1].after.clone());
    assert_eq!((ended.merged_into, ended.closing), (Some(went_on.id), Some(Closing::Merged)));
    let mut conn = desk.store.reader().await.unwrap();
    let mut lookup = Lookup(&mut conn);
    let one = lookup.situation(ended, None).await.unwrap();
    let other = lookup.situation(went_on, None).await.unwrap();
    drop(conn);
    let undone = merge::undo(&desk.alice, (&one, &other), minute(6)).unwrap();
    for change in &desk.store.commit(undone).await.unwrap().cases {
        desk.assert_folds(change).await;
        assert_eq!(change.after.merged_into, None);
    }
}

async fn a_merge_that_relied_on_an_old_case_is_a_conflict(place: &Place) {
    let desk = Desk::new(place).await;
    let decision = merged(&desk).await;
    let went_on = decision.cases[1].after.id;
    let note = casework::act::Act::Note(crate::fixture::words("Vu."));
    desk.act(&desk.alice, went_on, note, minute(4)).await.unwrap();
    let ended = decision.cases[0].after.id;
    let outcome = desk.store.commit(decision).await;
    assert!(matches!(outcome, Err(store::StoreError::Conflict)), "{outcome:?}");
    assert_eq!(desk.case(ended).await.merged_into, None, "nothing was written");
}

async fn an_address_is_marked_and_alive_again(place: &Place) {
    let desk = Desk::new(place).await;
    desk.receive(mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let identity = async || {
        let mut conn = desk.store.reader().await.unwrap();
        Lookup(&mut conn).sender(desk.brand, "luc@exemple.fr").await.unwrap().unwrap().1
    };
    for mark in [Some(minute(3)), None] {
        let mut decision = Decision::empty(desk.brand, minute(3));
        decision.identity_marks.push((identity().await.id, mark));
        desk.store.commit(decision).await.unwrap();
        assert_eq!(identity().await.undeliverable_at, mark);
    }
    let mut decision = Decision::empty(desk.brand, minute(3));
    decision.identity_marks.push((desk.mint.id(), None));
    assert!(desk.store.commit(decision).await.is_err(), "an address that is not there is not marked");
}

async fn who_wrote_in_a_case_takes_part_in_it(place: &Place) {
    let desk = Desk::new(place).await;
    let (one, other) = (desk.open_case().await, desk.open_case().await);
    let mut conn = desk.store.reader().await.unwrap();
    let mut lookup = Lookup(&mut conn);
    assert!(lookup.takes_part(&one, one.customer).await.unwrap());
    assert!(!lookup.takes_part(&one, other.customer).await.unwrap());
    // As it is once two cases are merged and the other customer has written on.
    let taken_over = casework::Case { customer: other.customer, ..one.clone() };
    assert!(lookup.takes_part(&taken_over, one.customer).await.unwrap());
}

async fn a_report_leads_to_the_mail_it_is_about(place: &Place) {
    let desk = Desk::new(place).await;
    let decision = desk.receive(mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let case = opened(&decision).after.clone();
    let receipt = decision.messages.iter().find(|message| message.purpose.is_some()).unwrap();
    let mut conn = desk.store.reader().await.unwrap();
    let mut lookup = Lookup(&mut conn);
    let mail_id = receipt.mail_id.as_deref().unwrap();
    let found = lookup.returned(desk.brand, case.id, mail_id).await.unwrap();
    let expected = Returned {
        message: receipt.id,
        state: MessageState::Queued,
        identity: receipt.identity.unwrap(),
        address: "luc@exemple.fr".to_owned(),
        is_named: true,
    };
    assert_eq!(found, Some(expected));
    assert_eq!(
        lookup.returned(desk.brand, case.id, "1@exemple.fr").await.unwrap(),
        None,
        "his own is not ours"
    );
    assert_eq!(
        lookup.returned(desk.brand, desk.mint.id(), mail_id).await.unwrap(),
        None,
        "nor in another case"
    );
}

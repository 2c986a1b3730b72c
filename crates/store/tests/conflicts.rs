//! What a decision relied on has changed: the decision loses, and nothing of it is written.

use casework::act::{self, Act};
use casework::decision::{
    AsideReason, ContentKind, LetterEnd, LetterResult, NewCustomer, NewIdentity, OrderEnd, OrderResult,
    ThreadKey,
};
use casework::{Case, CaseId, Decision, LetterId};
use store::{Lookup, StoreError};
use uuid::Uuid;

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, mail, minute, opened, words};

both!(
    a_case_that_moved_on,
    a_case_id_or_reference_that_is_taken,
    a_customer_with_a_newer_case,
    a_customer_who_does_not_exist,
    an_address_that_is_taken,
    a_thread_key_that_is_taken,
    a_letter_decided_twice,
    a_fingerprint_filed_twice,
    a_lease_that_was_lost,
    an_act_done_twice,
    a_message_that_does_not_exist,
);

/// An empty decision with a mark in it, by which a half-written decision would show.
fn marked(desk: &Desk, case: CaseId) -> Decision {
    let mut decision = Decision::empty(desk.brand, minute(5));
    decision.content(case, ContentKind::Reason, "mark", &mut desk.mint.clone());
    decision
}

async fn assert_loses(desk: &Desk, case: &Case, decision: Decision) {
    let result = desk.store.commit(decision).await;
    assert!(matches!(result, Err(StoreError::Conflict)), "{result:?}");
    let page = desk.store.case_page(desk.case(case.id).await, Some(&desk.root)).await.unwrap();
    assert!(!page.lines.values().any(|line| line == "mark"), "half a decision was written");
}

async fn assert_wins(desk: &Desk, decision: Decision) {
    desk.store.commit(decision).await.unwrap();
}

async fn a_case_that_moved_on(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let mut conn = desk.store.reader().await.unwrap();
    let situation = Lookup(&mut conn).situation(case.clone(), None).await.unwrap();
    drop(conn);
    let note =
        |text| act::by_agent(&desk.alice, &Act::Note(words(text)), &situation, &mut desk.mint.clone(), START);
    let (first, mut second) = (note("one").unwrap(), note("two").unwrap());
    assert_wins(&desk, first.clone()).await;
    second.content(case.id, ContentKind::Reason, "mark", &mut desk.mint.clone());
    assert_loses(&desk, &case, second).await;
    desk.assert_folds(opened(&first)).await;
    let page = desk.store.case_page(desk.case(case.id).await, None).await.unwrap();
    assert_eq!(page.messages.iter().filter(|message| message.text == "two").count(), 0);
}

async fn a_case_id_or_reference_that_is_taken(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let other = desk.open_case().await;
    let timeline = desk.store.timeline(desk.brand, other.id).await.unwrap();
    let again = |id, reference: &Case| {
        let mut decision = marked(&desk, case.id);
        let mut after = Case { id, reference: reference.reference.clone(), ..other.clone() };
        after.seq = 1;
        let events = timeline[..1].to_vec();
        let change =
            casework::decision::CaseChange { before: None, after, events, clocks: Vec::new(), act_by: None };
        decision.cases.push(change);
        decision
    };
    assert_loses(&desk, &case, again(desk.mint.id(), &case)).await;
    let unused = Case { reference: casework::Reference::draw(&mut desk.mint.clone()), ..case.clone() };
    assert_loses(&desk, &case, again(case.id, &unused)).await;
    assert_wins(&desk, again(desk.mint.id(), &unused)).await;
}

async fn a_customer_with_a_newer_case(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let relies = |version| {
        let mut decision = marked(&desk, case.id);
        decision.customer = Some((case.customer, version));
        decision
    };
    let mut first = relies(1);
    first.contents.clear();
    assert_wins(&desk, first).await;
    assert_loses(&desk, &case, relies(1)).await;
    assert_loses(&desk, &case, relies(3)).await;
    assert_wins(&desk, relies(2)).await;
}

async fn a_customer_who_does_not_exist(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let mut decision = marked(&desk, case.id);
    decision.customer = Some((desk.mint.id(), 1));
    assert_loses(&desk, &case, decision).await;
}

async fn an_address_that_is_taken(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let new = |address: &str| {
        let mut decision = marked(&desk, case.id);
        let (id, identity, address) = (desk.mint.id(), desk.mint.id(), address.to_owned());
        decision.new_customer = Some(NewCustomer { id, name: None, language: None });
        let kind = casework::IdentityKind::Mail;
        decision.new_identities.push(NewIdentity {
            id: identity,
            customer: id,
            kind,
            address,
            is_proved: true,
        });
        decision
    };
    let mut first = new("new@exemple.fr");
    first.contents.clear();
    assert_wins(&desk, first).await;
    assert_loses(&desk, &case, new("new@exemple.fr")).await;
    // Another brand knows other people.
    let elsewhere = Decision { brand: casework::BrandId(8), ..new("new@exemple.fr") };
    assert_wins(&desk, elsewhere).await;
}

async fn a_thread_key_that_is_taken(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let claim = |mail_id: &str| {
        let mut decision = marked(&desk, case.id);
        decision.thread_keys.push(ThreadKey { mail_id: "free@exemple.fr".to_owned(), case: case.id });
        decision.thread_keys.push(ThreadKey { mail_id: mail_id.to_owned(), case: case.id });
        decision
    };
    let mut first = Decision::empty(desk.brand, START);
    first.thread_keys.push(ThreadKey { mail_id: "taken@exemple.fr".to_owned(), case: case.id });
    assert_wins(&desk, first).await;
    assert_loses(&desk, &case, claim("taken@exemple.fr")).await;
    assert_wins(&desk, claim("other@exemple.fr")).await;
}

fn ends(desk: &Desk, case: &Case, letter: LetterId, fingerprint: u8, end: LetterEnd) -> Decision {
    let mut decision = marked(desk, case.id);
    decision.letter = Some(LetterResult { letter, fingerprint: [fingerprint; 32], end });
    decision
}

async fn a_letter_decided_twice(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let letter = desk.keep(b"hello").await;
    let aside = || ends(&desk, &case, letter, 1, LetterEnd::Aside(AsideReason::List));
    let mut first = aside();
    first.contents.clear();
    assert_wins(&desk, first).await;
    assert_loses(&desk, &case, aside()).await;
    assert_loses(&desk, &case, ends(&desk, &case, letter, 1, LetterEnd::Duplicate(case.id))).await;
    assert_loses(&desk, &case, ends(&desk, &case, desk.mint.id(), 2, LetterEnd::Duplicate(case.id))).await;
    // A person may insist: then it is decided on once more.
    assert!(desk.store.insist_on_letter(letter, desk.alice.id, false).await.unwrap());
    assert_wins(&desk, ends(&desk, &case, letter, 1, LetterEnd::Duplicate(case.id))).await;
}

async fn a_fingerprint_filed_twice(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let letters = [desk.keep(b"a").await, desk.keep(b"a").await, desk.keep(b"a").await];
    let filed = |letter| ends(&desk, &case, letter, 1, LetterEnd::Filed(case.id, desk.mint.id()));
    let mut first = filed(letters[0]);
    first.contents.clear();
    assert_wins(&desk, first).await;
    assert_loses(&desk, &case, filed(letters[1])).await;
    // The same letter again is a repeat, and any number of repeats may be told.
    for letter in &letters[1..] {
        assert_wins(&desk, ends(&desk, &case, *letter, 1, LetterEnd::Duplicate(case.id))).await;
    }
    // Another brand has its own letters: the same fingerprint there is a first one.
    let mut elsewhere = desk.letter(b"a");
    elsewhere.brand = casework::BrandId(8);
    let id = elsewhere.id;
    desk.store.keep_letters(vec![elsewhere]).await.unwrap();
    assert_wins(&desk, filed(id)).await;
}

async fn a_lease_that_was_lost(place: &Place) {
    let desk = Desk::new(place).await;
    let letter = desk.receive(mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let case = opened(&letter).after.clone();
    let (one, two): (Uuid, Uuid) = (desk.mint.id(), desk.mint.id());
    let order = desk.store.claim_orders(minute(0), one, 10).await.unwrap()[0].id;
    let result = |lease, end| {
        let mut decision = marked(&desk, case.id);
        decision.order = Some(OrderResult { order, lease, end });
        decision
    };
    assert_loses(&desk, &case, result(two, OrderEnd::Done)).await;
    assert_eq!(desk.store.claim_orders(minute(5), two, 10).await.unwrap()[0].id, order);
    assert_loses(&desk, &case, result(one, OrderEnd::Done)).await;
    let mut again = result(two, OrderEnd::Again(minute(9)));
    again.contents.clear();
    assert_wins(&desk, again).await;
    assert_loses(&desk, &case, result(two, OrderEnd::Done)).await;
    assert!(desk.store.claim_orders(minute(8), one, 10).await.unwrap().is_empty());
    let claimed = desk.store.claim_orders(minute(9), one, 10).await.unwrap();
    assert_eq!((claimed[0].id, claimed[0].attempt), (order, 3));
    assert_wins(&desk, result(one, OrderEnd::Done)).await;
    assert_eq!(desk.store.undone_orders().await.unwrap(), 0);
}

async fn an_act_done_twice(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let once = |key| Decision { once: Some([key; 32].into()), ..marked(&desk, case.id) };
    let is_done = async |key| {
        let mut conn = desk.store.reader().await.unwrap();
        Lookup(&mut conn).is_done([key; 32]).await.unwrap()
    };
    assert!(!is_done(1).await);
    let mut first = once(1);
    first.contents.clear();
    assert_wins(&desk, first).await;
    assert!(is_done(1).await);
    assert_loses(&desk, &case, once(1)).await;
    assert_wins(&desk, once(2)).await;
}

async fn a_message_that_does_not_exist(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let mut decision = marked(&desk, case.id);
    decision.message_states.push((desk.mint.id(), casework::MessageState::Sent, None));
    assert_loses(&desk, &case, decision).await;
}

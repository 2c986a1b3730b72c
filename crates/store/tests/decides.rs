//! Gather, think, commit, and again when something changed: nothing is lost, and nothing is done twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use casework::act::Act;
use casework::decision::LetterEnd;
use casework::{Decision, Refusal};
use futures::FutureExt as _;
use futures::future::{join_all, try_join_all};
use store::{Lock, StoreError};

use crate::engines::{Place, both};
use crate::fixture::{Desk, Fault, START, mail, minute, opened, words};

both!(
    a_lost_race_is_run_again_and_won_under_a_lock,
    a_race_that_cannot_be_won_ends,
    a_refusal_is_given_and_writes_nothing,
    two_hundred_notes_on_one_case_lose_none,
    fifty_first_letters_make_one_case,
    fifty_new_customers_do_not_wait_for_one_another,
    the_same_letter_from_two_nodes_is_filed_once,
    a_caller_who_leaves_is_written_all_the_same,
    closing_writes_what_waits,
);

/// A decision that has always lost the race: it relies on a version that the customer never had.
fn lost(desk: &Desk, customer: casework::CustomerId) -> Decision {
    Decision { customer: Some((customer, 99)), ..Decision::empty(desk.brand, START) }
}

async fn a_lost_race_is_run_again_and_won_under_a_lock(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let tries = Arc::new(AtomicUsize::new(0));
    let (thinker, count, customer) = (desk.clone(), Arc::clone(&tries), case.customer);
    let decided = desk.store.decide(Lock::Case(desk.brand, case.id), move |conn| {
        let (desk, number) = (thinker.clone(), count.fetch_add(1, Ordering::SeqCst));
        Box::pin(async move {
            let case = store::Lookup(conn).case(desk.brand, case.id).await?.unwrap();
            if number < 2 {
                return Ok::<_, Fault>(lost(&desk, customer));
            }
            Ok(Decision { customer: Some((case.customer, 1)), ..Decision::empty(desk.brand, START) })
        })
    });
    decided.await.unwrap();
    assert_eq!(tries.load(Ordering::SeqCst), 3);
}

async fn a_race_that_cannot_be_won_ends(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let tries = Arc::new(AtomicUsize::new(0));
    let (thinker, count) = (desk.clone(), Arc::clone(&tries));
    let lock = Lock::Address(desk.brand, "nobody@exemple.fr".to_owned());
    let decided = desk.store.decide(lock, move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        let decision = lost(&thinker, case.customer);
        Box::pin(async move { Ok::<_, Fault>(decision) })
    });
    let result = decided.await;
    assert!(matches!(result, Err(Fault::Store(StoreError::Conflict))), "{result:?}");
    assert_eq!(tries.load(Ordering::SeqCst), 10);
}

async fn a_refusal_is_given_and_writes_nothing(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let refused = desk.act(&desk.alice, case.id, Act::Note(words(" ")), START).await;
    assert!(matches!(refused, Err(Fault::Refused(Refusal::Empty))), "{refused:?}");
    for refuses_at in [0, 2] {
        let count = AtomicUsize::new(0);
        let (thinker, customer) = (desk.clone(), case.customer);
        let decided = desk.store.decide(Lock::Case(desk.brand, case.id), move |_| {
            let is_over = count.fetch_add(1, Ordering::SeqCst) == refuses_at;
            let decision = lost(&thinker, customer);
            Box::pin(async move { if is_over { Err(Fault::Refused(Refusal::Closed)) } else { Ok(decision) } })
        });
        let refused = decided.await;
        assert!(matches!(refused, Err(Fault::Refused(Refusal::Closed))), "{refused:?}");
    }
    assert_eq!(desk.case(case.id).await, case);
}

async fn two_hundred_notes_on_one_case_lose_none(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let notes = (0..200).map(|number| {
        let desk = desk.clone();
        let note = Act::Note(words(&format!("note {number}")));
        tokio::spawn(async move { desk.act(&desk.alice, case.id, note, minute(1)).await.unwrap() })
    });
    for done in join_all(notes).await {
        done.unwrap();
    }
    let after = desk.case(case.id).await;
    assert_eq!(after.seq, case.seq + 200);
    let timeline = desk.store.timeline(desk.brand, case.id).await.unwrap();
    assert_eq!(casework::fold::fold(desk.brand, case.id, &timeline), Some(after.clone()));
    let page = desk.store.case_page(after, None).await.unwrap();
    let mut texts: Vec<&str> = page.messages.iter().map(|message| message.text.as_str()).collect();
    texts.retain(|text| text.starts_with("note "));
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), 200);
}

async fn fifty_first_letters_make_one_case(place: &Place) {
    let desk = Desk::new(place).await;
    let letters = (0..50).map(|number| {
        let desk = desk.clone();
        let mut letter = mail("luc@exemple.fr", &format!("{number}@exemple.fr"));
        letter.body_hash = [number; 32];
        tokio::spawn(async move { desk.receive(letter, minute(0)).await.unwrap() })
    });
    let decisions: Vec<Decision> = join_all(letters).await.into_iter().map(Result::unwrap).collect();
    let cases = desk.store.all_cases(100).await.unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!(decisions.iter().filter(|decision| decision.new_customer.is_some()).count(), 1);
    let states = desk.store.message_states(desk.brand, cases[0].id).await.unwrap();
    let received = states.iter().filter(|(_, state)| *state == casework::MessageState::Received);
    assert_eq!(received.count(), 50);
    assert_eq!(desk.store.unread_letters().await.unwrap(), 0);
    let timeline = desk.store.timeline(desk.brand, cases[0].id).await.unwrap();
    assert_eq!(casework::fold::fold(desk.brand, cases[0].id, &timeline).as_ref(), Some(&cases[0]));
}

async fn fifty_new_customers_do_not_wait_for_one_another(place: &Place) {
    let desk = Desk::new(place).await;
    let letters = (0..50).map(|number| {
        let desk = desk.clone();
        let letter = mail(&format!("{number}@exemple.fr"), &format!("{number}@exemple.fr"));
        tokio::spawn(async move { desk.receive(letter, minute(0)).await.unwrap() })
    });
    try_join_all(letters).await.unwrap();
    assert_eq!(desk.store.all_cases(100).await.unwrap().len(), 50);
}

async fn the_same_letter_from_two_nodes_is_filed_once(place: &Place) {
    let desk = Desk::new(place).await;
    let other = Desk { store: place.open().await, ..desk.clone() };
    let letter = mail("luc@exemple.fr", "1@exemple.fr");
    let id = desk.keep(b"letter").await;
    let results = tokio::join!(
        desk.take_in(id, letter.clone(), minute(0)),
        other.take_in(id, letter.clone(), minute(0)),
    );
    let is_won = |result: &Result<Decision, Fault>| result.is_ok();
    assert_eq!([is_won(&results.0), is_won(&results.1)].iter().filter(|won| **won).count(), 1, "{results:?}");
    // The same words in a second letter are a repeat.
    assert_eq!(desk.store.duplicate_letters().await.unwrap(), 0);
    let repeat = desk.receive(letter, minute(1)).await.unwrap();
    assert_eq!(desk.store.duplicate_letters().await.unwrap(), 1);
    assert!(matches!(repeat.letter.unwrap().end, LetterEnd::Duplicate(_)));
    assert_eq!(desk.store.all_cases(10).await.unwrap().len(), 1);
}

async fn a_caller_who_leaves_is_written_all_the_same(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    for key in 0..20 {
        let decision = Decision { once: Some([key; 32].into()), ..Decision::empty(desk.brand, START) };
        // Asked once, and then dropped.
        assert!(desk.store.commit(decision).now_or_never().is_none_or(|done| done.is_ok()));
    }
    let note = desk.act(&desk.alice, case.id, Act::Note(words("after")), minute(1)).await.unwrap();
    desk.assert_folds(opened(&note)).await;
    desk.store.close().await;
    let mut conn = place.open().await.reader().await.unwrap();
    for key in 0..20 {
        assert!(store::Lookup(&mut conn).is_done([key; 32]).await.unwrap(), "{key}");
    }
}

async fn closing_writes_what_waits(place: &Place) {
    let desk = Desk::new(place).await;
    let commits = (0..100).map(|key| {
        let decision = Decision { once: Some([key; 32].into()), ..Decision::empty(desk.brand, START) };
        desk.store.commit(decision)
    });
    let (done, ()) = tokio::join!(join_all(commits), desk.store.close());
    for result in done {
        result.unwrap();
    }
    let late = desk.store.commit(Decision::empty(desk.brand, START)).await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    assert!(desk.store.brands().await.is_err());
}

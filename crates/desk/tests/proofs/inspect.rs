//! What must hold in the store of a desk that has come to rest, whatever was done to it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use casework::proof::Secret;
use casework::{Case, CaseId, ClockKind, MessageState, Purpose, What};
use jiff::Timestamp;
use store::{CaseMessage, Store};

use super::letters::Mail;
use super::recorder::Recorder;
use super::stage::{Stage, administrator, retry_all};
use super::until;

/// Cases looked at, at most: more than any proof makes.
const CASES_MAX: u32 = 10_000;
/// Longest time to come to rest after the last letter.
const REST_MAX: Duration = Duration::from_mins(2);

/// A case with its messages and the clocks that rang.
#[derive(Debug)]
pub struct Told {
    /// The row.
    pub case: Case,
    /// Its messages.
    pub messages: Vec<CaseMessage>,
    /// What happened.
    pub timeline: Vec<What>,
}

/// Waits beside a running desk until no letter is unread and no order undone. Delayed mails are tried again at once.
pub async fn rest(stage: &Stage) {
    let store = stage.look().await;
    until("rest: letters read, mails sent", REST_MAX, async || {
        retry_all(&store).await;
        matches!((store.unread_letters().await, store.undone_orders().await), (Ok(0), Ok(0)))
    })
    .await;
    store.close().await;
}

/// Reads every case and checks what must hold for each: row = fold(timeline), one acknowledgement, no clock twice.
pub async fn read_all(store: &Store) -> Vec<Told> {
    let mut all = Vec::new();
    for case in store.all_cases(CASES_MAX).await.unwrap() {
        let timeline = store.timeline(case.brand, case.id).await.unwrap();
        let folded = casework::fold::fold(case.brand, case.id, &timeline);
        assert_eq!(folded.as_ref(), Some(&case), "fold(timeline) = row");
        let messages = store.case_page(case.clone(), None).await.unwrap().messages;
        let receipts =
            messages.iter().filter(|m| m.message.purpose == Some(Purpose::Acknowledgement)).count();
        assert!(receipts <= 1, "{}: {receipts} acknowledgements", case.reference.as_str());
        let timeline: Vec<What> = timeline.into_iter().map(|event| event.what).collect();
        let rung = rung(&timeline);
        let distinct: BTreeSet<_> = rung.iter().collect();
        assert_eq!(distinct.len(), rung.len(), "{}: a clock rang twice", case.reference.as_str());
        all.push(Told { case, messages, timeline });
    }
    all
}

/// The clocks that rang, with their due dates.
pub fn rung(timeline: &[What]) -> Vec<(ClockKind, Timestamp)> {
    let rang = timeline.iter().filter_map(|what| match what {
        What::ClockRang { kind, due_at, .. } => Some((*kind, *due_at)),
        _ => None,
    });
    rang.collect()
}

/// Checks that each accepted letter is in exactly one case exactly once, byte for byte, and that nothing else is there.
/// Gives the case of each letter.
pub async fn check_letters(store: &Store, all: &[Told], accepted: &[Mail]) -> BTreeMap<String, CaseId> {
    let mut found: BTreeMap<String, CaseId> = BTreeMap::new();
    let sent: BTreeMap<&str, &Mail> = accepted.iter().map(|mail| (mail.id.as_str(), mail)).collect();
    assert_eq!(sent.len(), accepted.len(), "the proof gave two letters one id");
    for told in all {
        for CaseMessage { message, .. } in &told.messages {
            if message.state != MessageState::Received {
                continue;
            }
            let id = message.mail_id.clone().unwrap_or_default();
            let mail = sent.get(id.as_str()).unwrap_or_else(|| panic!("{id} was never accepted"));
            let letter = message.letter.unwrap();
            let kept = store.filed_letter(told.case.brand, told.case.id, letter).await.unwrap().unwrap();
            let expected = [format!("Return-Path: <{}>\r\n", mail.from).as_bytes(), &mail.bytes].concat();
            assert!(kept == expected, "{id}: the letter kept is not the letter sent");
            assert!(found.insert(id.clone(), told.case.id).is_none(), "{id} is there twice");
        }
    }
    let lost: Vec<&&str> = sent.keys().filter(|id| !found.contains_key(**id)).collect();
    assert!(lost.is_empty(), "accepted and lost: {lost:?}");
    for mail in accepted {
        if let Some(first) = &mail.answers_first {
            assert_eq!(found[&mail.id], found[first], "{} answers {first} and is in another case", mail.id);
        }
    }
    found
}

/// Checks that nothing waits, nothing was kept aside, and no mail was given up.
pub async fn check_rest(store: &Store, all: &[Told]) {
    assert_eq!(store.unread_letters().await.unwrap(), 0, "letters unread");
    assert_eq!(store.undone_orders().await.unwrap(), 0, "orders undone");
    let admin = administrator(store).await;
    let aside =
        store.aside_letters((admin, true), casework::decision::AsideReason::ALL, None, 100).await.unwrap();
    assert!(aside.is_empty(), "kept aside: {aside:?}");
    for CaseMessage { message, .. } in all.iter().flat_map(|told| &told.messages) {
        let is_at_rest = matches!(message.state, MessageState::Received | MessageState::Sent);
        assert!(is_at_rest, "{:?} is {:?}", message.mail_id, message.state);
    }
}

/// Checks that every mail of ours arrived, that all copies of one are the bytes stored for it, and that nothing else
/// arrived. Gives how many mails there are and how many copies.
pub async fn check_outgoing(
    (store, secret): (&Store, &Secret),
    all: &[Told],
    recorder: &Recorder,
) -> (usize, usize) {
    let mut copies = recorder.copies();
    let total = copies.values().map(Vec::len).sum();
    let mut mails = 0;
    for told in all {
        for CaseMessage { message, .. } in told.messages.iter().filter(|m| m.message.purpose.is_some()) {
            let id = message.mail_id.clone().unwrap();
            let sealed = store.outgoing(told.case.brand, message.id).await.unwrap().unwrap();
            let stored = desk::outgoing::open(secret, message.id, &sealed).unwrap();
            let arrived = copies.remove(&id).unwrap_or_else(|| panic!("{id} never arrived"));
            assert!(arrived.iter().any(|copy| copy.is_taken), "{id} was never taken");
            for copy in &arrived {
                assert!(copy.bytes == stored.bytes, "{id}: one of {} copies has other bytes", arrived.len());
            }
            mails += 1;
        }
    }
    assert!(copies.is_empty(), "arrived and unknown: {:?}", copies.keys());
    (mails, total)
}

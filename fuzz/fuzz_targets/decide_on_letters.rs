//! Any sequence of letters is decided on: nothing panics, every letter has an end, the timeline folds into the row, nothing
//! is filed in a stranger's case, nothing is ordered for a machine's letter. The letters are written by `post`, the cases
//! kept by `shelf`; what must hold is said here.

#![no_main]

#[path = "decide_on_letters/post.rs"]
mod post;
#[path = "decide_on_letters/shelf.rs"]
mod shelf;

use casework::decision::LetterEnd;
use casework::intake::{self, Findings, Letter};
use casework::{Decision, Inbound, LetterId, MessageState, SenderProof, Status, What, fold};
use channels::mail::read::read;
use libfuzzer_sys::fuzz_target;
use post::{Bytes, Step};
use shelf::Shelf;
use uuid::Uuid;

/// Steps of one run: more tell nothing new and cost time.
const STEPS_MAX: u128 = 24;

fuzz_target!(|raw: &[u8]| {
    let mut bytes = Bytes(raw);
    let mut shelf = Shelf::new();
    for number in 1..=STEPS_MAX {
        match post::next(&mut bytes, &shelf) {
            Some(Step::Letter { raw, recipient, sender }) => {
                take_in(&mut shelf, number, (&raw, &recipient, sender))
            }
            Some(Step::Answer { case, waits }) => shelf.answer(case, waits),
            Some(Step::Propose { case }) => shelf.propose(case),
            Some(Step::Wait { hours }) => shelf.wait(hours),
            None => return,
        }
        shelf.assert_folds();
    }
});

fn take_in(shelf: &mut Shelf, number: u128, (raw, recipient, sender): (&[u8], &str, SenderProof)) {
    let (inbound, _) = read(raw, shelf::MARK);
    let visible = text::reading::read(&inbound.text).visible();
    let findings = Findings { language: None, visible };
    let fingerprint = intake::fingerprint(&inbound);
    let known = shelf.known(&inbound, recipient, fingerprint);
    let letter = Letter {
        id: LetterId(Uuid::from_u128(number)),
        fingerprint,
        inbound: &inbound,
        findings: &findings,
        is_insisted: false,
        is_history: false,
        sender,
        flags: &[],
        forwarding: None,
is_by_proxy: false,
    };
    let decision = shelf.decide(&letter, &known);
    assert_end(shelf, &inbound, sender, &decision);
    shelf.keep(&decision, &inbound);
}

fn assert_end(shelf: &Shelf, inbound: &Inbound, sender: SenderProof, decision: &Decision) {
    let Some(result) = &decision.letter else { panic!("a letter without an end") };
    let end = &result.end;
    assert!(decision.cases.len() <= 1, "a letter in two cases");
    let LetterEnd::Filed(case, message) = end else {
        assert!(decision.cases.is_empty() && decision.messages.is_empty() && decision.orders.is_empty());
        return;
    };
    let Some(change) = decision.cases.first() else { panic!("filed in no case") };
    assert!(change.after.id == *case && decision.messages.iter().any(|one| one.id == *message));
    let of_letter = decision.messages.iter().filter(|one| one.letter.is_some()).count();
    assert!(of_letter == 1 && decision.orders.len() <= 1);
    if inbound.automatic.is_some() {
        assert!(decision.orders.is_empty(), "a machine was answered");
    }
    if let Some(owner) = shelf.owner(*case) {
        let from = inbound.from.as_ref().map(|from| from.address.as_str());
        let is_theirs = from == Some(owner) && !sender.is_against();
        assert!(is_theirs || shelf.is_report_of_ours(inbound), "a stranger's letter in {owner}'s case");
        assert!(decision.orders.is_empty(), "a receipt for a letter that joined");
    }
    assert_moves(shelf, inbound, decision);
}

/// A machine moves a case only by telling that a mail of ours failed; then the case is ours.
fn assert_moves(shelf: &Shelf, inbound: &Inbound, decision: &Decision) {
    for change in &decision.cases {
        let before = shelf.case(change.after.id);
        let failed = change.events.iter().any(|event| matches!(event.what, What::MessageRefused { .. }));
        let is_told = decision.message_states.iter().any(|(_, state, _)| *state == MessageState::Refused);
        assert_eq!(failed, is_told);
        if failed && change.after.is_open() {
            assert!(!matches!(change.after.status, Status::WaitingCustomer | Status::Resolved));
            assert!(change.after.unanswered_since.is_some());
        }
        if let (Some(before), true, false) = (before, inbound.automatic.is_some(), failed) {
            assert!(
                before.status == change.after.status
                    && before.unanswered_since == change.after.unanswered_since
            );
        }
        assert!(
            !change.after.is_open() || change.act_by.is_some() || change.after.status == Status::Resolved
        );
        assert!(!change.after.is_open() || !change.clocks.is_empty() || !change.after.rung.is_empty());
        if let Some(before) = before {
            let mut row = before.clone();
            change.events.iter().for_each(|event| fold::apply(&mut row, event));
            assert!(row == change.after, "the events do not lead to the row");
        }
    }
}

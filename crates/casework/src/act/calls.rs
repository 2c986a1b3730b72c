//! A call, written down by the conseiller who made or took it. No telephony here: what is known is what they say.

use jiff::Timestamp;

use crate::case::{Channel, Status};
use crate::decision::{ContentKind, Decision, Pen};
use crate::event::{Actor, CallResult, Direction, What};
use crate::id::Mint;
use crate::refusal::Refusal;
use crate::wording::{checked, line};
use crate::write::{self, Words};

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Who called.
    pub direction: Direction,
    /// How it ended.
    pub result: CallResult,
    /// What was said; may be empty where nobody spoke.
    pub words: Words,
    /// When to call again, as was said or as the conseiller means to.
    pub call_again_at: Option<Timestamp>,
}

/// Writes a call down: an internal note, and an event that says how it ended.
pub(super) fn log(
    decision: &mut Decision,
    pen: &mut Pen,
    author: Actor,
    call: &Call,
    mint: &mut dyn Mint,
) -> Result<(), Refusal> {
    if call.call_again_at.is_some_and(|at| at <= decision.at) {
        return Err(Refusal::NoCallDate);
    }
    let is_a_talk = call.direction == Direction::Inbound || call.result == CallResult::Reached;
    let words = match (checked(&call.words), is_a_talk) {
        (Err(Refusal::Empty), false) => Words::default(),
        (words, _) => words?,
    };
    let result = if call.direction == Direction::Inbound { CallResult::Reached } else { call.result };
    let message = write::note(decision, pen, (author, Channel::Phone), words, mint);
    let (direction, call_again_at) = (call.direction, call.call_again_at);
    pen.record(What::Called { message, direction, result, call_again_at });
    // Whoever was to answer has answered, on the phone.
    if direction == Direction::Inbound && pen.case().status == Status::WaitingCustomer {
        pen.record(What::StatusChanged { to: Status::Open, third_party: None, chase_at: None });
    }
    Ok(())
}

/// A name or a reason as a text of its own; refused when nothing was written.
pub(super) fn short_text(
    decision: &mut Decision,
    pen: &Pen,
    (kind, typed, refusal): (ContentKind, &str, Refusal),
    mint: &mut dyn Mint,
) -> Result<crate::id::ContentId, Refusal> {
    let text = line(typed).ok_or(refusal)?;
    Ok(decision.content(pen.case().id, kind, text, mint))
}

//! The result of sending a mail comes back: it enters by the same door. (message, result, now) → decision.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::act::Situation;
use crate::decision::{ContentKind, Decision, OrderEnd, OrderResult, Pen};
use crate::event::{Actor, Cause, What};
use crate::id::{CaseId, ContentId, MessageId, Mint, OrderId};
use crate::message::MessageState;

/// How the next mail server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It took the message over.
    Taken,
    /// Not now, in its words.
    Later(String),
    /// Never, in its words.
    Refused(String),
}

/// An attempt to send a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The order carried out.
    pub order: OrderId,
    /// The lease it was carried out under.
    pub lease: Uuid,
    /// The message sent.
    pub message: MessageId,
    /// Its state before the attempt.
    pub state: MessageState,
    /// Which attempt it was, from 1.
    pub number: u32,
    /// When the order was given.
    pub ordered_at: Timestamp,
    /// What came back.
    pub answer: Answer,
}

/// After this long the desk gives a message up and a person must act (RFC 5321, 4.5.4.1 asks for four to five days at least).
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);
/// Longest pause between two attempts.
const PAUSE_MAX: SignedDuration = SignedDuration::from_hours(2);
/// Longest answer of a mail server that is kept, in bytes.
const REASON_BYTES_MAX: usize = 500;

/// Decides what an attempt means: the timeline tells each change of state once, the order knows when to try again.
pub fn decide(attempt: &Attempt, situation: &Situation, mint: &mut dyn Mint, now: Timestamp) -> Decision {
    let mut decision = Decision::empty(situation.case.brand, now);
    let message = attempt.message;
    let mut pen = Pen::on(situation.case.clone(), now, Actor::Desk, Cause::Order(attempt.order));
    let is_given_up = now.duration_since(attempt.ordered_at) >= GIVE_UP_AFTER;
    let end = match &attempt.answer {
        Answer::Taken => {
            decision.message_states.push((message, MessageState::Sent, None));
            pen.record(What::MessageSent { message });
            OrderEnd::Done
        }
        Answer::Later(words) if !is_given_up => {
            let reason = keep_reason(&mut decision, situation.case.id, words, mint);
            decision.message_states.push((message, MessageState::Delayed, Some(reason)));
            if attempt.state != MessageState::Delayed {
                pen.record(What::MessageDelayed { message, reason });
            }
            OrderEnd::Again(again_at(now, attempt.number))
        }
        Answer::Later(words) | Answer::Refused(words) => {
            let reason = keep_reason(&mut decision, situation.case.id, words, mint);
            decision.message_states.push((message, MessageState::Refused, Some(reason)));
            pen.record(What::MessageRefused { message, reason });
            OrderEnd::GivenUp
        }
    };
    decision.order = Some(OrderResult { order: attempt.order, lease: attempt.lease, end });
    let change = pen.put_down(&situation.policy, &situation.calendar);
    if !change.events.is_empty() {
        decision.cases.push(change);
    }
    decision
}

fn keep_reason(decision: &mut Decision, case: CaseId, words: &str, mint: &mut dyn Mint) -> ContentId {
    let end = words.floor_char_boundary(REASON_BYTES_MAX);
    decision.content(case, ContentKind::Reason, &words[..end], mint)
}

/// 30 s, 1, 2, 4 … minutes, at most two hours.
fn again_at(now: Timestamp, attempts: u32) -> Timestamp {
    let doublings = attempts.saturating_sub(1).min(16);
    let pause = SignedDuration::from_secs(30i64 << doublings).min(PAUSE_MAX);
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}

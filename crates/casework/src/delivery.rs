//! The result of sending a mail comes back: it enters by the same door. (message, result, now) → decision.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::act::Situation;
use crate::case::{Closing, Status};
use crate::decision::{ContentKind, Decision, OrderEnd, OrderResult, Pen};
use crate::event::{Actor, Cause, What};
use crate::id::{CaseId, ContentId, IdentityId, MessageId, Mint, OrderId};
use crate::message::MessageState;

/// How the next mail server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It took the message over.
    Taken,
    /// Not now, in its words.
    Later(String),
    /// Never.
    Refused {
        /// In its words.
        words: String,
        /// Its enhanced status code (RFC 3463), such as `5.1.1`, where it gave one.
        status: Option<String>,
        /// True when it refused the recipient, false when it refused our sender or the mail itself.
        is_of_recipient: bool,
    },
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
    /// To which of the customer's addresses.
    pub to: Option<IdentityId>,
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
/// `home` is the case that goes on in place of a merged one: there a person must be told of what did not arrive.
pub fn decide(
    attempt: &Attempt,
    (situation, home): (&Situation, Option<&Situation>),
    mint: &mut dyn Mint,
    now: Timestamp,
) -> Decision {
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
        Answer::Later(words) | Answer::Refused { words, .. } => {
            let reason = keep_reason(&mut decision, situation.case.id, words, mint);
            decision.message_states.push((message, MessageState::Refused, Some(reason)));
            if let (Answer::Refused { status, is_of_recipient, .. }, Some(to)) = (&attempt.answer, attempt.to)
                && is_dead_address(status.as_deref(), *is_of_recipient)
            {
                decision.identity_marks.push((to, Some(now)));
            }
            did_not_arrive(&mut pen, message, reason);
            if let Some(home) = home {
                let mut there = Pen::on(home.case.clone(), now, Actor::Desk, Cause::Order(attempt.order));
                did_not_arrive(&mut there, message, reason);
                decision.cases.push(there.put_down(&home.policy, &home.calendar));
            }
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

/// A message will not arrive: a case that waited for the customer's word waits in vain, and is ours to move again. So is
/// one that was closed because no word came.
pub(crate) fn did_not_arrive(pen: &mut Pen, message: MessageId, reason: ContentId) {
    pen.record_as(Actor::Desk, What::MessageRefused { message, reason });
    if matches!(pen.case().status, Status::WaitingCustomer | Status::Resolved) {
        let what = What::StatusChanged { to: Status::Open, third_party: None, chase_at: None };
        pen.record_as(Actor::Desk, what);
    } else if pen.case().closing == Some(Closing::Lapsed) {
        pen.record_as(Actor::Desk, What::Reopened { message: None });
    }
}

/// Whether a permanent refusal speaks of the address rather than of the mail, the server or the day (RFC 3463, 3).
/// A full mailbox, a mail too large, a spam filter and a broken line say nothing against the address.
/// One that says no more than "never" means what the server was just asked about: the recipient, or the mail.
pub fn is_dead_address(status: Option<&str>, is_of_recipient: bool) -> bool {
    let Some(status) = status else { return is_of_recipient };
    let mut parts = status.split('.');
    let code = (parts.next(), parts.next(), parts.next());
    // 5.1.7 and 5.1.8 are about the sender's address, that is ours.
    if matches!(code, (_, Some("1"), Some("7" | "8"))) {
        return false;
    }
    // 5.0.x says no more than "never", 5.1.x is the address, 5.2.0 and 5.2.1 its mailbox, 5.4.4 has no route to its domain.
    match code {
        (Some("5"), Some("0"), _) => is_of_recipient,
        (Some("5"), Some("1"), _)
        | (Some("5"), Some("2"), Some("0" | "1"))
        | (Some("5"), Some("4"), Some("4")) => true,
        _ => false,
    }
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

//! A mail of ours came back: the message did not arrive, so the customer has not heard from us, whatever the case says.

use crate::decision::{ContentKind, Decision, Pen};
use crate::delivery;
use crate::event::{Actor, What};
use crate::id::{ContentId, IdentityId, MessageId, Mint};
use crate::inbound::{DeliveryReport, Fate};
use crate::message::MessageState;

/// A mail of ours that a delivery report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// The message.
    pub message: MessageId,
    /// How far it had come.
    pub state: MessageState,
    /// To which of the customer's addresses it went.
    pub identity: IdentityId,
    /// That address.
    pub address: String,
    /// Whether the report names it by its `Message-ID`, which nobody can guess. Else it only came to the case's address,
    /// which others are shown.
    pub is_named: bool,
}

/// Takes a report into account: once a message, whatever the number of reports about it.
pub(super) fn take_back(
    decision: &mut Decision,
    pen: &mut Pen,
    (report, returned): (&DeliveryReport, &Returned),
    mint: &mut dyn Mint,
) {
    let message = returned.message;
    match (report.fate, returned.state) {
        (Fate::Delayed, MessageState::Sent) => {
            let reason = reason(decision, pen, report, mint);
            decision.message_states.push((message, MessageState::Delayed, Some(reason)));
            pen.record_as(Actor::Desk, What::MessageDelayed { message, reason });
        }
        (Fate::Failed, MessageState::Sent | MessageState::Delayed | MessageState::Queued) => {
            let reason = reason(decision, pen, report, mint);
            decision.message_states.push((message, MessageState::Refused, Some(reason)));
            // A report about another address than the one we wrote to tells of a forwarding that fails.
            let is_ours = report.recipient.as_ref().is_none_or(|address| *address == returned.address);
            let is_dead =
                is_ours && returned.is_named && delivery::is_dead_address(report.status.as_deref(), true);
            if is_dead {
                decision.identity_marks.push((returned.identity, Some(decision.at)));
            }
            delivery::did_not_arrive(pen, message, reason);
        }
        (Fate::Delivered | Fate::Delayed | Fate::Failed, _) => {}
    }
}

fn reason(decision: &mut Decision, pen: &Pen, report: &DeliveryReport, mint: &mut dyn Mint) -> ContentId {
    let status = report.status.as_deref().unwrap_or_default();
    let words = if report.words.contains(status) {
        report.words.clone()
    } else {
        format!("{status} {}", report.words).trim().to_owned()
    };
    decision.content(pen.case().id, ContentKind::Reason, words, mint)
}

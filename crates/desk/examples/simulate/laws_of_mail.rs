//! What must hold of mail: machines move nothing, failures are ours to move, merged cases receive nothing, and nobody
//! gets more receipts than the bound. Facts in, broken laws out.

use std::collections::BTreeMap;

use casework::event::{Event, Purpose};
use casework::fold;
use casework::{BrandId, Case, Cause, MessageId, Status, What};
use jiff::{SignedDuration, Timestamp};
use store::CasePage;

use crate::strangers::NO_REPLY;

/// Receipts to one address within an hour, and within a day.
const PER_HOUR_MAX: usize = 5;
const PER_DAY_MAX: usize = 20;

/// When receipts were written to each address.
pub type Receipts = BTreeMap<(BrandId, String), Vec<Timestamp>>;

/// Collects the receipts of a case.
pub fn receipts_of(page: &CasePage, receipts: &mut Receipts) {
    for message in &page.messages {
        if let (Some(Purpose::Acknowledgement), Some(address)) = (message.message.purpose, &message.address) {
            receipts.entry((page.case.brand, address.clone())).or_default().push(message.message.at);
        }
    }
}

/// Who got more receipts than the bound.
pub fn too_many(receipts: Receipts) -> Vec<String> {
    let mut broken = Vec::new();
    for ((_, address), mut times) in receipts {
        times.sort_unstable();
        if address == NO_REPLY {
            broken.push(format!("{address} got a receipt, which nobody reads"));
        }
        for (hours, most) in [(1, PER_HOUR_MAX), (24, PER_DAY_MAX)] {
            let is_within = |pair: &[Timestamp]| {
                let span = pair.last().zip(pair.first()).map(|(last, first)| last.duration_since(*first));
                span.is_some_and(|span| span < SignedDuration::from_hours(hours))
            };
            if times.windows(most + 1).any(is_within) {
                broken.push(format!("{address} got more than {most} receipts within {hours} hours"));
            }
        }
    }
    broken
}

/// The events of one decision.
fn decisions(events: &[Event]) -> impl Iterator<Item = &[Event]> {
    events.chunk_by(|left, right| (left.cause, left.at) == (right.cause, right.at))
}

/// A machine's letter starts nothing and ends nothing: it is received, remarked upon, and that is all; only a mail that it
/// tells to have failed makes the case ours to move. A case that it opens is opened without a receipt.
pub fn machines_move_nothing(events: &[Event]) -> bool {
    decisions(events).all(|decision| {
        let is_machines = matches!(decision.first().map(|event| event.cause), Some(Cause::Letter(_)))
            && decision
                .iter()
                .any(|event| matches!(event.what, What::MessageReceived { automatic: Some(_), .. }));
        let mut has_failed = false;
        !is_machines
            || decision.iter().all(|event| match event.what {
                What::MessageRefused { .. } => {
                    has_failed = true;
                    true
                }
                What::StatusChanged { to: Status::Open, .. } => has_failed,
                What::Opened { .. }
                | What::MessageReceived { .. }
                | What::MessageFlagged { .. }
                | What::MessageDelayed { .. }
                | What::LinkProposed { .. } => true,
                _ => false,
            })
    })
}

/// After a mail failed, the case waits for nobody but us.
pub fn failures_are_ours(case: &Case, events: &[Event]) -> bool {
    let mut row: Option<Case> = None;
    decisions(events).all(|decision| {
        for event in decision {
            match &mut row {
                Some(row) => fold::apply(row, event),
                None => row = fold::begin(case.brand, case.id, event),
            }
        }
        let has_failed = decision.iter().any(|event| matches!(event.what, What::MessageRefused { .. }));
        let Some(row) = &row else { return false };
        let is_ours = !matches!(row.status, Status::WaitingCustomer | Status::Resolved)
            && row.unanswered_since.is_some();
        !has_failed || !row.is_open() || is_ours
    })
}

/// What comes in after a merge comes in at the case that goes on.
pub fn nothing_after_merge(events: &[Event]) -> bool {
    let mut goes_on_in = None;
    events.iter().all(|event| {
        match event.what {
            What::MergedInto { other } => goes_on_in = Some(other),
            What::MergeUndone { other } if goes_on_in == Some(other) => goes_on_in = None,
            What::MessageReceived { .. } | What::MessageWritten { .. } => return goes_on_in.is_none(),
            _ => {}
        }
        true
    })
}

/// Mails that failed while their case went on in another one: there a person must be told.
pub fn failed_while_merged(events: &[Event]) -> Vec<MessageId> {
    let mut is_merged = false;
    let mut failed = Vec::new();
    for event in events {
        match (&event.what, event.cause) {
            (What::MergedInto { .. }, _) => is_merged = true,
            (What::MergeUndone { .. }, _) => is_merged = false,
            (What::MessageRefused { message, .. }, Cause::Order(_)) if is_merged => failed.push(*message),
            _ => {}
        }
    }
    failed
}

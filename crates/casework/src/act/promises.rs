//! Promises made to the customer: written down with their date, watched until somebody says that they were kept.

use jiff::Timestamp;

use super::calls::short_text;
use crate::decision::{ContentKind, Decision, Pen};
use crate::event::What;
use crate::id::{CommitmentId, Mint};
use crate::refusal::Refusal;

/// Promises of one case that are not kept yet: fewer than the due dates of rung clocks that a case remembers.
pub const COMMITMENTS_MAX: usize = 12;

/// Writes a promise down.
pub(super) fn commit(
    decision: &mut Decision,
    pen: &mut Pen,
    (promise, due_at): (&str, Timestamp),
    mint: &mut dyn Mint,
) -> Result<(), Refusal> {
    if due_at <= decision.at {
        return Err(Refusal::NoDueDate);
    }
    if pen.case().commitments.len() >= COMMITMENTS_MAX {
        return Err(Refusal::TooManyCommitments);
    }
    let text = short_text(decision, pen, (ContentKind::Promise, promise, Refusal::Empty), mint)?;
    pen.record(What::Committed { commitment: CommitmentId(mint.uuid()), text, due_at });
    Ok(())
}

/// Says that a promise was kept. Saying it again says nothing new.
pub(super) fn keep(pen: &mut Pen, commitment: CommitmentId) {
    if pen.case().commitments.iter().any(|owed| owed.id == commitment) {
        pen.record(What::CommitmentKept { commitment });
    }
}

//! Evidence: while a case is held, neither rules nor requests erase anything of it.

use super::calls::short_text;
use crate::access::{self, Wish};
use crate::decision::{ContentKind, Decision, Pen};
use crate::event::What;
use crate::id::Mint;
use crate::people::Agent;
use crate::refusal::Refusal;

/// Has the case kept. Saying it again gives it another reason.
pub(super) fn hold(
    decision: &mut Decision,
    pen: &mut Pen,
    (agent, reason): (&Agent, &str),
    mint: &mut dyn Mint,
) -> Result<(), Refusal> {
    access::allow(agent, Wish::HoldCase(pen.case()))?;
    let reason = short_text(decision, pen, (ContentKind::Reason, reason, Refusal::NoReason), mint)?;
    pen.record(What::HeldForLaw { reason });
    Ok(())
}

/// Has it kept no longer. Saying it again says nothing new.
pub(super) fn lift(pen: &mut Pen, agent: &Agent) -> Result<(), Refusal> {
    access::allow(agent, Wish::HoldCase(pen.case()))?;
    if pen.case().held_since.is_some() {
        pen.record(What::HoldLifted);
    }
    Ok(())
}

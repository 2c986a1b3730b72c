//! Erasure: the words, files and letters of a case go, what happened stays. Never while somebody waits for something, nor
//! while the case is held as evidence. (case, ground, now) → decision or refusal.

use jiff::Timestamp;

use crate::access::{self, Wish};
use crate::act::Situation;
use crate::case::{Case, Closing};
use crate::decision::{Decision, Pen};
use crate::event::{Actor, Cause, Ground, What};
use crate::people::Agent;
use crate::refusal::Refusal;

/// Whether a person may have all cases of a customer erased.
pub fn may_erase(agent: &Agent, cases: &[Case]) -> Result<(), Refusal> {
    access::allow(agent, Wish::EraseCustomer)?;
    cases.iter().try_for_each(is_possible)
}

/// Whether a case can be erased as it stands.
fn is_possible(case: &Case) -> Result<(), Refusal> {
    if case.held_since.is_some() {
        return Err(Refusal::Held);
    }
    if case.is_open() { Err(Refusal::NotSettled) } else { Ok(()) }
}

/// Erases a case. Erasing it again does nothing: that decision changes no case.
pub fn erase(
    situation: &Situation,
    (by, ground): (Actor, Ground),
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let case = &situation.case;
    let mut decision = Decision::empty(case.brand, now);
    if case.erased_at.is_some() {
        return Ok(decision);
    }
    if ground != Ground::Restored {
        is_possible(case)?;
    }
    let why = match by {
        Actor::Desk => Cause::Rule,
        Actor::Agent(_) | Actor::Customer(_) => Cause::Act,
    };
    let mut pen = Pen::on(case.clone(), now, by, why);
    // What an older backup brings back had been settled and released when it was erased.
    if case.held_since.is_some() {
        pen.record(What::HoldLifted);
    }
    if case.is_open() {
        pen.record(What::Closed { closing: Closing::Lapsed });
    }
    pen.record(What::Erased { ground });
    decision.cases.push(pen.put_down(&situation.policy, &situation.calendar));
    decision.erased.push(case.id);
    Ok(decision)
}

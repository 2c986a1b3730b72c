//! Two cases turn out to be one problem: one goes on, the other ends in it, and its references keep leading home.
//! Nothing is copied and nothing is lost, so that it can be undone. (agent, two cases, now) → decision or refusal.

use jiff::Timestamp;

use crate::access::{self, Wish};
use crate::act::Situation;
use crate::case::{Case, Status};
use crate::decision::{Decision, Pen};
use crate::event::{Actor, Cause, What};
use crate::people::Agent;
use crate::refusal::Refusal;

/// Merges `ending` into `going_on`, both of one customer: in a case that two people share, each would read what the
/// other wrote, and our answers would reach whoever wrote last. Whoever waited for an answer in the one that ends, waits in the one that goes on.
pub fn merge(
    agent: &Agent,
    (ending, going_on): (&Situation, &Situation),
    now: Timestamp,
) -> Result<Decision, Refusal> {
    allow_both(agent, ending, going_on)?;
    let is_possible = ending.case.id != going_on.case.id
        && ending.case.brand == going_on.case.brand
        && ending.case.merged_into.is_none()
        && going_on.case.merged_into.is_none()
        && ending.case.erased_at.is_none()
        && going_on.case.erased_at.is_none();
    if !is_possible {
        return Err(Refusal::NoMerge);
    }
    if ending.case.customer != going_on.case.customer {
        return Err(Refusal::OtherCustomer);
    }
    let waiting_since = waiting_since(&ending.case);
    let (mut end, mut go_on) = pens(agent, ending, going_on, now);
    end.record(What::MergedInto { other: going_on.case.id });
    match going_on.case.status {
        // What was ours to move stays ours to move: no open case ends in one that is closed.
        Status::Closed if ending.case.is_open() => go_on.record(What::Reopened { message: None }),
        Status::WaitingCustomer | Status::Resolved if waiting_since.is_some() => {
            go_on.record(What::StatusChanged { to: Status::Open, third_party: None, chase_at: None });
        }
        _ => {}
    }
    go_on.record(What::TookIn { other: ending.case.id, waiting_since });
    Ok(decided((end, ending), (go_on, going_on), now))
}

/// Since when somebody waits for our word in a case; one that a machine opened waits for its first answer too.
fn waiting_since(case: &Case) -> Option<Timestamp> {
    let is_never_answered = case.is_open() && case.last_answer_at.is_none();
    case.unanswered_since.or(is_never_answered.then_some(case.opened_at))
}

/// Undoes a merge: the case that ended is open again, with whoever had been waiting in it.
/// What was said in the other one meanwhile stays there.
pub fn undo(
    agent: &Agent,
    (ended, went_on): (&Situation, &Situation),
    now: Timestamp,
) -> Result<Decision, Refusal> {
    allow_both(agent, ended, went_on)?;
    if ended.case.erased_at.is_some() || went_on.case.erased_at.is_some() {
        return Err(Refusal::Erased);
    }
    if ended.case.merged_into != Some(went_on.case.id) {
        return Err(Refusal::NotMerged);
    }
    let (mut end, mut go_on) = pens(agent, ended, went_on, now);
    end.record(What::MergeUndone { other: went_on.case.id });
    go_on.record(What::MergeUndone { other: ended.case.id });
    Ok(decided((end, ended), (go_on, went_on), now))
}

fn allow_both(agent: &Agent, one: &Situation, other: &Situation) -> Result<(), Refusal> {
    access::allow(agent, Wish::WorkCase(&one.case))?;
    access::allow(agent, Wish::WorkCase(&other.case))
}

fn pens(agent: &Agent, one: &Situation, other: &Situation, now: Timestamp) -> (Pen, Pen) {
    let pen = |case: &Case| Pen::on(case.clone(), now, Actor::Agent(agent.id), Cause::Act);
    (pen(&one.case), pen(&other.case))
}

fn decided(
    (one, one_situation): (Pen, &Situation),
    (other, other_situation): (Pen, &Situation),
    now: Timestamp,
) -> Decision {
    let mut decision = Decision::empty(one_situation.case.brand, now);
    decision.cases.push(one.put_down(&one_situation.policy, &one_situation.calendar));
    decision.cases.push(other.put_down(&other_situation.policy, &other_situation.calendar));
    decision
}

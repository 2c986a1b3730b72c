//! Two cases become one, or two again, at the word of an agent. Both are read and written as one decision.

use casework::{Agent, BrandId, CaseId, Decision, merge};
use store::{Lock, Lookup};

use super::DoorError;
use crate::desk::Desk;

/// What is done to the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joining {
    /// The first ends in the second.
    Merge,
    /// The first stands by itself again.
    Undo,
}

/// Merges the first case into the second, or undoes it.
pub async fn join(
    desk: &Desk,
    agent: &Agent,
    joining: Joining,
    (brand, ending, going_on): (BrandId, CaseId, CaseId),
) -> Result<Decision, DoorError> {
    let (at_the_door, agent) = (desk.clone(), agent.clone());
    let decided = desk.store.decide(Lock::Case(brand, ending), move |conn| {
        let (desk, agent) = (at_the_door.clone(), agent.clone());
        Box::pin(async move {
            let mut lookup = Lookup(conn);
            let one = lookup.case(brand, ending).await?.ok_or(DoorError::Gone)?;
            let other = lookup.case(brand, going_on).await?.ok_or(DoorError::Gone)?;
            let one = lookup.situation(one, None).await?;
            let other = lookup.situation(other, None).await?;
            let now = desk.clock.now();
            Ok::<Decision, DoorError>(match joining {
                Joining::Merge => merge::merge(&agent, (&one, &other), now)?,
                Joining::Undo => merge::undo(&agent, (&one, &other), now)?,
            })
        })
    });
    decided.await
}

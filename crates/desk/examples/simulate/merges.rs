//! Agents who find that two cases of one customer are one problem, and sometimes that they are not.

use anyhow::Context;
use casework::{Agent, BrandId, Case, CaseId};
use desk::door::DoorError;
use desk::door::merge::{Joining, join};

use crate::world::{Deed, World};

/// Merges a case with another one of the same customer, whichever is there. Half of the time it is undone later.
pub async fn merge(world: &mut World, agent: &Agent, case: &Case, cases: &[Case]) -> anyhow::Result<()> {
    let others: Vec<&Case> = cases
        .iter()
        .filter(|other| (other.brand, other.customer) == (case.brand, case.customer) && other.id != case.id)
        .collect();
    let Some(other) = others.get(world.dice.index(others.len())) else { return Ok(()) };
    let pair = (case.brand, case.id, other.id);
    if !joined(world, agent, Joining::Merge, pair).await? {
        return Ok(());
    }
    world.counts.merges.0 += 1;
    if world.dice.says(50) {
        let place =
            world.stage.agents.iter().position(|known| known.id == agent.id).context("no such agent")?;
        let after = world.dice.minutes(1, 1500);
        world.plan(after, Deed::Undo(place, pair))?;
    }
    Ok(())
}

/// Undoes a merge, if it still stands.
pub async fn undo(world: &mut World, agent: usize, pair: (BrandId, CaseId, CaseId)) -> anyhow::Result<()> {
    let agent = world.stage.agents.get(agent).context("no such agent")?.clone();
    let is_undone = joined(world, &agent, Joining::Undo, pair).await?;
    world.counts.merges.1 += u32::from(is_undone);
    Ok(())
}

async fn joined(
    world: &mut World,
    agent: &Agent,
    joining: Joining,
    pair: (BrandId, CaseId, CaseId),
) -> anyhow::Result<bool> {
    let desk = world.next_node();
    match join(&desk, agent, joining, pair).await {
        Ok(_) => {
            world.counts.acts.0 += 1;
            Ok(true)
        }
        Err(DoorError::Refused(_)) => {
            world.counts.refusals += 1;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

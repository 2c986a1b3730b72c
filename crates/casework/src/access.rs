//! Who may do what. One question, asked by every screen and every verb; whatever is not allowed here is refused.

use crate::case::Case;
use crate::id::{BrandId, TeamId};
use crate::people::{Agent, Role};
use crate::refusal::Refusal;

/// What somebody of the desk wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish<'a> {
    /// Read one case with all that belongs to it.
    SeeCase(&'a Case),
    /// Write, decide or note something in one case.
    WorkCase(&'a Case),
    /// Write down a new case for a team of a brand.
    OpenCase(BrandId, TeamId),
    /// Have a case kept as evidence, and no longer.
    HoldCase(&'a Case),
    /// Take out all that is known of a customer, to give it to them.
    ExportCustomer,
    /// Erase all that is known of a customer, and say how long things are kept.
    EraseCustomer,
    /// See what is stuck on its way out, and try it again.
    MindOutbox,
    /// See the letters that were kept aside, and make cases of them.
    MindLetters,
}

/// Allows or refuses a wish.
pub fn allow(agent: &Agent, wish: Wish<'_>) -> Result<(), Refusal> {
    let is_allowed = match wish {
        Wish::SeeCase(case) | Wish::WorkCase(case) => sees(agent, case),
        Wish::HoldCase(case) => agent.role >= Role::Lead && sees(agent, case),
        Wish::ExportCustomer | Wish::EraseCustomer => agent.role == Role::Admin,
        Wish::OpenCase(brand, team) => agent.role == Role::Admin || agent.teams.contains(&(brand, team)),
        Wish::MindOutbox | Wish::MindLetters => agent.role >= Role::Lead,
    };
    if is_allowed { Ok(()) } else { Err(Refusal::NotAllowed) }
}

/// A case is seen by its team, by the agent in charge, and by administrators.
fn sees(agent: &Agent, case: &Case) -> bool {
    agent.role == Role::Admin
        || case.assignee == Some(agent.id)
        || agent.teams.contains(&(case.brand, case.team))
}

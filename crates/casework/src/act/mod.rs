//! What people do to a case: agents by the desk, customers by their private link. (act, case, now) → decision or refusal.
//!
//! - what can be done: here
//! - what it does: [`by_agent`], [`by_customer`]

mod agents;
mod calls;
mod customers;
mod keeping;
mod promises;

use calendar::Calendar;
use jiff::Timestamp;

pub use agents::by_agent;
pub use calls::Call;
pub use customers::by_customer;
pub use promises::COMMITMENTS_MAX;

use crate::case::{Case, Channel, Nature};
use crate::clock::Policy;
use crate::id::{AgentId, CommitmentId, ContentId, IdentityId, TeamId};
use crate::refusal::Refusal;
use crate::write::Words;

/// What an agent does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Writes to the customer; afterwards the case waits for the customer or stays ours to move.
    Reply {
        /// What they wrote.
        words: Words,
        /// True when the answer asks the customer something.
        waits: bool,
    },
    /// Writes an internal note.
    Note(Words),
    /// Proposes a solution.
    Propose(Words),
    /// Writes down what the customer said elsewhere: at a counter, on paper, to another program.
    WriteDown {
        /// Where.
        channel: Channel,
        /// What they said.
        words: Words,
        /// When it had reached the company, if that was before now.
        received_at: Option<Timestamp>,
    },
    /// Writes down a call.
    LogCall(Call),
    /// Gives the case to a team and, in it, to an agent or to nobody yet.
    Assign {
        /// The team.
        team: TeamId,
        /// The agent; must belong to the team.
        agent: Option<AgentId>,
    },
    /// Waits for the customer.
    WaitForCustomer,
    /// Waits for a named third party until a date.
    WaitForThirdParty {
        /// Its name.
        name: String,
        /// When to chase it.
        chase_at: Timestamp,
    },
    /// Makes the case ours to move again; opens a closed one.
    Resume,
    /// Corrects the nature.
    ChangeNature {
        /// The new nature.
        to: Nature,
        /// Why.
        reason: String,
    },
    /// Writes down a promise made to the customer.
    Commit {
        /// What was promised.
        promise: String,
        /// By when.
        due_at: Timestamp,
    },
    /// A promise was kept.
    KeepCommitment(CommitmentId),
    /// Has everything of the case kept as evidence, for this reason.
    Hold(String),
    /// Has it kept no longer than other cases.
    LiftHold,
    /// Makes every private link given out so far lead nowhere.
    RevokeLinks,
}

/// What a customer does on their private page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerAct {
    /// Says that the proposed solution solves the problem.
    Confirm,
    /// Says that it does not, or writes again, in their own words if they like.
    Reopen(Option<Words>),
}

/// What was known about the case when somebody acted.
#[derive(Debug, Clone)]
pub struct Situation {
    /// The case.
    pub case: Case,
    /// Where an answer goes: the address, the `Message-ID`s answered (newest first), the subject answered.
    pub reach: Option<Reach>,
    /// For an assignment: the agents of the team it goes to.
    pub team_members: Vec<AgentId>,
    /// Targets of the team that owns the case afterwards: for an assignment, the one it goes to.
    pub policy: Policy,
    /// Hours of that team.
    pub calendar: Calendar,
}

/// How to answer the customer in the thread they wrote in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// By mail, or on their private page where they have no mail address.
    pub by: Channel,
    /// The address they last wrote from, else the first sign they are known by.
    pub to: IdentityId,
    /// `Message-ID`s of the thread, newest first.
    pub answers: Vec<String>,
    /// The subject they last used.
    pub subject: Option<ContentId>,
    /// The domain of the case's inbox.
    pub host: String,
}

/// Refuses to act on a case of which nothing is left.
fn refuse_erased(case: &Case) -> Result<(), Refusal> {
    if case.erased_at.is_some() { Err(Refusal::Erased) } else { Ok(()) }
}

/// Refuses to act on a case that goes on elsewhere.
fn refuse_merged(case: &Case) -> Result<(), Refusal> {
    if case.merged_into.is_some() { Err(Refusal::MergedAway) } else { Ok(()) }
}

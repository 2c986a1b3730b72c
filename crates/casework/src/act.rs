//! What people do to a case: agents by the desk, customers by their private link. (act, case, now) → decision or refusal.

use calendar::Calendar;
use jiff::Timestamp;

use crate::access::{self, Wish};
use crate::case::{Case, Closing, Nature, Status};
use crate::clock::Policy;
use crate::decision::{ContentKind, Decision, Lane, Pen};
use crate::event::{Actor, Cause, Proof, Purpose, What};
use crate::id::{AgentId, ContentId, IdentityId, MessageId, Mint, TeamId};
use crate::message::MessageState;
use crate::people::Agent;
use crate::refusal::Refusal;
use crate::write::{self, Mail, Words};

/// Longest text of one message, in bytes.
pub const TEXT_BYTES_MAX: usize = 200 * 1024;
/// Longest name or reason, in bytes.
pub const LINE_BYTES_MAX: usize = 500;

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
}

/// What a customer does on their private page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerAct {
    /// Says that the proposed solution solves the problem.
    Confirm,
    /// Says that it does not, or writes again, in their own words if they like.
    Reopen(Option<String>),
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
    /// The address they last wrote from.
    pub to: IdentityId,
    /// `Message-ID`s of the thread, newest first.
    pub answers: Vec<String>,
    /// The subject they last used.
    pub subject: Option<ContentId>,
    /// The domain of the case's inbox.
    pub host: String,
}

/// Decides on an agent's act.
pub fn by_agent(
    agent: &Agent,
    act: &Act,
    situation: &Situation,
    mint: &mut dyn Mint,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    access::allow(agent, Wish::WorkCase(&situation.case))?;
    // A note may still be added where it belongs; whatever reaches the customer happens in the case that goes on.
    if !matches!(act, Act::Note(_)) {
        refuse_merged(&situation.case)?;
    }
    let mut decision = Decision::empty(situation.case.brand, now);
    let author = Actor::Agent(agent.id);
    let mut pen = Pen::on(situation.case.clone(), now, author, Cause::Act);
    match act {
        Act::Reply { words, waits } => {
            send(&mut decision, &mut pen, (author, Purpose::Answer), words, situation, mint)?;
            answered(&mut pen, *waits);
            take_if_free(&mut pen, agent);
        }
        Act::Propose(words) => {
            let message = send(&mut decision, &mut pen, (author, Purpose::Proposal), words, situation, mint)?;
            pen.record(What::SolutionProposed { message });
            take_if_free(&mut pen, agent);
        }
        Act::Note(words) => note(&mut decision, &mut pen, author, words, mint)?,
        Act::Assign { team, agent } => assign(&mut pen, *team, *agent, situation)?,
        Act::WaitForCustomer => {
            refuse_closed(&pen)?;
            change_status(&mut pen, Status::WaitingCustomer);
        }
        Act::WaitForThirdParty { name, chase_at } => {
            refuse_closed(&pen)?;
            wait_for_third_party(&mut decision, &mut pen, (name, *chase_at), mint)?;
        }
        Act::Resume => change_status(&mut pen, Status::Open),
        Act::ChangeNature { to, reason } => {
            let reason = line(reason).ok_or(Refusal::NoReason)?;
            let reason = decision.content(situation.case.id, ContentKind::Reason, reason, mint);
            pen.record(What::NatureChanged { to: *to, reason });
        }
    }
    decision.cases.push(pen.put_down(&situation.policy, &situation.calendar));
    Ok(decision)
}

/// Decides on a customer's act by private link. Doing the same twice does it once.
pub fn by_customer(
    act: &CustomerAct,
    situation: &Situation,
    mint: &mut dyn Mint,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let case = &situation.case;
    refuse_merged(case)?;
    let mut decision = Decision::empty(case.brand, now);
    let author = Actor::Customer(case.customer);
    let mut pen = Pen::on(case.clone(), now, author, Cause::PrivateLink);
    match act {
        CustomerAct::Confirm if case.closing == Some(Closing::Confirmed) => return Ok(decision),
        CustomerAct::Confirm => {
            let may_confirm = case.status == Status::Resolved || case.closing == Some(Closing::Lapsed);
            if !may_confirm {
                return Err(Refusal::NothingProposed);
            }
            pen.record(What::Closed { closing: Closing::Confirmed });
        }
        CustomerAct::Reopen(words) => {
            let message = match words.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
                Some(words) => Some(write_in(&mut decision, &mut pen, words, situation, mint)?),
                None => None,
            };
            if matches!(case.status, Status::Resolved | Status::Closed) {
                pen.record(What::Reopened { message });
            } else if message.is_none() {
                return Err(Refusal::Empty);
            } else if case.status == Status::WaitingCustomer {
                change_status(&mut pen, Status::Open);
            }
        }
    }
    decision.cases.push(pen.put_down(&situation.policy, &situation.calendar));
    Ok(decision)
}

/// Where a case stands after an answer. News about a third party does not end the waiting for it.
fn answered(pen: &mut Pen, waits: bool) {
    match (waits, pen.case().status) {
        (true, _) => change_status(pen, Status::WaitingCustomer),
        (false, Status::WaitingThirdParty) => {}
        (false, _) => change_status(pen, Status::Open),
    }
}

fn send(
    decision: &mut Decision,
    pen: &mut Pen,
    (author, purpose): (Actor, Purpose),
    words: &Words,
    situation: &Situation,
    mint: &mut dyn Mint,
) -> Result<MessageId, Refusal> {
    let words = checked(words)?;
    let reach = situation.reach.clone().ok_or(Refusal::NoAddress)?;
    let mail = Mail {
        purpose,
        to: reach.to,
        answers: reach.answers,
        subject: reach.subject,
        words: Some(words),
        lane: Lane::Reply,
        host: reach.host,
    };
    Ok(write::mail(decision, pen, author, mail, mint))
}

fn note(
    decision: &mut Decision,
    pen: &mut Pen,
    author: Actor,
    words: &Words,
    mint: &mut dyn Mint,
) -> Result<(), Refusal> {
    let words = checked(words)?;
    let message = write::note(decision, pen, author, words, mint);
    pen.record(What::NoteWritten { message });
    Ok(())
}

fn write_in(
    decision: &mut Decision,
    pen: &mut Pen,
    words: &str,
    situation: &Situation,
    mint: &mut dyn Mint,
) -> Result<MessageId, Refusal> {
    let words = checked(&Words { text: words.to_owned(), html: None })?;
    let author = Actor::Customer(situation.case.customer);
    let message = write::unsent(decision, pen, (author, MessageState::Received), words, mint);
    pen.record(What::MessageReceived { message, proof: Proof::PrivateLink, automatic: None });
    Ok(message)
}

fn assign(pen: &mut Pen, team: TeamId, agent: Option<AgentId>, situation: &Situation) -> Result<(), Refusal> {
    if agent.is_some_and(|agent| !situation.team_members.contains(&agent)) {
        return Err(Refusal::NotInTeam);
    }
    if (pen.case().team, pen.case().assignee) != (team, agent) {
        pen.record(What::Assigned { team, agent });
    }
    Ok(())
}

fn wait_for_third_party(
    decision: &mut Decision,
    pen: &mut Pen,
    (name, chase_at): (&str, Timestamp),
    mint: &mut dyn Mint,
) -> Result<(), Refusal> {
    let name = line(name).filter(|_| chase_at > decision.at).ok_or(Refusal::NoChaseDate)?;
    let third_party = Some(decision.content(pen.case().id, ContentKind::Name, name, mint));
    pen.record(What::StatusChanged { to: Status::WaitingThirdParty, third_party, chase_at: Some(chase_at) });
    Ok(())
}

/// Whoever answers a case that nobody has in charge, has it in charge.
fn take_if_free(pen: &mut Pen, agent: &Agent) {
    let team = pen.case().team;
    if pen.case().assignee.is_none() && agent.teams.contains(&(pen.case().brand, team)) {
        pen.record(What::Assigned { team, agent: Some(agent.id) });
    }
}

fn change_status(pen: &mut Pen, to: Status) {
    if pen.case().status != to {
        pen.record(What::StatusChanged { to, third_party: None, chase_at: None });
    }
}

fn refuse_closed(pen: &Pen) -> Result<(), Refusal> {
    if pen.case().is_open() { Ok(()) } else { Err(Refusal::Closed) }
}

/// Refuses to act on a case that goes on elsewhere.
fn refuse_merged(case: &Case) -> Result<(), Refusal> {
    if case.merged_into.is_some() { Err(Refusal::MergedAway) } else { Ok(()) }
}

fn checked(words: &Words) -> Result<Words, Refusal> {
    if words.text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    let html_bytes = words.html.as_ref().map_or(0, String::len);
    if words.text.len() > TEXT_BYTES_MAX || html_bytes > 4 * TEXT_BYTES_MAX {
        return Err(Refusal::TooLong);
    }
    Ok(words.clone())
}

/// One trimmed line without control characters, cut at the limit; `None` when nothing is left.
fn line(typed: &str) -> Option<String> {
    let clean: String = typed.trim().chars().filter(|c| !c.is_control()).collect();
    let end = clean.floor_char_boundary(LINE_BYTES_MAX);
    Some(clean[..end].to_owned()).filter(|line| !line.is_empty())
}

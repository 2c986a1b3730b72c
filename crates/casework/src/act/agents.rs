//! What a person of the desk does to a case, at a screen or by the API.

use jiff::Timestamp;

use super::calls::{self, short_text};
use super::{Act, Situation, keeping, promises, refuse_erased, refuse_merged};
use crate::access::{self, Wish};
use crate::case::{Channel, Status};
use crate::decision::{ContentKind, Decision, Lane, Pen};
use crate::event::{Actor, Cause, Proof, Purpose, What};
use crate::id::{AgentId, MessageId, Mint, TeamId};
use crate::people::Agent;
use crate::refusal::Refusal;
use crate::wording::{checked, checked_day, line};
use crate::write::{self, Mail, Words};

/// Decides on an agent's act.
pub fn by_agent(
    agent: &Agent,
    act: &Act,
    situation: &Situation,
    mint: &mut dyn Mint,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    access::allow(agent, Wish::WorkCase(&situation.case))?;
    refuse_erased(&situation.case)?;
    // A note may still be added where it belongs; whatever reaches the customer happens in the case that goes on.
    if !matches!(act, Act::Note(_) | Act::Hold(_) | Act::LiftHold) {
        refuse_merged(&situation.case)?;
    }
    let mut decision = Decision::empty(situation.case.brand, now);
    let mut pen = Pen::on(situation.case.clone(), now, Actor::Agent(agent.id), Cause::Act);
    carry_out(&mut decision, &mut pen, (agent, act, situation), mint)?;
    decision.cases.push(pen.put_down(&situation.policy, &situation.calendar));
    Ok(decision)
}

fn carry_out(
    decision: &mut Decision,
    pen: &mut Pen,
    (agent, act, situation): (&Agent, &Act, &Situation),
    mint: &mut dyn Mint,
) -> Result<(), Refusal> {
    let author = Actor::Agent(agent.id);
    match act {
        Act::Reply { words, waits } => {
            send(decision, pen, (author, Purpose::Answer), words, situation, mint)?;
            answered(pen, *waits);
            take_if_free(pen, agent);
        }
        Act::Propose(words) => {
            let message = send(decision, pen, (author, Purpose::Proposal), words, situation, mint)?;
            pen.record(What::SolutionProposed { message });
            take_if_free(pen, agent);
        }
        Act::Note(words) => note(decision, pen, author, words, mint)?,
        Act::WriteDown { channel, words, received_at } => {
            write_down(decision, pen, (*channel, words, *received_at), mint)?;
        }
        Act::LogCall(call) => {
            calls::log(decision, pen, author, call, mint)?;
            take_if_free(pen, agent);
        }
        Act::Assign { team, agent } => assign(pen, *team, *agent, situation)?,
        Act::WaitForCustomer => {
            refuse_closed(pen)?;
            change_status(pen, Status::WaitingCustomer);
        }
        Act::WaitForThirdParty { name, chase_at } => {
            refuse_closed(pen)?;
            wait_for_third_party(decision, pen, (name, *chase_at), mint)?;
        }
        Act::Resume => change_status(pen, Status::Open),
        Act::ChangeNature { to, reason } => {
            let reason = short_text(decision, pen, (ContentKind::Reason, reason, Refusal::NoReason), mint)?;
            pen.record(What::NatureChanged { to: *to, reason });
        }
        Act::Commit { promise, due_at } => promises::commit(decision, pen, (promise, *due_at), mint)?,
        Act::KeepCommitment(commitment) => promises::keep(pen, *commitment),
        Act::Hold(reason) => keeping::hold(decision, pen, (agent, reason), mint)?,
        Act::LiftHold => keeping::lift(pen, agent)?,
        Act::RevokeLinks => pen.record(What::LinksRevoked),
    }
    Ok(())
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
    if reach.by != Channel::Mail {
        return Ok(write::posted(decision, pen, (author, purpose, reach.to), words, mint));
    }
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
    let channel = Channel::Page;
    let message = write::note(decision, pen, (author, channel), words, mint);
    pen.record(What::NoteWritten { message });
    Ok(())
}

/// The customer's own words make the case ours to move again, wherever they were said.
fn write_down(
    decision: &mut Decision,
    pen: &mut Pen,
    (channel, words, received_at): (Channel, &Words, Option<Timestamp>),
    mint: &mut dyn Mint,
) -> Result<(), Refusal> {
    let words = checked(words)?;
    let received_at = checked_day(received_at, decision.at)?;
    let author = Actor::Customer(pen.case().customer);
    let message = write::told(decision, pen.case().id, (author, channel), words, mint);
    pen.record(What::MessageReceived { message, proof: Proof::WrittenDown, automatic: None, received_at });
    match pen.case().status {
        Status::Closed => pen.record(What::Reopened { message: Some(message) }),
        Status::WaitingCustomer | Status::Resolved => change_status(pen, Status::Open),
        Status::New | Status::Open | Status::WaitingThirdParty => {}
    }
    Ok(())
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

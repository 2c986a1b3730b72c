//! Timeline → row. The only place that says what an event does to a case; no event is refused here,
//! since what is on a timeline has happened.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::case::{Case, ClockKind, Closing, Commitment, Status};
use crate::event::{Actor, CallResult, Direction, Event, Purpose, What};
use crate::id::{AgentId, BrandId, CaseId, CommitmentId, MessageId, TeamId};

/// Due dates remembered for each kind of clock. What is older lies before the case's last word, and cannot come back.
const RUNG_MAX: usize = 16;

/// Folds a whole timeline. `None` when it does not begin with an opening.
pub fn fold(brand: BrandId, id: CaseId, timeline: &[Event]) -> Option<Case> {
    let (first, rest) = timeline.split_first()?;
    let mut case = begin(brand, id, first)?;
    for event in rest {
        apply(&mut case, event);
    }
    Some(case)
}

/// The case that an opening makes.
pub fn begin(brand: BrandId, id: CaseId, event: &Event) -> Option<Case> {
    let What::Opened { reference, nature, customer, inbox, team, subject, language } = &event.what else {
        return None;
    };
    Some(Case {
        brand,
        id,
        reference: reference.clone(),
        seq: event.seq,
        nature: *nature,
        status: Status::New,
        closing: None,
        customer: *customer,
        inbox: *inbox,
        team: *team,
        assignee: None,
        subject: *subject,
        language: language.clone(),
        opened_at: event.at,
        changed_at: event.at,
        last_message: None,
        last_inbound_at: None,
        last_answer_at: None,
        unanswered_since: None,
        proposed_at: None,
        reminded_at: None,
        third_party: None,
        chase_at: None,
        call_again_at: None,
        commitments: Vec::new(),
        closed_at: None,
        undelivered_at: None,
        merged_into: None,
        rung: BTreeMap::new(),
        transfers: 0,
        held_since: None,
        erased_at: None,
        link_generation: 0,
    })
}

/// Applies one event to the case it happened to.
pub fn apply(case: &mut Case, event: &Event) {
    case.seq = event.seq;
    case.changed_at = event.at;
    match &event.what {
        What::MessageReceived { message, automatic: None, received_at, .. } => {
            received(case, event, (*message, *received_at));
        }
        What::Called { message, direction, result, call_again_at } => {
            case.call_again_at = *call_again_at;
            called(case, event, *message, (*direction, *result));
        }
        What::Committed { commitment, text, due_at } => {
            case.commitments.push(Commitment { id: *commitment, text: *text, due_at: *due_at });
        }
        What::CommitmentKept { commitment } => keep(case, *commitment),
        What::LinksRevoked => case.link_generation += 1,
        What::HeldForLaw { .. } => case.held_since = Some(event.at),
        What::HoldLifted => case.held_since = None,
        What::Erased { .. } => {
            case.erased_at = Some(event.at);
            case.link_generation += 1;
        }
        What::MessageWritten { message, purpose, .. } => written(case, event, (*message, *purpose)),
        What::MessageSent { .. } => arrived(case),
        What::MessageRefused { .. } => {
            case.undelivered_at = Some(event.at);
            if case.is_open() {
                case.unanswered_since.get_or_insert(event.at);
            }
        }
        What::Assigned { team, agent } => assigned(case, *team, *agent),
        What::StatusChanged { to, third_party, chase_at } => {
            case.status = *to;
            case.third_party = *third_party;
            case.chase_at = *chase_at;
            forget_solution(case);
        }
        What::SolutionProposed { .. } => proposed(case, event),
        What::Reopened { .. } => {
            case.status = Status::Open;
            forget_solution(case);
            case.unanswered_since.get_or_insert(event.at);
        }
        What::Closed { closing } => close(case, event, *closing),
        What::MergedInto { other } => {
            close(case, event, Closing::Merged);
            case.merged_into = Some(*other);
        }
        What::TookIn { waiting_since, .. } => {
            let waiting = case.unanswered_since.into_iter().chain(*waiting_since);
            case.unanswered_since = waiting.min();
        }
        What::MergeUndone { other } if case.merged_into == Some(*other) => stand_alone_again(case),
        What::NatureChanged { to, .. } => case.nature = *to,
        What::ClockRang { kind, due_at, .. } => rang(case, *kind, *due_at),
        What::Opened { .. }
        | What::MessageReceived { automatic: Some(_), .. }
        | What::MessageWithheld { .. }
        | What::NoteWritten { .. }
        | What::MessageFlagged { .. }
        | What::LetterForwarded { .. }
        | What::MessageDelayed { .. }
        | What::MergeUndone { .. }
        | What::LinkProposed { .. } => {}
    }
}

fn assigned(case: &mut Case, team: TeamId, agent: Option<AgentId>) {
    case.transfers += u32::from(case.team != team);
    case.team = team;
    case.assignee = agent;
}

fn rang(case: &mut Case, kind: ClockKind, due_at: Timestamp) {
    let dates = case.rung.entry(kind).or_default();
    dates.insert(due_at);
    if dates.len() > RUNG_MAX {
        dates.pop_first();
    }
}

/// The customer said something; they have been waiting since it reached the company.
fn received(case: &mut Case, event: &Event, (message, received_at): (MessageId, Option<Timestamp>)) {
    let reached_us_at = received_at.unwrap_or(event.at).min(event.at);
    case.last_message = Some(message);
    case.last_inbound_at = case.last_inbound_at.max(Some(reached_us_at));
    case.unanswered_since = case.unanswered_since.into_iter().chain([reached_us_at]).min();
    case.undelivered_at = None;
}

/// Only a talk counts as an answer: a call that nobody takes, or a machine does, ends nobody's waiting.
fn called(case: &mut Case, event: &Event, message: MessageId, (direction, result): (Direction, CallResult)) {
    if direction == Direction::Inbound {
        case.last_inbound_at = Some(event.at);
    }
    if direction == Direction::Inbound || result == CallResult::Reached {
        heard_from_us(case, event, message);
    }
}

fn proposed(case: &mut Case, event: &Event) {
    forget_solution(case);
    case.status = Status::Resolved;
    case.proposed_at = Some(event.at);
    case.third_party = None;
    case.chase_at = None;
}

/// Only a person's words count as an answer: an automatic receipt ends nobody's waiting.
fn written(case: &mut Case, event: &Event, (message, purpose): (MessageId, Purpose)) {
    if purpose == Purpose::Reminder {
        case.reminded_at = Some(event.at);
    }
    let is_from_a_person = matches!(event.actor, Actor::Agent(_));
    if is_from_a_person && matches!(purpose, Purpose::Answer | Purpose::Proposal) {
        heard_from_us(case, event, message);
    }
}

/// A person of the desk wrote to the customer, or spoke with them.
fn heard_from_us(case: &mut Case, event: &Event, message: MessageId) {
    case.last_message = Some(message);
    case.last_answer_at = Some(event.at);
    case.unanswered_since = None;
    case.undelivered_at = None;
    if case.status == Status::New {
        case.status = Status::Open;
    }
}

/// A promise that is kept is watched no longer, and neither is its date: only those still owed are remembered as rung.
fn keep(case: &mut Case, commitment: CommitmentId) {
    case.commitments.retain(|owed| owed.id != commitment);
    let owed: Vec<_> = case.commitments.iter().map(|owed| owed.due_at).collect();
    if let Some(dates) = case.rung.get_mut(&ClockKind::Commitment) {
        dates.retain(|date| owed.contains(date));
    }
    case.rung.retain(|_, dates| !dates.is_empty());
}

/// A mail that was refused left all the same when it was tried again: then nobody waits because of it.
fn arrived(case: &mut Case) {
    if case.undelivered_at.is_some() && case.unanswered_since == case.undelivered_at {
        case.unanswered_since = None;
    }
    case.undelivered_at = None;
}

/// The merge is undone: whoever was waiting when it was made is waiting still.
fn stand_alone_again(case: &mut Case) {
    case.status = Status::Open;
    forget_solution(case);
    if case.last_inbound_at > case.last_answer_at {
        case.unanswered_since = case.last_inbound_at;
    }
}

fn close(case: &mut Case, event: &Event, closing: Closing) {
    case.status = Status::Closed;
    case.closing = Some(closing);
    case.closed_at = Some(event.at);
    case.unanswered_since = None;
    case.undelivered_at = None;
    case.third_party = None;
    case.chase_at = None;
    case.call_again_at = None;
}

/// Neither an earlier proposal nor an earlier closing stands any more: a case that is moved again stands by itself.
fn forget_solution(case: &mut Case) {
    case.merged_into = None;
    case.closing = None;
    case.closed_at = None;
    case.proposed_at = None;
    case.reminded_at = None;
}

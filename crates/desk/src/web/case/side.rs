//! The panel beside the timeline: what can be done, the clocks, the customer.

use std::collections::HashSet;

use calendar::Calendar;
use casework::access::{self, Wish};
use casework::{Agent, Case, ClockKind, IdentityKind, Policy, Status, clock};
use jiff::ToSpan;
use store::{CaseHead, CasePage as Stored, Person};

use super::super::words;
use crate::web::language::Language;
use crate::web::page::initials;
use crate::web::view::Reader;
use crate::web::view::case_side::{
    CaseLink, CaseSide, Choice, Clock, ClockLine, CustomerCard, Hold, KnownBy, PromiseLine, SignKind,
    StatusAction, ThirdParty,
};

/// Other cases of the customer that are shown.
const OTHER_CASES: usize = 5;
/// Days until a third party is chased, as proposed.
const CHASE_DAYS: i64 = 3;

/// The panel for this agent.
pub(super) fn side(agent: &Agent, stored: &Stored, rules: &(Policy, Calendar), reader: &Reader) -> CaseSide {
    let case = &stored.case;
    let is_in_team = agent.teams.contains(&(case.brand, case.team));
    let day = |days: i64| {
        let today = reader.zone.to_datetime(reader.now).date();
        today.checked_add(days.days()).unwrap_or(today).to_string()
    };
    CaseSide {
        teams: teams(stored),
        agents: agents(stored),
        take_as: (is_in_team && case.assignee != Some(agent.id)).then(|| agent.id.to_string()),
        actions: actions(case),
        third_party: third_party(stored, reader),
        chase_min: day(1),
        chase_proposed: day(CHASE_DAYS),
        promises: promises(stored, reader),
        today: day(0),
        clocks: clocks(case, rules, reader),
        customer: customer(stored, reader),
        opened_at: reader.at(case.opened_at),
        inbox: stored.inbox.clone(),
        nature: words::nature(case.nature),
        can_act: case.merged_into.is_none() && case.erased_at.is_none(),
        can_merge: case.merged_into.is_none() && case.erased_at.is_none(),
        hold: match case.held_since {
            _ if case.erased_at.is_some() || access::allow(agent, Wish::HoldCase(case)).is_err() => {
                Hold::Nothing
            }
            None => Hold::Begin,
            Some(_) => Hold::End,
        },
    }
}

/// A customer's name, or the first sign they are known by.
pub(in crate::web) fn customer_name(person: &Person, language: Language) -> String {
    let address = person.identities.first().map_or("", |known| known.address.as_str());
    words::person_words(person.name.as_deref(), address, language)
}

/// The signs that a customer is known by, each with what there is to know of it.
pub(in crate::web) fn known_by(person: &Person) -> Vec<KnownBy> {
    let sign = |known: &store::KnownBy| KnownBy {
        kind: match known.kind {
            IdentityKind::Mail => SignKind::Mail,
            IdentityKind::Phone => SignKind::Phone,
            IdentityKind::Reference => SignKind::Reference,
            IdentityKind::Handle => SignKind::Handle,
        },
        shown: match known.kind {
            IdentityKind::Phone => text::phone::shown(&known.address),
            _ => known.address.clone(),
        },
        address: known.address.clone(),
        is_dead: known.undeliverable_at.is_some(),
        is_claimed: !known.is_proved,
    };
    person.identities.iter().map(sign).collect()
}

/// A case in a small list.
pub(in crate::web) fn case_link(head: &CaseHead, reader: &Reader) -> CaseLink {
    CaseLink {
        reference: head.reference.to_string(),
        subject: words::subject_words(&head.subject, 120, reader.language),
        status: words::status(head.status, head.closing),
        at: reader.short(head.changed_at),
    }
}

fn teams(stored: &Stored) -> Vec<Choice> {
    let choice = |(id, name): &(casework::TeamId, String)| Choice {
        id: id.to_string(),
        name: name.clone(),
        is_selected: *id == stored.case.team,
    };
    stored.names.teams.iter().map(choice).collect()
}

/// Everybody who belongs to a team of the brand, each once.
fn agents(stored: &Stored) -> Vec<Choice> {
    let mut seen = HashSet::new();
    let members = stored.names.members.iter().filter(|(_, agent)| seen.insert(*agent));
    let choice = |(_, agent): &(casework::TeamId, casework::AgentId)| Choice {
        id: agent.to_string(),
        name: stored.names.agents.get(agent).cloned().unwrap_or_default(),
        is_selected: stored.case.assignee == Some(*agent),
    };
    members.map(choice).collect()
}

fn actions(case: &Case) -> Vec<StatusAction> {
    use StatusAction::{Open, WaitCustomer, WaitThirdParty};
    match case.status {
        Status::New | Status::Open => vec![WaitCustomer, WaitThirdParty],
        Status::WaitingCustomer => vec![Open, WaitThirdParty],
        Status::WaitingThirdParty => vec![Open, WaitCustomer],
        Status::Resolved | Status::Closed => vec![Open],
    }
}

fn third_party(stored: &Stored, reader: &Reader) -> Option<ThirdParty> {
    let case = &stored.case;
    let is_waiting = case.status == Status::WaitingThirdParty;
    let chase_at = case.chase_at.filter(|_| is_waiting)?;
    let name = case.third_party.and_then(|id| stored.lines.get(&id).cloned()).unwrap_or_default();
    Some(ThirdParty { name, chase: reader.due(chase_at) })
}

fn promises(stored: &Stored, reader: &Reader) -> Vec<PromiseLine> {
    let owed = stored.case.commitments.iter().map(|owed| PromiseLine {
        id: owed.id.to_string(),
        text: stored.lines.get(&owed.text).cloned().unwrap_or_default(),
        due: reader.due(owed.due_at),
    });
    owed.collect()
}

fn clocks(case: &Case, (policy, calendar): &(Policy, Calendar), reader: &Reader) -> Vec<ClockLine> {
    let line = |clock: clock::Clock| {
        let due = reader.due(clock.due_at);
        let clock = match clock.kind {
            ClockKind::FirstReply => Clock::FirstReply,
            ClockKind::NextReply => Clock::NextReply,
            ClockKind::NextUpdate => Clock::NextUpdate,
            ClockKind::ChaseThirdParty => Clock::ChaseThirdParty,
            ClockKind::ConfirmReminder => Clock::ConfirmReminder,
            ClockKind::ConfirmLapse => Clock::ConfirmLapse,
            ClockKind::CallAgain => Clock::CallAgain,
            ClockKind::Commitment => Clock::Commitment,
        };
        ClockLine { clock, due }
    };
    clock::clocks(case, policy, calendar).into_iter().map(line).collect()
}

fn customer(stored: &Stored, reader: &Reader) -> CustomerCard {
    let person = &stored.customer;
    let name = customer_name(person, reader.language);
    CustomerCard {
        initials: initials(&name),
        name,
        url: format!("/customers/{}/{}", stored.case.brand, person.id),
        known_by: known_by(person),
        known_since: reader.day(person.created_at),
        other_cases: stored.other_cases.iter().take(OTHER_CASES).map(|c| case_link(c, reader)).collect(),
    }
}

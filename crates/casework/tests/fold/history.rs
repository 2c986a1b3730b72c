//! A desk with one case, kept the way the store keeps it: row, timeline, clocks, orders, and nothing else.
//! Every step goes through the real decision; only the bookkeeping is here.

use std::collections::{BTreeMap, BTreeSet};

use casework::act::{self, Reach, Situation};
use casework::decision::{CaseChange, Order, OrderEnd};
use casework::delivery::{self, Answer, Attempt};
use casework::inbound::DeliveryReport;
use casework::intake::{Findings, Known, Letter, Match, Returned};
use casework::people::{Customer, Identity};
use casework::{
    AgentId, Automatic, Case, Clock, ClockKind, ContentId, Decision, Event, IdentityId, Inbound, LetterId,
    Mailbox, MessageId, MessageState, Mint, Policy, Refusal, Role, SenderProof, TeamId, What, intake, merge,
    ring,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::step::{Lead, SECRET, Step, Writer};
use crate::support::{
    Counting, HOST, LEA, OTHER, OTHER_TEAM, TEAM, agent, known, march, office_hours, reach,
};

/// Words of the first letter: said again, they join the case.
const FIRST_WORDS: &str = "Mon colis AB-20417 jamais arrivé, il devait être livré mardi";

/// An order on its way, with what the outbox knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub order: Order,
    pub attempts: u32,
}

#[derive(Debug, Clone)]
pub struct History {
    pub mint: Counting,
    pub now: Timestamp,
    pub policy: Policy,
    pub case: Case,
    pub timeline: Vec<Event>,
    pub clocks: Vec<Clock>,
    pub act_by: Option<Timestamp>,
    pub orders: Vec<Outgoing>,
    pub states: BTreeMap<MessageId, MessageState>,
    pub contents: BTreeSet<ContentId>,
    pub identity: IdentityId,
    /// What has happened in this or a neighbouring case, by name.
    pub seen: BTreeSet<String>,
}

impl History {
    /// The case that a first letter opens.
    pub fn begun(seed: u64) -> Self {
        let mut mint = Counting::seeded(seed);
        let now = march("02T09:00");
        let inbound = inbound(Writer::Customer, None);
        let decision = decide_letter(&inbound, false, &base(0), (&mut mint, now));
        let change = decision.cases[0].clone();
        let mut history = Self {
            mint,
            now,
            policy: Policy::default(),
            case: change.after.clone(),
            timeline: vec![],
            clocks: vec![],
            act_by: None,
            orders: vec![],
            states: BTreeMap::new(),
            contents: BTreeSet::new(),
            identity: decision.new_identities[0].id,
            seen: BTreeSet::new(),
        };
        history.write(&decision);
        history
    }

    /// What a step comes to: a decision that is written, or a refusal that leaves no trace.
    pub fn take(&mut self, step: &Step) -> Result<Decision, Refusal> {
        let outcome = match step {
            Step::Wait(span) => {
                self.now += *span;
                Ok(self.nothing())
            }
            Step::Letter { .. } => Ok(self.letter(step)),
            Step::Agent { by, act, is_reachable } => {
                let to = if let act::Act::Assign { team, .. } = act { *team } else { self.case.team };
                let mut situation = self.situation(to);
                situation.reach = situation.reach.filter(|_| *is_reachable);
                // Which promise is kept can only be said once one was made.
                let owed = self.case.commitments.first().map(|owed| act::Act::KeepCommitment(owed.id));
                let kept = owed.filter(|_| matches!(act, act::Act::KeepCommitment(_)));
                act::by_agent(
                    &member(*by),
                    kept.as_ref().unwrap_or(act),
                    &situation,
                    &mut self.mint,
                    self.now,
                )
            }
            Step::Customer(act) => {
                let situation = self.situation(self.case.team);
                act::by_customer(act, &situation, &mut self.mint, self.now)
            }
            Step::Ring { minutes_late } => Ok(self.ring_next(*minutes_late)),
            Step::RingAnything { place } => Ok(self.ring(Clock {
                kind: ClockKind::ALL[*place],
                due_at: self.clocks.first().map_or(self.now, |clock| clock.due_at),
            })),
            Step::ChangeTargets { hours } => {
                self.policy.first_reply = SignedDuration::from_hours(*hours);
                self.policy.next_update = SignedDuration::from_hours(*hours);
                Ok(self.nothing())
            }
            Step::Deliver(answer) => Ok(self.deliver(answer)),
            Step::Report(report) => Ok(self.report(report)),
            Step::Merge => self.merge(),
            Step::UndoMerge => self.undo_merge(),
        };
        match &outcome {
            Ok(decision) => self.write(decision),
            Err(_) => {
                self.seen.insert("refusal".to_owned());
            }
        }
        outcome
    }

    pub fn situation(&self, team: TeamId) -> Situation {
        Situation {
            case: self.case.clone(),
            reach: Some(Reach { to: self.identity, subject: Some(self.case.subject), ..reach() }),
            team_members: if team == TEAM { vec![LEA] } else { vec![crate::support::MARC] },
            policy: self.policy.clone(),
            calendar: office_hours(),
        }
    }

    pub fn ring(&mut self, clock: Clock) -> Decision {
        let situation = self.situation(self.case.team);
        ring::decide(clock, &situation, &mut self.mint, self.now)
    }

    fn nothing(&self) -> Decision {
        Decision::empty(self.case.brand, self.now)
    }

    fn ring_next(&mut self, minutes_late: i64) -> Decision {
        let Some(clock) = self.clocks.first().copied() else { return self.nothing() };
        self.now = self.now.max(clock.due_at) + SignedDuration::from_mins(minutes_late);
        let decision = self.ring(clock);
        if decision.cases.iter().all(|change| change.events.is_empty()) {
            self.seen.insert("stale clock".to_owned());
        }
        decision
    }

    fn deliver(&mut self, answer: &Answer) -> Decision {
        let Some(outgoing) = self.orders.first_mut() else { return self.nothing() };
        outgoing.attempts += 1;
        let (order, number) = (outgoing.order.clone(), outgoing.attempts);
        let attempt = Attempt {
            order: order.id,
            lease: Uuid::nil(),
            message: order.message,
            to: Some(self.identity),
            state: self.states[&order.message],
            number,
            ordered_at: order.due_at,
            answer: answer.clone(),
        };
        let situation = self.situation(self.case.team);
        delivery::decide(&attempt, (&situation, None), &mut self.mint, self.now)
    }

    fn report(&mut self, report: &DeliveryReport) -> Decision {
        let mut known = base(0);
        known.policy = self.policy.clone();
        known.matches.push(Match { case: self.case.clone(), is_by_address: false, sender_takes_part: false });
        let ours = self.states.iter().rev().find(|(_, state)| !matches!(state, MessageState::Received));
        known.returned = ours.map(|(message, state)| Returned {
            message: *message,
            state: *state,
            identity: self.identity,
            address: "anne@client.example".to_owned(),
            is_named: true,
        });
        let mut inbound = inbound(Writer::Nobody, Some(Automatic::Bounce));
        inbound.report = Some(report.clone());
        decide_letter(&inbound, false, &known, (&mut self.mint, self.now))
    }

    fn merge(&mut self) -> Result<Decision, Refusal> {
        let other = self.situation_of_other();
        merge::merge(&member(LEA), (&self.situation(self.case.team), &other), self.now)
    }

    fn undo_merge(&mut self) -> Result<Decision, Refusal> {
        let other = self.situation_of_other();
        merge::undo(&member(LEA), (&self.situation(self.case.team), &other), self.now)
    }

    /// A case of the same customer that nothing else happens to.
    fn situation_of_other(&self) -> Situation {
        let opened = crate::support::History::opened(OTHER, march("01T09:00")).case();
        let case = Case { customer: self.case.customer, ..opened };
        Situation { case, ..self.situation(self.case.team) }
    }

    fn letter(&mut self, step: &Step) -> Decision {
        let Step::Letter { writer, lead, automatic, is_insisted, receipts } = step else {
            return self.nothing();
        };
        let mut known = base(*receipts);
        known.policy = self.policy.clone();
        if *writer == Writer::Customer {
            let id = self.case.customer;
            let customer = Customer { id, version: 1, name: None, language: None };
            let identity = Identity {
                id: self.identity,
                customer: id,
                kind: casework::IdentityKind::Mail,
                address: "anne@client.example".to_owned(),
                undeliverable_at: None,
            };
            known.sender = Some((customer, identity));
            if self.case.is_open() {
                known.open_cases = vec![(self.case.clone(), FIRST_WORDS.to_owned())];
            }
        }
        match lead {
            Lead::Chain | Lead::Address => known.matches.push(Match {
                case: self.case.clone(),
                is_by_address: *lead == Lead::Address,
                sender_takes_part: *writer == Writer::Customer,
            }),
            Lead::Subject => known.cited.push(self.case.clone()),
            Lead::Words => {}
        }
        decide_letter(&inbound(*writer, *automatic), *is_insisted, &known, (&mut self.mint, self.now))
    }

    /// What the store does with a decision.
    fn write(&mut self, decision: &Decision) {
        for change in &decision.cases {
            self.seen.extend(change.events.iter().map(name_of));
            if change.after.id == self.case.id {
                self.write_case(change);
            }
        }
        self.contents.extend(decision.contents.iter().map(|content| content.id));
        self.states.extend(decision.messages.iter().map(|message| (message.id, message.state)));
        self.states.extend(decision.message_states.iter().map(|(message, state, _)| (*message, *state)));
        let ours = decision.orders.iter().filter(|order| order.case == self.case.id);
        self.orders.extend(ours.map(|order| Outgoing { order: order.clone(), attempts: 0 }));
        if let Some(result) =
            decision.order.as_ref().filter(|result| !matches!(result.end, OrderEnd::Again(_)))
        {
            self.orders.retain(|outgoing| outgoing.order.id != result.order);
        }
    }

    fn write_case(&mut self, change: &CaseChange) {
        self.case = change.after.clone();
        self.timeline.extend(change.events.iter().cloned());
        self.clocks.clone_from(&change.clocks);
        self.act_by = change.act_by;
    }
}

fn base(receipts: u32) -> Known {
    Known { automatic_sent: (receipts, receipts), calendar: office_hours(), host: HOST.to_owned(), ..known() }
}

fn inbound(writer: Writer, automatic: Option<Automatic>) -> Inbound {
    let address = match writer {
        Writer::Customer => Some("anne@client.example"),
        Writer::Stranger => Some("eve@ailleurs.example"),
        Writer::Nobody => None,
    };
    let from = address.map(|address| Mailbox { address: address.to_owned(), name: Some(SECRET.to_owned()) });
    let text = format!("{FIRST_WORDS}, {SECRET}");
    Inbound { from, subject: SECRET.to_owned(), text, automatic, ..Inbound::default() }
}

fn decide_letter(
    inbound: &Inbound,
    is_insisted: bool,
    known: &Known,
    (mint, now): (&mut Counting, Timestamp),
) -> Decision {
    let findings = Findings { visible: inbound.text.clone(), language: Some("fr".to_owned()) };
    let id = LetterId(mint.uuid());
    let letter = Letter {
        id,
        fingerprint: intake::fingerprint(inbound),
        inbound,
        findings: &findings,
        is_insisted,
        is_history: false,
        flags: &[],
        sender: SenderProof::Unknown,
        forwarding: None,
        is_by_proxy: false,
    };
    intake::decide(&letter, known, mint, now)
}

/// Léa works in the team, Marc in the other one.
fn member(id: AgentId) -> casework::Agent {
    agent(id, Role::Lead, &[if id == LEA { TEAM } else { OTHER_TEAM }])
}

fn name_of(event: &Event) -> String {
    match &event.what {
        What::ClockRang { kind, .. } => format!("clock_rang {}", kind.as_str()),
        What::Closed { closing } => format!("closed {}", closing.as_str()),
        what => serde_json::to_value(what).unwrap()["event"].as_str().unwrap().to_owned(),
    }
}

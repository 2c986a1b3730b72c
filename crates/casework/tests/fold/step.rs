//! What may happen next in a random history: sensible and senseless acts of everybody, and time that jumps.

use casework::act::{Act, Call, CustomerAct};
use casework::delivery::Answer;
use casework::inbound::{DeliveryReport, Fate};
use casework::write::Words;
use casework::{AgentId, Automatic, CallResult, Channel, ClockKind, CommitmentId, Direction, Nature, TeamId};
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::support::{LEA, MARC, OTHER_TEAM, TEAM, march, words};

/// Stands in every personal text of a history: an event that holds it has told what it must not.
pub const SECRET: &str = "motsecret";

/// Longest history.
const STEPS_MAX: usize = 60;

/// Who a letter is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    Customer,
    Stranger,
    Nobody,
}

/// How a letter leads to the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lead {
    Chain,
    Address,
    Subject,
    Words,
}

#[derive(Debug, Clone)]
pub enum Step {
    Wait(SignedDuration),
    Letter {
        writer: Writer,
        lead: Lead,
        automatic: Option<Automatic>,
        is_insisted: bool,
        receipts: u32,
    },
    Agent {
        by: AgentId,
        act: Act,
        is_reachable: bool,
    },
    Customer(CustomerAct),
    /// Time goes on to the next clock, and it rings.
    Ring {
        minutes_late: i64,
    },
    /// A clock rings that is not due, or does not stand.
    RingAnything {
        place: usize,
    },
    /// The team's targets change: stored clocks are no longer what the policy says.
    ChangeTargets {
        hours: i64,
    },
    Deliver(Answer),
    /// A report about the last mail of ours that left, or none.
    Report(DeliveryReport),
    /// The case is merged into another one, or a merge is undone.
    Merge,
    UndoMerge,
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..STEPS_MAX)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0_i64..60 * 24 * 10).prop_map(|minutes| Step::Wait(SignedDuration::from_mins(minutes))),
        1 => (0_i64..24 * 100).prop_map(|hours| Step::Wait(SignedDuration::from_hours(hours))),
        5 => letter(),
        8 => (prop::sample::select(vec![LEA, MARC]), act(), prop::bool::weighted(0.95))
            .prop_map(|(by, act, is_reachable)| Step::Agent { by, act, is_reachable }),
        3 => customer_act().prop_map(Step::Customer),
        6 => prop_oneof![3 => 0_i64..5, 1 => 0_i64..10_000].prop_map(|minutes_late| Step::Ring { minutes_late }),
        2 => (0..ClockKind::ALL.len()).prop_map(|place| Step::RingAnything { place }),
        1 => (1_i64..100).prop_map(|hours| Step::ChangeTargets { hours }),
        4 => answer().prop_map(Step::Deliver),
        2 => report().prop_map(Step::Report),
        1 => Just(Step::Merge),
        1 => Just(Step::UndoMerge),
    ]
}

fn letter() -> impl Strategy<Value = Step> {
    use Automatic::{Bounce, Generated, Invitation, List, OwnLoop, Receipt, Reply};
    let writer =
        prop_oneof![6 => Just(Writer::Customer), 2 => Just(Writer::Stranger), 1 => Just(Writer::Nobody)];
    let lead = prop::sample::select(vec![Lead::Chain, Lead::Address, Lead::Subject, Lead::Words]);
    let machine = prop::sample::select(vec![Reply, Bounce, List, Generated, OwnLoop, Receipt, Invitation]);
    let automatic = prop::option::weighted(0.3, machine);
    (writer, lead, automatic, prop::bool::weighted(0.1), 0_u32..8).prop_map(
        |(writer, lead, automatic, is_insisted, receipts)| Step::Letter {
            writer,
            lead,
            automatic,
            is_insisted,
            receipts,
        },
    )
}

fn written() -> impl Strategy<Value = Words> {
    let text = prop_oneof![9 => Just(format!("Bonjour {SECRET}")), 1 => Just("  ".to_owned())];
    (text, prop::option::of(Just(format!("<p>{SECRET}</p>")))).prop_map(|(text, html)| Words {
        text,
        html,
        files: Vec::new(),
    })
}

fn act() -> impl Strategy<Value = Act> {
    let line = prop_oneof![9 => Just(format!("Chez {SECRET}")), 1 => Just(String::new())];
    let team = prop_oneof![8 => Just(TEAM), 2 => Just(OTHER_TEAM)];
    let agent =
        prop::option::of(prop::sample::select(vec![LEA, MARC, AgentId(uuid::Uuid::from_u128(0xbad))]));
    prop_oneof![
        3 => (written(), any::<bool>()).prop_map(|(words, waits)| Act::Reply { words, waits }),
        1 => written().prop_map(Act::Note),
        3 => written().prop_map(Act::Propose),
        1 => (team, agent).prop_map(|(team, agent): (TeamId, _)| Act::Assign { team, agent }),
        1 => Just(Act::WaitForCustomer),
        2 => (line.clone(), 0_i64..24 * 60).prop_map(|(name, hours)| Act::WaitForThirdParty {
            name,
            chase_at: march("02T09:00") + SignedDuration::from_hours(hours),
        }),
        1 => Just(Act::Resume),
        1 => (told_at(), written(), prop::option::of(0_i64..24 * 40)).prop_map(|(channel, words, hours)| {
            let received_at = hours.map(|hours| march("02T09:00") + SignedDuration::from_hours(hours));
            Act::WriteDown { channel, words, received_at }
        }),
        2 => call().prop_map(Act::LogCall),
        2 => (line.clone(), 0_i64..24 * 30).prop_map(|(promise, hours)| Act::Commit {
            promise,
            due_at: march("02T09:00") + SignedDuration::from_hours(hours),
        }),
        1 => Just(Act::KeepCommitment(CommitmentId(uuid::Uuid::nil()))),
        1 => Just(Act::RevokeLinks),
        1 => line.clone().prop_map(Act::Hold),
        1 => Just(Act::LiftHold),
        1 => (prop::sample::select(Nature::ALL), line)
            .prop_map(|(to, reason)| Act::ChangeNature { to, reason }),
    ]
}

fn told_at() -> impl Strategy<Value = Channel> {
    prop::sample::select(vec![Channel::Visit, Channel::Post, Channel::Api])
}

fn call() -> impl Strategy<Value = Call> {
    let direction = prop::sample::select(Direction::ALL);
    let result = prop::sample::select(CallResult::ALL);
    let again = prop::option::of(0_i64..24 * 30);
    (direction, result, written(), again).prop_map(|(direction, result, words, hours)| Call {
        direction,
        result,
        words,
        call_again_at: hours.map(|hours| march("02T09:00") + SignedDuration::from_hours(hours)),
    })
}

fn customer_act() -> impl Strategy<Value = CustomerAct> {
    prop_oneof![
        2 => Just(CustomerAct::Confirm),
        1 => Just(CustomerAct::Reopen(None)),
        1 => Just(CustomerAct::Reopen(Some(words(&format!("Non, {SECRET}"))))),
        1 => Just(CustomerAct::Reopen(Some(words(" ")))),
    ]
}

fn report() -> impl Strategy<Value = DeliveryReport> {
    let fate = prop::sample::select(vec![Fate::Failed, Fate::Delayed, Fate::Delivered]);
    (fate, status()).prop_map(|(fate, status)| DeliveryReport {
        fate,
        recipient: None,
        status,
        words: SECRET.to_owned(),
    })
}

fn status() -> impl Strategy<Value = Option<String>> {
    prop::sample::select(vec![None, Some("5.1.1".to_owned()), Some("5.7.1".to_owned())])
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        3 => Just(Answer::Taken),
        2 => Just(Answer::Later(format!("451 {SECRET}"))),
        1 => (status(), any::<bool>()).prop_map(|(status, is_of_recipient)| Answer::Refused {
            words: format!("550 {SECRET}"),
            status,
            is_of_recipient,
        }),
    ]
}

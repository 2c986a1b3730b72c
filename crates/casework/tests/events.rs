//! The corpus of stored events: one of each form that was ever written. Every line must stay readable for good.

use casework::{
    Actor, Automatic, Cause, ClockKind, Closing, Event, Hint, Nature, Proof, Purpose, Status, What,
};
use serde_json::Value;

const CORPUS: &str = include_str!("events.jsonl");

fn lines() -> Vec<(usize, Event, Value)> {
    let read = |(place, line): (usize, &str)| {
        let event = serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", place + 1));
        (place + 1, event, serde_json::from_str(line).unwrap())
    };
    CORPUS.lines().enumerate().map(read).collect()
}

#[test]
fn every_line_reads_and_writes_back_the_same() {
    for (place, event, json) in lines() {
        assert_eq!(serde_json::to_value(&event).unwrap(), json, "line {place}");
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event, "line {place}");
    }
}

/// One list gives both the names and the match: a new variant does not compile until it is named here, and a name
/// without a line fails below.
macro_rules! named {
    ($name_of:ident, $all:ident, $kind:ty: $($pattern:pat => $name:literal,)*) => {
        const $all: &[&str] = &[$($name),*];

        fn $name_of(value: &$kind) -> &'static str {
            match value {
                $($pattern => $name,)*
            }
        }
    };
}

named! { what_name, WHATS, What:
    What::Opened { .. } => "opened",
    What::MessageReceived { .. } => "message_received",
    What::MessageFlagged { .. } => "message_flagged",
    What::LetterForwarded { .. } => "letter_forwarded",
    What::MergedInto { .. } => "merged_into",
    What::TookIn { .. } => "took_in",
    What::MergeUndone { .. } => "merge_undone",
    What::MessageWritten { .. } => "message_written",
    What::MessageWithheld { .. } => "message_withheld",
    What::NoteWritten { .. } => "note_written",
    What::MessageSent { .. } => "message_sent",
    What::MessageDelayed { .. } => "message_delayed",
    What::MessageRefused { .. } => "message_refused",
    What::Assigned { .. } => "assigned",
    What::StatusChanged { .. } => "status_changed",
    What::SolutionProposed { .. } => "solution_proposed",
    What::Reopened { .. } => "reopened",
    What::Closed { .. } => "closed",
    What::NatureChanged { .. } => "nature_changed",
    What::LinkProposed { .. } => "link_proposed",
    What::Called { .. } => "called",
    What::Committed { .. } => "committed",
    What::CommitmentKept { .. } => "commitment_kept",
    What::LinksRevoked => "links_revoked",
    What::HeldForLaw { .. } => "held_for_law",
    What::HoldLifted => "hold_lifted",
    What::Erased { .. } => "erased",
    What::ClockRang { .. } => "clock_rang",
}

named! { actor_name, ACTORS, Actor:
    Actor::Customer(_) => "customer",
    Actor::Agent(_) => "agent",
    Actor::Desk => "desk",
}

named! { cause_name, CAUSES, Cause:
    Cause::Letter(_) => "letter",
    Cause::Act => "act",
    Cause::PrivateLink => "private_link",
    Cause::Clock(_) => "clock",
    Cause::Order(_) => "order",
    Cause::Rule => "rule",
}

named! { machine_name, MACHINES, Automatic:
    Automatic::Reply => "reply",
    Automatic::Bounce => "bounce",
    Automatic::List => "list",
    Automatic::Generated => "generated",
    Automatic::OwnLoop => "own_loop",
    Automatic::Receipt => "receipt",
    Automatic::Invitation => "invitation",
}

#[track_caller]
fn assert_all(kind: &str, expected: &[&str], found: impl Iterator<Item = &'static str>) {
    let found: Vec<&str> = found.collect();
    let missing: Vec<_> = expected.iter().filter(|name| !found.contains(name)).collect();
    assert!(missing.is_empty(), "no line for {kind} {missing:?}: add one, and never change the others");
}

#[test]
fn every_variant_has_a_line() {
    let lines = lines();
    let events = || lines.iter().map(|(_, event, _)| event);
    for (place, event, json) in &lines {
        assert_eq!(json["event"], what_name(&event.what), "line {place}");
        assert_eq!(json["actor"]["who"], actor_name(&event.actor), "line {place}");
        assert_eq!(json["cause"]["why"], cause_name(&event.cause), "line {place}");
    }
    assert_all("event", WHATS, events().map(|event| what_name(&event.what)));
    assert_all("actor", ACTORS, events().map(|event| actor_name(&event.actor)));
    assert_all("cause", CAUSES, events().map(|event| cause_name(&event.cause)));
    let machines = events().filter_map(|event| match &event.what {
        What::MessageReceived { automatic, .. } => automatic.as_ref().map(machine_name),
        _ => None,
    });
    assert_all("machine", MACHINES, machines);
}

/// The words inside events: each value of each list stands in some line.
#[test]
fn every_word_has_a_line() {
    let whats: Vec<What> = lines().into_iter().map(|(_, event, _)| event.what).collect();
    macro_rules! check {
        ($kind:ty, $pattern:pat => $word:expr) => {
            let words: Vec<&str> = <$kind>::ALL.iter().map(|word| word.as_str()).collect();
            let found = whats.iter().filter_map(|what| match what {
                $pattern => Some($word.as_str()),
                _ => None,
            });
            assert_all(stringify!($kind), &words, found);
        };
    }
    check!(Proof, What::MessageReceived { proof, .. } => proof);
    check!(Purpose, What::MessageWritten { purpose, .. } => purpose);
    check!(Status, What::StatusChanged { to, .. } => to);
    check!(Closing, What::Closed { closing } => closing);
    check!(Nature, What::NatureChanged { to, .. } => to);
    check!(Hint, What::LinkProposed { hint, .. } => hint);
    check!(casework::Flag, What::MessageFlagged { flag, .. } => flag);
    check!(casework::Direction, What::Called { direction, .. } => direction);
    check!(casework::CallResult, What::Called { result, .. } => result);
    check!(ClockKind, What::ClockRang { kind, .. } => kind);
}

/// Additions to stored events come with a default; a field that a newer desk wrote is passed over by an older one.
#[test]
fn a_field_from_the_future_is_passed_over() {
    for (place, event, mut json) in lines() {
        json["from_the_future"] = Value::from(1);
        let read: Event = serde_json::from_value(json).unwrap();
        assert_eq!(read, event, "line {place}");
    }
}

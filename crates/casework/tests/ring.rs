//! Clocks that ring: once each, never early, and never for nothing after somebody moved the case or its targets.

use casework::act::Situation;
use casework::{Case, Clock, ClockKind, Closing, Decision, Policy, Status, clock, ring};
use jiff::{SignedDuration, Timestamp};

use crate::support::{History, OLD, content, hours, march, mint, situation, told};

fn opened() -> History {
    History::opened(OLD, march("02T09:00"))
}

fn proposed() -> Case {
    opened().proposed(march("02T10:00")).case()
}

fn next_clock(case: &Case) -> Clock {
    clock::clocks(case, &Policy::default(), &crate::support::always_open())[0]
}

fn rung(case: &Case, clock: Clock, now: Timestamp) -> Decision {
    ring::decide(clock, &situation(case.clone()), &mut mint(), now)
}

#[test]
fn each_kind_does_its_own() {
    let answered = opened().answered(march("02T10:00"));
    let third_party = casework::What::StatusChanged {
        to: Status::WaitingThirdParty,
        third_party: Some(content(9)),
        chase_at: Some(march("02T11:00")),
    };
    let chasing = answered.clone().then(march("02T10:00"), casework::Actor::Desk, third_party).case();
    let reminded = Case { reminded_at: Some(march("07T10:00")), ..proposed() };
    let table = [
        (opened().case(), "rang first_reply", Status::New),
        (answered.case(), "rang next_update", Status::Open),
        (chasing, "rang chase_third_party", Status::WaitingThirdParty),
        (proposed(), "rang confirm_reminder, wrote reminder; order notice", Status::Resolved),
        (reminded, "rang confirm_lapse, closed lapsed", Status::Closed),
    ];
    for (case, expected, status) in table {
        let clock = next_clock(&case);
        let decision = rung(&case, clock, clock.due_at);
        assert_eq!(told(&decision), format!("old: {expected}"));
        assert_eq!(decision.cases[0].after.status, status, "{expected}");
    }
}

#[test]
fn a_clock_never_rings_early() {
    let clock = next_clock(&opened().case());
    let early = clock.due_at - SignedDuration::from_micros(1);
    assert!(rung(&opened().case(), clock, early).cases.is_empty());
}

#[test]
fn ringing_twice_rings_once() {
    for case in [opened().case(), proposed()] {
        let clock = next_clock(&case);
        let first = rung(&case, clock, clock.due_at);
        let after = first.cases[0].after.clone();
        assert!(!first.cases[0].clocks.contains(&clock));
        let second = rung(&after, clock, clock.due_at + hours(1));
        assert_eq!(told(&second), "old: ", "no event, no mail");
        assert_eq!(second.cases[0].after, after);
    }
}

/// The date of the next update is another one while the customer is waited for, so that it goes to and fro.
#[test]
fn a_date_that_comes_back_does_not_ring_again() {
    let ring_at = |history: History, at: Timestamp| {
        let what = |clock: &Clock| {
            let (kind, due_at) = (clock.kind, clock.due_at);
            casework::What::ClockRang { kind, due_at, is_late: true }
        };
        let clocks = clock::clocks(&history.case(), &Policy::default(), &crate::support::always_open());
        let due = clock::still_to_ring(&history.case(), &clocks);
        due.iter().fold(history, |history, clock| history.then(at, casework::Actor::Desk, what(clock)))
    };
    let answered = opened().answered(march("02T10:00"));
    let once = ring_at(answered, march("03T10:00"));
    let waiting = ring_at(once.moved(march("04T10:00"), Status::WaitingCustomer), march("07T10:00"));
    let open = waiting.moved(march("08T10:00"), Status::Open).case();
    let clocks = clock::clocks(&open, &Policy::default(), &crate::support::always_open());
    assert_eq!(clocks, [Clock { kind: ClockKind::NextUpdate, due_at: march("03T10:00") }]);
    assert_eq!(clock::still_to_ring(&open, &clocks), []);
}

#[test]
fn a_late_ring_says_so() {
    let clock = next_clock(&opened().case());
    let minutes = |count| clock.due_at + SignedDuration::from_mins(count);
    assert_eq!(told(&rung(&opened().case(), clock, minutes(5))), "old: rang first_reply");
    assert_eq!(told(&rung(&opened().case(), clock, minutes(6))), "old: rang first_reply late");
}

#[test]
fn a_clock_that_was_overtaken_is_silent() {
    let clock = next_clock(&opened().case());
    let answered = opened().answered(march("02T10:00")).case();
    assert_eq!(told(&rung(&answered, clock, clock.due_at)), "old: ");
    let lapse = Clock { kind: ClockKind::ConfirmLapse, due_at: march("12T10:00") };
    let confirmed = opened().proposed(march("02T10:00")).closed(march("02T11:00"), Closing::Confirmed).case();
    assert_eq!(
        told(&rung(&confirmed, lapse, lapse.due_at)),
        "old: ",
        "confirmed is never turned into lapsed"
    );
}

/// The stored clock is from before the targets changed: it must give way to the new one, not block it.
#[test]
fn a_change_of_targets_silences_no_case() {
    let case = opened().case();
    let stale = next_clock(&case);
    let policy = Policy { first_reply: hours(48), ..Policy::default() };
    let decision = ring::decide(stale, &Situation { policy, ..situation(case) }, &mut mint(), stale.due_at);
    let [change] = &decision.cases[..] else { panic!("the clocks are set anew") };
    assert!(change.events.is_empty());
    assert_eq!(change.clocks, [Clock { kind: ClockKind::FirstReply, due_at: march("04T09:00") }]);
}

#[test]
fn a_solution_is_asked_about_once_and_then_stands() {
    let reminder = next_clock(&proposed());
    assert_eq!((reminder.kind, reminder.due_at), (ClockKind::ConfirmReminder, march("07T10:00")));
    let asked = rung(&proposed(), reminder, reminder.due_at).cases[0].after.clone();
    let lapse = next_clock(&asked);
    assert_eq!((lapse.kind, lapse.due_at), (ClockKind::ConfirmLapse, march("12T10:00")));
    let closed = rung(&asked, lapse, lapse.due_at).cases[0].after.clone();
    assert_eq!((closed.closing, closed.closed_at), (Some(Closing::Lapsed), Some(lapse.due_at)));
}

#[test]
fn a_reminder_is_no_answer() {
    let case = Case { unanswered_since: Some(march("02T11:00")), ..proposed() };
    let clock = Clock { kind: ClockKind::ConfirmReminder, due_at: march("07T10:00") };
    let after = rung(&case, clock, clock.due_at).cases[0].after.clone();
    assert_eq!(after.unanswered_since, case.unanswered_since);
    assert_eq!(after.last_answer_at, case.last_answer_at);
}

#[test]
fn without_an_address_nothing_is_written() {
    let clock = next_clock(&proposed());
    let unreachable = Situation { reach: None, ..situation(proposed()) };
    let decision = ring::decide(clock, &unreachable, &mut mint(), clock.due_at);
    assert!(decision.orders.is_empty() && decision.messages.is_empty());
}

#[test]
fn a_ring_names_its_clock_as_cause() {
    let clock = next_clock(&opened().case());
    let decision = rung(&opened().case(), clock, clock.due_at);
    let event = &decision.cases[0].events[0];
    assert_eq!(
        (event.actor, event.cause),
        (casework::Actor::Desk, casework::Cause::Clock(ClockKind::FirstReply))
    );
}

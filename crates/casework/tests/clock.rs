//! Which clocks a case has and when they ring, by its row alone; the team's hours decide what counts.

use casework::clock::{act_by, clocks, still_to_ring};
use casework::{Actor, Case, Clock, Closing, Policy, Status, What};
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::support::{History, OLD, always_open, content, hours, march, office_hours};

fn opened() -> History {
    History::opened(OLD, march("02T09:00"))
}

fn waiting_for_carrier() -> Case {
    let what = What::StatusChanged {
        to: Status::WaitingThirdParty,
        third_party: Some(content(9)),
        chase_at: Some(march("05T09:00")),
    };
    opened().answered(march("02T10:00")).then(march("02T10:00"), Actor::Desk, what).case()
}

/// Kinds and dates, in order, as `first_reply 2026-03-02T17:00:00Z`.
fn told(case: &Case, calendar: &calendar::Calendar) -> String {
    let clocks = clocks(case, &Policy::default(), calendar);
    let lines = clocks.iter().map(|clock| format!("{} {}", clock.kind.as_str(), clock.due_at));
    lines.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(name: &str, case: &Case, expected: &[&str]) {
    assert_eq!(told(case, &always_open()), expected.join("\n"), "{name}");
}

#[test]
fn each_standing_has_its_clocks() {
    let answered = || opened().answered(march("02T10:00"));
    let unanswered = |case: Case| Case { unanswered_since: Some(march("02T11:00")), ..case };
    let waiting = answered().moved(march("02T10:00"), Status::WaitingCustomer).case();
    let first = "first_reply 2026-03-02T17:00:00Z";
    let next = "next_reply 2026-03-02T19:00:00Z";
    let update = "next_update 2026-03-03T10:00:00Z";
    let chase = "chase_third_party 2026-03-05T09:00:00Z";
    let remind = "confirm_reminder 2026-03-07T10:00:00Z";
    let proposed = opened().proposed(march("02T10:00"));
    let closed = proposed.clone().closed(march("02T11:00"), Closing::Confirmed).case();
    check("new", &opened().case(), &[first]);
    check("taken up, not answered", &opened().moved(march("02T10:00"), Status::Open).case(), &[first]);
    check(
        "asked before any answer",
        &opened().moved(march("02T10:00"), Status::WaitingCustomer).case(),
        &[first],
    );
    check("answered, ours to move", &answered().case(), &[update]);
    check("the customer wrote again", &unanswered(answered().case()), &[next]);
    check("the customer was asked", &waiting, &["next_update 2026-03-07T10:00:00Z"]);
    check("and wrote, but something else", &unanswered(waiting), &[next]);
    check("the carrier was asked", &waiting_for_carrier(), &[update, chase]);
    check("and the customer wrote", &unanswered(waiting_for_carrier()), &[next, chase]);
    check("a solution stands", &proposed.case(), &[remind]);
    check("and the customer wrote", &unanswered(proposed.case()), &[next, remind]);
    check("closed", &closed, &[]);
    check("closed, whatever the row says", &unanswered(closed), &[]);
}

#[test]
fn only_open_hours_count_for_answers() {
    let friday_evening = History::opened(OLD, march("06T16:30")).case();
    let expected = "first_reply 2026-03-09T15:30:00Z";
    assert_eq!(
        told(&friday_evening, &office_hours()),
        expected,
        "half an hour on Friday, the rest on Monday"
    );
    let proposed = opened().proposed(march("06T16:30")).case();
    let expected = "confirm_reminder 2026-03-11T16:30:00Z";
    assert_eq!(told(&proposed, &office_hours()), expected, "a customer's time runs at night too");
}

#[test]
fn a_span_past_the_horizon_is_counted_night_and_day() {
    let policy = Policy { first_reply: hours(24 * 365 * 3), ..Policy::default() };
    let due_at = clocks(&opened().case(), &policy, &office_hours())[0].due_at;
    assert_eq!(due_at, march("02T09:00") + policy.first_reply);
    let endless = Policy { first_reply: SignedDuration::MAX, ..Policy::default() };
    assert_eq!(clocks(&opened().case(), &endless, &office_hours())[0].due_at, jiff::Timestamp::MAX);
}

#[test]
fn each_due_date_rings_once_and_a_new_one_rings_again() {
    let case = opened().case();
    let all = clocks(&case, &Policy::default(), &always_open());
    assert_eq!(still_to_ring(&case, &all), all);
    let rang = What::ClockRang { kind: all[0].kind, due_at: all[0].due_at, is_late: false };
    let after = opened().then(march("02T17:00"), Actor::Desk, rang).case();
    assert_eq!(still_to_ring(&after, &all), []);
    let moved = Clock { due_at: march("02T18:00"), ..all[0] };
    assert_eq!(still_to_ring(&after, &[moved]), [moved]);
}

#[test]
fn a_rung_clock_still_says_by_when_to_act() {
    let all = clocks(&opened().case(), &Policy::default(), &always_open());
    assert_eq!(act_by(&all), Some(march("02T17:00")), "overdue comes first");
    let proposed = clocks(&opened().proposed(march("02T10:00")).case(), &Policy::default(), &always_open());
    assert_eq!(act_by(&proposed), None, "the customer is to move");
    let both = clocks(&waiting_for_carrier(), &Policy::default(), &always_open());
    assert_eq!(act_by(&both), Some(march("03T10:00")), "the earliest of ours");
}

proptest! {
    #[test]
    fn clocks_come_in_order_one_of_a_kind_and_never_before_what_starts_them(
        status in prop::sample::select(Status::ALL),
        minutes in prop::array::uniform5(prop::option::of(0_i64..100_000)),
    ) {
        let start = march("02T09:00");
        let at = |place: usize| minutes[place].map(|count| start + SignedDuration::from_mins(count));
        let case = Case {
            status,
            unanswered_since: at(0),
            last_answer_at: at(1),
            proposed_at: at(2),
            reminded_at: at(3),
            chase_at: at(4),
            ..opened().case()
        };
        let clocks = clocks(&case, &Policy::default(), &office_hours());
        prop_assert!(clocks.is_sorted_by_key(|clock| clock.due_at));
        let kinds: std::collections::BTreeSet<_> = clocks.iter().map(|clock| clock.kind).collect();
        prop_assert_eq!(kinds.len(), clocks.len(), "the store keys clocks by kind");
        prop_assert!(clocks.iter().all(|clock| clock.due_at >= start));
        prop_assert!(case.is_open() || clocks.is_empty());
        if case.is_open() && case.unanswered_since.is_some() {
            prop_assert!(act_by(&clocks).is_some(), "who waits for an answer is never without a date");
        }
    }
}

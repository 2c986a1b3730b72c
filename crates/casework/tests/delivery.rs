//! What a mail server answered: each change of state is told once, and the order knows when to try again.

use casework::delivery::{self, Answer, Attempt};
use casework::{Case, ClockKind, Closing, Decision, MessageState, OrderId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::support::{ANNE_MAIL, History, OLD, hours, march, message, mint, situation, told};

const ORDERED_AT: &str = "02T09:00";

fn attempt(answer: Answer) -> Attempt {
    Attempt {
        order: OrderId(Uuid::from_u128(5)),
        lease: Uuid::from_u128(6),
        message: message(2),
        to: Some(ANNE_MAIL),
        state: MessageState::Queued,
        number: 1,
        ordered_at: march(ORDERED_AT),
        answer,
    }
}

fn refused(words: &str, status: Option<&str>) -> Answer {
    Answer::Refused { words: words.to_owned(), status: status.map(str::to_owned), is_of_recipient: true }
}

fn later() -> Answer {
    Answer::Later("451 4.7.1 greylisted".to_owned())
}

fn case() -> Case {
    History::opened(OLD, march("02T08:00")).answered(march(ORDERED_AT)).case()
}

fn decided(attempt: &Attempt, now: Timestamp) -> Decision {
    delivery::decide(attempt, (&situation(case()), None), &mut mint(), now)
}

#[test]
fn each_answer_has_its_end() {
    let refused = refused("550 5.1.1 unknown", Some("5.1.1"));
    let table = [
        (attempt(Answer::Taken), "old: sent; done", MessageState::Sent),
        (attempt(later()), "old: delayed; again in 30s", MessageState::Delayed),
        (attempt(refused.clone()), "old: refused; given up", MessageState::Refused),
        (
            Attempt { state: MessageState::Delayed, number: 2, ..attempt(later()) },
            "again in 60s",
            MessageState::Delayed,
        ),
        (
            Attempt { state: MessageState::Delayed, ..attempt(Answer::Taken) },
            "old: sent; done",
            MessageState::Sent,
        ),
        (
            Attempt { state: MessageState::Delayed, ..attempt(refused) },
            "old: refused; given up",
            MessageState::Refused,
        ),
    ];
    for (attempt, expected, state) in table {
        let decision = decided(&attempt, march("02T09:01"));
        assert_eq!(told(&decision), expected, "{attempt:?}");
        assert_eq!(decision.message_states[0].1, state, "{attempt:?}");
        let end = decision.order.unwrap();
        assert_eq!((end.order, end.lease), (attempt.order, attempt.lease));
    }
}

#[test]
fn sending_changes_nothing_that_the_customer_waits_for() {
    let decision = decided(&attempt(Answer::Taken), march("02T09:01"));
    let after = decision.cases[0].after.clone();
    assert_eq!(Case { seq: case().seq, changed_at: case().changed_at, ..after }, case());
}

#[test]
fn what_the_server_said_is_kept_within_limits() {
    let words = "é".repeat(400);
    let decision = decided(&attempt(refused(&words, None)), march("02T09:01"));
    assert_eq!(decision.contents[0].text, "é".repeat(250));
    assert_eq!(decision.message_states[0].2, Some(decision.contents[0].id));
    assert!(decided(&attempt(Answer::Taken), march("02T09:01")).contents.is_empty());
}

#[test]
fn pauses_double_up_to_two_hours() {
    let pause = |number| {
        let now = march("02T09:01");
        let decision = decided(&Attempt { number, ..attempt(later()) }, now);
        told(&decision).rsplit_once("again in ").unwrap().1.to_owned()
    };
    let pauses: Vec<String> = [0, 1, 2, 3, 4, 8, 9, 10, u32::MAX].into_iter().map(pause).collect();
    insta::assert_snapshot!(pauses.join(" "), @"30s 30s 60s 120s 240s 3840s 7200s 7200s 7200s");
}

#[test]
fn after_five_days_a_person_must_act() {
    let limit = march(ORDERED_AT) + hours(5 * 24);
    let just_before = limit - SignedDuration::from_secs(1);
    let delayed = Attempt { state: MessageState::Delayed, number: 70, ..attempt(later()) };
    assert_eq!(told(&decided(&delayed, just_before)), "again in 7200s");
    assert_eq!(told(&decided(&delayed, limit)), "old: refused; given up");
    let taken = Attempt { answer: Answer::Taken, ..delayed };
    assert_eq!(told(&decided(&taken, limit)), "old: sent; done", "late, but there");
}

#[test]
fn trying_goes_on_at_the_end_of_time() {
    let attempt = Attempt { ordered_at: Timestamp::MAX, ..attempt(later()) };
    assert_eq!(told(&decided(&attempt, Timestamp::MAX)), "old: delayed; again in 0s");
}

#[test]
fn who_did_not_get_the_mail_still_waits_and_owes_no_word() {
    let waiting = History::opened(OLD, march("02T08:00")).proposed(march(ORDERED_AT)).case();
    let attempt = Attempt { message: message(3), ..attempt(refused("550 no such user", Some("5.1.1"))) };
    let decision = delivery::decide(&attempt, (&situation(waiting), None), &mut mint(), march("02T09:01"));
    assert_eq!(told(&decision), "old: refused, status open; given up");
    let change = &decision.cases[0];
    assert_eq!(change.after.unanswered_since, Some(march("02T09:01")));
    assert_eq!(change.after.proposed_at, None, "a solution that nobody read does not lapse");
    let kinds: Vec<ClockKind> = change.clocks.iter().map(|clock| clock.kind).collect();
    assert_eq!(kinds, [ClockKind::NextReply]);
    assert_eq!(decision.identity_marks, [(ANNE_MAIL, Some(march("02T09:01")))]);
}

#[test]
fn silence_closes_no_case_whose_reminder_did_not_arrive() {
    let lapsed = History::opened(OLD, march("02T08:00"))
        .proposed(march("02T08:30"))
        .closed(march("02T09:00"), Closing::Lapsed);
    let refused = || attempt(refused("550 no such user", Some("5.1.1")));
    let decision =
        delivery::decide(&refused(), (&situation(lapsed.case()), None), &mut mint(), march("02T09:01"));
    assert_eq!(told(&decision), "old: refused, reopened; given up");
    let confirmed = History::opened(OLD, march("02T08:00")).closed(march("02T09:00"), Closing::Confirmed);
    let decision =
        delivery::decide(&refused(), (&situation(confirmed.case()), None), &mut mint(), march("02T09:01"));
    assert_eq!(told(&decision), "old: refused; given up", "the customer said that it is done");
}

#[test]
fn only_a_refusal_that_speaks_of_the_address_marks_it() {
    let marked = ["5.1.1", "5.1.2", "5.1.3", "5.1.10", "5.2.1", "5.0.0", "5.4.4"];
    let spared = [
        "5.2.2", "5.2.3", "5.3.4", "5.4.1", "5.5.0", "5.6.1", "5.7.1", "5.7.26", "5.1.7", "5.1.8", "4.4.7",
        "x", "",
    ];
    for status in marked {
        assert!(delivery::is_dead_address(Some(status), true), "{status}");
    }
    for status in spared {
        assert!(!delivery::is_dead_address(Some(status), true), "{status}");
    }
    assert!(
        delivery::is_dead_address(None, true),
        "a server that says no more means the address it was asked about"
    );
    assert!(
        !delivery::is_dead_address(None, false),
        "a filter that refuses the mail itself says nothing of the address"
    );
    assert!(!delivery::is_dead_address(Some("5.0.0"), false), "neither does this code");
    assert!(
        delivery::is_dead_address(Some("5.1.1"), false),
        "some servers know their people only after the mail"
    );
}

#[test]
fn a_mail_that_left_in_the_end_leaves_nobody_waiting() {
    let refused = casework::What::MessageRefused { message: message(2), reason: crate::support::content(9) };
    let came_back = History::opened(OLD, march("02T08:00")).answered(march(ORDERED_AT)).then(
        march("02T09:05"),
        casework::Actor::Desk,
        refused,
    );
    assert!(came_back.case().unanswered_since.is_some());
    let again = Attempt { state: MessageState::Refused, ..attempt(Answer::Taken) };
    let decision =
        delivery::decide(&again, (&situation(came_back.case()), None), &mut mint(), march("02T09:30"));
    let after = &decision.cases[0].after;
    assert_eq!((after.unanswered_since, after.undelivered_at), (None, None));
}

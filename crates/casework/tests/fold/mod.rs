//! Timeline → row. Random histories go through the real decisions; after each step the row is what its timeline folds to,
//! and the laws of the desk hold.

mod history;
mod laws;
mod row;
mod step;

use std::collections::BTreeSet;

use casework::{Event, fold};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{BRAND, History as Scene, OLD, march};
use history::History;
use step::{Step, steps};

fn run(seed: u64, steps: &[Step]) -> History {
    let mut history = History::begun(seed);
    for step in steps {
        let before = history.clone();
        let outcome = history.take(step);
        laws::hold(&before, step, &outcome, &history);
    }
    history
}

proptest! {
    #![proptest_config(Config { cases: 200, ..Config::default() })]

    #[test]
    fn the_row_is_what_the_timeline_says_and_the_laws_hold(seed: u64, steps in steps()) {
        run(seed, &steps);
    }
}

proptest! {
    #![proptest_config(Config { cases: 20, ..Config::default() })]

    #[test]
    fn the_same_seed_gives_the_same_history(seed: u64, steps in steps()) {
        prop_assert_eq!(run(seed, &steps).timeline, run(seed, &steps).timeline);
    }
}

/// The property above would hold of nothing if histories were dull: they must lead everywhere.
#[test]
fn random_histories_go_everywhere() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for seed in 0..150 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let history = run(seed, &steps);
        seen.extend(history.seen);
    }
    let expected = "assigned, called, clock_rang call_again, clock_rang chase_third_party, clock_rang commitment, \
                    clock_rang confirm_lapse, clock_rang confirm_reminder, clock_rang first_reply, \
                    clock_rang next_reply, clock_rang next_update, closed confirmed, closed lapsed, commitment_kept, \
                    committed, held_for_law, hold_lifted, link_proposed, links_revoked, merge_undone, merged_into, message_delayed, \
                    message_received, message_refused, message_sent, message_withheld, message_written, \
                    nature_changed, note_written, opened, refusal, reopened, solution_proposed, stale clock, \
                    status_changed, took_in";
    assert_eq!(seen.into_iter().collect::<Vec<_>>().join(", "), expected);
}

#[test]
fn a_timeline_begins_with_its_opening() {
    let scene = Scene::opened(OLD, march("02T09:00"));
    assert!(fold::fold(BRAND, OLD, &[]).is_none());
    assert!(fold::fold(BRAND, OLD, &scene.events[1..]).is_none());
    assert!(fold::fold(BRAND, OLD, &scene.events).is_some());
}

/// What happened has happened: the fold takes any event in any order without failing.
#[test]
fn no_event_is_refused() {
    let corpus: Vec<Event> =
        include_str!("../events.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let forwards = fold::fold(BRAND, OLD, &corpus).unwrap();
    assert_eq!(forwards.seq, 73);
    let backwards: Vec<Event> = corpus[..1].iter().chain(corpus[1..].iter().rev()).cloned().collect();
    assert_eq!(fold::fold(BRAND, OLD, &backwards).unwrap().seq, 2);
}

//! What is called a surge, and what is not.

use proptest::prelude::*;
use watch::surge::{CASES_MIN, Judgement, judge};
use watch::{FalseAlarm, NotEnoughHistory, Settings, baseline::upper_bound};

#[track_caller]
fn check(history: &[u32], today: u32, is_unusual: bool) {
    let judgement = judge(history, today).unwrap();
    assert_eq!(judgement.is_unusual, is_unusual, "{judgement:?}");
}

#[test]
fn a_quiet_desk_is_not_alarmed_by_a_handful() {
    let quiet = [0; 9];
    for today in 0..CASES_MIN {
        check(&quiet, today, false);
    }
    check(&quiet, CASES_MIN, true);
}

#[test]
fn a_busy_desk_has_its_own_normal() {
    // Mean 20, sample deviation √(28/6) ≈ 2.16, bound ≈ 26.68.
    let busy = [17, 18, 19, 20, 21, 22, 23, 20, 20];
    check(&busy, 26, false);
    check(&busy, 27, true);
    let Judgement { expected_mean, upper, .. } = judge(&busy, 27).unwrap();
    assert!((expected_mean - 20.0).abs() < 1e-12 && (upper - 26.675_665).abs() < 1e-6, "{upper}");
}

#[test]
fn a_surge_does_not_hide_itself_by_growing() {
    // Two days of rise already behind: the baseline does not look at them.
    check(&[2, 1, 2, 3, 2, 1, 2, 6, 9], 9, true);
}

#[test]
fn a_young_desk_is_not_judged() {
    assert_eq!(judge(&[1; 8], 50), Err(NotEnoughHistory { days_known: 8, days_needed: 9 }));
    assert_eq!(judge(&[], u32::MAX).unwrap_err().to_string(), "0 days of history, 9 are needed");
}

proptest! {
    #[test]
    fn unusual_means_above_the_c2_bound_and_enough_cases(
        history in prop::collection::vec(prop_oneof![0..6_u32, 0..400_u32], 9..25), today in 0..600_u32,
    ) {
        let judgement = judge(&history, today).unwrap();
        let settings = Settings { false_alarm: FalseAlarm::OneIn1000, deviation_min_hundredths: 100, ..Settings::C2 };
        let bound = upper_bound(&history, settings).unwrap();
        prop_assert_eq!(judgement.upper.to_bits(), bound.upper.to_bits());
        prop_assert_eq!(judgement.is_unusual, f64::from(today) > bound.upper && today >= CASES_MIN);
    }

    #[test]
    fn a_day_already_unusual_stays_so(history in prop::collection::vec(any::<u32>(), 9), today: u32, more: u32) {
        let later = today.saturating_add(more);
        let (now, then) = (judge(&history, today).unwrap(), judge(&history, later).unwrap());
        prop_assert!(!now.is_unusual || then.is_unusual);
    }
}

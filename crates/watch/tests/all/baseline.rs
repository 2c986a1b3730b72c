//! The baselines against a published series and against a naive reference.

use proptest::prelude::*;
use watch::baseline::{NotEnoughHistory, Settings, WINDOW_DAYS, upper_bound};
use watch::{Bound, FalseAlarm};

const LAST_DIGIT: f64 = 5e-7;

fn close(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * (1.0 + right.abs())
}

#[test]
fn c1_gives_the_bounds_that_the_surveillance_package_publishes() {
    // surveillance 1.26.0, its own test of earsC: salmNewport summed over regions, C1, α = .05, the first four weeks
    // of 2011. The seven counts before them, then the counts of those weeks as they become history.
    let counts = [1, 1, 1, 3, 3, 1, 2, 1, 0, 3];
    let published = [3.278_854, 3.278_854, 3.436_517, 3.855_617];
    let settings = Settings { false_alarm: FalseAlarm::OneIn20, ..Settings::C1 };
    for (week, expect) in published.into_iter().enumerate() {
        let bound = upper_bound(&counts[..7 + week], settings).unwrap();
        assert!((bound.upper - expect).abs() < LAST_DIGIT, "week {week}: {} for {expect}", bound.upper);
    }
}

#[test]
fn c2_looks_two_days_further_back() {
    let history = [4, 1, 3, 0, 2, 5, 1, 3, 2, 90, 120];
    let c1_before = upper_bound(&history[..9], Settings::C1).unwrap();
    assert_eq!(upper_bound(&history, Settings::C2).unwrap(), c1_before);
}

#[test]
fn too_short_a_history_is_refused() {
    for days in 0..7 {
        let refused = Err(NotEnoughHistory { days_known: days, days_needed: 7 });
        assert_eq!(upper_bound(&vec![3; days], Settings::C1), refused);
    }
    assert_eq!(upper_bound(&[3; 8], Settings::C2), Err(NotEnoughHistory { days_known: 8, days_needed: 9 }));
    assert!(upper_bound(&[3; 9], Settings::C2).is_ok());
    let far = Settings { lag_days: u8::MAX, ..Settings::C1 };
    assert_eq!(upper_bound(&[3; 261], far).unwrap_err().days_needed, 262);
}

#[test]
fn equal_days_rest_on_the_least_deviation() {
    let settings = Settings { deviation_min_hundredths: 50, ..Settings::C1 };
    let bound = upper_bound(&[4; 7], settings).unwrap();
    assert!(close(bound.expected_mean, 4.0) && close(bound.deviation, 0.5), "{bound:?}");
    assert!(close(bound.upper, 4.0 + 0.5 * 3.090_232_306_167_813), "{bound:?}");
    assert!(close(upper_bound(&[4; 7], Settings::C1).unwrap().upper, 4.0));
}

/// Φ(x) by Simpson's rule on the density over [0, x]: another way to the quantiles than the constants.
fn normal_below(x: f64) -> f64 {
    let step = x / 2_000.0;
    let density = |t: f64| (-t * t / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let weighed = (0..=2_000_i32).map(|n| {
        let weight = if n == 0 || n == 2_000 { 1.0 } else { 2.0 + 2.0 * f64::from(n % 2) };
        weight * density(f64::from(n) * step)
    });
    0.5 + weighed.sum::<f64>() * step / 3.0
}

#[test]
fn quantiles_leave_the_share_they_name() {
    for (level, share) in [(FalseAlarm::OneIn1000, 0.001), (FalseAlarm::OneIn20, 0.05)] {
        let left = 1.0 - normal_below(level.quantile());
        assert!((left - share).abs() < 1e-11, "{level:?}: {left}");
    }
}

/// The definition read aloud: walk back from the day judged, day by day, in whole numbers until the last step.
fn naive(history: &[u32], settings: Settings) -> Option<Bound> {
    let mut days = history.iter().rev().skip(usize::from(settings.lag_days));
    let (mut sum, mut square_sum) = (0_u128, 0_u128);
    for _ in 0..WINDOW_DAYS {
        let count = u128::from(*days.next()?);
        sum += count;
        square_sum += count * count;
    }
    // 7·Σx² − (Σx)² = 7·6·variance, exactly.
    let spread = 7 * square_sum - sum * sum;
    let expected_mean = as_f64(sum) / 7.0;
    let deviation = (as_f64(spread) / 42.0).sqrt().max(f64::from(settings.deviation_min_hundredths) / 100.0);
    Some(Bound {
        expected_mean,
        deviation,
        upper: expected_mean + settings.false_alarm.quantile() * deviation,
    })
}

#[allow(clippy::cast_precision_loss, reason = "the reference only needs the 15 digits an f64 holds")]
fn as_f64(whole: u128) -> f64 {
    whole as f64
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let level = prop::sample::select(vec![FalseAlarm::OneIn1000, FalseAlarm::OneIn20]);
    (0..6_u8, level, prop::sample::select(vec![0, 50, 100_u16])).prop_map(|(lag_days, false_alarm, least)| {
        Settings { lag_days, false_alarm, deviation_min_hundredths: least }
    })
}

/// Counts of a small desk, of a large one, and the largest there are.
fn histories() -> impl Strategy<Value = Vec<u32>> {
    let count = prop_oneof![0..8_u32, 0..5_000_u32, any::<u32>()];
    prop::collection::vec(count, 0..30)
}

proptest! {
    #[test]
    fn the_bound_is_what_the_definition_gives(history in histories(), settings in any_settings()) {
        match (upper_bound(&history, settings), naive(&history, settings)) {
            (Ok(bound), Some(expect)) => {
                prop_assert!(close(bound.expected_mean, expect.expected_mean), "{bound:?} {expect:?}");
                prop_assert!(close(bound.deviation, expect.deviation), "{bound:?} {expect:?}");
                prop_assert!(close(bound.upper, expect.upper), "{bound:?} {expect:?}");
            }
            (Err(refusal), None) => {
                prop_assert_eq!(refusal.days_known, history.len());
                prop_assert!(refusal.days_known < refusal.days_needed);
            }
            (bound, expect) => prop_assert!(false, "{bound:?} for {expect:?}"),
        }
    }

    #[test]
    fn more_cases_every_day_raise_the_bound_by_as_many(
        history in prop::collection::vec(0..1_000_u32, 9..20), more in 0..1_000_u32,
    ) {
        let raised: Vec<u32> = history.iter().map(|count| count + more).collect();
        let (before, after) = (upper_bound(&history, Settings::C2).unwrap(), upper_bound(&raised, Settings::C2).unwrap());
        prop_assert!(close(after.upper, before.upper + f64::from(more)));
    }

    #[test]
    fn days_outside_the_window_do_not_matter(
        old in prop::collection::vec(any::<u32>(), 0..20), window in prop::collection::vec(0..50_u32, 7),
        recent in prop::collection::vec(any::<u32>(), 2),
    ) {
        let history = [old, window.clone(), recent].concat();
        prop_assert_eq!(upper_bound(&history, Settings::C2), upper_bound(&window, Settings::C1));
    }
}

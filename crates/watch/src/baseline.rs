//! The EARS baselines C1 and C2: what a day's count may reach before it is unusual.
//!
//! Only the arithmetic of a bound lives here; whether to raise an alarm is said in `surge`. Source: EARS of the US
//! CDC (Hutwagner, Thompson, Seeman and Treadwell, 2003), as written in `earsC` of the R package surveillance 1.26.0.

use thiserror::Error;

/// Days whose counts make a baseline. The number that EARS fixes: a week holds each weekday once.
pub const WINDOW_DAYS: u8 = 7;

/// How often a quiet day may be called unusual, if counts followed a normal law. Days that are really quiet and sparse
/// alarm more often than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FalseAlarm {
    /// Once in 1,000 days (α = .001): EARS's own value for C1 and C2.
    OneIn1000,
    /// Once in 20 days (α = .05).
    OneIn20,
}

impl FalseAlarm {
    /// The quantile z = Φ⁻¹(1 − α) of the standard normal law.
    pub fn quantile(self) -> f64 {
        match self {
            Self::OneIn1000 => 3.090_232_306_167_813,
            Self::OneIn20 => 1.644_853_626_951_472,
        }
    }
}

/// Which days a baseline rests on, and how wary it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Latest days left out, 0 for C1 and 2 for C2: a surge that grows over days must not raise its own baseline.
    pub lag_days: u8,
    /// How often a quiet day may be called unusual.
    pub false_alarm: FalseAlarm,
    /// Least standard deviation assumed, in hundredths of a case a day. Without it a week of equal counts would make
    /// one more case unusual; surveillance advises 50 or 100 for sparse counts.
    pub deviation_min_hundredths: u16,
}

impl Settings {
    /// C1 with EARS's false-alarm rate: the seven days before the one judged, no least deviation.
    pub const C1: Self =
        Self { lag_days: 0, false_alarm: FalseAlarm::OneIn1000, deviation_min_hundredths: 0 };

    /// C2 with EARS's false-alarm rate: seven days that end three days before the one judged, no least deviation.
    pub const C2: Self = Self { lag_days: 2, ..Self::C1 };

    /// Days of history that a bound needs.
    pub fn days_needed(self) -> usize {
        usize::from(self.lag_days) + usize::from(WINDOW_DAYS)
    }
}

/// What the baseline says of the day judged; all in cases a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// Mean of the window.
    pub expected_mean: f64,
    /// Sample standard deviation of the window (n − 1), or the least one assumed.
    pub deviation: f64,
    /// `expected_mean` + z × `deviation`. A count *above* it is unusual.
    pub upper: f64,
}

/// The refusal to judge: a desk younger than its baseline has no normal yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{days_known} days of history, {days_needed} are needed")]
pub struct NotEnoughHistory {
    /// Days given.
    pub days_known: usize,
    /// Days that the settings ask for.
    pub days_needed: usize,
}

/// The bound for the day that follows `history`: whole days' counts, oldest first, silent days as 0, the day judged
/// not included. Days older than the window are ignored.
pub fn upper_bound(history: &[u32], settings: Settings) -> Result<Bound, NotEnoughHistory> {
    let refusal = NotEnoughHistory { days_known: history.len(), days_needed: settings.days_needed() };
    let kept = history.len().checked_sub(usize::from(settings.lag_days)).ok_or(refusal)?;
    let start = kept.checked_sub(usize::from(WINDOW_DAYS)).ok_or(refusal)?;
    let window = history.get(start..kept).ok_or(refusal)?;

    let days = f64::from(WINDOW_DAYS);
    let expected_mean = window.iter().map(|&count| f64::from(count)).sum::<f64>() / days;
    let squares: f64 = window.iter().map(|&count| (f64::from(count) - expected_mean).powi(2)).sum();
    let deviation_min = f64::from(settings.deviation_min_hundredths) / 100.0;
    let deviation = (squares / (days - 1.0)).sqrt().max(deviation_min);
    Ok(Bound { expected_mean, deviation, upper: expected_mean + settings.false_alarm.quantile() * deviation })
}

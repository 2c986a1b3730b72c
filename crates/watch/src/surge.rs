//! Is today's count a surge? The baseline and the desk's own caution, put together.
//!
//! No arithmetic of baselines here (`baseline`), and nothing about what follows an alarm.

use crate::baseline::{FalseAlarm, NotEnoughHistory, Settings, upper_bound};

/// Fewer cases than this are never called a surge, however quiet the days before: on small counts such a floor does
/// more against false alarms than any statistic.
pub const CASES_MIN: u32 = 5;

/// C2, because at the same rate of false alarms it finds more outbreaks than C1 (.40 against .27, BMC Medical
/// Informatics and Decision Making 8:37, table 2); and one case a day as least deviation, because a desk's counts per
/// key are sparse.
const SETTINGS: Settings =
    Settings { lag_days: 2, false_alarm: FalseAlarm::OneIn1000, deviation_min_hundredths: 100 };

/// What to think of a day's count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Cases a day that were expected.
    pub expected_mean: f64,
    /// Cases a day that were still usual.
    pub upper: f64,
    /// Whether the count is above `upper` and reaches [`CASES_MIN`].
    pub is_unusual: bool,
}

/// Judges the count of a day against the days before it.
///
/// `history` holds the counts of at least nine whole days before, oldest first, silent days as 0. `today` may be asked
/// before the day is over: a day already unusual stays so. Count distinct customers, not messages: one person who
/// writes ten times is not a surge.
pub fn judge(history: &[u32], today: u32) -> Result<Judgement, NotEnoughHistory> {
    let bound = upper_bound(history, SETTINGS)?;
    let is_unusual = today >= CASES_MIN && f64::from(today) > bound.upper;
    Ok(Judgement { expected_mean: bound.expected_mean, upper: bound.upper, is_unusual })
}

//! Counting days and months on civil dates: the three kinds of days, and where a legal limit expires.
//!
//! No hours here. Sources: Code de procédure civile, art. 641 and 642; Regulation (EEC, Euratom) 1182/71, art. 3;
//! *jours ouvrables* as Monday to Saturday except holidays is the usage of French law. A lawyer re-reads each regime
//! that rests on them.

use jiff::Span;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::error::CalendarError;
use crate::limits::HORIZON_DAYS;
use crate::spec::Calendar;

/// Which days count in a limit set in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Every day.
    Calendar,
    /// *Jour ouvrable*: Monday to Saturday, except the calendar's public holidays. The desk's own hours and closures
    /// do not matter: a company that closes in August owes its answers all the same.
    Ouvrable,
    /// *Jour ouvré*, business day: Monday to Friday, except the calendar's public holidays. As above, the desk's own
    /// hours and closures do not matter.
    Business,
    /// A day on which the desk itself opens, however briefly.
    Open,
}

impl Calendar {
    /// Whether a date counts among the days of a kind.
    pub fn is_counted(&self, date: Date, kind: DayKind) -> bool {
        match kind {
            DayKind::Calendar => true,
            DayKind::Ouvrable => date.weekday() != Weekday::Sunday && self.holiday_on(date).is_none(),
            DayKind::Business => {
                !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
                    && self.holiday_on(date).is_none()
            }
            DayKind::Open => !self.openings_on(date).is_empty(),
        }
    }

    /// The `count`-th day of a kind after `from`, which itself never counts (Code de procédure civile, art. 641: the
    /// day of the event is left out). Zero days give `from`, whatever day that is.
    ///
    /// Errors: the answer lies more than [`HORIZON_DAYS`] ahead, or past the last date there is.
    pub fn add_working_days(&self, from: Date, count: u32, kind: DayKind) -> Result<Date, CalendarError> {
        let mut left = count;
        let mut date = from;
        for _ in 0..=HORIZON_DAYS {
            if left == 0 {
                return Ok(date);
            }
            date = date.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
            left -= u32::from(self.is_counted(date, kind));
        }
        Err(CalendarError::BeyondHorizon)
    }

    /// Where a limit that falls on `date` really expires: that day, or else the first one after it that is neither a
    /// Saturday, a Sunday nor a public holiday (Code de procédure civile, art. 642; Regulation 1182/71, art. 3(4)).
    ///
    /// Only for limits whose law says so: it gives time to the desk, never use it to promise a customer less.
    pub fn postpone_expiry(&self, date: Date) -> Result<Date, CalendarError> {
        let mut expiry = date;
        for _ in 0..=HORIZON_DAYS {
            let is_weekend = matches!(expiry.weekday(), Weekday::Saturday | Weekday::Sunday);
            if !is_weekend && self.holiday_on(expiry).is_none() {
                return Ok(expiry);
            }
            expiry = expiry.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
        }
        Err(CalendarError::BeyondHorizon)
    }
}

/// The same day number `months` later, or the last day of that month where it has no such day (Code de procédure
/// civile, art. 641; Regulation 1182/71, art. 3(2)): 31 January and one month give 28 or 29 February.
///
/// Add all months at once: adding one by one loses the day number on the way. Errors: past the last year there is.
pub fn add_months(from: Date, months: u32) -> Result<Date, CalendarError> {
    let span = Span::new().try_months(i64::from(months)).map_err(|_| CalendarError::OutOfRange)?;
    from.checked_add(span).map_err(|_| CalendarError::OutOfRange)
}

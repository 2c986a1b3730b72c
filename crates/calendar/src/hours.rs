//! Spans of open time: is it open, how much of it lies between two instants, where does a span of it end.
//!
//! Open time is *elapsed* time inside openings: a night that clocks make an hour longer counts an hour more. Everything
//! walks from opening to opening, in order, and never minute by minute. Counts of days are in `days`.

use jiff::{SignedDuration, Timestamp};

use crate::error::CalendarError;
use crate::limits::HORIZON_DAYS;
use crate::spec::Calendar;

impl Calendar {
    /// Whether the calendar is open at an instant; the instant of closing is not.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.spans_after(at).next().is_some_and(|(opens, _)| opens <= at)
    }

    /// The first open instant at or after `at`: `at` itself when open.
    ///
    /// Errors: nothing opens within [`HORIZON_DAYS`].
    pub fn next_opening(&self, at: Timestamp) -> Result<Timestamp, CalendarError> {
        let (opens, _) = self.spans_after(at).next().ok_or(CalendarError::BeyondHorizon)?;
        if opens > horizon(at) { Err(CalendarError::BeyondHorizon) } else { Ok(opens.max(at)) }
    }

    /// The earliest instant at which `span` of open time has passed since `from`.
    ///
    /// A span that fills a day exactly ends at closing, not at the next opening; an empty span ends at `from`, open or
    /// not. Errors: a negative span; an end more than [`HORIZON_DAYS`] ahead.
    pub fn add_open(&self, from: Timestamp, span: SignedDuration) -> Result<Timestamp, CalendarError> {
        if span.is_negative() {
            return Err(CalendarError::NegativeSpan);
        }
        if span.is_zero() {
            return Ok(from);
        }
        let horizon = horizon(from);
        let mut left = span;
        for (opens, closes) in self.spans_after(from) {
            if opens > horizon {
                break;
            }
            let starts = opens.max(from);
            let room = starts.duration_until(closes);
            if room >= left {
                return starts.checked_add(left).map_err(|_| CalendarError::OutOfRange);
            }
            left -= room;
        }
        Err(CalendarError::BeyondHorizon)
    }

    /// Open time between two instants; negative when `b` lies before `a`, so that it adds up over any split.
    ///
    /// The walk costs a few microseconds a year, and a millisecond for each year that nobody asked for before: a date
    /// that a stranger wrote is checked before it comes here.
    pub fn open_between(&self, a: Timestamp, b: Timestamp) -> SignedDuration {
        if b < a {
            return -self.open_between(b, a);
        }
        let mut total = SignedDuration::ZERO;
        for (opens, closes) in self.spans_after(a) {
            if opens >= b {
                break;
            }
            total += opens.max(a).duration_until(closes.min(b));
        }
        total
    }
}

/// How far ahead of an instant a computation looks.
fn horizon(at: Timestamp) -> Timestamp {
    at.checked_add(SignedDuration::from_hours(24 * i64::from(HORIZON_DAYS))).unwrap_or(Timestamp::MAX)
}

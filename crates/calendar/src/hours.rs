//! Spans of open time: is it open, how much of it lies between two instants, where does a span of it end.
//!
//! Open time is *elapsed* time inside openings: a night that clocks make an hour longer counts an hour more. Everything
//! walks day by day, in order, and never minute by minute. Counts of days are in `days`.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::error::CalendarError;
use crate::limits::HORIZON_DAYS;
use crate::spec::Calendar;

impl Calendar {
    /// Whether the calendar is open at an instant; the instant of closing is not.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.spans_on(self.day_of(at)).any(|(opens, closes)| opens <= at && at < closes)
    }

    /// The first open instant at or after `at`: `at` itself when open.
    ///
    /// Errors: nothing opens within [`HORIZON_DAYS`].
    pub fn next_opening(&self, at: Timestamp) -> Result<Timestamp, CalendarError> {
        for day in self.days_from(at) {
            let opening = self.spans_on(day).find(|&(opens, closes)| opens < closes && at < closes);
            if let Some((opens, _)) = opening {
                return Ok(opens.max(at));
            }
        }
        Err(CalendarError::BeyondHorizon)
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
        let mut left = span;
        for day in self.days_from(from) {
            for (opens, closes) in self.spans_on(day) {
                let starts = opens.max(from);
                let room = starts.duration_until(closes);
                if room >= left {
                    return starts.checked_add(left).map_err(|_| CalendarError::OutOfRange);
                }
                if room.is_positive() {
                    left -= room;
                }
            }
        }
        Err(CalendarError::BeyondHorizon)
    }

    /// Open time between two instants; negative when `b` lies before `a`, so that it adds up over any split.
    ///
    /// The walk costs about 50 µs a year. Only the range of [`Timestamp`] bounds it: two instants 20 000 years apart
    /// take a second, so a date that a stranger wrote is checked before it comes here.
    pub fn open_between(&self, a: Timestamp, b: Timestamp) -> SignedDuration {
        if b < a {
            return -self.open_between(b, a);
        }
        let last_day = self.day_of(b);
        let mut total = SignedDuration::ZERO;
        for day in self.day_of(a).series(jiff::Span::new().days(1)).take_while(|day| *day <= last_day) {
            for (opens, closes) in self.spans_on(day) {
                let room = opens.max(a).duration_until(closes.min(b));
                if room.is_positive() {
                    total += room;
                }
            }
        }
        total
    }

    /// The days from an instant up to the horizon, or up to the last representable date.
    fn days_from(&self, at: Timestamp) -> impl Iterator<Item = Date> {
        self.day_of(at).series(jiff::Span::new().days(1)).zip(0..=HORIZON_DAYS).map(|(day, _)| day)
    }
}

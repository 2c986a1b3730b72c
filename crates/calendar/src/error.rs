//! What a calendar refuses: a specification, or a computation. Why one range is refused stands in `range`.
//!
//! Only values here. A screen turns each variant into a sentence of its own language; the texts below are for logs.

use jiff::civil::Weekday;
use thiserror::Error;

use crate::limits::{CLOSURES_MAX, HORIZON_DAYS, RANGES_MAX};
use crate::range::OpenRange;

/// Why a calendar's specification is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpecError {
    /// The name is not a zone of the IANA time zone database (the edition inside this build).
    #[error("{name:?} is not a time zone of the IANA database")]
    UnknownZone {
        /// The name as given.
        name: String,
    },
    /// Two ranges of one weekday share at least a minute. Ranges that only touch are accepted.
    #[error("{first} and {second} overlap on {weekday:?}")]
    Overlap {
        /// The weekday concerned.
        weekday: Weekday,
        /// The range that opens first.
        first: OpenRange,
        /// The range that opens before the first one closes.
        second: OpenRange,
    },
    /// No weekday has a range: no business span would ever end.
    #[error("a calendar opens at least once a week")]
    NeverOpens,
    /// A weekday has more than [`RANGES_MAX`] ranges.
    #[error("{weekday:?} has {count} ranges, more than {max}", max = RANGES_MAX)]
    TooManyRanges {
        /// The weekday concerned.
        weekday: Weekday,
        /// How many ranges were given.
        count: usize,
    },
    /// More than [`CLOSURES_MAX`] closed dates.
    #[error("{count} closed dates, more than {max}", max = CLOSURES_MAX)]
    TooManyClosures {
        /// How many dates were given.
        count: usize,
    },
}

/// Why a computation has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The span is negative: a deadline is never computed backwards.
    #[error("a span of open time is not negative")]
    NegativeSpan,
    /// The answer lies more than [`HORIZON_DAYS`] days ahead, or the calendar does not open before that.
    #[error("no answer within {max} days", max = HORIZON_DAYS)]
    BeyondHorizon,
    /// The answer lies outside the years that can be represented (-9999 to 9999).
    #[error("the answer lies outside the representable years")]
    OutOfRange,
}

//! What a calendar refuses: a specification, or a computation. Why one range is refused stands in `range`.
//!
//! Only values here. A screen turns each variant into a sentence of its own language; the texts below are for logs.

use thiserror::Error;

use crate::limits::{CLOSURES_MAX, HORIZON_DAYS, HOURS_CHARS_MAX, OPENS_WITHIN_DAYS};

/// Why a calendar's specification is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpecError {
    /// The name is not a zone of the IANA time zone database (the edition inside this build).
    #[error("{name:?} is not a time zone of the IANA database")]
    UnknownZone {
        /// The name as given.
        name: String,
    },
    /// More than [`HOURS_CHARS_MAX`] characters of opening hours.
    #[error("opening hours are at most {max} characters", max = HOURS_CHARS_MAX)]
    HoursTooLong,
    /// The hours are not written in OpenStreetMap's notation.
    #[error("opening hours cannot be read: {reason}")]
    UnreadableHours {
        /// What the grammar expected, in English.
        reason: String,
    },
    /// The hours hang on school holidays or on the sun, which a desk does not know.
    #[error("opening hours cannot hang on {word:?}")]
    UnusableHours {
        /// The word that stands in the hours.
        word: String,
    },
    /// Nothing opens within [`OPENS_WITHIN_DAYS`]: clocks that count open time would stand still.
    #[error("a calendar opens at least once in {max} days", max = OPENS_WITHIN_DAYS)]
    NeverOpens,
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

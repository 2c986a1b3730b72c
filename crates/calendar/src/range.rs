//! One opening range of a day, to the minute, and how it is written.
//!
//! A range knows neither its weekday nor its zone; it never spans midnight.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Minutes in a civil day: the minute of 24:00. (A day of clock change is longer or shorter in *elapsed* time.)
pub const DAY_MINUTES: u16 = 24 * 60;

/// A stretch of wall-clock time within one day, opening minute included and closing minute excluded.
///
/// Written `09:00-12:30`; a range may close at `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpenRange {
    opens_minute: u16,
    closes_minute: u16,
}

/// Why one opening range is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RangeError {
    /// The text is not `HH:MM-HH:MM`.
    #[error("an opening range is written HH:MM-HH:MM, for example 09:00-12:30")]
    Malformed,
    /// An hour past 24:00 or a minute past 59.
    #[error("a time of day lies between 00:00 and 24:00")]
    OutsideDay,
    /// The range closes before it opens, or at that same minute. A night is written as two ranges on two days.
    #[error("an opening range closes after it opens, on the same day")]
    Empty,
}

impl OpenRange {
    /// The whole day, 00:00-24:00.
    pub const WHOLE_DAY: Self = Self { opens_minute: 0, closes_minute: DAY_MINUTES };

    /// A range between two minutes of the day, counted from midnight: 540 is 09:00, 1440 is 24:00.
    pub fn new(opens_minute: u16, closes_minute: u16) -> Result<Self, RangeError> {
        if opens_minute > DAY_MINUTES || closes_minute > DAY_MINUTES {
            return Err(RangeError::OutsideDay);
        }
        if opens_minute >= closes_minute {
            return Err(RangeError::Empty);
        }
        Ok(Self { opens_minute, closes_minute })
    }

    /// The same opening with a later closing.
    pub(crate) fn until(self, closes_minute: u16) -> Self {
        Self { closes_minute: closes_minute.max(self.closes_minute), ..self }
    }

    /// Minutes from midnight to the opening, 0 to 1439.
    pub fn opens_minute(self) -> u16 {
        self.opens_minute
    }

    /// Minutes from midnight to the closing, 1 to 1440.
    pub fn closes_minute(self) -> u16 {
        self.closes_minute
    }
}

impl FromStr for OpenRange {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let (opens, closes) = text.split_once('-').ok_or(RangeError::Malformed)?;
        Self::new(read_minute(opens)?, read_minute(closes)?)
    }
}

impl TryFrom<String> for OpenRange {
    type Error = RangeError;

    fn try_from(text: String) -> Result<Self, RangeError> {
        text.parse()
    }
}

impl From<OpenRange> for String {
    fn from(range: OpenRange) -> Self {
        range.to_string()
    }
}

impl fmt::Display for OpenRange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (opens, closes) = (self.opens_minute, self.closes_minute);
        write!(out, "{:02}:{:02}-{:02}:{:02}", opens / 60, opens % 60, closes / 60, closes % 60)
    }
}

/// Reads exactly `HH:MM`, 00:00 to 24:00, as minutes from midnight.
fn read_minute(text: &str) -> Result<u16, RangeError> {
    let &[h1, h2, b':', m1, m2] = text.as_bytes() else { return Err(RangeError::Malformed) };
    let (hours, minutes) = (read_two_digits(h1, h2)?, read_two_digits(m1, m2)?);
    let minute = hours * 60 + minutes;
    if minutes > 59 || minute > DAY_MINUTES {
        return Err(RangeError::OutsideDay);
    }
    Ok(minute)
}

fn read_two_digits(tens: u8, ones: u8) -> Result<u16, RangeError> {
    if !(tens.is_ascii_digit() && ones.is_ascii_digit()) {
        return Err(RangeError::Malformed);
    }
    Ok(u16::from(tens - b'0') * 10 + u16::from(ones - b'0'))
}

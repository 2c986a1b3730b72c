//! A named time zone, and the one place where wall-clock time becomes an instant.
//!
//! No opening hours here. Time zone data is the edition inside the build, never the machine's: the same calendar gives
//! the same deadline on every node.

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

use crate::error::SpecError;

/// A zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    name: String,
    rules: TimeZone,
}

impl Zone {
    /// Finds a zone by its IANA name, whatever the case of its letters.
    pub(crate) fn named(name: &str) -> Result<Self, SpecError> {
        let unknown = || SpecError::UnknownZone { name: name.to_owned() };
        let rules = TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
        // `Etc/Unknown` exists to say that a zone is not known; deadlines cannot rest on it.
        let canonical = rules.iana_name().filter(|_| !rules.is_unknown()).ok_or_else(unknown)?;
        Ok(Self { name: canonical.to_owned(), rules })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// The date on the wall at an instant.
    pub(crate) fn date_of(&self, at: Timestamp) -> Date {
        self.rules.to_datetime(at).date()
    }

    /// The first instant at which the wall clock reaches a minute of a day (1440 is the end of that day).
    ///
    /// This one rule decides every clock change: a minute that is skipped is reached at the change itself, one that
    /// comes twice is reached the first time. So edges never run backwards, and ranges that do not overlap on paper do
    /// not overlap in time. Past the ends of representable time, the last instant there is.
    pub(crate) fn edge(&self, date: Date, minute: u16) -> Timestamp {
        let beyond = if date.year() > 0 { Timestamp::MAX } else { Timestamp::MIN };
        let since_midnight = SignedDuration::from_mins(i64::from(minute));
        let Ok(wall) = date.to_datetime(Time::midnight()).checked_add(since_midnight) else { return beyond };
        let candidates = self.rules.to_ambiguous_timestamp(wall);
        let is_skipped = matches!(candidates.offset(), AmbiguousOffset::Gap { .. });
        let Ok(earlier) = candidates.earlier() else { return beyond };
        if !is_skipped {
            return earlier;
        }
        // In a gap, `earlier` lies before the change: the change is the next one after it.
        self.rules.following(earlier).next().map_or(earlier, |change| change.timestamp())
    }
}

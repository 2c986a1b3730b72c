//! A calendar: how it is described, what is refused, and which ranges a date opens.
//!
//! Spans of time are in `hours`, counts of days in `days`; this file only says what is open on one date.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::error::SpecError;
use crate::holidays::{Holiday, HolidaySet};
use crate::limits::CLOSURES_MAX;
use crate::range::{DAY_MINUTES, OpenRange};
use crate::week::Week;
use crate::zone::Zone;

/// A calendar as it is written in a configuration, an API body or the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// IANA name of the time zone, for example `Europe/Paris`.
    pub zone: String,
    /// Opening hours of the ordinary week.
    pub week: Week,
    /// Public holidays, on which the calendar stays closed.
    #[serde(default)]
    pub holidays: HolidaySet,
    /// Own closed dates, in any order.
    #[serde(default)]
    pub closures: Vec<Date>,
}

/// Opening hours in one time zone, with holidays and own closures. Checked: it opens, and its ranges do not overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CalendarSpec", into = "CalendarSpec")]
pub struct Calendar {
    zone: Zone,
    week: Week,
    holidays: HolidaySet,
    closures: BTreeSet<Date>,
}

impl Calendar {
    /// Checks a specification. Ranges and closures may come in any order; a date closed twice is closed.
    pub fn new(spec: CalendarSpec) -> Result<Self, SpecError> {
        if spec.closures.len() > CLOSURES_MAX {
            return Err(SpecError::TooManyClosures { count: spec.closures.len() });
        }
        Ok(Self {
            zone: Zone::named(&spec.zone)?,
            week: spec.week.into_checked()?,
            holidays: spec.holidays,
            closures: spec.closures.into_iter().collect(),
        })
    }

    /// A calendar that never closes: its open time is elapsed time. It observes no public holiday, so it is the wrong
    /// one to count *jours ouvrables* on.
    pub fn always_open(zone: &str) -> Result<Self, SpecError> {
        Self::new(CalendarSpec {
            zone: zone.to_owned(),
            week: Week::always(),
            holidays: HolidaySet::None,
            closures: Vec::new(),
        })
    }

    /// The specification in its canonical form: ranges and closures in order, the zone as the database spells it.
    pub fn spec(&self) -> CalendarSpec {
        CalendarSpec {
            zone: self.zone.name().to_owned(),
            week: self.week.clone(),
            holidays: self.holidays,
            closures: self.closures.iter().copied().collect(),
        }
    }

    /// The time zone, for screens that show an instant as this desk sees it.
    pub fn time_zone(&self) -> &TimeZone {
        self.zone.rules()
    }

    /// The date on the wall at an instant, in the calendar's zone.
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.zone.date_of(at)
    }

    /// The instant at which a date ends. A limit in days or months expires then (« le dernier jour à vingt-quatre
    /// heures », Code de procédure civile, art. 642).
    pub fn end_of_day(&self, date: Date) -> Timestamp {
        self.zone.edge(date, DAY_MINUTES)
    }

    /// The public holiday on a date, if this calendar observes one.
    pub fn holiday_on(&self, date: Date) -> Option<Holiday> {
        self.holidays.holiday_on(date)
    }

    /// The ranges that a date opens, in order; empty on a holiday, a closure, and a weekday without ranges.
    pub fn openings_on(&self, date: Date) -> &[OpenRange] {
        let ranges = self.week.ranges_on(date.weekday());
        if ranges.is_empty() || self.closures.contains(&date) || self.holiday_on(date).is_some() {
            return &[];
        }
        ranges
    }

    /// The day whose opening hours rule an instant.
    pub(crate) fn day_of(&self, at: Timestamp) -> Date {
        self.zone.day_of(at)
    }

    /// The openings of a date as instants `[opens, closes)`, in order. On the day of a clock change one may be empty.
    pub(crate) fn spans_on(&self, date: Date) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.openings_on(date).iter().map(move |range| {
            (self.zone.edge(date, range.opens_minute()), self.zone.edge(date, range.closes_minute()))
        })
    }
}

impl TryFrom<CalendarSpec> for Calendar {
    type Error = SpecError;

    fn try_from(spec: CalendarSpec) -> Result<Self, SpecError> {
        Self::new(spec)
    }
}

impl From<Calendar> for CalendarSpec {
    fn from(calendar: Calendar) -> Self {
        calendar.spec()
    }
}

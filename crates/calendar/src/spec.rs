//! A calendar: how it is described, what is refused, and which ranges a date opens.
//!
//! Spans of time are in `hours`, counts of days in `days`; this file only says what is open on one date.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::SpecError;
use crate::expression::Expression;
use crate::holidays::{Holiday, HolidaySet};
use crate::legacy::Written;
use crate::limits::{CLOSURES_MAX, OPENS_WITHIN_DAYS, YEARS};
use crate::range::{DAY_MINUTES, OpenRange};
use crate::year::Year;
use crate::zone::Zone;

/// A calendar as it is written in a configuration, an API body or the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct CalendarSpec {
    /// IANA name of the time zone, for example `Europe/Paris`.
    pub zone: String,
    /// Opening hours in OpenStreetMap's notation, for example `Mo-Fr 09:00-12:30,14:00-18:00`.
    pub hours: String,
    /// Public holidays. They close the calendar all day, unless its hours say themselves what holds on them (`PH`).
    pub holidays: HolidaySet,
    /// Own closed dates, in any order. Nothing opens on them, whatever the hours say.
    pub closures: Vec<Date>,
}

/// Opening hours in one time zone, with holidays and own closures. Cheap to clone: each year is evaluated once, when
/// it is first asked for, and shared.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "CalendarSpec", into = "CalendarSpec")]
pub struct Calendar(Arc<Inner>);

struct Inner {
    zone: Zone,
    hours: Expression,
    holidays: HolidaySet,
    closures: BTreeSet<Date>,
    years: Vec<OnceLock<Year>>,
}

impl Calendar {
    /// Checks a specification. Closures may come in any order; a date closed twice is closed.
    ///
    /// Hours that never open, or no longer, are accepted here, since what is stored must go on being read; whoever
    /// saves a calendar asks [`Calendar::check_opens`] too.
    pub fn new(spec: CalendarSpec) -> Result<Self, SpecError> {
        if spec.closures.len() > CLOSURES_MAX {
            return Err(SpecError::TooManyClosures { count: spec.closures.len() });
        }
        Ok(Self(Arc::new(Inner {
            zone: Zone::named(&spec.zone)?,
            hours: Expression::read(&spec.hours)?,
            holidays: spec.holidays,
            closures: spec.closures.into_iter().collect(),
            years: YEARS.map(|_| OnceLock::new()).collect(),
        })))
    }

    /// A calendar that never closes: its open time is elapsed time. It observes no public holiday, so it is the wrong
    /// one to count *jours ouvrables* on.
    pub fn always_open(zone: &str) -> Result<Self, SpecError> {
        Self::new(CalendarSpec {
            zone: zone.to_owned(),
            hours: "24/7".to_owned(),
            holidays: HolidaySet::None,
            closures: Vec::new(),
        })
    }

    /// Refuses a calendar that does not open in the days to come: every clock that counts on it would stand still.
    pub fn check_opens(&self, now: Timestamp) -> Result<(), SpecError> {
        let within = SignedDuration::from_hours(24 * i64::from(OPENS_WITHIN_DAYS));
        match self.next_opening(now) {
            Ok(opens_at) if now.duration_until(opens_at) <= within => Ok(()),
            _ => Err(SpecError::NeverOpens),
        }
    }

    /// The specification in its canonical form: closures in order, the zone as the database spells it.
    pub fn spec(&self) -> CalendarSpec {
        CalendarSpec {
            zone: self.0.zone.name().to_owned(),
            hours: self.0.hours.text().to_owned(),
            holidays: self.0.holidays,
            closures: self.0.closures.iter().copied().collect(),
        }
    }

    /// The time zone, for screens that show an instant as this desk sees it.
    pub fn time_zone(&self) -> &TimeZone {
        self.0.zone.rules()
    }

    /// The date on the wall at an instant, in the calendar's zone.
    pub fn date_of(&self, at: Timestamp) -> Date {
        self.0.zone.date_of(at)
    }

    /// The instant at which a date ends. A limit in days or months expires then (« le dernier jour à vingt-quatre
    /// heures », Code de procédure civile, art. 642).
    pub fn end_of_day(&self, date: Date) -> Timestamp {
        self.0.zone.edge(date, DAY_MINUTES)
    }

    /// The instant at which the wall clock first shows a minute of a date: 540 is 09:00.
    pub fn at_minute(&self, date: Date, minute: u16) -> Timestamp {
        self.0.zone.edge(date, minute.min(DAY_MINUTES))
    }

    /// The public holidays that this calendar observes.
    pub fn holidays(&self) -> HolidaySet {
        self.0.holidays
    }

    /// The public holiday on a date, if this calendar observes one.
    pub fn holiday_on(&self, date: Date) -> Option<Holiday> {
        self.0.holidays.holiday_on(date)
    }

    /// The ranges that a date opens, in order; empty on a closure, on most holidays, on a weekday without hours, and
    /// outside [`YEARS`].
    pub fn openings_on(&self, date: Date) -> &[OpenRange] {
        self.year(date.year()).map(|year| year.ranges_on(date)).unwrap_or_default()
    }

    /// The openings that end after an instant, year after year, as instants `[opens, closes)`.
    pub(crate) fn spans_after(&self, at: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        // No zone lies a year from UTC, and a span belongs to the year in which its day begins.
        let first = TimeZone::UTC.to_datetime(at).year().saturating_sub(1).max(*YEARS.start());
        (first..=*YEARS.end())
            .filter_map(|year| self.year(year))
            .flat_map(move |year| year.spans_after(at).iter().copied())
    }

    fn year(&self, year: i16) -> Option<&Year> {
        let place = usize::try_from(year.checked_sub(*YEARS.start())?).ok()?;
        let year_or_none = self.0.years.get(place)?;
        Some(year_or_none.get_or_init(|| self.0.evaluate(year)))
    }
}

impl Inner {
    fn evaluate(&self, year: i16) -> Year {
        let hours = self.hours.in_year(year, self.holidays);
        let closes_on_holidays = self.hours.closes_on_holidays();
        Year::evaluate(year, &self.zone, |date| {
            let is_holiday = closes_on_holidays && self.holidays.holiday_on(date).is_some();
            if is_holiday || self.closures.contains(&date) { Vec::new() } else { hours.ranges_on(date) }
        })
    }
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.spec() == other.spec()
    }
}

impl Eq for Calendar {}

impl fmt::Debug for Calendar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Calendar").field(&self.spec()).finish()
    }
}

impl TryFrom<Written> for CalendarSpec {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        let (zone, hours, holidays, closures) = written.parts()?;
        Ok(Self { zone, hours, holidays, closures })
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

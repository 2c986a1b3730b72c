//! When a promise falls due: (what was said about time, when it was said, the desk's calendar) → an instant, and how its
//! days were counted. Pure; finding promises in a text is `text::promises`' matter.

use calendar::{Calendar, DayKind, add_months};
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use text::promises::{Day, Unit, When};

use crate::span::{self, Rest, Span, last_second};

/// When a promise falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The last instant at which it is kept in time. A promise by a day lasts to that day's last second.
    pub at: Timestamp,
    /// The date of that instant, where the desk is.
    pub on: Date,
    /// How days were counted, where a number of days, weeks or months was promised.
    pub counted: Option<Counted>,
}

/// How time was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Every day, or every hour of it.
    Calendar,
    /// *Jours ouvrables*: Monday to Saturday without public holidays.
    Ouvrable,
    /// *Jours ouvrés*: Monday to Friday without public holidays.
    Business,
    /// While the desk is open.
    Open,
}

impl Counted {
    /// The word it is known by in the API and in catalogue keys.
    pub fn word(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Ouvrable => "ouvrable",
            Self::Business => "business",
            Self::Open => "open",
        }
    }
}

/// When a promise said at `said_at` falls due; `None` when nothing was said that a clock could watch.
pub fn due(when: When, said_at: Timestamp, calendar: &Calendar) -> Option<Due> {
    match when {
        When::Undated => None,
        When::Within { count, unit } => within(count, unit, said_at, calendar),
        When::Day { day, minute, is_before } => {
            let today = calendar.date_of(said_at);
            let mut date = date_of(day, today)?;
            if is_before {
                date = date.yesterday().ok()?;
            }
            let mut at = by(date, minute, calendar);
            // "At 9" said at 10 is tomorrow's 9; "before today" is today.
            if at <= said_at {
                date = today.max(date);
                at = by(date, minute, calendar);
            }
            if at <= said_at && minute.is_some() {
                date = date.tomorrow().ok()?;
                at = by(date, minute, calendar);
            }
            (at > said_at).then_some(Due { at, on: date, counted: None })
        }
    }
}

/// The last instant of a date, or a minute of it.
fn by(date: Date, minute: Option<u16>, calendar: &Calendar) -> Timestamp {
    match minute {
        Some(minute) if minute < calendar::DAY_MINUTES => calendar.at_minute(date, minute),
        _ => last_second(date, calendar),
    }
}

fn within(count: u32, unit: Unit, said_at: Timestamp, calendar: &Calendar) -> Option<Due> {
    let (unit, counted) = match unit {
        Unit::Minutes => (span::Unit::Minutes, Counted::Calendar),
        Unit::Hours => (span::Unit::Hours, Counted::Calendar),
        Unit::OpenHours => (span::Unit::OpenHours, Counted::Open),
        Unit::Days => (span::Unit::Days(DayKind::Calendar), Counted::Calendar),
        Unit::OuvrableDays => (span::Unit::Days(DayKind::Ouvrable), Counted::Ouvrable),
        Unit::BusinessDays => (span::Unit::Days(DayKind::Business), Counted::Business),
        Unit::Weeks => (span::Unit::Weeks, Counted::Calendar),
        Unit::Months => (span::Unit::Months, Counted::Calendar),
        Unit::Years => (span::Unit::Years, Counted::Calendar),
    };
    // A promise is kept by the day that was named, whatever day that is.
    let end = Span { count, unit }.end(said_at, Rest::Counts, calendar).ok()?;
    Some(Due { at: end.at, on: end.on, counted: Some(counted) })
}

fn date_of(day: Day, today: Date) -> Option<Date> {
    match day {
        Day::InDays(days) => today.checked_add(i64::from(days).days()).ok(),
        Day::Weekday { day, skips_week } => {
            let weekday = Weekday::from_monday_one_offset(i8::try_from(day).ok()?).ok()?;
            if skips_week {
                return day_of_week(today, 1, i64::from(day) - 1);
            }
            today.nth_weekday(1, weekday).ok()
        }
        Day::Date { day, month, year } => next_date(i8::try_from(day).ok()?, month, year, today),
        Day::EndOfWeek(weeks) => {
            let friday = day_of_week(today, weeks, 4)?;
            if friday >= today { Some(friday) } else { day_of_week(today, weeks, 6) }
        }
        Day::EarlyInWeek(weeks) => {
            let tuesday = day_of_week(today, weeks, 1)?;
            if tuesday > today { Some(tuesday) } else { day_of_week(today, weeks + 1, 1) }
        }
        Day::EndOfMonth(months) => Some(add_months(today.first_of_month(), months).ok()?.last_of_month()),
        Day::EndOfNamedMonth(month) => {
            let month = i8::try_from(month).ok()?;
            let this_year = Date::new(today.year(), month, 1).ok()?.last_of_month();
            if this_year >= today {
                return Some(this_year);
            }
            Some(Date::new(today.year().checked_add(1)?, month, 1).ok()?.last_of_month())
        }
        Day::EndOfYear => Some(today.last_of_year()),
    }
}

/// A day of this week or of one to come, 0 for Monday.
fn day_of_week(today: Date, weeks: u32, day: i64) -> Option<Date> {
    let since_monday = i64::from(today.weekday().to_monday_zero_offset());
    today.checked_add((i64::from(weeks) * 7 + day - since_monday).days()).ok()
}

/// The date that is meant: what goes without saying makes it the next one from today on.
fn next_date(day: i8, month: Option<u8>, year: Option<u16>, today: Date) -> Option<Date> {
    let month = month.and_then(|month| i8::try_from(month).ok());
    match (month, year) {
        (Some(month), Some(year)) => Date::new(i16::try_from(year).ok()?, month, day).ok(),
        (Some(month), None) => {
            // Eight years hold every 29 February.
            let mut years =
                (0..=8).filter_map(|ahead| Date::new(today.year().checked_add(ahead)?, month, day).ok());
            years.find(|date| *date >= today)
        }
        (None, _) => {
            let mut months = (0..=2).filter_map(|ahead| {
                let first = add_months(today.first_of_month(), ahead).ok()?;
                Date::new(first.year(), first.month(), day).ok()
            });
            months.find(|date| *date >= today)
        }
    }
}

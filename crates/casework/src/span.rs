//! Spans of time as laws, targets and promises name them, and where one ends: (span, start, calendar) → an instant and
//! the steps that led there. Pure; whoever must defend a date can read how it came about.

use std::fmt;
use std::str::FromStr;

use calendar::{Calendar, CalendarError, DayKind, add_months};
use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// So much of something: `10 ouvrable days`, `2 months`, `2 business hours`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// What a span is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Elapsed minutes.
    Minutes,
    /// Elapsed hours, night and day.
    Hours,
    /// Minutes while the desk is open.
    OpenMinutes,
    /// Hours while the desk is open.
    OpenHours,
    /// Days of one kind.
    Days(DayKind),
    /// Weeks of seven calendar days.
    Weeks,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
}

/// The text is no span.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{text:?} is no span of time: write a number and a unit, for example \"2 business hours\", \"10 ouvrable days\", \
     \"15 business days\", \"14 days\", \"8 weeks\" or \"2 months\""
)]
pub struct SpanError {
    /// The text as given.
    pub text: String,
}

/// Longest span that is read, in its own unit.
const COUNT_MAX: u32 = 100_000;

/// The units by the words they are written as; the first of each is how it is written back.
const UNITS: [(&[&str], Unit); 11] = [
    (&["minutes", "minute", "min"], Unit::Minutes),
    (&["hours", "hour", "h"], Unit::Hours),
    (&["business minutes", "business minute", "open minutes"], Unit::OpenMinutes),
    (
        &["business hours", "business hour", "open hours", "open hour", "working hours", "working hour"],
        Unit::OpenHours,
    ),
    (&["days", "day", "calendar days", "calendar day"], Unit::Days(DayKind::Calendar)),
    (&["ouvrable days", "ouvrable day", "jours ouvrables", "jour ouvrable"], Unit::Days(DayKind::Ouvrable)),
    (
        &[
            "business days",
            "business day",
            "working days",
            "working day",
            "jours ouvrés",
            "jours ouvres",
            "jour ouvré",
        ],
        Unit::Days(DayKind::Business),
    ),
    (&["open days", "open day"], Unit::Days(DayKind::Open)),
    (&["weeks", "week"], Unit::Weeks),
    (&["months", "month"], Unit::Months),
    (&["years", "year"], Unit::Years),
];

/// Whether a limit that ends on a day of rest is put off to the next working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// It ends on that day all the same.
    Counts,
    /// It ends with the next day that is neither a Saturday, a Sunday nor a public holiday (Code de procédure civile,
    /// art. 642; Regulation 1182/71, art. 3(4)).
    Postpones,
}

/// Where a span ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The last instant within it. Spans of days, weeks, months and years last to the last second of a day.
    pub at: Timestamp,
    /// The date of that instant, in the calendar's zone.
    pub on: Date,
    /// How it came about.
    pub steps: Vec<Step>,
}

/// One step on the way to a due date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The start, as the calendar's wall shows it.
    Starts {
        /// The instant.
        at: Timestamp,
        /// Its date.
        on: Date,
    },
    /// Days were counted one by one, from the day after the start: the day of the event itself does not count.
    Counted {
        /// What was counted.
        span: Span,
        /// Days passed over: those of rest.
        skipped: Vec<Date>,
        /// The last day.
        to: Date,
    },
    /// Months or weeks: the same day later, or the last day of a shorter month.
    Stepped {
        /// What was added.
        span: Span,
        /// The day reached.
        to: Date,
    },
    /// Time passed, either all of it or while the desk is open.
    Passed {
        /// How much.
        span: Span,
        /// The instant reached.
        to: Timestamp,
    },
    /// The last day is one of rest, so that the limit ends on the next working day.
    PutOff {
        /// The day of rest.
        from: Date,
        /// The day it ends instead.
        to: Date,
    },
    /// The last second of the last day.
    EndsWithDay {
        /// The instant.
        at: Timestamp,
    },
}

impl Span {
    /// Where the span ends that begins at an instant.
    pub fn end(self, from: Timestamp, rest: Rest, calendar: &Calendar) -> Result<End, CalendarError> {
        let on = calendar.date_of(from);
        let steps = vec![Step::Starts { at: from, on }];
        match self.unit {
            Unit::Minutes => self.passed(from, calendar, steps, SignedDuration::from_mins(1), false),
            Unit::Hours => self.passed(from, calendar, steps, SignedDuration::from_hours(1), false),
            Unit::OpenMinutes => self.passed(from, calendar, steps, SignedDuration::from_mins(1), true),
            Unit::OpenHours => self.passed(from, calendar, steps, SignedDuration::from_hours(1), true),
            Unit::Days(kind) => {
                let to = calendar.add_working_days(on, self.count, kind)?;
                let skipped = days_between(on, to).filter(|day| !calendar.is_counted(*day, kind)).collect();
                close(steps, Step::Counted { span: self, skipped, to }, to, rest, calendar)
            }
            Unit::Weeks => {
                let to =
                    on.checked_add(i64::from(self.count).weeks()).map_err(|_| CalendarError::OutOfRange)?;
                close(steps, Step::Stepped { span: self, to }, to, rest, calendar)
            }
            Unit::Months => {
                let to = add_months(on, self.count)?;
                close(steps, Step::Stepped { span: self, to }, to, rest, calendar)
            }
            Unit::Years => {
                let months = self.count.checked_mul(12).ok_or(CalendarError::OutOfRange)?;
                let to = add_months(on, months)?;
                close(steps, Step::Stepped { span: self, to }, to, rest, calendar)
            }
        }
    }

    fn passed(
        self,
        from: Timestamp,
        calendar: &Calendar,
        mut steps: Vec<Step>,
        unit: SignedDuration,
        is_open_time: bool,
    ) -> Result<End, CalendarError> {
        let count = i32::try_from(self.count).map_err(|_| CalendarError::OutOfRange)?;
        let span = unit.checked_mul(count).ok_or(CalendarError::OutOfRange)?;
        let at = if is_open_time {
            calendar.add_open(from, span)?
        } else {
            from.checked_add(span).map_err(|_| CalendarError::OutOfRange)?
        };
        steps.push(Step::Passed { span: self, to: at });
        Ok(End { at, on: calendar.date_of(at), steps })
    }
}

fn close(
    mut steps: Vec<Step>,
    step: Step,
    to: Date,
    rest: Rest,
    calendar: &Calendar,
) -> Result<End, CalendarError> {
    steps.push(step);
    let on = match rest {
        Rest::Counts => to,
        Rest::Postpones => calendar.postpone_expiry(to)?,
    };
    if on != to {
        steps.push(Step::PutOff { from: to, to: on });
    }
    let at = last_second(on, calendar);
    steps.push(Step::EndsWithDay { at });
    Ok(End { at, on, steps })
}

/// The last second of a date: what is due by Friday is shown as Friday, 23:59, and not as Saturday.
pub fn last_second(date: Date, calendar: &Calendar) -> Timestamp {
    calendar.end_of_day(date).checked_sub(SignedDuration::from_secs(1)).unwrap_or(Timestamp::MAX)
}

/// The days after one up to another, which is the last.
fn days_between(from: Date, to: Date) -> impl Iterator<Item = Date> {
    from.series(1.day()).skip(1).take_while(move |day| *day <= to)
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let error = || SpanError { text: text.to_owned() };
        let text = text.trim().to_lowercase();
        let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (count, unit) = text.split_at(digits);
        let count: u32 = count.parse().map_err(|_| error())?;
        let unit = unit.split_whitespace().collect::<Vec<_>>().join(" ");
        let unit = UNITS.iter().find(|(words, _)| words.contains(&unit.as_str())).ok_or_else(error)?.1;
        if count > COUNT_MAX { Err(error()) } else { Ok(Self { count, unit }) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = UNITS.iter().find(|(_, unit)| *unit == self.unit).map_or("", |(words, _)| words[0]);
        let unit = if self.count == 1 { words.trim_end_matches('s') } else { words };
        write!(out, "{} {unit}", self.count)
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl Step {
    /// The step in words, in English, as the zone of the calendar sees it.
    pub fn in_words(&self, calendar: &Calendar) -> String {
        match self {
            Self::Starts { at, on } => {
                let wall = calendar.time_zone().to_datetime(*at);
                format!("starts on {} at {}", day(*on), wall.strftime("%H:%M:%S"))
            }
            Self::Counted { span, skipped, to } if skipped.is_empty() => {
                format!("counts {span} from the next day on: the last is {}", day(*to))
            }
            Self::Counted { span, skipped, to } => {
                let shown: Vec<String> =
                    skipped.iter().take(SKIPPED_SHOWN_MAX).map(|date| day(*date)).collect();
                let more = skipped.len().saturating_sub(SKIPPED_SHOWN_MAX);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!(
                    "counts {span} from the next day on, passing over {}{more}: the last is {}",
                    shown.join(", "),
                    day(*to)
                )
            }
            Self::Stepped { span, to } => format!("{span} later is {}", day(*to)),
            Self::Passed { span, to } => {
                let wall = calendar.time_zone().to_datetime(*to);
                format!("{span} later it is {} at {}", day(wall.date()), wall.strftime("%H:%M:%S"))
            }
            Self::PutOff { from, to } => {
                format!(
                    "{} is a day of rest: the limit ends on the next working day, {}",
                    day(*from),
                    day(*to)
                )
            }
            Self::EndsWithDay { .. } => "ends with the last second of that day".to_owned(),
        }
    }
}

/// Days of rest that a step names one by one.
const SKIPPED_SHOWN_MAX: usize = 12;

fn day(date: Date) -> String {
    let weekday = match date.weekday() {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    };
    format!("{weekday} {date}")
}

//! Opening hours as OpenStreetMap writes them: `Mo-Fr 09:00-12:30,14:00-18:00; Sa 10:00-12:00`.
//!
//! The grammar and its evaluation are the `opening-hours` library's; here stands what of it a desk may use, and the
//! bridge between its dates and ours. No zone lives here: an expression says what the clock on the wall says.
//! Specification: <https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification>.

use std::sync::Arc;

use compact_calendar::CompactCalendar;
use jiff::civil::Date;
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind};

use crate::dates::{days_of_year, foreign_date};
use crate::error::SpecError;
use crate::holidays::HolidaySet;
use crate::limits::HOURS_CHARS_MAX;
use crate::range::{DAY_MINUTES, OpenRange};

/// Words that make hours hang on what this desk does not know: school holidays, the sun over a place.
const UNKNOWN_WORDS: [&str; 5] = ["SH", "sunrise", "sunset", "dawn", "dusk"];

/// Opening hours, read and within what a desk may use.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    text: String,
    hours: OpeningHours,
    /// It says itself what holds on public holidays.
    names_holidays: bool,
}

impl Expression {
    /// Reads opening hours, or says what is wrong with them.
    pub(crate) fn read(text: &str) -> Result<Self, SpecError> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > HOURS_CHARS_MAX {
            return Err(SpecError::HoursTooLong);
        }
        let words = words_outside_comments(&text);
        if let Some(word) = UNKNOWN_WORDS.into_iter().find(|word| words.iter().any(|used| used == word)) {
            return Err(SpecError::UnusableHours { word: word.to_owned() });
        }
        let hours: OpeningHours = text.parse().map_err(|error: opening_hours_syntax::Error| {
            SpecError::UnreadableHours { reason: first_line(&error.to_string()) }
        })?;
        let names_holidays = words.iter().any(|word| word == "PH");
        Ok(Self { text, hours, names_holidays })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a public holiday closes the desk all day, because the hours do not speak of holidays themselves.
    pub(crate) fn closes_on_holidays(&self) -> bool {
        !self.names_holidays
    }

    /// The same hours, knowing on which dates around `year` public holidays fall.
    pub(crate) fn in_year(&self, year: i16, holidays: HolidaySet) -> YearHours {
        let mut context = Context::default();
        if self.names_holidays {
            let dates = (year.saturating_sub(1)..=year.saturating_add(1)).flat_map(days_of_year);
            let public = dates.filter(|date| holidays.holiday_on(*date).is_some()).filter_map(foreign_date);
            let public: CompactCalendar = public.collect();
            context = context.with_holidays(ContextHolidays::new(Arc::new(public), Arc::default()));
        }
        YearHours(self.hours.clone().with_context(context))
    }
}

/// Hours whose public holidays are known for one year.
pub(crate) struct YearHours(OpeningHours);

impl YearHours {
    /// The ranges that the hours open on a date, in order. What they call *unknown* is not open.
    pub(crate) fn ranges_on(&self, date: Date) -> Vec<OpenRange> {
        let Some(date) = foreign_date(date) else { return Vec::new() };
        let mut ranges: Vec<OpenRange> = Vec::new();
        for stretch in self.0.schedule_at(date) {
            if stretch.kind != RuleKind::Open {
                continue;
            }
            let opens = stretch.range.start.mins_from_midnight();
            let closes = stretch.range.end.mins_from_midnight().min(DAY_MINUTES);
            match ranges.last_mut().filter(|last| last.closes_minute() == opens) {
                // Two stretches with different comments are one stretch of open time.
                Some(last) => *last = last.until(closes),
                None => ranges.extend(OpenRange::new(opens, closes)),
            }
        }
        ranges
    }
}

/// The words of the hours, without what stands between quotation marks.
fn words_outside_comments(text: &str) -> Vec<String> {
    let outside = text.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    outside.split(|letter: char| !letter.is_alphabetic()).map(str::to_owned).collect()
}

/// The library draws its complaint over several lines; the last one that is not empty says what was expected.
fn first_line(complaint: &str) -> String {
    complaint.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

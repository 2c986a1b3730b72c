//! Reading what a pattern has found: the parts that French and English patterns name alike.
//!
//! A group that a pattern does not have is simply not found, so that one reader serves both languages.

use regex::Captures;

use super::when::{AFTERNOON_ENDS, Day, NOON, When, minute_of};

/// Weekdays from Monday, in French and in English.
const WEEKDAYS: [[&str; 2]; 7] = [
    ["lundi", "monday"],
    ["mardi", "tuesday"],
    ["mercredi", "wednesday"],
    ["jeudi", "thursday"],
    ["vendredi", "friday"],
    ["samedi", "saturday"],
    ["dimanche", "sunday"],
];

/// How the names of the months begin, in French and in English.
const MONTHS: [[&str; 2]; 12] = [
    ["jan", "jan"],
    ["fev", "feb"],
    ["mar", "mar"],
    ["avr", "apr"],
    ["mai", "may"],
    ["juin", "jun"],
    ["juil", "jul"],
    ["aou", "aug"],
    ["sep", "sep"],
    ["oct", "oct"],
    ["nov", "nov"],
    ["dec", "dec"],
];

/// The minute that a part of the day ends at, where one is named.
fn minute(found: &Captures<'_>) -> Option<u16> {
    if found.name("noon").or_else(|| found.name("midday")).is_some() {
        return Some(NOON);
    }
    if found.name("afternoon").or_else(|| found.name("endofbusiness")).is_some() {
        return Some(AFTERNOON_ENDS);
    }
    let word =
        |name: &str, other: &str| found.name(name).or_else(|| found.name(other)).map(|text| text.as_str());
    minute_of(word("h", "h2")?, word("m", "m2"), word("half", "half"))
}

/// A day with its part, as far as one is named. "Before" a day leaves that day out, unless it is before an hour of it.
fn by(day: Day, found: &Captures<'_>) -> When {
    let minute = minute(found);
    When::Day { day, minute, is_before: found.name("before").is_some() && minute.is_none() }
}

/// Today, tomorrow, the day after.
pub(super) fn named_day(found: &Captures<'_>) -> Option<When> {
    let days = match found.name("day")?.as_str() {
        "aujourd'hui" | "ce jour" | "today" => 0,
        "demain" | "tomorrow" => 1,
        _ => 2,
    };
    Some(by(Day::InDays(days), found))
}

/// This morning, tonight.
#[allow(
    clippy::unnecessary_wraps,
    reason = "one of the readers of a table, of which others may find nothing"
)]
pub(super) fn part_of_today(found: &Captures<'_>) -> Option<When> {
    Some(by(Day::InDays(0), found))
}

/// A weekday, or the day of the month that stands beside it.
pub(super) fn weekday(found: &Captures<'_>) -> Option<When> {
    let name = found.name("weekday")?.as_str();
    let place = WEEKDAYS.iter().position(|names| names.contains(&name))?;
    let day = match found.name("date2") {
        Some(day) => Day::Date { day: day.as_str().parse().ok()?, month: None, year: None },
        None => {
            Day::Weekday { day: u8::try_from(place + 1).ok()?, skips_week: found.name("nextweek").is_some() }
        }
    };
    Some(by(day, found))
}

/// A date with its month, in words or in digits.
pub(super) fn date(found: &Captures<'_>) -> Option<When> {
    let day: u8 = found.name("date")?.as_str().trim_end_matches("er").parse().ok()?;
    let month = match found.name("month") {
        Some(name) => month_of(name.as_str()),
        None => found.name("monthno")?.as_str().parse().ok(),
    };
    let year = found.name("year").and_then(|year| year.as_str().parse::<u16>().ok());
    let year = year.map(|year| if year < 100 { year + 2_000 } else { year });
    if !(1..=31).contains(&day) || !month.is_some_and(|month| (1..=12).contains(&month)) {
        return None;
    }
    Some(by(Day::Date { day, month, year }, found))
}

/// The end of a week.
#[allow(
    clippy::unnecessary_wraps,
    reason = "one of the readers of a table, of which others may find nothing"
)]
pub(super) fn end_of_week(found: &Captures<'_>) -> Option<When> {
    Some(When::on(Day::EndOfWeek(u32::from(found.name("next").is_some()))))
}

/// The end of a month, or of the year.
pub(super) fn end_of_month(found: &Captures<'_>) -> Option<When> {
    if found.name("year").is_some() {
        return Some(When::on(Day::EndOfYear));
    }
    let day = match found.name("month") {
        Some(name) => Day::EndOfNamedMonth(month_of(name.as_str())?),
        None => Day::EndOfMonth(u32::from(found.name("nextmonth").is_some())),
    };
    Some(When::on(day))
}

fn month_of(name: &str) -> Option<u8> {
    let place = MONTHS.iter().position(|starts| starts.iter().any(|start| name.starts_with(start)))?;
    u8::try_from(place + 1).ok()
}

//! Dates: those of a year, and the bridge to the dates of the opening-hours library.

use chrono::NaiveDate;
use jiff::civil::Date;

/// Every date of a year.
pub(crate) fn days_of_year(year: i16) -> impl Iterator<Item = Date> {
    let first = Date::new(year, 1, 1).ok();
    first
        .into_iter()
        .flat_map(|first| first.series(jiff::Span::new().days(1)).take(usize::from(366_u16)))
        .filter(move |date| date.year() == year)
}

/// A date as the library writes it.
pub(crate) fn foreign_date(date: Date) -> Option<NaiveDate> {
    let (month, day) = (u32::try_from(date.month()).ok()?, u32::try_from(date.day()).ok()?);
    NaiveDate::from_ymd_opt(i32::from(date.year()), month, day)
}

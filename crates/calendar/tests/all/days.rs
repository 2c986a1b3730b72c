//! Limits in days and months, and where they expire.

use calendar::{Calendar, CalendarError, DayKind, HORIZON_DAYS, add_months};
use jiff::civil::{Date, date};

use crate::{paris, shop};

#[track_caller]
fn check_days(from: Date, count: u32, kind: DayKind, expect: Date) {
    assert_eq!(shop().add_working_days(from, count, kind), Ok(expect));
}

#[test]
fn ten_days_of_each_kind_from_a_thursday_in_may() {
    // 2026: Friday 8 May, Thursday 14 May (Ascension) and Monday 25 May are holidays.
    let from = date(2026, 5, 7);
    check_days(from, 10, DayKind::Calendar, date(2026, 5, 17));
    check_days(from, 10, DayKind::Ouvrable, date(2026, 5, 21));
    check_days(from, 10, DayKind::Business, date(2026, 5, 26));
    check_days(from, 10, DayKind::Open, date(2026, 5, 26));
}

#[test]
fn the_first_day_never_counts_and_zero_days_stay() {
    check_days(date(2026, 3, 2), 1, DayKind::Business, date(2026, 3, 3));
    check_days(date(2026, 3, 6), 1, DayKind::Ouvrable, date(2026, 3, 7));
    check_days(date(2026, 3, 6), 1, DayKind::Business, date(2026, 3, 9));
    check_days(date(2026, 3, 7), 1, DayKind::Business, date(2026, 3, 9));
    check_days(date(2026, 3, 8), 0, DayKind::Business, date(2026, 3, 8));
}

#[test]
fn an_own_closure_stops_open_days_but_not_the_law() {
    // 24 December 2026, a Thursday, is the shop's own closure.
    check_days(date(2026, 12, 23), 1, DayKind::Ouvrable, date(2026, 12, 24));
    check_days(date(2026, 12, 23), 1, DayKind::Business, date(2026, 12, 24));
    check_days(date(2026, 12, 23), 1, DayKind::Open, date(2026, 12, 28));
    assert!(shop().is_counted(date(2026, 12, 24), DayKind::Ouvrable));
    assert!(!shop().is_counted(date(2026, 12, 24), DayKind::Open));
}

#[test]
fn a_limit_that_falls_on_a_day_of_rest_moves_to_the_next_weekday() {
    let check = |from: Date, expect: Date| assert_eq!(shop().postpone_expiry(from), Ok(expect), "{from}");
    check(date(2026, 3, 4), date(2026, 3, 4));
    check(date(2026, 3, 7), date(2026, 3, 9));
    // 14 July 2026 is a Tuesday; Saturday 4 April 2026 is followed by Easter and its Monday.
    check(date(2026, 7, 14), date(2026, 7, 15));
    check(date(2026, 4, 4), date(2026, 4, 7));
    // A closure of the desk does not move what the law sets.
    check(date(2026, 12, 24), date(2026, 12, 24));
}

#[test]
fn two_months_from_a_complaint_end_at_midnight_in_paris() {
    let desk = shop();
    // Sent on 14 May at 23:30 in Paris, already the 14th there and still 21:30 UTC.
    let sent_on = desk.date_of("2026-05-14T21:30:00Z".parse().unwrap());
    let expiry = desk.postpone_expiry(add_months(sent_on, 2).unwrap()).unwrap();
    assert_eq!(expiry, date(2026, 7, 15));
    assert_eq!(desk.end_of_day(expiry), paris("2026-07-16 00:00"));
}

#[test]
fn months_keep_the_day_number_or_take_the_last_day() {
    let check =
        |from: Date, months: u32, expect: Date| assert_eq!(add_months(from, months), Ok(expect), "{from}");
    check(date(2026, 1, 15), 1, date(2026, 2, 15));
    check(date(2026, 1, 31), 1, date(2026, 2, 28));
    check(date(2024, 1, 31), 1, date(2024, 2, 29));
    check(date(2024, 2, 29), 12, date(2025, 2, 28));
    check(date(2024, 2, 29), 48, date(2028, 2, 29));
    check(date(2026, 12, 31), 2, date(2027, 2, 28));
    check(date(2026, 2, 28), 1, date(2026, 3, 28));
    check(date(2026, 7, 1), 0, date(2026, 7, 1));
}

#[test]
fn the_far_future_is_an_error() {
    let desk = shop();
    let from = date(2026, 1, 1);
    assert!(desk.add_working_days(from, HORIZON_DAYS, DayKind::Calendar).is_ok());
    for (count, kind) in [
        (HORIZON_DAYS + 1, DayKind::Calendar),
        (HORIZON_DAYS, DayKind::Business),
        (u32::MAX, DayKind::Ouvrable),
    ] {
        assert_eq!(desk.add_working_days(from, count, kind), Err(CalendarError::BeyondHorizon));
    }
    let last = desk.add_working_days(Date::MAX, 1, DayKind::Calendar);
    assert_eq!(last, Err(CalendarError::OutOfRange));
    assert_eq!(add_months(Date::MAX, 1), Err(CalendarError::OutOfRange));
    assert_eq!(add_months(from, u32::MAX), Err(CalendarError::OutOfRange));
    let saturday = date(9999, 12, 25);
    assert!(desk.postpone_expiry(saturday).is_ok());
    assert!(Calendar::always_open("UTC").unwrap().is_counted(saturday, DayKind::Ouvrable));
}

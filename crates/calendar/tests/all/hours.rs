//! Open hours on ordinary days: lunch, weekends, holidays, closures, 24:00, the horizon.

use calendar::{Calendar, CalendarError, CalendarSpec, HolidaySet};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::{calendar, paris, ranges, shop, utc};

#[track_caller]
fn check_add(desk: &Calendar, from: &str, minutes: i64, expect: &str) {
    assert_eq!(desk.add_open(paris(from), SignedDuration::from_mins(minutes)), Ok(paris(expect)));
}

#[track_caller]
fn check_between(desk: &Calendar, a: &str, b: &str, minutes: i64) {
    assert_eq!(desk.open_between(paris(a), paris(b)), SignedDuration::from_mins(minutes));
    assert_eq!(desk.open_between(paris(b), paris(a)), SignedDuration::from_mins(-minutes));
}

#[test]
fn a_span_steps_over_lunch_nights_and_weekends() {
    let desk = shop();
    check_add(&desk, "2026-03-02 09:00", 60, "2026-03-02 10:00");
    check_add(&desk, "2026-03-02 12:00", 60, "2026-03-02 14:30");
    check_add(&desk, "2026-03-02 13:00", 60, "2026-03-02 15:00");
    check_add(&desk, "2026-03-02 17:30", 60, "2026-03-03 09:30");
    // Friday evening to Monday, and a whole week of 37.5 hours.
    check_add(&desk, "2026-03-06 17:30", 60, "2026-03-09 09:30");
    check_add(&desk, "2026-03-02 09:00", 2_250, "2026-03-06 18:00");
    check_between(&desk, "2026-03-02 00:00", "2026-03-09 00:00", 2_250);
    check_between(&desk, "2026-03-02 12:00", "2026-03-02 14:30", 60);
    check_between(&desk, "2026-03-07 08:00", "2026-03-08 20:00", 0);
}

#[test]
fn a_span_that_fills_a_day_ends_at_closing() {
    let desk = shop();
    check_add(&desk, "2026-03-02 17:00", 60, "2026-03-02 18:00");
    check_add(&desk, "2026-03-02 12:00", 30, "2026-03-02 12:30");
    // An empty span ends where it starts, open or not.
    check_add(&desk, "2026-03-01 03:00", 0, "2026-03-01 03:00");
}

#[test]
fn holidays_and_closures_stay_closed() {
    let desk = shop();
    // Thursday 30 April, then 1 May and a weekend.
    check_add(&desk, "2026-04-30 17:00", 120, "2026-05-04 10:00");
    // Wednesday 23 December, own closure on 24, Christmas, weekend.
    check_add(&desk, "2026-12-23 17:00", 120, "2026-12-28 10:00");
    check_between(&desk, "2026-12-24 00:00", "2026-12-28 00:00", 0);
    assert!(desk.openings_on(date(2026, 12, 24)).is_empty());
    assert!(desk.openings_on(date(2026, 12, 25)).is_empty());
    assert_eq!(desk.openings_on(date(2026, 12, 23)), ranges(&["09:00-12:30", "14:00-18:00"]));
}

#[test]
fn a_leap_day_is_a_day() {
    let desk = shop();
    // 29 February 2024 was a Thursday.
    check_add(&desk, "2024-02-28 17:00", 120, "2024-02-29 10:00");
    check_between(&desk, "2024-02-29 00:00", "2024-03-01 00:00", 450);
}

#[test]
fn twenty_four_hundred_joins_midnight() {
    let desk = calendar("Europe/Paris", "Mo,Tu 00:00-02:00,20:00-24:00");
    check_add(&desk, "2026-03-02 23:00", 120, "2026-03-03 01:00");
    check_between(&desk, "2026-03-02 22:00", "2026-03-03 03:00", 240);
    assert!(desk.is_open(paris("2026-03-02 23:59:59.999999999")));
    assert!(desk.is_open(paris("2026-03-03 00:00")));
    assert!(!desk.is_open(paris("2026-03-04 00:00")), "Tuesday's 24:00 is closed");
    assert_eq!(desk.end_of_day(date(2026, 3, 2)), paris("2026-03-03 00:00"));
}

#[test]
fn opening_is_open_and_closing_is_not() {
    let desk = shop();
    let expectations = [
        ("2026-03-02 08:59:59.999999999", false),
        ("2026-03-02 09:00", true),
        ("2026-03-02 12:29:59.999999999", true),
        ("2026-03-02 12:30", false),
        ("2026-03-02 14:00", true),
        ("2026-03-07 10:00", false),
        ("2026-07-14 10:00", false),
    ];
    for (wall, is_open) in expectations {
        assert_eq!(desk.is_open(paris(wall)), is_open, "{wall}");
    }
}

#[test]
fn the_next_opening_is_now_when_open() {
    let desk = shop();
    let check =
        |from: &str, expect: &str| assert_eq!(desk.next_opening(paris(from)), Ok(paris(expect)), "{from}");
    check("2026-03-02 09:00", "2026-03-02 09:00");
    check("2026-03-02 10:17:03", "2026-03-02 10:17:03");
    check("2026-03-02 12:30", "2026-03-02 14:00");
    check("2026-03-06 18:00", "2026-03-09 09:00");
    check("2026-12-23 18:00", "2026-12-28 09:00");
}

#[test]
fn nothing_is_searched_past_the_horizon() {
    let from = date(2026, 1, 1);
    let closures: Vec<_> = from.series(1.day()).take(1_900).collect();
    let desk = Calendar::new(CalendarSpec {
        zone: "UTC".to_owned(),
        hours: "24/7".to_owned(),
        holidays: HolidaySet::None,
        closures,
    })
    .unwrap();
    let at = utc("2026-01-01T10:00:00Z");
    assert_eq!(desk.next_opening(at), Err(CalendarError::BeyondHorizon));
    assert_eq!(desk.add_open(at, SignedDuration::from_mins(1)), Err(CalendarError::BeyondHorizon));
    assert_eq!(desk.open_between(at, utc("2030-12-31T00:00:00Z")), SignedDuration::ZERO);
    assert_eq!(shop().add_open(at, SignedDuration::MAX), Err(CalendarError::BeyondHorizon));
    assert_eq!(shop().add_open(at, SignedDuration::from_secs(-1)), Err(CalendarError::NegativeSpan));
}

#[test]
fn outside_the_years_that_are_known_nothing_opens() {
    let minute = SignedDuration::from_mins(1);
    for zone in ["Europe/Paris", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let desk = Calendar::always_open(zone).unwrap();
        assert!(!desk.is_open(Timestamp::MIN) && !desk.is_open(Timestamp::MAX), "{zone}");
        for far in [Timestamp::MIN, Timestamp::MAX, utc("1890-01-01T00:00:00Z"), utc("2301-01-01T00:00:00Z")]
        {
            assert_eq!(desk.add_open(far, minute), Err(CalendarError::BeyondHorizon), "{zone} {far}");
            assert_eq!(desk.next_opening(far), Err(CalendarError::BeyondHorizon), "{zone} {far}");
        }
        let (first, last) = (utc("1899-12-31T00:00:00Z"), utc("1900-01-03T00:00:00Z"));
        let begins = desk.end_of_day(date(1899, 12, 31));
        assert_eq!(desk.next_opening(first), Ok(begins), "{zone}");
        assert_eq!(desk.open_between(first, last), begins.duration_until(last), "{zone}");
        assert!(!desk.is_open(desk.end_of_day(date(2299, 12, 31))), "{zone}");
    }
    assert_eq!(shop().end_of_day(jiff::civil::Date::MAX), Timestamp::MAX);
}

//! Nights on which clocks change, in Paris and in the zones that change them oddly.

use calendar::Calendar;
use jiff::SignedDuration;
use jiff::civil::date;

use crate::{calendar, paris, utc};

fn every_day(zone: &str, hours: &str) -> Calendar {
    calendar(zone, &format!("Mo-Su {hours}; PH off"))
}

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

#[test]
fn the_spring_night_in_paris_has_one_hour_less() {
    // 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
    let desk = every_day("Europe/Paris", "00:00-24:00");
    let (start, end) = (paris("2026-03-29 00:00"), paris("2026-03-30 00:00"));
    assert_eq!(desk.open_between(start, end), hours(23));
    assert_eq!(desk.add_open(start, hours(3)), Ok(paris("2026-03-29 04:00")));
    assert_eq!(desk.add_open(start, hours(24)), Ok(paris("2026-03-30 01:00")));
}

#[test]
fn a_range_inside_the_skipped_hour_is_empty_that_night() {
    let desk = every_day("Europe/Paris", "02:00-02:30");
    let evening = paris("2026-03-28 20:00");
    assert_eq!(desk.open_between(evening, paris("2026-03-29 20:00")), SignedDuration::ZERO);
    assert_eq!(desk.next_opening(evening), Ok(paris("2026-03-30 02:00")));
    // Opening inside the skipped hour means opening at the change.
    let desk = every_day("Europe/Paris", "02:30-05:00");
    assert_eq!(desk.next_opening(evening), Ok(utc("2026-03-29T01:00:00Z")));
    assert_eq!(desk.open_between(evening, paris("2026-03-29 20:00")), hours(2));
}

#[test]
fn the_autumn_night_in_paris_has_one_hour_more() {
    // 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
    let desk = every_day("Europe/Paris", "00:00-24:00");
    let (start, end) = (paris("2026-10-25 00:00"), paris("2026-10-26 00:00"));
    assert_eq!(desk.open_between(start, end), hours(25));
    assert_eq!(desk.add_open(start, hours(4)), Ok(paris("2026-10-25 03:00")));
}

#[test]
fn an_hour_that_comes_twice_is_cut_the_first_time() {
    let before = every_day("Europe/Paris", "00:00-02:30");
    let after = every_day("Europe/Paris", "02:30-05:00");
    let (start, end) = (paris("2026-10-25 00:00"), paris("2026-10-26 00:00"));
    assert_eq!(before.open_between(start, end), SignedDuration::from_mins(150));
    assert_eq!(after.open_between(start, end), SignedDuration::from_mins(210));
    // 02:15 the second time, 01:15 UTC.
    assert!(!before.is_open(utc("2026-10-25T01:15:00Z")));
    assert!(after.is_open(utc("2026-10-25T01:15:00Z")));
}

#[test]
fn a_day_that_has_no_midnight_begins_at_the_change() {
    // Cairo, 24 April 2026: 00:00 becomes 01:00.
    let desk = every_day("Africa/Cairo", "00:00-24:00");
    let change = utc("2026-04-23T22:00:00Z");
    assert_eq!(desk.end_of_day(date(2026, 4, 23)), change);
    assert_eq!(desk.open_between(change, desk.end_of_day(date(2026, 4, 24))), hours(23));
}

#[test]
fn a_day_that_begins_twice_begins_the_first_time() {
    // St. John's, 7 November 2010: at 00:01 clocks went back to 23:01 of the day before.
    let desk = every_day("America/St_Johns", "00:00-00:30,23:00-24:00");
    let midnight = utc("2010-11-07T02:30:00Z");
    assert_eq!(desk.end_of_day(date(2010, 11, 6)), midnight);
    assert_eq!(desk.date_of(utc("2010-11-07T02:45:00Z")), date(2010, 11, 6), "what the wall says");
    // From the first midnight to the second 00:30, an hour and a half, all in the range that opens on the 7th.
    let end = utc("2010-11-07T04:00:00Z");
    assert_eq!(desk.open_between(midnight, end), SignedDuration::from_mins(90));
    assert!(desk.is_open(utc("2010-11-07T02:45:00Z")));
}

#[test]
fn a_day_that_never_was_is_empty() {
    // Samoa went from 29 to 31 December 2011.
    let desk = every_day("Pacific/Apia", "00:00-24:00");
    let thursday = desk.end_of_day(date(2011, 12, 29));
    assert_eq!(thursday, utc("2011-12-30T10:00:00Z"));
    assert_eq!(desk.end_of_day(date(2011, 12, 30)), thursday);
    assert_eq!(desk.open_between(thursday, desk.end_of_day(date(2011, 12, 31))), hours(24));
}

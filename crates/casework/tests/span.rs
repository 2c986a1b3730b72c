//! Spans: how they are written, where they end, and the steps that are told.

use calendar::{Calendar, CalendarSpec, HolidaySet};
use casework::span::{Rest, Span, Step};
use jiff::Timestamp;
use jiff::civil::date;

fn paris() -> Calendar {
    Calendar::new(CalendarSpec {
        zone: "Europe/Paris".to_owned(),
        hours: "Mo-Fr 09:00-12:30,14:00-18:00".to_owned(),
        holidays: HolidaySet::FRANCE,
        closures: vec![date(2026, 12, 24)],
    })
    .unwrap()
}

fn wall(at: Timestamp) -> String {
    paris().time_zone().to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[track_caller]
fn check(span: &str, from: &str, rest: Rest, expect: &str) {
    let from: Timestamp = from.parse().unwrap();
    let end = span.parse::<Span>().unwrap().end(from, rest, &paris()).unwrap();
    assert_eq!(wall(end.at), expect, "{span} from {from}");
    assert_eq!(paris().date_of(end.at), end.on);
}

#[test]
fn spans_end_where_the_law_says() {
    let (counts, postpones) = (Rest::Counts, Rest::Postpones);
    // Christmas, Sundays and New Year are no jours ouvrables; the desk's own closure on 24 December is one.
    check("10 ouvrable days", "2026-12-24T18:00:00+01:00", counts, "2027-01-07 23:59:59");
    check("10 business days", "2026-12-24T18:00:00+01:00", counts, "2027-01-11 23:59:59");
    check("1 business day", "2026-12-23T10:00:00+01:00", counts, "2026-12-24 23:59:59");
    check("1 open day", "2026-12-23T10:00:00+01:00", counts, "2026-12-28 23:59:59");
    check("14 days", "2026-03-01T23:59:59+01:00", counts, "2026-03-15 23:59:59");
    check("14 days", "2026-03-01T23:59:59+01:00", postpones, "2026-03-16 23:59:59");
    // 14 July is a Tuesday; Easter Monday follows a Sunday.
    check("2 months", "2026-05-14T09:00:00+02:00", postpones, "2026-07-15 23:59:59");
    check("1 month", "2026-03-05T09:00:00+01:00", postpones, "2026-04-07 23:59:59");
    check("1 month", "2026-01-31T09:00:00+01:00", counts, "2026-02-28 23:59:59");
    check("1 month", "2024-01-31T09:00:00+01:00", counts, "2024-02-29 23:59:59");
    check("1 year", "2024-02-29T09:00:00+01:00", counts, "2025-02-28 23:59:59");
    check("8 weeks", "2026-03-10T09:00:00+01:00", counts, "2026-05-05 23:59:59");
    // Open time steps over lunch, the night, the closure and Christmas; elapsed time over none, and gains an hour in autumn.
    check("2 business hours", "2026-03-10T11:30:00+01:00", counts, "2026-03-10 15:00:00");
    check("2 business hours", "2026-12-23T17:00:00+01:00", counts, "2026-12-28 10:00:00");
    check("48 hours", "2026-10-24T10:00:00+02:00", counts, "2026-10-26 09:00:00");
    check("24 hours", "2026-03-28T10:00:00+01:00", counts, "2026-03-29 11:00:00");
    // The day begins where the desk is, not in Greenwich: 23:30 UTC is already the next day in Paris.
    check("1 day", "2026-03-10T23:30:00Z", counts, "2026-03-12 23:59:59");
}

#[test]
fn the_steps_say_which_days_were_passed_over() {
    let from: Timestamp = "2026-12-24T18:00:00+01:00".parse().unwrap();
    let end = "10 ouvrable days".parse::<Span>().unwrap().end(from, Rest::Counts, &paris()).unwrap();
    let skipped = end.steps.iter().find_map(|step| match step {
        Step::Counted { skipped, .. } => Some(skipped.clone()),
        _ => None,
    });
    let expected = [date(2026, 12, 25), date(2026, 12, 27), date(2027, 1, 1), date(2027, 1, 3)];
    assert_eq!(skipped.unwrap(), expected);
    let words: Vec<String> = end.steps.iter().map(|step| step.in_words(&paris())).collect();
    assert_eq!(
        words,
        [
            "starts on Thu 2026-12-24 at 18:00:00",
            "counts 10 ouvrable days from the next day on, passing over Fri 2026-12-25, Sun 2026-12-27, Fri 2027-01-01, Sun 2027-01-03: \
             the last is Thu 2027-01-07",
            "ends with the last second of that day",
        ]
    );
}

#[test]
fn spans_read_their_own_words_and_nothing_else() {
    for (text, canonical) in [
        ("2 business hours", "2 business hours"),
        ("10 jours ouvrables", "10 ouvrable days"),
        (" 5  WORKING days ", "5 business days"),
        ("1 month", "1 month"),
        ("90 min", "90 minutes"),
        ("3 calendar days", "3 days"),
    ] {
        assert_eq!(text.parse::<Span>().unwrap().to_string(), canonical, "{text}");
    }
    for wrong in
        ["", "days", "two days", "-2 days", "2", "2 moons", "2.5 hours", "99999999999 days", "100001 days"]
    {
        assert!(wrong.parse::<Span>().is_err(), "{wrong}");
    }
}

//! Laws that hold for any calendar and any instant, zones with odd clock changes included.

use calendar::{Calendar, CalendarSpec, DAY_MINUTES, DayKind, HolidaySet, OpenRange, Region};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;

const ZONES: [&str; 9] = [
    "Europe/Paris",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "UTC",
];

/// 1985 to 2058, in seconds: the years in which those zones changed their clocks and those in which rules foresee it.
fn instants() -> impl Strategy<Value = Timestamp> {
    (473_385_600_i64..2_777_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

/// Up to three ranges a day, from sorted cuts, so that some of them touch.
fn day_ranges() -> impl Strategy<Value = Vec<OpenRange>> {
    prop::collection::btree_set(0..=DAY_MINUTES, 0..=6).prop_map(|cuts| {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        cuts.chunks_exact(2).map(|cut| OpenRange::new(cut[0], cut[1]).unwrap()).collect()
    })
}

fn calendars() -> impl Strategy<Value = Calendar> {
    let holidays = prop::sample::select(vec![
        HolidaySet::None,
        HolidaySet::FRANCE,
        HolidaySet::France(Region::AlsaceMoselle),
        HolidaySet::France(Region::Guadeloupe),
        "BE".parse().unwrap(),
    ]);
    let week = (prop::collection::vec(day_ranges(), 7), 0..1380_u16, any::<bool>());
    let hours = week.prop_map(|(mut days, opens, on_holidays)| {
        // Wednesday always opens an hour, so that every span ends.
        days[2] = vec![OpenRange::new(opens, opens + 60).unwrap()];
        let named = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].into_iter().zip(days);
        let mut rules: Vec<String> = named.filter(|(_, ranges)| !ranges.is_empty()).map(rule).collect();
        rules.extend(on_holidays.then(|| "PH 10:00-11:30".to_owned()));
        rules.join("; ")
    });
    let closures = prop::collection::vec((0..27_000_i64).prop_map(|n| date(1985, 1, 1) + n.days()), 0..40);
    (prop::sample::select(&ZONES[..]), hours, holidays, closures).prop_map(
        |(zone, hours, holidays, closures)| {
            Calendar::new(CalendarSpec { zone: zone.to_owned(), hours, holidays, closures }).unwrap()
        },
    )
}

fn rule((day, ranges): (&str, Vec<OpenRange>)) -> String {
    let ranges: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    format!("{day} {}", ranges.join(","))
}

fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

proptest! {
    #[test]
    fn open_time_adds_up_over_any_split(
        desk in calendars(), a in instants(), to_b in -9_000_000_i64..9_000_000, to_c in -9_000_000_i64..9_000_000,
    ) {
        let (b, c) = (a + seconds(to_b), a + seconds(to_c));
        prop_assert_eq!(desk.open_between(a, b) + desk.open_between(b, c), desk.open_between(a, c));
    }

    #[test]
    fn a_span_added_is_found_again_and_nothing_sooner_holds_it(
        desk in calendars(), from in instants(), span in 0..900_000_i64,
    ) {
        let due_at = desk.add_open(from, seconds(span)).unwrap();
        prop_assert!(due_at >= from);
        prop_assert_eq!(desk.open_between(from, due_at), seconds(span));
        if span > 0 {
            let just_before = due_at - SignedDuration::from_nanos(1);
            prop_assert!(desk.is_open(just_before));
            prop_assert!(desk.open_between(from, just_before) < seconds(span));
        }
    }

    #[test]
    fn later_or_longer_never_ends_sooner(
        desk in calendars(), from in instants(), wait in 0..900_000_i64, span in 0..200_000_i64, more in 0..9_000_i64,
    ) {
        let due_at = desk.add_open(from, seconds(span)).unwrap();
        prop_assert!(desk.add_open(from + seconds(wait), seconds(span)).unwrap() >= due_at);
        prop_assert!(desk.add_open(from, seconds(span + more)).unwrap() >= due_at);
        let open = desk.open_between(from, from + seconds(wait));
        prop_assert!(!open.is_negative() && open <= seconds(wait));
    }

    #[test]
    fn the_next_opening_is_open_and_nothing_is_open_before_it(desk in calendars(), at in instants()) {
        let opening = desk.next_opening(at).unwrap();
        prop_assert!(opening >= at && desk.is_open(opening));
        prop_assert_eq!(desk.open_between(at, opening), SignedDuration::ZERO);
        prop_assert_eq!(desk.is_open(at), opening == at);
    }

    #[test]
    fn open_time_is_what_ticking_would_count(desk in calendars(), at in instants()) {
        // Two days, minute by minute: what the crate never does.
        let start = Timestamp::from_second(at.as_second() / 60 * 60).unwrap();
        let ticks = (0..2_880).filter(|n| desk.is_open(start + seconds(n * 60))).count();
        let counted = desk.open_between(start, start + seconds(2_880 * 60));
        prop_assert_eq!(counted, SignedDuration::from_mins(i64::try_from(ticks).unwrap()));
    }

    #[test]
    fn away_from_clock_changes_open_is_what_the_wall_says(desk in calendars(), at in instants()) {
        let zone = desk.time_zone();
        let day_before = zone.to_offset(at - SignedDuration::from_hours(24));
        let day_after = zone.to_offset(at + SignedDuration::from_hours(24));
        prop_assume!(day_before == day_after);
        let wall = zone.to_datetime(at);
        let minute = u16::try_from(i32::from(wall.hour()) * 60 + i32::from(wall.minute())).unwrap();
        let is_open = desk.openings_on(wall.date()).iter()
            .any(|range| range.opens_minute() <= minute && minute < range.closes_minute());
        prop_assert_eq!(desk.is_open(at), is_open);
    }

    #[test]
    fn without_closing_open_time_is_elapsed_time(zone in prop::sample::select(&ZONES[..]), a in instants(), b in instants()) {
        let desk = Calendar::always_open(zone).unwrap();
        let limit = a + seconds(150_000_000);
        let b = b.min(limit);
        prop_assert_eq!(desk.open_between(a, b), a.duration_until(b));
        if b >= a {
            prop_assert_eq!(desk.add_open(a, a.duration_until(b)).unwrap(), b);
        }
    }

    #[test]
    fn days_are_counted_as_they_pass(desk in calendars(), at in instants(), count in 0..120_u32) {
        let from = desk.date_of(at);
        for kind in [DayKind::Calendar, DayKind::Ouvrable, DayKind::Business, DayKind::Open] {
            let due_on = desk.add_working_days(from, count, kind).unwrap();
            let passed = days_after(from, due_on).filter(|day| desk.is_counted(*day, kind)).count();
            prop_assert_eq!(u32::try_from(passed).unwrap(), count);
            prop_assert!(count == 0 || desk.is_counted(due_on, kind));
        }
    }

    #[test]
    fn a_specification_survives_writing(desk in calendars()) {
        let written = serde_json::to_string(&desk).unwrap();
        prop_assert_eq!(serde_json::from_str::<Calendar>(&written).unwrap(), desk);
    }

    #[test]
    fn no_text_makes_opening_hours_panic(text in "\\PC{0,40}|(Mo|Su|PH|week|Jan|easter|24/7|off|[-+,;: ]|[0-9]{1,4}){1,14}") {
        let spec = CalendarSpec { zone: "Europe/Paris".to_owned(), hours: text, holidays: HolidaySet::FRANCE, closures: vec![] };
        if let Ok(desk) = Calendar::new(spec) {
            let at = date(2026, 2, 27).at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp();
            let _ = desk.check_opens(at);
            prop_assert_eq!(Calendar::new(desk.spec()).unwrap(), desk);
        }
    }

    #[test]
    fn no_text_makes_a_range_panic(text in "\\PC{0,12}|[0-9:]{5}-[0-9:]{5}") {
        if let Ok(range) = text.parse::<OpenRange>() {
            prop_assert_eq!(range.to_string(), text);
        }
    }
}

fn days_after(from: Date, last: Date) -> impl Iterator<Item = Date> {
    from.series(1.day()).skip(1).take_while(move |day| *day <= last)
}

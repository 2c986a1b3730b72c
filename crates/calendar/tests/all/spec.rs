//! What a specification accepts, refuses and gives back.

use calendar::{CLOSURES_MAX, Calendar, CalendarSpec, HolidaySet, OpenRange, RangeError, SpecError, Week};
use jiff::civil::{Weekday, date};

use crate::{ranges, shop};

fn spec(zone: &str, week: Week) -> CalendarSpec {
    CalendarSpec { zone: zone.to_owned(), week, holidays: HolidaySet::None, closures: vec![] }
}

fn monday(texts: &[&str]) -> Week {
    Week { monday: ranges(texts), ..Week::default() }
}

#[test]
fn a_range_reads_only_its_own_notation() {
    let check = |text: &str, expect| assert_eq!(text.parse::<OpenRange>(), expect, "{text:?}");
    check("09:00-12:30", OpenRange::new(540, 750));
    check("00:00-24:00", Ok(OpenRange::WHOLE_DAY));
    check("23:59-24:00", OpenRange::new(1439, 1440));
    check("22:00-02:00", Err(RangeError::Empty));
    check("09:00-09:00", Err(RangeError::Empty));
    check("24:00-24:00", Err(RangeError::Empty));
    check("09:00-24:01", Err(RangeError::OutsideDay));
    check("09:60-12:00", Err(RangeError::OutsideDay));
    check("99:99-99:99", Err(RangeError::OutsideDay));
    for text in [
        "",
        "-",
        "9:00-12:00",
        "09:00",
        "09:00–12:00",
        "09h00-12h00",
        "09:00-12:00 ",
        "+9:00-12:00",
        "é:00-1",
    ] {
        check(text, Err(RangeError::Malformed));
    }
    assert_eq!(OpenRange::new(0, u16::MAX), Err(RangeError::OutsideDay));
}

#[test]
fn a_calendar_that_never_opens_is_refused() {
    assert_eq!(Calendar::new(spec("Europe/Paris", Week::default())), Err(SpecError::NeverOpens));
}

#[test]
fn overlapping_ranges_are_refused_and_touching_ones_accepted() {
    let overlap = Calendar::new(spec("Europe/Paris", monday(&["12:00-18:00", "09:00-12:01"])));
    let [first, second] = ranges(&["09:00-12:01", "12:00-18:00"])[..] else { unreachable!() };
    assert_eq!(overlap, Err(SpecError::Overlap { weekday: Weekday::Monday, first, second }));
    assert!(Calendar::new(spec("Europe/Paris", monday(&["12:00-18:00", "09:00-12:00"]))).is_ok());
    assert!(Calendar::new(spec("Europe/Paris", monday(&["09:00-18:00", "09:00-18:00"]))).is_err());
}

#[test]
fn an_unknown_zone_is_refused_and_a_known_one_spelt_properly() {
    for name in ["", "Europe/Lutece", "Etc/Unknown", "../../etc/passwd", "+01:00"] {
        let refused = Err(SpecError::UnknownZone { name: name.to_owned() });
        assert_eq!(Calendar::always_open(name), refused);
    }
    for (name, canonical) in
        [("europe/PARIS", "Europe/Paris"), ("utc", "UTC"), ("Indian/Reunion", "Indian/Reunion")]
    {
        assert_eq!(Calendar::always_open(name).unwrap().spec().zone, canonical);
    }
}

#[test]
fn sizes_are_bounded() {
    let many: Vec<OpenRange> = (0..13).map(|n| OpenRange::new(n * 60, n * 60 + 30).unwrap()).collect();
    let week = Week { sunday: many, ..Week::default() };
    let refused = Err(SpecError::TooManyRanges { weekday: Weekday::Sunday, count: 13 });
    assert_eq!(Calendar::new(spec("UTC", week)), refused);

    let closures = vec![date(2026, 1, 2); CLOSURES_MAX + 1];
    let crowded = CalendarSpec { closures, ..spec("UTC", Week::always()) };
    assert_eq!(Calendar::new(crowded), Err(SpecError::TooManyClosures { count: CLOSURES_MAX + 1 }));
}

#[test]
fn a_specification_comes_back_in_order() {
    let given = CalendarSpec {
        closures: vec![date(2026, 8, 3), date(2026, 5, 15), date(2026, 8, 3)],
        ..spec("europe/paris", monday(&["14:00-18:00", "09:00-12:30"]))
    };
    let kept = Calendar::new(given).unwrap().spec();
    assert_eq!(kept.zone, "Europe/Paris");
    assert_eq!(kept.week, monday(&["09:00-12:30", "14:00-18:00"]));
    assert_eq!(kept.closures, [date(2026, 5, 15), date(2026, 8, 3)]);
    assert_eq!(Calendar::new(kept.clone()).unwrap().spec(), kept);
}

#[test]
fn serde_goes_through_the_same_checks() {
    let read = |text: &str| serde_json::from_str::<Calendar>(text);
    let written = serde_json::to_string(&shop()).unwrap();
    assert_eq!(read(&written).unwrap(), shop());

    let short = r#"{"zone":"Europe/Paris","week":{"saturday":["10:00-24:00"]},"holidays":"alsace_moselle"}"#;
    assert_eq!(read(short).unwrap().spec().week.saturday, ranges(&["10:00-24:00"]));
    for (wrong, why) in [
        (r#"{"zone":"Europe/Paris","week":{}}"#, "opens at least once"),
        (r#"{"zone":"Mars","week":{"monday":["09:00-12:00"]}}"#, "not a time zone"),
        (r#"{"zone":"UTC","week":{"monday":["12:00-09:00"]}}"#, "closes after it opens"),
        (r#"{"zone":"UTC","week":{"lundi":["09:00-12:00"]}}"#, "unknown field"),
        (r#"{"zone":"UTC","week":{"monday":["09:00-12:00"]},"closures":["2026-02-30"]}"#, "day"),
    ] {
        let error = read(wrong).unwrap_err().to_string();
        assert!(error.contains(why), "{wrong}: {error}");
    }
}

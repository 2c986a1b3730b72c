//! What a specification accepts, refuses and gives back.

use calendar::{
    CLOSURES_MAX, Calendar, CalendarSpec, HOURS_CHARS_MAX, HolidaySet, OpenRange, RangeError, Region,
    SpecError,
};
use jiff::civil::date;

use crate::{paris, ranges, shop, utc};

fn spec(zone: &str, hours: &str) -> CalendarSpec {
    CalendarSpec {
        zone: zone.to_owned(),
        hours: hours.to_owned(),
        holidays: HolidaySet::None,
        closures: vec![],
    }
}

fn open_in_paris(hours: &str) -> Calendar {
    Calendar::new(CalendarSpec { holidays: HolidaySet::FRANCE, ..spec("Europe/Paris", hours) }).unwrap()
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
fn a_calendar_that_opens_on_none_of_the_next_thirty_days_is_refused() {
    let now = utc("2026-03-02T11:00:00Z");
    for never in
        ["off", "24/7 off", "2019 Mo-Fr 09:00-17:00", "Dec 09:00-17:00", "PH 09:00-12:00", "Mo-Fr unknown"]
    {
        assert_eq!(open_in_paris(never).check_opens(now), Err(SpecError::NeverOpens), "{never}");
    }
    // The next holiday is Easter Monday, 6 April: five days too late. From 10 March on it is near enough.
    assert_eq!(open_in_paris("PH 09:00-12:00").check_opens(utc("2026-03-10T11:00:00Z")), Ok(()));
    assert_eq!(shop().check_opens(now), Ok(()));
    let closed = (0..40).map(|n| date(2026, 3, 1) + jiff::Span::new().days(n)).collect();
    let long_leave = CalendarSpec { closures: closed, ..spec("UTC", "24/7") };
    assert_eq!(Calendar::new(long_leave).unwrap().check_opens(now), Err(SpecError::NeverOpens));
}

#[test]
fn hours_are_read_as_openstreetmap_writes_them() {
    let check = |hours: &str, day, expect: &[&str]| {
        assert_eq!(open_in_paris(hours).openings_on(day), ranges(expect), "{hours} on {day}");
    };
    let (monday, saturday) = (date(2026, 3, 2), date(2026, 3, 7));
    check("Mo-Fr 09:00-12:30,14:00-18:00; Sa 10:00-12:00", monday, &["09:00-12:30", "14:00-18:00"]);
    check("Mo-Fr 09:00-12:30,14:00-18:00; Sa 10:00-12:00", saturday, &["10:00-12:00"]);
    check("  Mo-Fr   08:00-24:00 ", monday, &["08:00-24:00"]);
    check("24/7", saturday, &["00:00-24:00"]);
    // A night that ends on the next day, and the part of it that the day before left over.
    check("Mo,Tu 22:00-06:00", date(2026, 3, 3), &["00:00-06:00", "22:00-24:00"]);
    // Ranges that touch or overlap are one.
    check("Mo 09:00-12:00,12:00-14:00", monday, &["09:00-14:00"]);
    check("Mo 12:00-18:00,09:00-12:01", monday, &["09:00-18:00"]);
    // Seasons, weeks, one day of the year, a weekday of the month.
    check("Jul-Aug Mo-Fr 09:00-12:00; Sep-Jun Mo-Fr 09:00-18:00", date(2026, 7, 15), &["09:00-12:00"]);
    check("Jul-Aug Mo-Fr 09:00-12:00; Sep-Jun Mo-Fr 09:00-18:00", monday, &["09:00-18:00"]);
    check("Mo-Fr 09:00-18:00; Dec 24 09:00-12:00", date(2026, 12, 24), &["09:00-12:00"]);
    check("Mo[1] 10:00-12:00", monday, &["10:00-12:00"]);
    check("Mo[1] 10:00-12:00", date(2026, 3, 9), &[]);
    check("Mo 09:00-12:00 open \"sur rendez-vous\"", monday, &["09:00-12:00"]);
}

#[test]
fn holidays_close_the_desk_unless_its_hours_speak_of_them() {
    let bastille = date(2026, 7, 14);
    assert!(open_in_paris("Mo-Su 09:00-18:00").openings_on(bastille).is_empty());
    assert!(open_in_paris("24/7").openings_on(bastille).is_empty());
    assert!(open_in_paris("24/7; PH off").openings_on(bastille).is_empty());
    assert_eq!(open_in_paris("24/7; PH open").openings_on(bastille), ranges(&["00:00-24:00"]));
    assert_eq!(
        open_in_paris("Mo-Su 09:00-18:00; PH 10:00-12:00").openings_on(bastille),
        ranges(&["10:00-12:00"])
    );
    // An own closure closes whatever the hours say.
    let closed = CalendarSpec { closures: vec![bastille], ..open_in_paris("24/7; PH open").spec() };
    assert!(Calendar::new(closed).unwrap().openings_on(bastille).is_empty());
}

#[test]
fn hours_that_cannot_be_used_are_refused_with_the_reason() {
    for wrong in ["", "Lundi 9h-12h", "Mo-Fr 9h-12h", "Mo 25:00-26:00", "Mo-Fr 09:00", "Mo\u{0}"] {
        let refused = Calendar::new(spec("UTC", wrong));
        assert!(matches!(refused, Err(SpecError::UnreadableHours { .. })), "{wrong:?}: {refused:?}");
    }
    for (unusable, word) in
        [("SH off; Mo 09:00-12:00", "SH"), ("Mo sunrise-sunset", "sunrise"), ("Mo 08:00-dusk", "dusk")]
    {
        let refused = Err(SpecError::UnusableHours { word: word.to_owned() });
        assert_eq!(Calendar::new(spec("UTC", unusable)), refused, "{unusable}");
    }
    // In a comment the words mean nothing.
    assert!(Calendar::new(spec("UTC", "Mo 09:00-12:00 \"SH sunrise\"")).is_ok());
    let long = format!("Mo 09:00-12:00 \"{}\"", "x".repeat(HOURS_CHARS_MAX));
    assert_eq!(Calendar::new(spec("UTC", &long)), Err(SpecError::HoursTooLong));
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
    let closures = vec![date(2026, 1, 2); CLOSURES_MAX + 1];
    let crowded = CalendarSpec { closures, ..spec("UTC", "24/7") };
    assert_eq!(Calendar::new(crowded), Err(SpecError::TooManyClosures { count: CLOSURES_MAX + 1 }));
}

#[test]
fn a_specification_comes_back_in_order() {
    let given = CalendarSpec {
        closures: vec![date(2026, 8, 3), date(2026, 5, 15), date(2026, 8, 3)],
        ..spec("europe/paris", "Mo  14:00-18:00,09:00-12:30")
    };
    let kept = Calendar::new(given).unwrap().spec();
    assert_eq!(kept.zone, "Europe/Paris");
    assert_eq!(kept.hours, "Mo 14:00-18:00,09:00-12:30");
    assert_eq!(kept.closures, [date(2026, 5, 15), date(2026, 8, 3)]);
    assert_eq!(Calendar::new(kept.clone()).unwrap().spec(), kept);
}

#[test]
fn serde_goes_through_the_same_checks() {
    let read = |text: &str| serde_json::from_str::<Calendar>(text);
    let written = serde_json::to_string(&shop()).unwrap();
    assert_eq!(read(&written).unwrap(), shop());

    let short = r#"{"zone":"Europe/Paris","hours":"Sa 10:00-24:00","holidays":"alsace_moselle"}"#;
    assert_eq!(read(short).unwrap().holidays(), HolidaySet::France(Region::AlsaceMoselle));
    for (wrong, why) in [
        (r#"{"zone":"Europe/Paris"}"#, "has opening hours"),
        (r#"{"zone":"Mars","hours":"Mo 09:00-12:00"}"#, "not a time zone"),
        (r#"{"zone":"UTC","hours":"lundi"}"#, "cannot be read"),
        (r#"{"zone":"UTC","hours":"24/7","holidays":"mars"}"#, "neither a set of public holidays"),
        (r#"{"zone":"UTC","hours":"24/7","closures":["2026-02-30"]}"#, "day"),
        (r#"{"zone":"UTC","hours":"24/7","week":{}}"#, "written once"),
        (r#"{"zone":"UTC","week":{"lundi":["09:00-12:00"]}}"#, "unknown field"),
    ] {
        let error = read(wrong).unwrap_err().to_string();
        assert!(error.contains(why), "{wrong}: {error}");
    }
}

#[test]
fn the_notation_of_the_first_versions_is_still_read() {
    let old = r#"{"zone":"Europe/Paris","week":{"monday":["14:00-18:00","09:00-12:30"],"saturday":["10:00-24:00"]},
        "holidays":"france_metropolitan","closures":["2026-03-09"]}"#;
    let desk: Calendar = serde_json::from_str(old).unwrap();
    assert_eq!(desk.spec().hours, "Mo 09:00-12:30,14:00-18:00; Sa 10:00-24:00");
    assert_eq!(desk.openings_on(date(2026, 3, 2)), ranges(&["09:00-12:30", "14:00-18:00"]));
    assert!(desk.openings_on(date(2026, 3, 9)).is_empty());
    assert!(desk.is_open(paris("2026-03-07 23:59")));
    let written = serde_json::to_string(&desk).unwrap();
    assert!(written.contains("\"hours\"") && !written.contains("week"), "{written}");
}

//! Computed public holidays against an independent list, and the cases a list does not show.
//!
//! The list: 8,928 rows by the python-holidays package, 2000 to 2050, kept outside the repository.

use std::collections::BTreeSet;
use std::path::PathBuf;

use calendar::{Holiday, HolidaySet};
use jiff::ToSpan;
use jiff::civil::{Date, date};

const LIST: &str = "jours_feries_fr_python_holidays.csv";
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2050;

/// One row for a date: (date, name), two names joined where two holidays fall together.
type Row = (Date, String);

#[test]
fn match_the_list_of_python_holidays() {
    let Some(list) = read_list() else {
        eprintln!("SKIPPED: {LIST} is neither under $SUIVI_CORPORA nor in ../shared/data/calendar");
        return;
    };
    assert_eq!(list.lines().count(), 8_929, "the list has its header and 8,928 rows");
    check_zone(&list, "metropole", HolidaySet::FranceMetropolitan);
    // By law Good Friday depends on the commune there; the list and our set both always hold it.
    check_zone(&list, "alsace-moselle-57", HolidaySet::AlsaceMoselle);
    check_zone(&list, "alsace-6AE", HolidaySet::AlsaceMoselle);
}

/// The list leaves out Whit Monday in 2005 to 2007, which the state's own library counts: the only difference.
fn check_zone(list: &str, zone: &str, set: HolidaySet) {
    let listed: BTreeSet<Row> = list.lines().filter_map(|line| row_of(line, zone)).collect();
    let computed: BTreeSet<Row> = days_of(YEARS).filter_map(|day| Some((day, french(day, set)?))).collect();
    assert!(listed.len() > 550, "{zone}: {} rows", listed.len());
    assert_eq!(listed.difference(&computed).collect::<Vec<_>>(), Vec::<&Row>::new(), "{zone}: not computed");
    let extra: Vec<Date> = computed.difference(&listed).map(|row| row.0).collect();
    assert_eq!(extra, [date(2005, 5, 16), date(2006, 6, 5), date(2007, 5, 28)], "{zone}: not listed");
}

fn row_of(line: &str, zone: &str) -> Option<Row> {
    let columns: Vec<&str> = line.split(',').collect();
    let &[of_zone, _, day, name] = &columns[..] else { panic!("{line:?} has not four columns") };
    (of_zone == zone).then(|| (day.parse().unwrap(), name.to_owned()))
}

fn read_list() -> Option<String> {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let corpora = std::env::var_os("SUIVI_CORPORA").map_or(shared, PathBuf::from);
    [corpora.join("calendar").join(LIST), corpora.join(LIST)]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok())
}

fn days_of(years: std::ops::RangeInclusive<i16>) -> impl Iterator<Item = Date> {
    let end = date(*years.end(), 12, 31);
    date(*years.start(), 1, 1).series(1.day()).take_while(move |day| *day <= end)
}

/// The name as the list writes it.
fn french(day: Date, set: HolidaySet) -> Option<String> {
    let name = match set.holiday_on(day)? {
        Holiday::NewYear => "Jour de l'an",
        Holiday::GoodFriday => "Vendredi saint",
        Holiday::EasterMonday => "Lundi de Pâques",
        // On 1 May 2008 the list joins two names; we name the fixed holiday.
        Holiday::LabourDay if day == date(2008, 5, 1) => "Ascension; Fête du Travail",
        Holiday::LabourDay => "Fête du Travail",
        Holiday::VictoryDay => "Fête de la Victoire",
        Holiday::Ascension => "Ascension",
        Holiday::WhitMonday => "Lundi de Pentecôte",
        Holiday::NationalDay => "Fête nationale",
        Holiday::Assumption => "Assomption",
        Holiday::AllSaints => "Toussaint",
        Holiday::ArmisticeDay => "Armistice",
        Holiday::Christmas => "Noël",
        Holiday::SaintStephen => "Saint-Étienne",
    };
    Some(name.to_owned())
}

#[test]
fn of_2026_by_hand() {
    let of = |set: HolidaySet| {
        let days = days_of(2026..=2026).filter(|day| set.holiday_on(*day).is_some());
        days.map(|day| day.strftime("%m-%d").to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of(HolidaySet::None), "");
    assert_eq!(
        of(HolidaySet::FranceMetropolitan),
        "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25"
    );
    assert_eq!(
        of(HolidaySet::AlsaceMoselle),
        "01-01 04-03 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25 12-26"
    );
}

#[test]
fn answer_on_every_representable_date() {
    for day in [Date::MIN, Date::MAX, date(0, 1, 1), date(-1, 12, 31), date(1582, 10, 10)] {
        HolidaySet::AlsaceMoselle.holiday_on(day);
    }
}

//! Computed public holidays against an independent list, and the cases a list does not show.
//!
//! The list: 8,928 rows by the python-holidays package, 2000 to 2050, kept outside the repository.

use std::collections::BTreeSet;
use std::path::PathBuf;

use calendar::{Holiday, HolidaySet, Region};
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
    let mut rows = 0;
    for (zone, region) in [
        ("metropole", Region::Metropolitan),
        // By law Good Friday depends on the commune there; the list and our set both always hold it.
        ("alsace-moselle-57", Region::AlsaceMoselle),
        ("alsace-6AE", Region::AlsaceMoselle),
        ("guadeloupe", Region::Guadeloupe),
        ("martinique", Region::Martinique),
        ("guyane", Region::Guyane),
        ("reunion", Region::Reunion),
        ("mayotte", Region::Mayotte),
        ("saint-barthelemy", Region::SaintBarthelemy),
        ("saint-martin", Region::SaintMartin),
        ("spm", Region::Metropolitan),
        ("nouvelle-caledonie", Region::NewCaledonia),
        ("polynesie", Region::Polynesia),
        ("wallis-futuna", Region::WallisFutuna),
    ] {
        rows += check_zone(&list, zone, HolidaySet::France(region));
    }
    assert_eq!(rows, 8_928, "every row of the list was held against ours");
}

/// The list leaves out Whit Monday in 2005 to 2007, which the state's own library counts: the only difference.
fn check_zone(list: &str, zone: &str, set: HolidaySet) -> usize {
    let listed: BTreeSet<Row> = list.lines().filter_map(|line| row_of(line, zone)).collect();
    let computed: BTreeSet<Row> = days_of(YEARS).filter_map(|day| Some((day, french(day, set)?))).collect();
    assert!(listed.len() > 550, "{zone}: {} rows", listed.len());
    assert_eq!(listed.difference(&computed).collect::<Vec<_>>(), Vec::<&Row>::new(), "{zone}: not computed");
    let extra: Vec<Date> = computed.difference(&listed).map(|row| row.0).collect();
    assert_eq!(extra, [date(2005, 5, 16), date(2006, 6, 5), date(2007, 5, 28)], "{zone}: not listed");
    listed.len()
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

/// The names as the list writes them, in its order.
fn french(day: Date, set: HolidaySet) -> Option<String> {
    let mut names: Vec<&str> = set.holidays_on(day).map(|holiday| french_name(holiday, day)).collect();
    names.sort_unstable();
    (!names.is_empty()).then(|| names.join("; "))
}

fn french_name(holiday: Holiday, day: Date) -> &'static str {
    match holiday {
        Holiday::NewYear => "Jour de l'an",
        Holiday::MidLent => "Mi-Carême",
        Holiday::GoodFriday => "Vendredi saint",
        Holiday::EasterMonday => "Lundi de Pâques",
        Holiday::GospelDay => "Arrivée de l'Évangile",
        Holiday::AbolitionOfSlavery => "Abolition de l'esclavage",
        Holiday::SaintPeterChanel => "Saint Pierre Chanel",
        Holiday::LabourDay => "Fête du Travail",
        Holiday::VictoryDay => "Fête de la Victoire",
        Holiday::Ascension => "Ascension",
        Holiday::WhitMonday => "Lundi de Pentecôte",
        Holiday::AutonomyDay => "Fête de l'autonomie",
        Holiday::SaintsPeterAndPaul => "Saints Pierre et Paul",
        Holiday::NationalDay => "Fête nationale",
        Holiday::SchoelcherDay => "Fête de Victor Schoelcher",
        Holiday::TerritoryDay => "Fête du Territoire",
        Holiday::Assumption => "Assomption",
        // The same day had another name until 2003.
        Holiday::CitizenshipDay if day.year() < 2004 => "Fête de la prise de possession",
        Holiday::CitizenshipDay => "Fête de la Citoyenneté",
        Holiday::AllSaints => "Toussaint",
        Holiday::ArmisticeDay => "Armistice",
        Holiday::Matarii => "Matāri'i",
        Holiday::Christmas => "Noël",
        Holiday::SaintStephen => "Saint-Étienne",
        Holiday::Foreign => "",
    }
}

#[test]
fn of_2026_by_hand() {
    let of = |set: HolidaySet| {
        let days = days_of(2026..=2026).filter(|day| set.holiday_on(*day).is_some());
        days.map(|day| day.strftime("%m-%d").to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of(HolidaySet::None), "");
    assert_eq!(of(HolidaySet::FRANCE), "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25");
    assert_eq!(
        of(HolidaySet::France(Region::AlsaceMoselle)),
        "01-01 04-03 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25 12-26"
    );
}

#[test]
fn answer_on_every_representable_date() {
    for day in [Date::MIN, Date::MAX, date(0, 1, 1), date(-1, 12, 31), date(1582, 10, 10)] {
        HolidaySet::France(Region::AlsaceMoselle).holiday_on(day);
    }
}

#[test]
fn of_other_countries_are_known_by_their_code() {
    let belgium: HolidaySet = "BE".parse().unwrap();
    let of_2026: Vec<Date> = days_of(2026..=2026).filter(|day| belgium.holiday_on(*day).is_some()).collect();
    // The ten legal holidays (arrêté royal du 18 avril 1974, art. 1) that do not fall on a Sunday anyway.
    for (month, day) in
        [(1, 1), (4, 6), (5, 1), (5, 14), (5, 25), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)]
    {
        assert!(of_2026.contains(&date(2026, month, day)), "{month}-{day}");
    }
    assert!(!of_2026.contains(&date(2026, 7, 14)));
    assert_eq!(belgium.to_string(), "BE");
    assert_eq!("FR".parse::<HolidaySet>(), Ok(HolidaySet::FRANCE));
    for unknown in ["", "XX", "be", "france", "metropole"] {
        assert!(unknown.parse::<HolidaySet>().is_err(), "{unknown:?}");
    }
    for region in Region::ALL {
        assert_eq!(region.word().parse::<HolidaySet>(), Ok(HolidaySet::France(*region)));
    }
}

//! Public holidays. Those of France are computed from the law, without a table of dates; those of other countries come
//! from the data inside the `opening-hours` library. Names for people live in the catalogue of sentences.
//!
//! Sources: Code du travail, art. L3133-1 (the eleven legal holidays), L3134-13 (the departments of Moselle, Bas-Rhin
//! and Haut-Rhin, after the ordinance of 16 August 1892) and L3422-2 (the day on which each overseas department keeps
//! the abolition of slavery, after the law 83-550 of 30 June 1983); the local law and custom of the other territories.
//! Limits: the law of today is applied to every year, so 8 May is a holiday even before 1982, save where a row of the
//! table says since when.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use opening_hours::localization::Country;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::dates::foreign_date;
use crate::easter::easter_march_day;

/// Which public holidays a calendar observes. Written as a word: `france_metropolitan`, `alsace_moselle`,
/// `guadeloupe` …, or the two letters of a country (ISO 3166-1), such as `BE`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum HolidaySet {
    /// No public holiday at all.
    #[default]
    None,
    /// Those of a part of France.
    France(Region),
    /// The nationwide ones of another country.
    Country(Country),
}

/// The word is neither a set of holidays nor a country with known holidays.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{word:?} is neither a set of public holidays nor a country whose holidays are known")]
pub struct UnknownHolidays {
    /// The word as given.
    pub word: String,
}

macro_rules! regions {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// A part of France with its own set of public holidays: the eleven, and what the place adds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Region {
            $($(#[$doc])* $variant,)*
        }

        impl Region {
            /// Every part, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word it is written as.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}

regions! {
    /// Metropolitan France, and Saint-Pierre-et-Miquelon, which adds none.
    Metropolitan = "france_metropolitan",
    /// Moselle, Bas-Rhin and Haut-Rhin.
    ///
    /// By law Good Friday is a holiday only in communes that have a Protestant church or a church shared by both
    /// confessions. This set always holds it, as most calendars of the region do: for a deadline that the law sets on
    /// a desk in another commune, the set grants one day too many.
    AlsaceMoselle = "alsace_moselle",
    /// Guadeloupe.
    Guadeloupe = "guadeloupe",
    /// Martinique.
    Martinique = "martinique",
    /// French Guiana.
    Guyane = "guyane",
    /// La Réunion.
    Reunion = "reunion",
    /// Mayotte.
    Mayotte = "mayotte",
    /// Saint-Barthélemy.
    SaintBarthelemy = "saint_barthelemy",
    /// Saint-Martin.
    SaintMartin = "saint_martin",
    /// New Caledonia.
    NewCaledonia = "nouvelle_caledonie",
    /// French Polynesia.
    Polynesia = "polynesie",
    /// Wallis and Futuna.
    WallisFutuna = "wallis_futuna",
}

/// One public holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Thursday of the third week of Lent, 24 days before Easter; Guadeloupe.
    MidLent,
    /// Two days before Easter.
    GoodFriday,
    /// The day after Easter.
    EasterMonday,
    /// 5 March, arrival of the first missionaries; Polynesia.
    GospelDay,
    /// The abolition of slavery, on a day of its own in each territory.
    AbolitionOfSlavery,
    /// 28 April; Wallis and Futuna.
    SaintPeterChanel,
    /// 1 May.
    LabourDay,
    /// 8 May.
    VictoryDay,
    /// 39 days after Easter.
    Ascension,
    /// 50 days after Easter. In 2005 to 2007 too, when it was by default the *journée de solidarité*: the state's own
    /// library (etalab/jours-feries-france) counts those years, python-holidays does not.
    WhitMonday,
    /// 29 June, until 2024; Polynesia.
    AutonomyDay,
    /// 29 June; Wallis and Futuna.
    SaintsPeterAndPaul,
    /// 14 July.
    NationalDay,
    /// 21 July; Guadeloupe, Martinique, Saint-Martin.
    SchoelcherDay,
    /// 29 July; Wallis and Futuna.
    TerritoryDay,
    /// 15 August.
    Assumption,
    /// 24 September; New Caledonia.
    CitizenshipDay,
    /// 1 November.
    AllSaints,
    /// 11 November.
    ArmisticeDay,
    /// 20 November, from 2025; Polynesia.
    Matarii,
    /// 25 December.
    Christmas,
    /// 26 December; Alsace-Moselle.
    SaintStephen,
    /// A public holiday of another country, not known by its name.
    Foreign,
}

/// When a holiday falls.
#[derive(Clone, Copy)]
enum When {
    /// The same month and day each year.
    On(i8, i8),
    /// So many days after Easter Sunday.
    Easter(i16),
}

use When::{Easter, On};

/// The legal holidays of all of France. Fixed ones first: where two fall together, the fixed one is named.
const NATIONAL: [(When, Holiday); 11] = [
    (On(1, 1), Holiday::NewYear),
    (On(5, 1), Holiday::LabourDay),
    (On(5, 8), Holiday::VictoryDay),
    (On(7, 14), Holiday::NationalDay),
    (On(8, 15), Holiday::Assumption),
    (On(11, 1), Holiday::AllSaints),
    (On(11, 11), Holiday::ArmisticeDay),
    (On(12, 25), Holiday::Christmas),
    (Easter(1), Holiday::EasterMonday),
    (Easter(39), Holiday::Ascension),
    (Easter(50), Holiday::WhitMonday),
];

const EVER: (i16, i16) = (i16::MIN, i16::MAX);

/// What a place adds: where, when, what, in which years.
const LOCAL: [(Region, When, Holiday, (i16, i16)); 22] = [
    (Region::AlsaceMoselle, Easter(-2), Holiday::GoodFriday, EVER),
    (Region::AlsaceMoselle, On(12, 26), Holiday::SaintStephen, EVER),
    (Region::Guadeloupe, On(5, 27), Holiday::AbolitionOfSlavery, EVER),
    (Region::Guadeloupe, On(7, 21), Holiday::SchoelcherDay, EVER),
    (Region::Guadeloupe, Easter(-24), Holiday::MidLent, EVER),
    (Region::Guadeloupe, Easter(-2), Holiday::GoodFriday, EVER),
    (Region::Martinique, On(5, 22), Holiday::AbolitionOfSlavery, EVER),
    (Region::Martinique, On(7, 21), Holiday::SchoelcherDay, EVER),
    (Region::Guyane, On(6, 10), Holiday::AbolitionOfSlavery, EVER),
    (Region::Reunion, On(12, 20), Holiday::AbolitionOfSlavery, EVER),
    (Region::Mayotte, On(4, 27), Holiday::AbolitionOfSlavery, EVER),
    (Region::SaintBarthelemy, On(10, 9), Holiday::AbolitionOfSlavery, (2012, i16::MAX)),
    (Region::SaintMartin, On(5, 28), Holiday::AbolitionOfSlavery, (2012, i16::MAX)),
    (Region::SaintMartin, On(7, 21), Holiday::SchoelcherDay, (2012, i16::MAX)),
    (Region::NewCaledonia, On(9, 24), Holiday::CitizenshipDay, EVER),
    (Region::Polynesia, On(3, 5), Holiday::GospelDay, EVER),
    (Region::Polynesia, On(6, 29), Holiday::AutonomyDay, (i16::MIN, 2024)),
    (Region::Polynesia, On(11, 20), Holiday::Matarii, (2025, i16::MAX)),
    (Region::Polynesia, Easter(-2), Holiday::GoodFriday, EVER),
    (Region::WallisFutuna, On(4, 28), Holiday::SaintPeterChanel, EVER),
    (Region::WallisFutuna, On(6, 29), Holiday::SaintsPeterAndPaul, EVER),
    (Region::WallisFutuna, On(7, 29), Holiday::TerritoryDay, EVER),
];

impl HolidaySet {
    /// The eleven legal holidays of France, the set that most desks observe.
    pub const FRANCE: Self = Self::France(Region::Metropolitan);

    /// The holiday that falls on a date, if any.
    ///
    /// Where two fall together (Ascension on 1 May in 2008, on 8 May in 1997) a nationwide one and a fixed one come
    /// first.
    pub fn holiday_on(self, date: Date) -> Option<Holiday> {
        self.holidays_on(date).next()
    }

    /// Every holiday that falls on a date.
    pub fn holidays_on(self, date: Date) -> impl Iterator<Item = Holiday> {
        let region = match self {
            Self::France(region) => Some(region),
            Self::None | Self::Country(_) => None,
        };
        let easter = days_after_easter(date);
        let falls = move |when: When| match when {
            On(month, day) => (month, day) == (date.month(), date.day()),
            Easter(days) => days == easter,
        };
        let national = NATIONAL.into_iter().filter(move |_| region.is_some());
        let local = LOCAL.into_iter().filter(move |(place, _, _, (from, to))| {
            Some(*place) == region && (*from..=*to).contains(&date.year())
        });
        let french = national.chain(local.map(|(_, when, holiday, _)| (when, holiday)));
        let french = french.filter(move |(when, _)| falls(*when)).map(|(_, holiday)| holiday);
        french.chain(self.is_foreign_holiday(date).then_some(Holiday::Foreign))
    }

    fn is_foreign_holiday(self, date: Date) -> bool {
        let Self::Country(country) = self else { return false };
        foreign_date(date).is_some_and(|date| country.holidays().get_public().contains(date))
    }
}

impl FromStr for HolidaySet {
    type Err = UnknownHolidays;

    fn from_str(word: &str) -> Result<Self, UnknownHolidays> {
        if word == "none" {
            return Ok(Self::None);
        }
        if let Some(region) = Region::ALL.iter().find(|region| region.word() == word) {
            return Ok(Self::France(*region));
        }
        let unknown = || UnknownHolidays { word: word.to_owned() };
        let country: Country = word.parse().map_err(|_| unknown())?;
        // France is computed here, from the law.
        if country == Country::FR {
            return Ok(Self::FRANCE);
        }
        if country.holidays().get_public().count() == 0 {
            return Err(unknown());
        }
        Ok(Self::Country(country))
    }
}

impl fmt::Display for HolidaySet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => out.write_str("none"),
            Self::France(region) => out.write_str(region.word()),
            Self::Country(country) => out.write_str(country.iso_code()),
        }
    }
}

impl TryFrom<String> for HolidaySet {
    type Error = UnknownHolidays;

    fn try_from(word: String) -> Result<Self, UnknownHolidays> {
        word.parse()
    }
}

impl From<HolidaySet> for String {
    fn from(set: HolidaySet) -> Self {
        set.to_string()
    }
}

/// Days from Easter Sunday of the same year, negative before it.
fn days_after_easter(date: Date) -> i16 {
    let before_march = if date.in_leap_year() { 60 } else { 59 };
    date.day_of_year() - before_march - easter_march_day(date.year())
}

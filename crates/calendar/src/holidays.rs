//! Public holidays, computed from the law; no table of dates. Names for people live in the catalogue of sentences.
//!
//! Sources: Code du travail, art. L3133-1 (the eleven legal holidays) and L3134-13 (the departments of Moselle,
//! Bas-Rhin and Haut-Rhin, after the ordinance of 16 August 1892). Limits: the law of today is applied to every year,
//! so 8 May is a holiday even before 1982; overseas territories and other countries are not covered yet.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::easter::easter_march_day;

/// Which public holidays a calendar observes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidaySet {
    /// No public holiday at all.
    #[default]
    None,
    /// The eleven legal holidays of metropolitan France (Code du travail, art. L3133-1).
    FranceMetropolitan,
    /// The eleven, Good Friday and 26 December (Code du travail, art. L3134-13).
    ///
    /// By law Good Friday is a holiday only in communes that have a Protestant church or a church shared by both
    /// confessions. This set always holds it, as most calendars of the region do: for a deadline that the law sets on
    /// a desk in another commune, the set grants one day too many.
    AlsaceMoselle,
}

/// One public holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Two days before Easter; Alsace-Moselle.
    GoodFriday,
    /// The day after Easter.
    EasterMonday,
    /// 1 May.
    LabourDay,
    /// 8 May.
    VictoryDay,
    /// 39 days after Easter.
    Ascension,
    /// 50 days after Easter. In 2005 to 2007 too, when it was by default the *journée de solidarité*: the state's own
    /// library (etalab/jours-feries-france) counts those years, python-holidays does not.
    WhitMonday,
    /// 14 July.
    NationalDay,
    /// 15 August.
    Assumption,
    /// 1 November.
    AllSaints,
    /// 11 November.
    ArmisticeDay,
    /// 25 December.
    Christmas,
    /// 26 December; Alsace-Moselle.
    SaintStephen,
}

impl HolidaySet {
    /// The holiday that falls on a date, if any.
    ///
    /// Where two fall together (Ascension on 1 May in 2008, on 8 May in 1997) the fixed one is named.
    pub fn holiday_on(self, date: Date) -> Option<Holiday> {
        match self {
            Self::None => None,
            Self::FranceMetropolitan => national_holiday_on(date),
            Self::AlsaceMoselle => national_holiday_on(date).or_else(|| local_holiday_on(date)),
        }
    }
}

fn national_holiday_on(date: Date) -> Option<Holiday> {
    let fixed = match (date.month(), date.day()) {
        (1, 1) => Some(Holiday::NewYear),
        (5, 1) => Some(Holiday::LabourDay),
        (5, 8) => Some(Holiday::VictoryDay),
        (7, 14) => Some(Holiday::NationalDay),
        (8, 15) => Some(Holiday::Assumption),
        (11, 1) => Some(Holiday::AllSaints),
        (11, 11) => Some(Holiday::ArmisticeDay),
        (12, 25) => Some(Holiday::Christmas),
        _ => None,
    };
    fixed.or_else(|| match days_after_easter(date) {
        1 => Some(Holiday::EasterMonday),
        39 => Some(Holiday::Ascension),
        50 => Some(Holiday::WhitMonday),
        _ => None,
    })
}

fn local_holiday_on(date: Date) -> Option<Holiday> {
    if (date.month(), date.day()) == (12, 26) {
        return Some(Holiday::SaintStephen);
    }
    (days_after_easter(date) == -2).then_some(Holiday::GoodFriday)
}

/// Days from Easter Sunday of the same year, negative before it.
fn days_after_easter(date: Date) -> i16 {
    let before_march = if date.in_leap_year() { 60 } else { 59 };
    date.day_of_year() - before_march - easter_march_day(date.year())
}

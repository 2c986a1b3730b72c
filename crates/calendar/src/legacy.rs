//! How calendars were written before they held opening hours in OpenStreetMap's notation: a list of ranges for each
//! weekday. Still read, so that what a desk has stored goes on; never written.

use jiff::civil::Date;
use serde::Deserialize;

use crate::holidays::HolidaySet;
use crate::range::OpenRange;

/// A calendar in either notation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    zone: String,
    #[serde(default)]
    hours: Option<String>,
    #[serde(default)]
    week: Option<Week>,
    #[serde(default)]
    holidays: HolidaySet,
    #[serde(default)]
    closures: Vec<Date>,
}

/// The ranges of each weekday; a day that is not named stays closed.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Week {
    monday: Vec<OpenRange>,
    tuesday: Vec<OpenRange>,
    wednesday: Vec<OpenRange>,
    thursday: Vec<OpenRange>,
    friday: Vec<OpenRange>,
    saturday: Vec<OpenRange>,
    sunday: Vec<OpenRange>,
}

impl Week {
    fn hours(self) -> String {
        let days = [
            ("Mo", self.monday),
            ("Tu", self.tuesday),
            ("We", self.wednesday),
            ("Th", self.thursday),
            ("Fr", self.friday),
            ("Sa", self.saturday),
            ("Su", self.sunday),
        ];
        let rules = days.into_iter().filter(|(_, ranges)| !ranges.is_empty()).map(|(day, mut ranges)| {
            ranges.sort_unstable();
            let ranges: Vec<String> = ranges.into_iter().map(|range| range.to_string()).collect();
            format!("{day} {}", ranges.join(","))
        });
        rules.collect::<Vec<_>>().join("; ")
    }
}

impl Written {
    /// Zone, hours in OpenStreetMap's notation, holidays and closures; or why it is no calendar.
    pub(crate) fn parts(self) -> Result<(String, String, HolidaySet, Vec<Date>), &'static str> {
        let hours = match (self.hours, self.week) {
            (Some(hours), None) => hours,
            (None, Some(week)) => week.hours(),
            _ => return Err("a calendar has opening hours, written once"),
        };
        Ok((self.zone, hours, self.holidays, self.closures))
    }
}

//! The ordinary week: which ranges each weekday opens.
//!
//! Neither dates nor zones live here; holidays and closures are laid over the week by the calendar.

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::error::SpecError;
use crate::limits::RANGES_MAX;
use crate::range::OpenRange;

/// The ranges of each weekday; a day that is not named stays closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Week {
    /// Ranges of Monday.
    pub monday: Vec<OpenRange>,
    /// Ranges of Tuesday.
    pub tuesday: Vec<OpenRange>,
    /// Ranges of Wednesday.
    pub wednesday: Vec<OpenRange>,
    /// Ranges of Thursday.
    pub thursday: Vec<OpenRange>,
    /// Ranges of Friday.
    pub friday: Vec<OpenRange>,
    /// Ranges of Saturday.
    pub saturday: Vec<OpenRange>,
    /// Ranges of Sunday.
    pub sunday: Vec<OpenRange>,
}

impl Week {
    /// A week that opens the same ranges from Monday to Friday and stays closed at the weekend.
    pub fn monday_to_friday(ranges: &[OpenRange]) -> Self {
        let day = || ranges.to_vec();
        Self {
            monday: day(),
            tuesday: day(),
            wednesday: day(),
            thursday: day(),
            friday: day(),
            ..Self::default()
        }
    }

    /// A week that never closes.
    pub fn always() -> Self {
        let day = vec![OpenRange::WHOLE_DAY];
        Self { saturday: day.clone(), sunday: day.clone(), ..Self::monday_to_friday(&day) }
    }

    /// The ranges of a weekday.
    pub fn ranges_on(&self, weekday: Weekday) -> &[OpenRange] {
        match weekday {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }

    /// The same week with each day in order, or what is wrong with it.
    pub(crate) fn into_checked(mut self) -> Result<Self, SpecError> {
        let mut opens = false;
        for (weekday, ranges) in self.days_mut() {
            if ranges.len() > RANGES_MAX {
                return Err(SpecError::TooManyRanges { weekday, count: ranges.len() });
            }
            ranges.sort_unstable();
            for pair in ranges.windows(2) {
                if let &[first, second] = pair
                    && second.opens_minute() < first.closes_minute()
                {
                    return Err(SpecError::Overlap { weekday, first, second });
                }
            }
            opens |= !ranges.is_empty();
        }
        if opens { Ok(self) } else { Err(SpecError::NeverOpens) }
    }

    fn days_mut(&mut self) -> [(Weekday, &mut Vec<OpenRange>); 7] {
        [
            (Weekday::Monday, &mut self.monday),
            (Weekday::Tuesday, &mut self.tuesday),
            (Weekday::Wednesday, &mut self.wednesday),
            (Weekday::Thursday, &mut self.thursday),
            (Weekday::Friday, &mut self.friday),
            (Weekday::Saturday, &mut self.saturday),
            (Weekday::Sunday, &mut self.sunday),
        ]
    }
}

//! One year of a calendar, evaluated once: which ranges each day opens, as wall-clock time and as instants.
//!
//! Evaluating opening hours costs microseconds a day; every computation of spans walks these lists instead.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::dates::days_of_year;
use crate::range::OpenRange;
use crate::zone::Zone;

/// The days of a year.
#[derive(Debug)]
pub(crate) struct Year {
    /// For each day of the year and one beyond it: where its ranges begin.
    starts: Vec<u32>,
    ranges: Vec<OpenRange>,
    spans: Vec<(Timestamp, Timestamp)>,
}

impl Year {
    /// Evaluates a year, day by day.
    pub(crate) fn evaluate(
        year: i16,
        zone: &Zone,
        mut ranges_on: impl FnMut(Date) -> Vec<OpenRange>,
    ) -> Self {
        let mut evaluated = Self { starts: vec![0], ranges: Vec::new(), spans: Vec::new() };
        for date in days_of_year(year) {
            for range in ranges_on(date) {
                evaluated.ranges.push(range);
                let (opens, closes) =
                    (zone.edge(date, range.opens_minute()), zone.edge(date, range.closes_minute()));
                if opens < closes {
                    evaluated.spans.push((opens, closes));
                }
            }
            evaluated.starts.push(u32::try_from(evaluated.ranges.len()).unwrap_or(u32::MAX));
        }
        evaluated
    }

    /// The ranges of a date, in order.
    pub(crate) fn ranges_on(&self, date: Date) -> &[OpenRange] {
        let day = usize::try_from(date.day_of_year() - 1).unwrap_or(usize::MAX);
        let (Some(start), Some(end)) = (self.starts.get(day), self.starts.get(day.saturating_add(1))) else {
            return &[];
        };
        self.ranges.get(*start as usize..*end as usize).unwrap_or_default()
    }

    /// The openings `[opens, closes)` of the year that end after an instant, in order. A range that a clock change
    /// leaves empty is none.
    pub(crate) fn spans_after(&self, at: Timestamp) -> &[(Timestamp, Timestamp)] {
        let first = self.spans.partition_point(|(_, closes)| *closes <= at);
        self.spans.get(first..).unwrap_or_default()
    }
}

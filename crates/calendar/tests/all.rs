//! The one test binary of this crate: a table of contents. What is checked lives in the modules.

#![allow(
    clippy::unwrap_used,
    reason = "a helper that panics fails its test; clippy.toml only excuses functions marked #[test]"
)]

#[path = "all/days.rs"]
mod days;
#[path = "all/holidays.rs"]
mod holidays;
#[path = "all/hours.rs"]
mod hours;
#[path = "all/properties.rs"]
mod properties;
#[path = "all/spec.rs"]
mod spec;
#[path = "all/zones.rs"]
mod zones;

use calendar::{Calendar, CalendarSpec, HolidaySet, OpenRange};
use jiff::Timestamp;

/// A French shop: Monday to Friday 09:00-12:30 and 14:00-18:00, closed on 24 December 2026.
fn shop() -> Calendar {
    calendar("Europe/Paris", "Mo-Fr 09:00-12:30,14:00-18:00")
}

/// A calendar with the holidays of France and one closure, 24 December 2026.
fn calendar(zone: &str, hours: &str) -> Calendar {
    Calendar::new(CalendarSpec {
        zone: zone.to_owned(),
        hours: hours.to_owned(),
        holidays: HolidaySet::FRANCE,
        closures: vec!["2026-12-24".parse().unwrap()],
    })
    .unwrap()
}

fn ranges(texts: &[&str]) -> Vec<OpenRange> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// Wall-clock time in Paris, the first of two where it comes twice: `2026-03-02 09:00`.
fn paris(wall: &str) -> Timestamp {
    let wall: jiff::civil::DateTime = wall.parse().unwrap();
    wall.in_tz("Europe/Paris").unwrap().timestamp()
}

fn utc(text: &str) -> Timestamp {
    text.parse().unwrap()
}

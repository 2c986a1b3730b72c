//! By hand: what reached the company by phone, at a counter or on paper, written down by whoever heard or read it.
//!
//! - a new case: `opening`, for which the person is looked up by `people` · what happens to one that is open: `telling`

mod opening;
mod people;
mod telling;

pub(super) use opening::{create, show};
pub(super) use telling::{call, commit, hold, keep, lift_hold, revoke_links, state};

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// An instant from a day `YYYY-MM-DD` and a time `HH:MM`, or the usual time where none was given.
fn instant(day: &str, time: &str, usual: &str, zone: &TimeZone) -> Option<Timestamp> {
    let date: Date = day.trim().parse().ok()?;
    let time = if time.trim().is_empty() { usual } else { time.trim() };
    let time: Time = format!("{time}:00").parse().or_else(|_| time.parse()).ok()?;
    Some(date.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp())
}

/// When something reached the company: on a day, at a time or in the morning. What came today may have come before the
/// hour that is usually meant.
fn received_at(day: &str, time: &str, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let at = instant(day, time, "09:00", zone)?;
    let midnight = instant(day, "", "00:00", zone)?;
    Some(if at > now && midnight <= now { now } else { at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_today_came_by_now() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let now: Timestamp = "2026-03-03T07:00:00Z".parse().unwrap();
        let read = |day, time| received_at(day, time, &paris, now).unwrap();
        assert_eq!(read("2026-03-03", ""), now, "at eight, before the mail of nine");
        assert_eq!(read("2026-03-02", "").to_string(), "2026-03-02T08:00:00Z");
        assert!(read("2026-03-04", "") > now, "tomorrow is refused by the law");
    }

    #[test]
    fn days_and_times_are_read_in_the_readers_zone() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        let read = |day, time| instant(day, time, "18:00", &paris).map(|at| at.to_string());
        assert_eq!(read("2026-03-03", "09:30").as_deref(), Some("2026-03-03T08:30:00Z"));
        assert_eq!(read("2026-03-03", "").as_deref(), Some("2026-03-03T17:00:00Z"));
        for (day, time) in [("", ""), ("3 mars", ""), ("2026-03-03", "25:00"), ("2026-02-30", "")] {
            assert_eq!(read(day, time), None, "{day} {time}");
        }
    }
}

//! How busy the day is: the cases opened so far today beside the same hours of the days before.

use jiff::{Timestamp, ToSpan};
use store::StoreError;

use crate::desk::Desk;
use crate::web::view::Reader;
use crate::web::view::case_list::Volume;

/// Days before today that the baseline looks at: what it needs, silent days included.
const DAYS: i64 = 9;

/// Today's volume, when it is unusual for what this agent sees; judged on the hours of the day that have passed.
pub(super) async fn today(
    desk: &Desk,
    agent: &casework::Agent,
    reader: &Reader,
) -> Result<Option<Volume>, StoreError> {
    let Some(edges) = same_hours(reader) else { return Ok(None) };
    let counts = desk.store.opened_between(agent, &edges).await?;
    // Every second span is the rest of a day.
    let days: Vec<u32> = counts.into_iter().step_by(2).collect();
    let Some((today, before)) = days.split_last() else { return Ok(None) };
    let Ok(judgement) = watch::surge::judge(before, *today) else { return Ok(None) };
    // The counts are small: nothing is lost in 32 bits, and a count of cases is shown whole.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of counts of cases")]
    let usual = judgement.expected_mean.round() as u32;
    Ok(judgement.is_unusual.then_some(Volume { today: *today, usual }))
}

/// Midnight and the present hour of each day, oldest first: neighbouring pairs are the hours passed and the rest.
fn same_hours(reader: &Reader) -> Option<Vec<Timestamp>> {
    let now = reader.now.to_zoned(reader.zone.clone());
    let mut edges = Vec::new();
    for days_ago in (0..=DAYS).rev() {
        let then = now.checked_sub(days_ago.days()).ok()?;
        edges.extend([then.start_of_day().ok()?.timestamp(), then.timestamp()]);
    }
    Some(edges)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::language::Language;

    #[test]
    fn ten_days_have_twenty_edges_in_order_also_when_the_clocks_change() {
        let zone = jiff::tz::TimeZone::get("Europe/Paris").unwrap();
        for now in ["2026-03-30T08:15:00Z", "2026-10-26T23:30:00Z", "2026-06-02T10:00:00Z"] {
            let reader = Reader { language: Language::French, zone: zone.clone(), now: now.parse().unwrap() };
            let edges = same_hours(&reader).unwrap();
            assert_eq!(edges.len(), 20);
            assert!(edges.is_sorted(), "{now}: {edges:?}");
        }
    }
}

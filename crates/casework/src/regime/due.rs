//! When the clocks of a regime are due: (regime, what happened and when, calendar) → due dates, with the steps that led
//! to each.

use std::collections::BTreeMap;

use calendar::{Calendar, CalendarError, CalendarSpec, HolidaySet, SpecError};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::{Regime, RegimeClock, Start};
use crate::span::{Rest, Step, Unit, last_second};

/// What happened, and when: the facts that clocks start from.
pub type Facts = BTreeMap<Start, Timestamp>;

/// One clock of a regime with its due date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockDue {
    /// Its place among the regime's clocks.
    pub index: usize,
    /// What it starts from really: what it asks for, or the nearest thing that is known.
    pub started_from: Start,
    /// The last instant in time.
    pub at: Timestamp,
    /// Its date.
    pub on: Date,
    /// How it came about.
    pub steps: Vec<Step>,
}

impl Regime {
    /// The due date of each clock whose start is known. Days of rest are those of the regime; the zone is the calendar's.
    ///
    /// Errors: a due date beyond what the calendar can compute.
    pub fn due(&self, facts: &Facts, calendar: &Calendar) -> Result<Vec<ClockDue>, CalendarError> {
        let mut dues = Vec::new();
        for (index, clock) in self.clocks.iter().enumerate() {
            let Some((started_from, at)) = start_of(clock, facts) else { continue };
            let end = if clock.is_before { before(clock, at, calendar) } else { after(clock, at, calendar) }?;
            let (at, on, steps) = end;
            dues.push(ClockDue { index, started_from, at, on, steps });
        }
        Ok(dues)
    }

    /// The calendar that the regime's limits are counted on: the desk's, with the holidays of the regime. Of France the
    /// desk's own part counts, since holidays of a part of France are holidays there.
    pub fn calendar(&self, desk: &Calendar) -> Result<Calendar, SpecError> {
        let of_desk = desk.holidays();
        let is_of_same_country =
            matches!((self.holidays, of_desk), (HolidaySet::France(_), HolidaySet::France(_)));
        if is_of_same_country || self.holidays == of_desk || self.holidays == HolidaySet::None {
            return Ok(desk.clone());
        }
        Calendar::new(CalendarSpec { holidays: self.holidays, ..desk.spec() })
    }
}

/// Where a clock starts: from what it asks for, else from the nearest thing that is known. A complaint that was sent
/// reaches the company later, and one that was received was sent before: the earlier of what is known is taken, so that
/// the desk is never told a date that is too late.
fn start_of(clock: &RegimeClock, facts: &Facts) -> Option<(Start, Timestamp)> {
    let known = |start: Start| facts.get(&start).map(|at| (start, *at));
    let others: &[Start] = match clock.from {
        Start::Sent => &[Start::Written, Start::Received],
        Start::Written => &[Start::Sent, Start::Received],
        Start::Received => &[Start::Sent, Start::Written],
        _ => &[],
    };
    known(clock.from).or_else(|| others.iter().find_map(|start| known(*start)))
}

fn after(
    clock: &RegimeClock,
    at: Timestamp,
    calendar: &Calendar,
) -> Result<(Timestamp, Date, Vec<Step>), CalendarError> {
    let rest = if clock.is_postponed { Rest::Postpones } else { Rest::Counts };
    let end = clock.within.end(at, rest, calendar)?;
    Ok((end.at, end.on, end.steps))
}

/// So much before what it starts from. Never put off: that would come too late.
fn before(
    clock: &RegimeClock,
    at: Timestamp,
    calendar: &Calendar,
) -> Result<(Timestamp, Date, Vec<Step>), CalendarError> {
    let on = calendar.date_of(at);
    let count = i64::from(clock.within.count);
    let out_of_range = |_| CalendarError::OutOfRange;
    let to = match clock.within.unit {
        Unit::Months => on.checked_sub(count.months()).map_err(out_of_range)?,
        Unit::Years => on.checked_sub(count.years()).map_err(out_of_range)?,
        Unit::Weeks => on.checked_sub(count.weeks()).map_err(out_of_range)?,
        _ => on.checked_sub(count.days()).map_err(out_of_range)?,
    };
    let due_at = last_second(to, calendar);
    let steps = vec![
        Step::Starts { at, on },
        Step::Stepped { span: clock.within, to },
        Step::EndsWithDay { at: due_at },
    ];
    Ok((due_at, to, steps))
}

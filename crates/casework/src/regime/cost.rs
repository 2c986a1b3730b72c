//! What waiting costs by law, once the facts are there: (penalty, sum, due date, day) → the amount, and when it grows.

use jiff::civil::Date;

use super::Penalty;

/// What being late costs on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Days since the due date; at least one.
    pub days_late: u32,
    /// What is added to the sum, in hundredths of a percent.
    pub basis_points: u32,
    /// The same in hundredths of the sum's currency, rounded half up.
    pub cents: u64,
    /// The sum bears interest at the legal rate besides, which is not counted here.
    pub legal_rate: bool,
    /// The first day on which it costs more, and how much then in hundredths of a percent.
    pub grows_on: Option<(Date, u32)>,
}

/// Days that a month begun is counted as, in scales that grow by the month.
const MONTH_DAYS: u32 = 30;

impl Penalty {
    /// What it costs on `day` not to have paid `sum_cents` that were due on `due_on`; `None` while it is not late.
    pub fn cost(&self, sum_cents: u64, due_on: Date, day: Date) -> Option<Cost> {
        let days_late = u32::try_from((day - due_on).get_days()).ok().filter(|days| *days > 0)?;
        let (basis_points, legal_rate) = self.added(days_late)?;
        let next_day_late = (days_late + 1..=days_late + 2 * 366)
            .find(|later| self.added(*later).is_some_and(|(more, _)| more > basis_points));
        let grows_on = next_day_late.and_then(|later| {
            let date = due_on.checked_add(jiff::Span::new().days(i64::from(later))).ok()?;
            Some((date, self.added(later)?.0))
        });
        let cents = (u128::from(sum_cents) * u128::from(basis_points) + 5_000) / 10_000;
        Some(Cost {
            days_late,
            basis_points,
            cents: u64::try_from(cents).unwrap_or(u64::MAX),
            legal_rate,
            grows_on,
        })
    }

    /// What is added after so many days, and whether the legal rate runs besides.
    fn added(&self, days_late: u32) -> Option<(u32, bool)> {
        let step = self.steps.iter().find(|step| step.to_day.is_none_or(|last| days_late <= last));
        if let Some(step) = step {
            return Some((step.basis_points, step.legal_rate));
        }
        let last = self.steps.last()?;
        let growth = self.then?;
        let months = (days_late - last.to_day?).div_ceil(MONTH_DAYS);
        let added = last.basis_points.saturating_add(growth.basis_points_a_month.saturating_mul(months));
        Some((added.min(growth.at_most), added > growth.at_most))
    }
}

//! Time limits: (case, policy, calendar) → due dates. Computed from the row alone, so that they can be rebuilt at any time.
//! Nothing here reads a clock or rings one.

use calendar::Calendar;
use jiff::{SignedDuration, Timestamp};

use crate::case::{Case, ClockKind, Status};

/// The desk's own targets for a team. Spans called *open* count only while the team's calendar is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Open time until a person's first answer.
    pub first_reply: SignedDuration,
    /// Open time until a person's answer to a later message.
    pub next_reply: SignedDuration,
    /// Open time after which a customer hears from us again, while the case is ours to move.
    pub next_update: SignedDuration,
    /// Time, night and day, until a proposed solution is asked about.
    pub confirm_reminder: SignedDuration,
    /// Time, night and day, after that reminder until the solution stands.
    pub confirm_lapse: SignedDuration,
    /// How long a closed case is opened again by a letter; later a new case begins.
    pub reopen_within: SignedDuration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            first_reply: SignedDuration::from_hours(8),
            next_reply: SignedDuration::from_hours(8),
            next_update: SignedDuration::from_hours(24),
            confirm_reminder: SignedDuration::from_hours(5 * 24),
            confirm_lapse: SignedDuration::from_hours(5 * 24),
            reopen_within: SignedDuration::from_hours(60 * 24),
        }
    }
}

/// One time limit of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Which.
    pub kind: ClockKind,
    /// When it rings.
    pub due_at: Timestamp,
}

/// Every clock of a case, rung or not, in order of due date.
pub fn clocks(case: &Case, policy: &Policy, calendar: &Calendar) -> Vec<Clock> {
    if !case.is_open() {
        return Vec::new();
    }
    let single = [word_from_us(case, policy, calendar), word_from_others(case, policy), call_again(case)];
    let promised =
        case.commitments.iter().map(|owed| Clock { kind: ClockKind::Commitment, due_at: owed.due_at });
    let mut clocks: Vec<Clock> = single.into_iter().flatten().chain(promised).collect();
    clocks.sort_by_key(|clock| (clock.due_at, clock.kind));
    clocks
}

/// By when the customer hears from a person of the desk.
fn word_from_us(case: &Case, policy: &Policy, calendar: &Calendar) -> Option<Clock> {
    let (kind, from, span) = match (case.unanswered_since, case.last_answer_at) {
        // A case that a machine opened waits for its first answer too: web shops mark their forms as generated.
        (since, None) => (ClockKind::FirstReply, since.unwrap_or(case.opened_at), policy.first_reply),
        (Some(since), Some(_)) => (ClockKind::NextReply, since, policy.next_reply),
        (None, Some(heard_at)) => match case.status {
            // Waiting for somebody else is no excuse for silence.
            Status::New | Status::Open | Status::WaitingThirdParty => {
                (ClockKind::NextUpdate, heard_at, policy.next_update)
            }
            // A customer who does not answer is asked again one day: no open case is without a date.
            Status::WaitingCustomer => {
                let due_at = later(heard_at, policy.confirm_reminder);
                return Some(Clock { kind: ClockKind::NextUpdate, due_at });
            }
            Status::Resolved | Status::Closed => return None,
        },
    };
    Some(Clock { kind, due_at: open_time_after(calendar, from, span) })
}

/// How long the desk waits for whoever is to move: the third party, or the customer with a solution before them.
fn word_from_others(case: &Case, policy: &Policy) -> Option<Clock> {
    let (kind, due_at) = match case.status {
        Status::WaitingThirdParty => (ClockKind::ChaseThirdParty, case.chase_at?),
        Status::Resolved => match case.reminded_at {
            Some(reminded_at) => (ClockKind::ConfirmLapse, later(reminded_at, policy.confirm_lapse)),
            None => (ClockKind::ConfirmReminder, later(case.proposed_at?, policy.confirm_reminder)),
        },
        Status::New | Status::Open | Status::WaitingCustomer | Status::Closed => return None,
    };
    Some(Clock { kind, due_at })
}

fn call_again(case: &Case) -> Option<Clock> {
    Some(Clock { kind: ClockKind::CallAgain, due_at: case.call_again_at? })
}

/// The clocks that have yet to ring, the next of each kind: each due date rings once.
pub fn still_to_ring(case: &Case, clocks: &[Clock]) -> Vec<Clock> {
    let has_rung =
        |clock: &Clock| case.rung.get(&clock.kind).is_some_and(|dates| dates.contains(&clock.due_at));
    let mut next: Vec<Clock> = Vec::new();
    for clock in clocks.iter().filter(|clock| !has_rung(clock)) {
        if !next.iter().any(|earlier| earlier.kind == clock.kind) {
            next.push(*clock);
        }
    }
    next
}

/// When the desk must next act on a case, from its clocks. Clocks that wait for the customer are not the desk's to act on.
pub fn act_by(clocks: &[Clock]) -> Option<Timestamp> {
    let is_ours =
        |clock: &&Clock| !matches!(clock.kind, ClockKind::ConfirmReminder | ClockKind::ConfirmLapse);
    clocks.iter().filter(is_ours).map(|clock| clock.due_at).min()
}

/// Open time after `from`. A span that the calendar cannot hold within its horizon is counted night and day:
/// too early a warning is better than none.
fn open_time_after(calendar: &Calendar, from: Timestamp, span: SignedDuration) -> Timestamp {
    calendar.add_open(from, span).unwrap_or_else(|_| later(from, span))
}

fn later(from: Timestamp, span: SignedDuration) -> Timestamp {
    from.checked_add(span).unwrap_or(Timestamp::MAX)
}

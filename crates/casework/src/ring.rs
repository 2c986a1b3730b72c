//! A clock rings: it enters by the same door as a letter. (case, clock, now) → decision.

use jiff::{SignedDuration, Timestamp};

use crate::act::Situation;
use crate::case::{Channel, ClockKind, Closing};
use crate::clock::{self, Clock};
use crate::decision::{Decision, Lane, Pen};
use crate::event::{Actor, Cause, Purpose, What};
use crate::id::Mint;
use crate::write::{self, Mail};

/// A ring this long after its due date is marked late: the desk was not running.
const LATE_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// Decides what a ringing clock does. A clock that no longer stands does nothing, so ringing twice rings once;
/// but the case's clocks are set anew: when a team's targets or hours change, its cases must not fall silent.
pub fn decide(clock: Clock, situation: &Situation, mint: &mut dyn Mint, now: Timestamp) -> Decision {
    let mut decision = Decision::empty(situation.case.brand, now);
    if clock.due_at > now {
        return decision;
    }
    let mut pen = Pen::on(situation.case.clone(), now, Actor::Desk, Cause::Clock(clock.kind));
    if stands(clock, situation) {
        ring(clock, &mut decision, &mut pen, situation, mint);
    }
    decision.cases.push(pen.put_down(&situation.policy, &situation.calendar));
    decision
}

fn stands(clock: Clock, situation: &Situation) -> bool {
    let clocks = clock::clocks(&situation.case, &situation.policy, &situation.calendar);
    clock::still_to_ring(&situation.case, &clocks).contains(&clock)
}

fn ring(clock: Clock, decision: &mut Decision, pen: &mut Pen, situation: &Situation, mint: &mut dyn Mint) {
    let is_late = decision.at.duration_since(clock.due_at) > LATE_AFTER;
    pen.record(What::ClockRang { kind: clock.kind, due_at: clock.due_at, is_late });
    match clock.kind {
        ClockKind::ConfirmReminder => remind(decision, pen, situation, mint),
        ClockKind::ConfirmLapse => pen.record(What::Closed { closing: Closing::Lapsed }),
        ClockKind::FirstReply
        | ClockKind::NextReply
        | ClockKind::NextUpdate
        | ClockKind::ChaseThirdParty
        | ClockKind::CallAgain
        | ClockKind::Commitment => {}
    }
}

fn remind(decision: &mut Decision, pen: &mut Pen, situation: &Situation, mint: &mut dyn Mint) {
    // Whoever has no address finds the question on their page.
    let Some(reach) = situation.reach.clone().filter(|reach| reach.by == Channel::Mail) else { return };
    let mail = Mail {
        purpose: Purpose::Reminder,
        to: reach.to,
        answers: reach.answers,
        subject: reach.subject,
        words: None,
        lane: Lane::Notice,
        host: reach.host,
    };
    write::mail(decision, pen, Actor::Desk, mail, mint);
}

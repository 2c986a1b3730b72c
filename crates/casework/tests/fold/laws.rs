//! What holds after every step of every history.

use std::collections::BTreeSet;

use casework::decision::CaseChange;
use casework::{Clock, ClockKind, Decision, Event, MessageState, Refusal, Status, What, clock, fold};

use super::history::History;
use super::step::{SECRET, Step};
use crate::support::office_hours;

/// Checks one step: what was before it, what it was, what it came to, and what is now.
pub fn hold(before: &History, step: &Step, outcome: &Result<Decision, Refusal>, now: &History) {
    the_row_is_folded(now);
    the_timeline_has_no_gaps_and_no_secrets(now);
    the_standing_is_sound(now);
    the_clocks_are_those_of_the_row(before, now);
    each_due_date_rang_once(now);
    match outcome {
        Ok(decision) => a_decision_is_whole(before, step, decision, now),
        Err(_) => {
            assert_eq!((&before.case, &before.orders), (&now.case, &now.orders), "a refusal leaves no trace");
        }
    }
    ringing_again_does_nothing(step, before, now);
}

fn the_row_is_folded(now: &History) {
    let (brand, id) = (now.case.brand, now.case.id);
    assert_eq!(fold::fold(brand, id, &now.timeline).as_ref(), Some(&now.case));
    let stored = serde_json::to_string(&now.timeline).unwrap();
    let read: Vec<Event> = serde_json::from_str(&stored).unwrap();
    assert_eq!(fold::fold(brand, id, &read).as_ref(), Some(&now.case), "also after a way through the store");
}

fn the_timeline_has_no_gaps_and_no_secrets(now: &History) {
    for (place, event) in now.timeline.iter().enumerate() {
        assert_eq!(usize::try_from(event.seq).unwrap(), place + 1);
    }
    assert!(now.timeline.is_sorted_by_key(|event| event.at));
    let stored = serde_json::to_string(&now.timeline).unwrap();
    assert!(!stored.contains(SECRET) && !stored.contains('@'), "personal text on the timeline: {stored}");
}

fn the_standing_is_sound(now: &History) {
    let case = &now.case;
    let is_closed = case.status == Status::Closed;
    assert_eq!(case.closing.is_some(), is_closed, "closing: {case:?}");
    assert_eq!(case.closed_at.is_some(), is_closed, "closed_at: {case:?}");
    let is_merged = case.closing == Some(casework::Closing::Merged);
    assert_eq!(case.merged_into.is_some(), is_merged, "merged: {case:?}");
    assert!(!(is_closed && case.unanswered_since.is_some()), "{case:?}");
    let waits_for_third_party = case.status == Status::WaitingThirdParty;
    assert_eq!(case.third_party.is_some(), waits_for_third_party, "third party: {case:?}");
    assert_eq!(case.chase_at.is_some(), waits_for_third_party, "chase_at: {case:?}");
    assert!(case.status != Status::Resolved || case.proposed_at.is_some(), "{case:?}");
    assert!(
        is_closed || case.status == Status::Resolved || case.proposed_at.is_none(),
        "stale proposal: {case:?}"
    );
    assert!(case.status != Status::New || case.last_answer_at.is_none(), "{case:?}");
    assert_eq!(case.changed_at, now.timeline.last().unwrap().at);
}

/// Clocks are stored with each change of the case; between changes, the policy may move on without them.
fn the_clocks_are_those_of_the_row(before: &History, now: &History) {
    let case = &now.case;
    let all = clock::clocks(case, &now.policy, &office_hours());
    if case.status == Status::Closed {
        assert!(
            all.is_empty() && now.clocks.is_empty() && now.act_by.is_none(),
            "a closed case has no clock"
        );
    }
    if case.is_open() && case.unanswered_since.is_some() {
        let is_for_an_answer =
            |clock: &Clock| matches!(clock.kind, ClockKind::FirstReply | ClockKind::NextReply);
        assert!(all.iter().any(is_for_an_answer), "who waits for an answer has a clock: {case:?}");
        assert!(now.act_by.is_some(), "and the desk a date to act by: {case:?}");
    }
    if before.case.seq != now.case.seq {
        assert_eq!(now.clocks, clock::still_to_ring(case, &all));
        assert_eq!(now.act_by, clock::act_by(&all));
    }
}

fn each_due_date_rang_once(now: &History) {
    let rings = now.timeline.iter().filter_map(|event| match event.what {
        What::ClockRang { kind, due_at, .. } => Some((kind, due_at, event.at)),
        _ => None,
    });
    let mut rung = BTreeSet::new();
    for (kind, due_at, at) in rings {
        assert!(rung.insert((kind, due_at)), "{kind:?} rang twice for {due_at}");
        assert!(due_at <= at, "{kind:?} rang early");
    }
}

fn a_decision_is_whole(before: &History, step: &Step, decision: &Decision, now: &History) {
    assert!(decision.cases.len() <= 8);
    for change in &decision.cases {
        a_change_is_sound(before, step, change, now);
    }
    for message in &decision.messages {
        let texts = [Some(message.text), message.html, message.subject, message.files];
        assert!(texts.into_iter().flatten().all(|text| now.contents.contains(&text)), "{message:?}");
        let orders = decision.orders.iter().filter(|order| order.message == message.id).count();
        assert_eq!(
            orders,
            usize::from(message.state == MessageState::Queued),
            "what is queued is ordered: {message:?}"
        );
    }
    let written = decision.cases.iter().flat_map(|change| &change.events);
    let written = written.filter(|event| matches!(event.what, What::MessageWritten { .. })).count();
    assert_eq!(written, decision.orders.len(), "what is written is sent, and nothing else is");
    if matches!(step, Step::Agent { act: casework::act::Act::Note(_), .. }) {
        assert!(decision.orders.is_empty() && written == 0, "a note never leaves");
    }
}

fn a_change_is_sound(before: &History, step: &Step, change: &CaseChange, now: &History) {
    let is_ours = change.after.id == before.case.id;
    if !is_ours && change.before.is_some() {
        assert!(matches!(step, Step::Merge | Step::UndoMerge), "only a merge touches two cases: {step:?}");
        return;
    }
    assert_eq!(change.before, is_ours.then_some(before.case.seq), "the version relied on");
    if !is_ours {
        let folded = fold::fold(change.after.brand, change.after.id, &change.events);
        assert_eq!(folded.as_ref(), Some(&change.after));
        assert!(
            !change.clocks.is_empty() && change.act_by.is_some(),
            "a case begins with a date: {:?}",
            change.after
        );
        return;
    }
    let is_by_machine = matches!(step, Step::Letter { automatic: Some(_), .. });
    let is_delivery = matches!(step, Step::Deliver(_) | Step::Report(_));
    let (was, is) = (&before.case, &now.case);
    let has = |kind: fn(&What) -> bool| change.events.iter().any(|event| kind(&event.what));
    if has(|what| matches!(what, What::MessageRefused { .. })) {
        assert!(is.undelivered_at.is_some(), "who did not get it: {step:?}");
        assert!(!is.is_open() || is.unanswered_since.is_some(), "has not heard from us: {step:?}");
        assert!(
            !matches!(is.status, Status::WaitingCustomer | Status::Resolved),
            "and owes no word: {step:?}"
        );
    } else if has(|what| matches!(what, What::MessageSent { .. })) && was.undelivered_at.is_some() {
        assert_eq!((was.status, is.undelivered_at), (is.status, None), "{step:?}");
    } else if is_by_machine || is_delivery {
        assert_eq!((was.status, was.unanswered_since), (is.status, is.unanswered_since), "{step:?}");
        let clocks = |history: &History| clock::clocks(&history.case, &now.policy, &office_hours());
        assert_eq!(clocks(before), clocks(now), "{step:?}");
    }
}

fn ringing_again_does_nothing(step: &Step, before: &History, now: &History) {
    let Step::Ring { .. } = step else { return };
    let Some(clock) = before.clocks.first() else { return };
    let again = now.clone().ring(*clock);
    assert!(again.orders.is_empty() && again.messages.is_empty(), "ringing twice rings once");
    assert!(again.cases.iter().all(|change| change.events.is_empty()), "ringing twice rings once");
    assert!(!now.clocks.contains(clock), "a clock that rang, or never stood, is gone");
}

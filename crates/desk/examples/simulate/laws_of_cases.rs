//! What must hold of one case, whatever happened to it. Facts in, broken laws out.

use std::collections::{BTreeMap, BTreeSet};

use calendar::Calendar;
use casework::event::Event;
use casework::fold::fold;
use casework::{Case, ClockKind, MessageId, MessageState, Policy, What, clock};
use jiff::{SignedDuration, Timestamp};
use store::CasePage;

use crate::laws_of_mail;

/// A clock rings within this time, also when a node dies with it, the workers stand still and the clock is set back.
const RINGS_WITHIN: SignedDuration = SignedDuration::from_mins(45);

/// The rules that a case's team gives it.
pub type Rules = (Policy, Calendar);

/// What is wrong with a case as its page shows it.
pub fn judge(page: &CasePage, rules: &Rules) -> Vec<String> {
    let mut broken = Vec::new();
    let mut law = |holds: bool, what: &str| {
        if !holds {
            broken.push(what.to_owned());
        }
    };
    let (case, events) = (&page.case, &page.events);
    law(fold(case.brand, case.id, events).as_ref() == Some(case), "the timeline does not fold into the row");
    let numbers = events.iter().map(|event| event.seq);
    law(numbers.eq(1..=case.seq), "the timeline has a gap");
    law(rings_once(events), "a clock rang twice for one due date");
    law(sent_once(events), "a message was recorded as sent twice");
    law(laws_of_mail::machines_move_nothing(events), "what a machine wrote moved it");
    law(laws_of_mail::failures_are_ours(case, events), "a mail failed, and nobody was told to move");
    law(laws_of_mail::nothing_after_merge(events), "it received something after it was merged");
    law(tells_every_message(page), "messages and timeline do not tell the same");
    let clocks = clock::clocks(case, &rules.0, &rules.1);
    law(!case.is_open() || !clocks.is_empty(), "it is open without a date");
    law(page.act_by == clock::act_by(&clocks), "the row says another act-by than its clocks");
    let is_reply = |kind: ClockKind| matches!(kind, ClockKind::FirstReply | ClockKind::NextReply);
    let is_waited_for = case.is_open() && case.unanswered_since.is_some();
    law(
        !is_waited_for || clocks.iter().any(|clock| is_reply(clock.kind)),
        "unanswered, and no clock says so",
    );
    let notes = page.messages.iter().filter(|message| message.message.state == MessageState::Note);
    let is_inside = |message: &store::CaseMessage| {
        message.message.mail_id.is_none()
            && message.message.identity.is_none()
            && message.message.purpose.is_none()
    };
    law(notes.into_iter().all(is_inside), "a note has an address");
    let addresses = page.messages.iter().filter_map(|message| message.address.as_ref());
    let is_own = |address: &String| page.customer.mail_addresses().any(|own| own == address);
    law(addresses.into_iter().all(is_own), "a message came from or goes to somebody else's address");
    broken
}

/// Clocks that should have rung by now.
pub fn silent(case: &Case, rules: &Rules, now: Timestamp) -> Vec<ClockKind> {
    let clocks = clock::clocks(case, &rules.0, &rules.1);
    let waiting = clock::still_to_ring(case, &clocks);
    // A change may set a clock whose date has passed already: it can only ring from then on.
    let is_overdue = |due_at: Timestamp| now.duration_since(due_at.max(case.changed_at)) > RINGS_WITHIN;
    waiting.iter().filter(|clock| is_overdue(clock.due_at)).map(|clock| clock.kind).collect()
}

fn rings_once(events: &[Event]) -> bool {
    let mut seen = BTreeSet::new();
    events.iter().all(|event| match event.what {
        What::ClockRang { kind, due_at, .. } => seen.insert((kind, due_at)),
        _ => true,
    })
}

fn sent_once(events: &[Event]) -> bool {
    let mut seen = BTreeSet::new();
    events.iter().all(|event| match event.what {
        What::MessageSent { message } => seen.insert(message),
        _ => true,
    })
}

/// Every message stands on the timeline once, as what it is, and its state is the last that the timeline tells. What
/// failed of a merged case is told by the case that goes on.
fn tells_every_message(page: &CasePage) -> bool {
    let mut told: BTreeMap<MessageId, MessageState> = BTreeMap::new();
    let takes_in = page.events.iter().any(|event| matches!(event.what, What::TookIn { .. }));
    let was_merged = page.events.iter().any(|event| matches!(event.what, What::MergedInto { .. }));
    let is_failure = |state| matches!(state, MessageState::Refused | MessageState::Delayed);
    for event in &page.events {
        let (message, state, is_new) = match event.what {
            What::MessageReceived { message, .. } => (message, MessageState::Received, true),
            What::NoteWritten { message } => (message, MessageState::Note, true),
            What::MessageWritten { message, .. } => (message, MessageState::Queued, true),
            What::MessageSent { message } => (message, MessageState::Sent, false),
            What::MessageDelayed { message, .. } => (message, MessageState::Delayed, false),
            What::MessageRefused { message, .. } => (message, MessageState::Refused, false),
            _ => continue,
        };
        let is_known = told.contains_key(&message);
        if is_known == is_new && !(takes_in && is_failure(state)) {
            return false;
        }
        if is_known || is_new {
            told.insert(message, state);
        }
    }
    let shown = page.messages.iter().map(|message| (message.message.id, message.message.state));
    let shown: BTreeMap<_, _> = shown.collect();
    let agrees = |(id, state): (&MessageId, &MessageState)| {
        told.get(id) == Some(state) || was_merged && told.contains_key(id) && is_failure(*state)
    };
    shown.len() == told.len() && shown.iter().all(agrees)
}

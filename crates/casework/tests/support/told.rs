//! A decision in words, so that a table can say what is expected of it.

use casework::decision::{LetterEnd, OrderEnd};
use casework::{Decision, What};

use super::{OLD, OTHER};

/// `old: received chain, status open; order reply; filed` and the like: per case its events, then orders, then ends.
pub fn told(decision: &Decision) -> String {
    let cases = decision.cases.iter().map(|change| {
        let name = match change.after.id {
            OLD => "old",
            OTHER => "other",
            _ => "new",
        };
        let events = change.events.iter().map(|event| event_told(&event.what)).collect::<Vec<_>>().join(", ");
        format!("{name}: {events}")
    });
    let orders = decision.orders.iter().map(|order| format!("order {}", order.lane.as_str()));
    let letter = decision.letter.iter().map(|letter| match &letter.end {
        LetterEnd::Filed(..) => "filed".to_owned(),
        LetterEnd::Duplicate(_) => "duplicate".to_owned(),
        LetterEnd::Aside(reason) => format!("aside {}", reason.as_str()),
    });
    let order = decision.order.iter().map(|order| match order.end {
        OrderEnd::Done => "done".to_owned(),
        OrderEnd::Again(at) => format!("again in {}s", decision.at.duration_until(at).as_secs()),
        OrderEnd::GivenUp => "given up".to_owned(),
    });
    cases.chain(orders).chain(letter).chain(order).collect::<Vec<_>>().join("; ")
}

/// The events of the only case that a decision changes.
pub fn events_told(decision: &Decision) -> String {
    let [change] = &decision.cases[..] else { panic!("one case, not {}", decision.cases.len()) };
    change.events.iter().map(|event| event_told(&event.what)).collect::<Vec<_>>().join(", ")
}

fn event_told(what: &What) -> String {
    match what {
        What::Opened { .. } => "opened".to_owned(),
        What::MessageReceived { proof, automatic: None, .. } => format!("received {}", proof.as_str()),
        What::MessageReceived { proof, .. } => format!("received {} from a machine", proof.as_str()),
        What::MessageFlagged { flag, .. } => format!("flag {}", flag.as_str()),
        What::LetterForwarded { .. } => "forwarded".to_owned(),
        What::MergedInto { .. } => "merged away".to_owned(),
        What::TookIn { .. } => "took in".to_owned(),
        What::MergeUndone { .. } => "merge undone".to_owned(),
        What::MessageWritten { purpose, .. } => format!("wrote {}", purpose.as_str()),
        What::MessageWithheld { purpose } => format!("withheld {}", purpose.as_str()),
        What::NoteWritten { .. } => "noted".to_owned(),
        What::MessageSent { .. } => "sent".to_owned(),
        What::MessageDelayed { .. } => "delayed".to_owned(),
        What::MessageRefused { .. } => "refused".to_owned(),
        What::Assigned { agent: Some(_), .. } => "assigned".to_owned(),
        What::Assigned { agent: None, .. } => "assigned to nobody".to_owned(),
        What::StatusChanged { to, .. } => format!("status {}", to.as_str()),
        What::SolutionProposed { .. } => "proposed".to_owned(),
        What::Reopened { message: Some(_) } => "reopened with words".to_owned(),
        What::Reopened { message: None } => "reopened".to_owned(),
        What::Closed { closing } => format!("closed {}", closing.as_str()),
        What::NatureChanged { to, .. } => format!("nature {}", to.as_str()),
        What::LinkProposed { hint, .. } => format!("hint {}", hint.as_str()),
        What::Called { direction, result, .. } => format!("call {} {}", direction.as_str(), result.as_str()),
        What::Committed { .. } => "promised".to_owned(),
        What::CommitmentKept { .. } => "kept".to_owned(),
        What::LinksRevoked => "links revoked".to_owned(),
        What::HeldForLaw { .. } => "held".to_owned(),
        What::HoldLifted => "held no longer".to_owned(),
        What::Erased { ground } => format!("erased {}", ground.as_str()),
        What::ClockRang { kind, is_late: false, .. } => format!("rang {}", kind.as_str()),
        What::ClockRang { kind, .. } => format!("rang {} late", kind.as_str()),
    }
}

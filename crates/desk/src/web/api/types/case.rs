//! Cases, their messages and timelines, and new ones.

use casework::{Actor, Case, Channel, Event, MessageState, Nature};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{CaseHead, CaseMessage, CasePage, ListRow};
use utoipa::ToSchema;
use uuid::Uuid;

use super::act::ToldBy;
use super::customer::{Customer, NewIdentity};
use super::words;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct CaseList {
    /// The cases, in order.
    pub cases: Vec<CaseSummary>,
    /// What to pass as `after` for the next page; absent on the last one.
    pub next: Option<String>,
}

/// A case in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct CaseSummary {
    pub reference: String,
    #[schema(value_type = words::Status)]
    pub status: &'static str,
    #[schema(value_type = words::Nature)]
    pub nature: &'static str,
    #[schema(value_type = Option<words::Closing>)]
    pub closing: Option<&'static str>,
    pub subject: String,
    pub customer: Option<String>,
    pub assignee: Option<String>,
    pub opened_at: Timestamp,
    pub changed_at: Timestamp,
    pub act_by: Option<Timestamp>,
    pub last_inbound_at: Option<Timestamp>,
}

/// One case.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct CaseDetail {
    pub reference: String,
    #[schema(value_type = words::Status)]
    pub status: &'static str,
    #[schema(value_type = words::Nature)]
    pub nature: &'static str,
    #[schema(value_type = Option<words::Closing>)]
    pub closing: Option<&'static str>,
    pub subject: String,
    pub language: String,
    pub customer: Customer,
    pub team: Option<String>,
    pub assignee: Option<String>,
    pub opened_at: Timestamp,
    pub changed_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub act_by: Option<Timestamp>,
    /// Promises that are not kept yet.
    pub commitments: Vec<Commitment>,
    /// Oldest first, without internal notes.
    pub messages: Vec<Message>,
    /// All that happened, oldest first; the newest 2,000.
    pub timeline: Vec<Happening>,
}

/// A promise that is not kept yet.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Commitment {
    pub id: Uuid,
    /// What was promised.
    pub promise: String,
    pub due_at: Timestamp,
}

/// One page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct MessageList {
    /// The messages, oldest first.
    pub messages: Vec<Message>,
    /// What to pass as `after` for the next page; absent on the last one.
    pub next: Option<String>,
}

/// A case to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewCase {
    /// The short name of the brand.
    pub brand: String,
    /// The inbox it is answered from; the first one of the brand where it is absent.
    pub inbox: Option<String>,
    /// Whose problem it is.
    pub customer: NewCaseCustomer,
    /// What it is about, on one line; made of the first words where it is absent.
    pub subject: Option<String>,
    /// The customer's words, as plain text of at most 200 KiB.
    pub text: String,
    /// Files that were brought before (`POST /api/v1/files`): at most ten, of 20 MiB together.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub files: Vec<String>,
    /// Where they said it.
    #[serde(default)]
    pub channel: ToldBy,
    /// What kind of matter it is; a complaint where it is absent.
    #[schema(value_type = Option<words::Nature>)]
    pub nature: Option<Nature>,
    /// The language they used (`fr`, `en`); found from the text where it is absent.
    pub language: Option<String>,
    /// When it had reached the company, if that was before now; at most a year ago.
    pub received_at: Option<Timestamp>,
    /// Whether the customer gets a mail with the reference and their private link.
    #[serde(default = "yes")]
    pub acknowledge: bool,
}

fn yes() -> bool {
    true
}

/// Whose problem it is: somebody known, or known by a sign, or new.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewCaseCustomer {
    /// The id of a customer who is known.
    pub id: Option<Uuid>,
    /// The name they give.
    pub name: Option<String>,
    /// Signs they are known by or reached at, the best one first; the first that is known tells who it is.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub identities: Vec<NewIdentity>,
}

/// A message between the customer and the desk, without quoted history. Notes are not given out.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Message {
    pub id: Uuid,
    pub at: Timestamp,
    /// When a letter says it was written, if that is more than a day before `at`.
    pub written_at: Option<Timestamp>,
    /// `in` or `out`.
    pub direction: &'static str,
    #[schema(value_type = words::Channel)]
    pub channel: Channel,
    #[schema(value_type = words::MessageState)]
    pub state: &'static str,
    pub purpose: Option<&'static str>,
    pub is_automatic: bool,
    pub address: Option<String>,
    pub text: String,
    pub files: Vec<File>,
}

/// A file of a message.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct File {
    /// Its place: `/api/v1/cases/{reference}/messages/{message}/files/{index}`.
    pub index: u32,
    pub name: String,
    pub size_bytes: u64,
}

/// One entry of the timeline.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Happening {
    pub seq: u32,
    pub at: Timestamp,
    pub actor: &'static str,
    pub agent: Option<String>,
    pub event: &'static str,
    pub status: Option<&'static str>,
    pub nature: Option<&'static str>,
    pub message: Option<String>,
}

impl CaseSummary {
    /// A row of a list.
    pub fn of(row: &ListRow) -> Self {
        Self { assignee: row.assignee.clone(), ..Self::of_head(&row.case, row.customer.clone()) }
    }

    /// A case of somebody; who is in charge is not known here.
    pub fn of_head(case: &CaseHead, customer: Option<String>) -> Self {
        Self {
            reference: case.reference.to_string(),
            status: case.status.as_str(),
            nature: case.nature.as_str(),
            closing: case.closing.map(casework::Closing::as_str),
            subject: case.subject.clone(),
            customer,
            assignee: None,
            opened_at: case.opened_at,
            changed_at: case.changed_at,
            act_by: case.act_by,
            last_inbound_at: case.last_inbound_at,
        }
    }
}

impl CaseDetail {
    /// A whole case.
    pub fn of(page: &CasePage) -> Self {
        let case: &Case = &page.case;
        let names = &page.names;
        let mut messages: Vec<Message> = page.messages.iter().filter_map(Message::of).collect();
        messages.reverse();
        Self {
            reference: case.reference.to_string(),
            status: case.status.as_str(),
            nature: case.nature.as_str(),
            closing: case.closing.map(casework::Closing::as_str),
            subject: page.subject.clone(),
            language: case.language.clone(),
            customer: Customer::of(&page.customer),
            team: names.teams.iter().find(|(id, _)| *id == case.team).map(|(_, name)| name.clone()),
            assignee: case.assignee.and_then(|agent| names.agents.get(&agent).cloned()),
            opened_at: case.opened_at,
            changed_at: case.changed_at,
            closed_at: case.closed_at,
            act_by: page.act_by,
            commitments: case.commitments.iter().map(|made| Commitment::of(made, page)).collect(),
            messages,
            timeline: page.events.iter().map(|event| Happening::of(event, agent_of(event, page))).collect(),
        }
    }
}

impl Commitment {
    fn of(made: &casework::Commitment, page: &CasePage) -> Self {
        let promise = page.lines.get(&made.text).cloned().unwrap_or_default();
        Self { id: made.id.0, promise, due_at: made.due_at }
    }
}

impl Message {
    /// A message that is not a note.
    pub fn of(message: &CaseMessage) -> Option<Self> {
        let about = &message.message;
        let direction = match about.state {
            MessageState::Note => return None,
            MessageState::Received => "in",
            MessageState::Queued
            | MessageState::Delayed
            | MessageState::Sent
            | MessageState::Refused
            | MessageState::Posted => "out",
        };
        let is_ours = direction == "out";
        let own_words = || text::reading::read(&message.text).visible();
        let file = |file: &casework::InboundFile| File {
            index: file.index,
            name: file.name.clone(),
            size_bytes: file.size_bytes,
        };
        Some(Self {
            id: about.id.0,
            at: about.at,
            channel: about.channel,
            written_at: about.written_at,
            direction,
            state: about.state.as_str(),
            purpose: about.purpose.map(casework::Purpose::as_str),
            is_automatic: about.automatic.is_some() || (is_ours && about.author == Actor::Desk),
            address: message.address.clone(),
            text: if is_ours { message.text.clone() } else { own_words() },
            files: message.files.iter().map(file).collect(),
        })
    }
}

impl Happening {
    /// An event, with the name of the agent who did it.
    pub fn of(event: &Event, agent: Option<String>) -> Self {
        use casework::What;
        let actor = match event.actor {
            Actor::Customer(_) => "customer",
            Actor::Agent(_) => "agent",
            Actor::Desk => "desk",
        };
        let mut happening = Self {
            seq: event.seq,
            at: event.at,
            actor,
            agent,
            event: word(&event.what),
            status: None,
            nature: None,
            message: None,
        };
        match &event.what {
            What::StatusChanged { to, .. } => happening.status = Some(to.as_str()),
            What::Opened { nature, .. } | What::NatureChanged { to: nature, .. } => {
                happening.nature = Some(nature.as_str());
            }
            What::MessageReceived { message, .. }
            | What::MessageFlagged { message, .. }
            | What::LetterForwarded { message }
            | What::MessageWritten { message, .. }
            | What::MessageSent { message }
            | What::MessageDelayed { message, .. }
            | What::MessageRefused { message, .. }
            | What::SolutionProposed { message } => happening.message = Some(message.to_string()),
            What::NoteWritten { .. }
            | What::MessageWithheld { .. }
            | What::Assigned { .. }
            | What::Reopened { .. }
            | What::Closed { .. }
            | What::LinkProposed { .. }
            | What::MergedInto { .. }
            | What::TookIn { .. }
            | What::MergeUndone { .. }
            | What::Called { .. }
            | What::Committed { .. }
            | What::CommitmentKept { .. }
            | What::LinksRevoked
            | What::HeldForLaw { .. }
            | What::HoldLifted
            | What::Erased { .. }
            | What::ClockRang { .. } => {}
        }
        happening
    }
}

fn agent_of(event: &Event, page: &CasePage) -> Option<String> {
    let Actor::Agent(agent) = event.actor else { return None };
    page.names.agents.get(&agent).cloned()
}

/// Every word of an event.
pub(in crate::web) const WORDS: [&str; 28] = [
    "opened",
    "message_received",
    "message_flagged",
    "letter_forwarded",
    "merged_into",
    "took_in",
    "merge_undone",
    "message_written",
    "message_withheld",
    "note_written",
    "message_sent",
    "message_delayed",
    "message_refused",
    "assigned",
    "status_changed",
    "solution_proposed",
    "reopened",
    "closed",
    "nature_changed",
    "link_proposed",
    "clock_rang",
    "called",
    "committed",
    "commitment_kept",
    "links_revoked",
    "held_for_law",
    "hold_lifted",
    "erased",
];

/// The word of an event: what integrators rely on, whatever the code calls it.
pub(in crate::web) fn word(what: &casework::What) -> &'static str {
    use casework::What;
    match what {
        What::Opened { .. } => "opened",
        What::MessageReceived { .. } => "message_received",
        What::MessageFlagged { .. } => "message_flagged",
        What::LetterForwarded { .. } => "letter_forwarded",
        What::MergedInto { .. } => "merged_into",
        What::TookIn { .. } => "took_in",
        What::MergeUndone { .. } => "merge_undone",
        What::MessageWritten { .. } => "message_written",
        What::MessageWithheld { .. } => "message_withheld",
        What::NoteWritten { .. } => "note_written",
        What::MessageSent { .. } => "message_sent",
        What::MessageDelayed { .. } => "message_delayed",
        What::MessageRefused { .. } => "message_refused",
        What::Assigned { .. } => "assigned",
        What::StatusChanged { .. } => "status_changed",
        What::SolutionProposed { .. } => "solution_proposed",
        What::Reopened { .. } => "reopened",
        What::Closed { .. } => "closed",
        What::NatureChanged { .. } => "nature_changed",
        What::LinkProposed { .. } => "link_proposed",
        What::ClockRang { .. } => "clock_rang",
        What::Called { .. } => "called",
        What::Committed { .. } => "committed",
        What::CommitmentKept { .. } => "commitment_kept",
        What::LinksRevoked => "links_revoked",
        What::HeldForLaw { .. } => "held_for_law",
        What::HoldLifted => "hold_lifted",
        What::Erased { .. } => "erased",
    }
}

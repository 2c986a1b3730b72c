//! Rows → casework's values. Reading what was written must always succeed; what does not read is a bug and says where.

use casework::people::{Customer, Identity};
use casework::{
    Case, Channel, ClockKind, Closing, Event, IdentityKind, Message, MessageState, Nature, Policy, Purpose,
    Reference, SenderProof, Status,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::conn::{Row, instant};
use crate::error::StoreError;

/// The columns of a case that the query calls `c`.
macro_rules! case_columns {
    () => {
        "c.brand_id, c.id, c.reference, c.seq, c.nature, c.status, c.closing, c.customer_id, c.inbox_id, c.team_id, \
         c.assignee_id, c.subject_id, c.language, c.opened_at, c.changed_at, c.last_message_id, c.last_inbound_at, \
         c.last_answer_at, c.unanswered_since, c.proposed_at, c.reminded_at, c.third_party_id, c.chase_at, c.closed_at, \
         c.undelivered_at, c.merged_into, c.call_again_at, c.commitments, c.rung, c.transfers, c.link_generation, c.act_by, \
         c.held_since, c.erased_at"
    };
}
pub(crate) use case_columns;

pub(crate) fn case(row: &Row) -> Result<Case, StoreError> {
    let rung: String = row.get("rung")?;
    let commitments: String = row.get("commitments")?;
    Ok(Case {
        brand: casework::BrandId(row.get("brand_id")?),
        id: row.id("id")?,
        reference: reference(row)?,
        seq: row.count("seq")?,
        nature: row.word("nature", Nature::parse)?,
        status: row.word("status", Status::parse)?,
        closing: row.word_opt("closing", Closing::parse)?,
        customer: row.id("customer_id")?,
        inbox: row.id("inbox_id")?,
        team: row.id("team_id")?,
        assignee: row.id_opt("assignee_id")?,
        subject: row.id("subject_id")?,
        language: row.get("language")?,
        opened_at: row.at("opened_at")?,
        changed_at: row.at("changed_at")?,
        last_message: row.id_opt("last_message_id")?,
        last_inbound_at: row.at_opt("last_inbound_at")?,
        last_answer_at: row.at_opt("last_answer_at")?,
        unanswered_since: row.at_opt("unanswered_since")?,
        proposed_at: row.at_opt("proposed_at")?,
        reminded_at: row.at_opt("reminded_at")?,
        third_party: row.id_opt("third_party_id")?,
        chase_at: row.at_opt("chase_at")?,
        call_again_at: row.at_opt("call_again_at")?,
        commitments: serde_json::from_str(&commitments).map_err(|_| StoreError::Corrupt("commitments"))?,
        closed_at: row.at_opt("closed_at")?,
        undelivered_at: row.at_opt("undelivered_at")?,
        merged_into: row.id_opt("merged_into")?,
        rung: serde_json::from_str(&rung).map_err(|_| StoreError::Corrupt("rung"))?,
        transfers: row.count("transfers")?,
        held_since: row.at_opt("held_since")?,
        erased_at: row.at_opt("erased_at")?,
        link_generation: row.count("link_generation")?,
    })
}

pub(crate) fn reference(row: &Row) -> Result<Reference, StoreError> {
    Reference::parse(&row.get::<String>("reference")?).ok_or(StoreError::Corrupt("reference"))
}

/// When the desk must next act, as the row says it.
pub(crate) fn act_by(row: &Row) -> Result<Option<Timestamp>, StoreError> {
    let micros: i64 = row.get("act_by")?;
    if micros == crate::derived::NEVER {
        return Ok(None);
    }
    instant(micros).map(Some).ok_or(StoreError::Corrupt("act_by"))
}

pub(crate) fn event(row: &Row) -> Result<Event, StoreError> {
    let body: String = row.get("body")?;
    serde_json::from_str(&body).map_err(|_| StoreError::Corrupt("event"))
}

pub(crate) fn message(row: &Row) -> Result<Message, StoreError> {
    let author: String = row.get("author")?;
    let answers: String = row.get("answers")?;
    let automatic: Option<String> = row.get("automatic")?;
    let automatic = automatic.map(|kind| serde_json::from_str(&kind)).transpose();
    Ok(Message {
        id: row.id("id")?,
        case: row.id("case_id")?,
        at: row.at("at")?,
        written_at: row.at_opt("written_at")?,
        author: serde_json::from_str(&author).map_err(|_| StoreError::Corrupt("author"))?,
        channel: row.word("channel", Channel::parse)?,
        state: row.word("state", MessageState::parse)?,
        purpose: row.word_opt("purpose", Purpose::parse)?,
        identity: row.id_opt("identity_id")?,
        text: row.id("text_id")?,
        html: row.id_opt("html_id")?,
        subject: row.id_opt("subject_id")?,
        files: row.id_opt("files_id")?,
        has_layout: row.get("has_layout")?,
        letter: row.id_opt("letter_id")?,
        mail_id: row.get("mail_id")?,
        answers: serde_json::from_str(&answers).map_err(|_| StoreError::Corrupt("answers"))?,
        automatic: automatic.map_err(|_| StoreError::Corrupt("automatic"))?,
        sender: row.word_opt("sender_proof", SenderProof::parse)?.unwrap_or_default(),
        reason: row.id_opt("reason_id")?,
    })
}

/// A customer with one identity; the query names the columns `customer_id`, `version`, `name`, `language`, `identity_id`, `kind`,
/// `address`, `undeliverable_at`.
pub(crate) fn customer(row: &Row) -> Result<(Customer, Identity), StoreError> {
    let id = row.id("customer_id")?;
    let customer =
        Customer { id, version: row.get("version")?, name: row.get("name")?, language: row.get("language")? };
    let identity = Identity {
        id: row.id("identity_id")?,
        customer: id,
        kind: row.word("kind", IdentityKind::parse)?,
        address: row.get("address")?,
        undeliverable_at: row.at_opt("undeliverable_at")?,
    };
    Ok((customer, identity))
}

pub(crate) fn clock_kind(row: &Row) -> Result<ClockKind, StoreError> {
    row.word("kind", ClockKind::parse)
}

/// A policy as it is stored: every span in minutes.
#[derive(Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the unit belongs in the name")]
pub(crate) struct StoredPolicy {
    first_reply_minutes: i64,
    next_reply_minutes: i64,
    next_update_minutes: i64,
    confirm_reminder_minutes: i64,
    confirm_lapse_minutes: i64,
    reopen_within_minutes: i64,
}

impl From<&Policy> for StoredPolicy {
    fn from(policy: &Policy) -> Self {
        Self {
            first_reply_minutes: policy.first_reply.as_mins(),
            next_reply_minutes: policy.next_reply.as_mins(),
            next_update_minutes: policy.next_update.as_mins(),
            confirm_reminder_minutes: policy.confirm_reminder.as_mins(),
            confirm_lapse_minutes: policy.confirm_lapse.as_mins(),
            reopen_within_minutes: policy.reopen_within.as_mins(),
        }
    }
}

impl From<StoredPolicy> for Policy {
    fn from(stored: StoredPolicy) -> Self {
        let span = |minutes: i64| SignedDuration::from_mins(minutes.clamp(1, 10 * 366 * 24 * 60));
        Self {
            first_reply: span(stored.first_reply_minutes),
            next_reply: span(stored.next_reply_minutes),
            next_update: span(stored.next_update_minutes),
            confirm_reminder: span(stored.confirm_reminder_minutes),
            confirm_lapse: span(stored.confirm_lapse_minutes),
            reopen_within: span(stored.reopen_within_minutes),
        }
    }
}

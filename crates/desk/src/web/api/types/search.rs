//! What a search found.

use jiff::Timestamp;
use serde::Serialize;
use store::{Hit, HitKind};
use text::search::{Query, excerpt};
use utoipa::ToSchema;
use uuid::Uuid;

use super::words;

/// Characters of an excerpt.
const EXCERPT_CHARS: usize = 240;

/// One page of what was found.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct SearchList {
    /// Newest first.
    pub hits: Vec<Found>,
    /// What to pass as `after` for the next page; absent on the last one.
    pub next: Option<String>,
}

/// A message that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Found {
    /// The message.
    pub message: Uuid,
    /// How far it has come.
    #[schema(value_type = words::MessageState)]
    pub state: &'static str,
    /// When it came in, or was written.
    pub at: Timestamp,
    /// Its case.
    pub reference: String,
    /// Where the case stands.
    #[schema(value_type = words::Status)]
    pub status: &'static str,
    /// The case's subject.
    pub subject: String,
    /// The customer's name.
    pub customer: Option<String>,
    /// The words around what was looked for.
    pub excerpt: String,
}

impl Found {
    /// A hit, if it is a message.
    pub fn of(hit: &Hit, query: &Query) -> Option<Self> {
        let HitKind::Message(message, state) = hit.kind else { return None };
        let case = hit.case.as_ref()?;
        Some(Self {
            message: message.0,
            state: state.as_str(),
            at: hit.at,
            reference: case.reference.to_string(),
            status: case.status.as_str(),
            subject: case.subject.clone(),
            customer: hit.customer.clone(),
            excerpt: excerpt(&hit.text, query, EXCERPT_CHARS).into_iter().map(|piece| piece.text).collect(),
        })
    }
}

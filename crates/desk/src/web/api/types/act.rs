//! Acts in a case, and what comes of them.

use casework::{CallResult, Direction, Nature};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::words;

/// What came of an act. It stays the same when the act is asked for again under the same `Idempotency-Key`.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Receipt {
    /// The reference of the case.
    pub case: String,
    /// The last event of the case that the act wrote; its `ETag`.
    pub seq: u32,
    /// When it was done.
    pub at: Timestamp,
    /// The message that was written.
    pub message: Option<Uuid>,
    /// The promise that was made or kept.
    pub commitment: Option<Uuid>,
}

/// Nothing more to say.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Nothing {}

/// What a person wrote, as plain text of at most 200 KiB.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct PersonWords {
    /// The text.
    #[serde(default)]
    pub text: String,
    /// Files that were brought before (`POST /api/v1/files`): at most ten, of 20 MiB together.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub files: Vec<String>,
}

/// An answer to the customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Reply {
    /// The text.
    #[serde(default)]
    pub text: String,
    /// Files that were brought before (`POST /api/v1/files`): at most ten, of 20 MiB together.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub files: Vec<String>,
    /// Whether it asks the customer something: the case then waits for them.
    #[serde(default)]
    pub waits_for_customer: bool,
}

/// Where something was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web) enum ToldBy {
    /// To a program: a chat, an application, another system.
    #[default]
    Api,
    /// On the phone.
    Phone,
    /// At a counter.
    Visit,
    /// On paper.
    Post,
}

/// What the customer said elsewhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Statement {
    /// Where they said it.
    #[serde(default)]
    pub channel: ToldBy,
    /// Their words.
    #[serde(default)]
    pub text: String,
    /// Files that were brought before (`POST /api/v1/files`): at most ten, of 20 MiB together.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub files: Vec<String>,
    /// When it had reached the company, if that was before now; at most a year ago.
    pub received_at: Option<Timestamp>,
}

/// A call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct CallLog {
    /// Who called whom.
    #[schema(value_type = words::Direction)]
    pub direction: Direction,
    /// What came of it.
    #[schema(value_type = words::CallResult)]
    pub result: CallResult,
    /// What was said.
    #[serde(default)]
    pub text: String,
    /// When the customer is to be called again.
    pub call_again_at: Option<Timestamp>,
}

/// To whom a case is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Assignment {
    /// The team; the same as before where it is absent.
    pub team: Option<Uuid>,
    /// A person of that team; nobody yet where it is absent.
    pub agent: Option<Uuid>,
}

/// What a case waits for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web) enum WaitStatus {
    /// Nothing: it is ours to move. Opens a closed case.
    Open,
    /// The customer.
    WaitingCustomer,
    /// A third party, named and with a date to chase it.
    WaitingThirdParty,
}

/// A change of standing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct StatusChange {
    /// What the case waits for.
    pub to: WaitStatus,
    /// The name of the third party.
    pub third_party: Option<String>,
    /// When to chase it.
    pub chase_at: Option<Timestamp>,
}

/// A corrected nature.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NatureChange {
    /// The new nature.
    #[schema(value_type = words::Nature)]
    pub to: Nature,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Why a case is kept as evidence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Hold {
    /// The reason, on one line.
    pub reason: String,
}

/// A promise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Promise {
    /// What is promised, on one line; the customer sees it.
    pub promise: String,
    /// By when.
    pub due_at: Timestamp,
}

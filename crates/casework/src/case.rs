//! A case as it is now: the row that its timeline folds into. Holds ids and instants, never personal text.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{
    AgentId, BrandId, CaseId, CommitmentId, ContentId, CustomerId, InboxId, MessageId, Reference, TeamId,
};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word kept in the store, in the API and in catalogue keys.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Reads the word back.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Where a case stands.
    Status {
        /// Nobody at the desk has answered yet.
        New = "new",
        /// Ours to move.
        Open = "open",
        /// The customer was asked something.
        WaitingCustomer = "waiting_customer",
        /// A named third party was asked something, with a date to chase it.
        WaitingThirdParty = "waiting_third_party",
        /// A solution was proposed; the customer has not said yes or no.
        Resolved = "resolved",
        /// Confirmed by the customer, or lapsed after a reminder.
        Closed = "closed",
    }
}

words! {
    /// How something reached the desk, or left it.
    Channel {
        /// A letter by mail.
        Mail = "mail",
        /// The public form.
        Form = "form",
        /// A phone call.
        Phone = "phone",
        /// A visit to a shop or a counter.
        Visit = "visit",
        /// A letter on paper.
        Post = "post",
        /// A program of the company's.
        Api = "api",
        /// The private page of a case.
        Page = "page",
    }
}

words! {
    /// What kind of matter a case is. It can be corrected; the history keeps every change with its reason.
    Nature {
        /// Somebody asks for something.
        Request = "request",
        /// Somebody is dissatisfied and expects an answer.
        Complaint = "complaint",
        /// Somebody tells us something that needs no answer to them.
        Report = "report",
        /// Somebody contests a decision or a sum.
        Dispute = "dispute",
    }
}

words! {
    /// How a case came to be closed. They are never mixed.
    Closing {
        /// The customer said that it is solved.
        Confirmed = "confirmed",
        /// The customer said nothing, also after a reminder.
        Lapsed = "lapsed",
        /// It goes on as part of another case.
        Merged = "merged",
    }
}

words! {
    /// The kinds of time limit that the desk sets itself.
    ClockKind {
        /// A person's first answer.
        FirstReply = "first_reply",
        /// A person's answer to a later message.
        NextReply = "next_reply",
        /// The longest silence after an answer while the case is still ours to move.
        NextUpdate = "next_update",
        /// Time to chase the third party.
        ChaseThirdParty = "chase_third_party",
        /// Time to ask whether the proposed solution works.
        ConfirmReminder = "confirm_reminder",
        /// The proposed solution stands, for want of an answer to the reminder.
        ConfirmLapse = "confirm_lapse",
        /// Time to call the customer again, as was said.
        CallAgain = "call_again",
        /// The date of a promise.
        Commitment = "commitment",
    }
}

/// A promise made to the customer that is not kept yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// Its id.
    pub id: CommitmentId,
    /// What was promised, in the words of whoever did.
    pub text: ContentId,
    /// By when.
    pub due_at: Timestamp,
}

/// One case, now. `fold` makes it from the timeline; a test holds that the stored row is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The brand it belongs to.
    pub brand: BrandId,
    /// Its id.
    pub id: CaseId,
    /// What people call it.
    pub reference: Reference,
    /// Number of events on the timeline; also the version a decision relies on.
    pub seq: u32,
    /// Request, complaint, report or dispute.
    pub nature: Nature,
    /// Where it stands.
    pub status: Status,
    /// How it was closed, when it is.
    pub closing: Option<Closing>,
    /// Whose problem it is.
    pub customer: CustomerId,
    /// Where its first message came in.
    pub inbox: InboxId,
    /// The team that owns it.
    pub team: TeamId,
    /// The agent in charge, if one is.
    pub assignee: Option<AgentId>,
    /// Subject of the first message.
    pub subject: ContentId,
    /// Language to answer in.
    pub language: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When its last event happened.
    pub changed_at: Timestamp,
    /// The last words that went between the customer and a person of the desk.
    pub last_message: Option<MessageId>,
    /// When the customer last wrote themselves.
    pub last_inbound_at: Option<Timestamp>,
    /// When a person of the desk last wrote to them.
    pub last_answer_at: Option<Timestamp>,
    /// Since when the customer has been waiting for an answer from a person.
    pub unanswered_since: Option<Timestamp>,
    /// When the standing solution was proposed.
    pub proposed_at: Option<Timestamp>,
    /// When the customer was reminded of it.
    pub reminded_at: Option<Timestamp>,
    /// Name of the third party waited for.
    pub third_party: Option<ContentId>,
    /// When to chase it.
    pub chase_at: Option<Timestamp>,
    /// When the customer is to be called again.
    pub call_again_at: Option<Timestamp>,
    /// Promises not kept yet, in the order they were made.
    pub commitments: Vec<Commitment>,
    /// When the case was closed.
    pub closed_at: Option<Timestamp>,
    /// Since when the last mail to the customer is known not to have arrived.
    pub undelivered_at: Option<Timestamp>,
    /// The case that goes on in place of this one.
    pub merged_into: Option<CaseId>,
    /// Due dates for which a clock has rung, the newest few of each kind: each due date rings once, also when a case
    /// goes to and fro between two standings or two teams, and its clock between two dates.
    pub rung: BTreeMap<ClockKind, BTreeSet<Timestamp>>,
    /// How often the case went from one team to another.
    pub transfers: u32,
    /// Since when everything in it must be kept as evidence.
    pub held_since: Option<Timestamp>,
    /// When its words and files were erased.
    pub erased_at: Option<Timestamp>,
    /// Which private links are valid: raising it revokes those given out before.
    pub link_generation: u32,
}

impl Case {
    /// True while somebody has something left to do.
    pub fn is_open(&self) -> bool {
        self.status != Status::Closed
    }
}

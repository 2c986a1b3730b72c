//! One communication of a case, as a decision records it. Words are contents, named by id; bytes stay with the letter.

use jiff::Timestamp;

use crate::case::{Channel, words};
use crate::event::{Actor, Purpose};
use crate::id::{CaseId, ContentId, IdentityId, LetterId, MessageId};
use crate::inbound::{Automatic, SenderProof};

words! {
    /// How far a message has come.
    MessageState {
        /// It came from outside.
        Received = "received",
        /// An internal note.
        Note = "note",
        /// Written and ordered to be sent.
        Queued = "queued",
        /// Not handed over yet; tried again.
        Delayed = "delayed",
        /// The next mail server took it.
        Sent = "sent",
        /// Refused for good, or given up.
        Refused = "refused",
        /// Shown on the private page alone: the customer has no address to write to.
        Posted = "posted",
    }
}

/// A message of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The case it is in.
    pub case: CaseId,
    /// When it was received or written.
    pub at: Timestamp,
    /// When a letter says it was written, if that is long before it was received: it came from an archive, or was held up.
    pub written_at: Option<Timestamp>,
    /// Who wrote it.
    pub author: Actor,
    /// How it reached the desk, or leaves it.
    pub channel: Channel,
    /// How far it has come.
    pub state: MessageState,
    /// What a written message is for.
    pub purpose: Option<Purpose>,
    /// The customer's address it came from or goes to.
    pub identity: Option<IdentityId>,
    /// The plain text, quoted history included.
    pub text: ContentId,
    /// The rich text of what an agent wrote. A received letter's HTML stays in the letter.
    pub html: Option<ContentId>,
    /// Its own subject.
    pub subject: Option<ContentId>,
    /// Names and sizes of the files in the letter, as JSON.
    pub files: Option<ContentId>,
    /// Whether the letter has a layout of its own to look at.
    pub has_layout: bool,
    /// The raw letter it was read from.
    pub letter: Option<LetterId>,
    /// `Message-ID` without angle brackets.
    pub mail_id: Option<String>,
    /// `Message-ID`s it answers, newest first, at most 20.
    pub answers: Vec<String>,
    /// Set when a machine wrote it.
    pub automatic: Option<Automatic>,
    /// Whether the domain of its sender stands behind a letter.
    pub sender: SenderProof,
    /// What the mail server said when it was delayed or refused.
    pub reason: Option<ContentId>,
}

/// How many `Message-ID`s a mail of ours refers to (RFC 5322 sets no limit; long chains break old servers).
pub const REFERENCES_MAX: usize = 20;

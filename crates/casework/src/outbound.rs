//! What the desk hands to a channel: one mail to write, complete enough that the same value gives the same bytes.
//! No protocol and no IO here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::inbound::Mailbox;

/// A mail to send. Rendering it twice gives the same bytes: boundaries derive from `message_id`, the date is `written_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbound {
    /// `Message-ID` without angle brackets, 128 random bits in its local part.
    pub message_id: String,
    /// The `Date` header.
    pub written_at: Timestamp,
    /// The brand's own address and name.
    pub from: Mailbox,
    /// The signed reply address; answers to it prove which case they belong to.
    pub reply_to: Mailbox,
    /// The one person it is for.
    pub to: Mailbox,
    /// Subject without line breaks.
    pub subject: String,
    /// `In-Reply-To`, without angle brackets.
    pub in_reply_to: Option<String>,
    /// `References`, oldest first, without angle brackets, at most 20.
    pub references: Vec<String>,
    /// Plain text part.
    pub text: String,
    /// HTML part (already safe), wrapped by the channel in a minimal document.
    pub html: Option<String>,
    /// Files that go with it.
    pub files: Vec<OutboundFile>,
    /// Language of the text: `fr` or `en`.
    pub language: String,
    /// True when a machine wrote it: adds `Auto-Submitted` and `X-Auto-Response-Suppress` (RFC 3834).
    pub is_automatic: bool,
    /// The desk's own mark, put in `X-Suivi-Loop`, by which a returning mail is known.
    pub loop_mark: String,
}

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OutboundFile {
    /// Its name, without any path.
    pub name: String,
    /// What it is, by its bytes.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

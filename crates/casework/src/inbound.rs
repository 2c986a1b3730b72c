//! What a channel hands to the desk: one letter, read, with nothing decided yet.
//! Lives here because decisions are made on it; the channels fill it in. No bytes, no protocol, no IO.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A mail address with the name its writer gave.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mailbox {
    /// Lower-case `local@domain`, at most 254 bytes.
    pub address: String,
    /// The display name, decoded; may be absent or untrue.
    pub name: Option<String>,
}

/// What the local part of an address that nobody reads begins with, once everything but letters is taken out.
const READ_BY_NOBODY: [&str; 6] =
    ["noreply", "donotreply", "noresponse", "nepasrepondre", "neplusrepondre", "norepondre"];

impl Mailbox {
    /// Whether the address says of itself that nobody reads what is sent to it, like `no-reply@` or `ne-pas-repondre@`.
    pub fn takes_no_answers(&self) -> bool {
        let local = self.address.split('@').next().unwrap_or_default();
        let letters: String = local.chars().filter(char::is_ascii_alphanumeric).collect();
        READ_BY_NOBODY.iter().any(|word| letters.contains(word))
    }
}

/// Why a letter was written by a machine. RFC 3834, RFC 3464, RFC 2919 and the habits of the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Automatic {
    /// An out-of-office or other automatic answer.
    Reply,
    /// A delivery report: the mail did not arrive, or not yet.
    Bounce,
    /// A mailing list or a newsletter.
    List,
    /// Marked as generated or bulk without being one of the others.
    Generated,
    /// It carries our own mark: one of our mails came back.
    OwnLoop,
    /// A read receipt (RFC 8098): somebody's program opened our mail, or threw it away.
    Receipt,
    /// A calendar's own mail (RFC 6047): an invitation, an answer to one, a cancellation.
    Invitation,
}

/// What became of a mail of ours, as a delivery report says it (RFC 3464).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It was given up: it did not arrive, and nobody tries again.
    Failed,
    /// Not yet: it is still being tried.
    Delayed,
    /// It arrived, or was handed on to where no more reports come from.
    Delivered,
}

/// A delivery report: about whom, and what became of the mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryReport {
    /// What became of it.
    pub fate: Fate,
    /// The address it was for, lower case: the original recipient where it is told, else the final one.
    pub recipient: Option<String>,
    /// Enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// What the refusing server said, on one line of at most 300 characters; empty when it is not told.
    pub words: String,
}

/// A letter inside a letter: what somebody forwarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarded {
    /// Who wrote it first.
    pub from: Mailbox,
    /// Its subject, one line.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Its `Message-ID` without angle brackets; only a letter forwarded as an attachment still has it.
    pub message_id: Option<String>,
    /// What the person who forwarded it wrote above it; often empty.
    pub comment: String,
}

/// Why a filter before us takes a letter for junk. Only a filter's "yes" is believed: anybody can write a "no".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JunkMark {
    /// The header field that says so, such as `X-Spam-Flag`.
    pub field: String,
    /// Its score in tenths of a point, where it gives one.
    pub score_tenths: Option<i32>,
}

/// Whether the domain in `From` stands behind a letter (SPF, DKIM, DMARC, ARC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SenderProof {
    /// It does: an aligned signature or server vouches for the address.
    Proven,
    /// Nobody can tell: the domain says nothing, or could not be asked.
    #[default]
    Unknown,
    /// It fails the domain's own test, and nobody says how much the domain makes of that, or the server that tested made
    /// nothing of it. It may be theirs all the same, so it is taken in, but it opens no door that is shut to strangers.
    Doubtful,
    /// It does not: the domain publishes who may write for it, and this letter is not from there.
    Forged,
}

impl SenderProof {
    /// The word kept in the store and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Unknown => "unknown",
            Self::Doubtful => "doubtful",
            Self::Forged => "forged",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Proven, Self::Unknown, Self::Doubtful, Self::Forged];
        all.into_iter().find(|proof| proof.as_str() == word)
    }

    /// Whether what is known speaks against the sender: then the address proves nothing.
    pub fn is_against(self) -> bool {
        matches!(self, Self::Doubtful | Self::Forged)
    }
}

/// A file that came with a letter. The bytes stay in the letter; `index` finds them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundFile {
    /// Its place in the letter, as the mail reader counts: always the same for the same letter, but there may be gaps
    /// where something is not shown, such as the signature over the others.
    pub index: u32,
    /// File name, decoded and stripped of any path; at most 200 characters.
    pub name: String,
    /// Media type as declared, lower case, such as `image/jpeg`.
    pub media_type: String,
    /// Size in bytes after decoding.
    pub size_bytes: u64,
    /// `Content-ID` without angle brackets, when the HTML refers to it.
    pub content_id: Option<String>,
}

/// One letter as the desk understands it. Every list and text is bounded by the reader.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inbound {
    /// Author, from `From`; absent when the header is missing or unreadable.
    pub from: Option<Mailbox>,
    /// Where the author wants answers, when that differs from `from`.
    pub reply_to: Option<Mailbox>,
    /// `To` and `Cc` together, at most 100.
    pub recipients: Vec<Mailbox>,
    /// Decoded subject on one line, at most 500 characters.
    pub subject: String,
    /// `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// `In-Reply-To` then `References`, newest first, without angle brackets, at most 50, no repeats.
    pub answers: Vec<String>,
    /// `Date`, when it can be read; it is what the sender claims.
    pub sent_at: Option<Timestamp>,
    /// The whole readable text, quoted history included; made from the HTML when there is no text part.
    pub text: String,
    /// The HTML part as received (not sanitised), if any.
    pub html: Option<String>,
    /// Files, at most 200.
    pub files: Vec<InboundFile>,
    /// Set when a machine wrote it.
    pub automatic: Option<Automatic>,
    /// The address at which the list that sent it takes letters; only with [`Automatic::List`].
    pub list: Option<String>,
    /// What a delivery report says; only with [`Automatic::Bounce`].
    pub report: Option<DeliveryReport>,
    /// The letter inside, when this one forwards it.
    pub forwarded: Option<Box<Forwarded>>,
    /// Set when a filter before us takes it for junk.
    pub junk: Option<JunkMark>,
    /// SHA-256 of the body, for telling a repeat from a different letter with the same `Message-ID`.
    pub body_hash: [u8; 32],
}

/// Something wrong or surprising in a letter. The letter is kept and read all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "defect", content = "detail")]
pub enum Defect {
    /// The bytes could not be read as a mail at all; `text` is a best effort.
    NotAMail,
    /// No usable `From`.
    NoSender,
    /// A header was longer than the limit and was cut; its name.
    HeaderTooLong(String),
    /// There were more of these than the limit; its name.
    TooMany(String),
    /// The text was cut at the limit.
    TextTooLong,
    /// A character set was unknown or wrong; what was declared.
    Charset(String),
    /// A control character or line break was removed from this header.
    HeaderInjection(String),
    /// MIME parts were nested deeper than the limit.
    TooDeep,
    /// The content is encrypted and nobody here has the key; how it is encrypted, such as `S/MIME`.
    Encrypted(String),
}

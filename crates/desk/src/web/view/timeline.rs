//! The historique of a case, and alone for live refresh.

use askama::Template;

use crate::web::language::Language;
use crate::web::view::case_list::Person;
use crate::web::view::filters::{self, CleanHtml};
use crate::web::view::{Actor, Delivery, Happening, Moment};

/// GET `/cases/{reference}/timeline`: the region alone, oldest first.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "case_timeline.html")]
pub struct CaseTimeline {
    /// Language of the words.
    pub lang: Language,
    /// Reference of the case.
    pub reference: String,
    /// Number of the newest event that it takes into account; what is written after reading it has seen so much.
    pub seen: String,
    /// Where this region is fetched again.
    pub refresh_url: String,
    /// At most 200 entries, oldest first.
    pub entries: Vec<Entry>,
    /// Older entries, when there are more.
    pub earlier_url: Option<String>,
}

/// One entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Unique in the page and stable: becomes the element's id, so that refreshing keeps what is open.
    pub id: String,
    /// When.
    pub at: Moment,
    /// What.
    pub what: What,
}

/// What an entry is.
#[derive(Debug, Clone)]
pub enum What {
    /// A message from the customer or another outside person.
    Inbound(Box<InboundEntry>),
    /// A message of ours.
    Outbound(Box<OutboundEntry>),
    /// An internal note.
    Note(NoteEntry),
    /// Something that happened, in small type.
    Event(EventEntry),
}

/// A piece of a letter's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passage {
    /// True when somebody else wrote it before.
    pub is_quoted: bool,
    /// True when it is so long that it is folded where it stands.
    pub is_long: bool,
    /// Plain text.
    pub text: String,
}

/// A message that came in.
#[derive(Debug, Clone, Default)]
pub struct InboundEntry {
    /// Who wrote: name, or the address.
    pub from: Person,
    /// Their address.
    pub address: String,
    /// Set when it came from somebody who is not the customer of this case.
    pub is_other_person: bool,
    /// Whether the domain of the address stands behind the message; nothing when nobody can tell.
    pub sender: Option<SenderMark>,
    /// Set when a machine wrote it (out of office, delivery report).
    pub is_automatic: bool,
    /// When they wrote it, if that is long before it came.
    pub written_at: Option<Moment>,
    /// What they wrote, without history and signature, but with the questions that they answered one by one.
    pub text: Vec<Passage>,
    /// The quoted history and signature, folded; empty when there is none.
    pub folded: String,
    /// URL of the sandboxed HTML view; none when the mail is plain text.
    pub html_url: Option<String>,
    /// URL of the letter as received (`.eml`).
    pub raw_url: Option<String>,
    /// Its files.
    pub files: Vec<FileLink>,
    /// What was odd about the letter, in words ("jeu de caractères inconnu").
    pub defects: Vec<String>,
}

/// What is known of a sender's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderMark {
    /// Its domain vouches for the message.
    Verified,
    /// It failed its domain's test, which may mean nothing or much.
    Doubtful,
    /// Its domain disowns the message.
    Forged,
}

impl SenderMark {
    /// The words beside the address.
    pub fn words(self, language: impl Into<Language>) -> String {
        let language = language.into();
        language.t(match self {
            Self::Verified => "sender-verified",
            Self::Doubtful => "sender-doubtful",
            Self::Forged => "sender-forged",
        })
    }

    /// Whether it must be seen.
    pub fn is_warning(self) -> bool {
        self != Self::Verified
    }

    /// The icon before them.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Verified => "shield-check",
            Self::Doubtful | Self::Forged => "shield-x",
        }
    }
}

/// A file that came with a message.
#[derive(Debug, Clone, Default)]
pub struct FileLink {
    /// Name.
    pub name: String,
    /// Size in words; see `Reader::size`.
    pub size: String,
    /// Where it is downloaded.
    pub url: String,
    /// Where a small picture of it is.
    pub preview_url: Option<String>,
}

/// A message of ours.
#[derive(Debug, Clone, Default)]
pub struct OutboundEntry {
    /// Who wrote; the brand for automatic ones.
    pub from: Person,
    /// Who it is for.
    pub to: String,
    /// Its text, sanitised.
    pub html: CleanHtml,
    /// How its delivery goes.
    pub delivery: Delivery,
    /// True when it proposes a solution.
    pub is_proposal: bool,
    /// True when a machine wrote it (acknowledgement, reminder).
    pub is_automatic: bool,
    /// Its files.
    pub files: Vec<FileLink>,
}

/// An internal note.
#[derive(Debug, Clone, Default)]
pub struct NoteEntry {
    /// Who wrote.
    pub from: Person,
    /// Its text, sanitised.
    pub html: CleanHtml,
    /// Its files.
    pub files: Vec<FileLink>,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub struct EventEntry {
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub happening: Happening,
    /// Why, in the words of whoever gave a reason; empty when none was given.
    pub reason: String,
}

impl EventEntry {
    /// The whole sentence, actor and cause included, in three parts: before the other case that it names, that case's
    /// reference, and after. The last two are empty when it names none.
    pub fn words(&self, language: impl Into<Language>) -> (String, &str, String) {
        let words = self.happening.words(language, &self.actor);
        let named = self.happening.other_case().unwrap_or_default();
        match words.split_once(named).filter(|_| !named.is_empty()) {
            Some((before, after)) => (before.to_owned(), named, after.to_owned()),
            None => (words, "", String::new()),
        }
    }
}

impl CaseTimeline {
    /// True for the last message of the list: where a link from the list of cases lands.
    pub fn is_latest(&self, entry: &Entry) -> bool {
        self.entries
            .iter()
            .rev()
            .find(|entry| !matches!(entry.what, What::Event(_)))
            .is_some_and(|last| last.id == entry.id)
    }
}

//! What a search found.

use askama::Template;
use text::search::Piece;

use crate::web::page::{Frame, Page};
use crate::web::view::filters;
use crate::web::view::{Moment, Status};

/// GET `/search?q=…`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    /// The page.
    pub page: Page,
    /// The frame; its box holds what was typed.
    pub frame: Frame,
    /// Why it cannot be looked for.
    pub flaw_key: Option<&'static str>,
    /// Whether anything was looked for.
    pub is_asked: bool,
    /// Whether it is a later page.
    pub is_more: bool,
    /// Messages, notes and customers found; at 1,001 counting has stopped.
    pub count: u32,
    /// What was found, newest first.
    pub results: Vec<Result>,
    /// The next page.
    pub next_url: Option<String>,
}

/// One thing that was found.
#[derive(Debug, Clone)]
pub enum Result {
    /// A case, with its messages in which it stands.
    Case(CaseFound),
    /// A customer.
    Customer(CustomerFound),
}

/// A case.
#[derive(Debug, Clone)]
pub struct CaseFound {
    /// What people call it.
    pub reference: String,
    /// Whose.
    pub customer: Vec<Piece>,
    /// Its subject.
    pub subject: Vec<Piece>,
    /// Where it stands.
    pub status: Status,
    /// The messages, newest first.
    pub messages: Vec<MessageFound>,
}

/// A message of a case.
#[derive(Debug, Clone)]
pub struct MessageFound {
    /// Where it stands on the case's page.
    pub url: String,
    /// Who wrote it to whom.
    pub kind: Kind,
    /// When.
    pub at: Moment,
    /// The words around what was looked for.
    pub excerpt: Vec<Piece>,
}

/// A customer.
#[derive(Debug, Clone)]
pub struct CustomerFound {
    /// Their page.
    pub url: String,
    /// Their name; the address when there is none.
    pub name: String,
    /// Their addresses.
    pub address: Vec<Piece>,
    /// Since when they are known.
    pub at: Moment,
}

/// What kind of message it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// From the customer.
    Received,
    /// An internal note.
    Note,
    /// To the customer.
    Written,
}

impl Kind {
    /// The catalogue key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Received => "search-received",
            Self::Note => "search-note",
            Self::Written => "search-written",
        }
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Received => "user",
            Self::Note => "note",
            Self::Written => "send",
        }
    }
}

/// Counting stops beyond this.
const COUNTED_MAX: u32 = 1_000;

impl SearchPage {
    /// "12 résultats", "plus de 1 000 résultats".
    pub fn count_words(&self) -> String {
        let (key, count) = if self.count > COUNTED_MAX {
            ("search-many", COUNTED_MAX)
        } else {
            ("search-count", self.count)
        };
        self.page.lang.ta(key, [("count", count.into())])
    }
}

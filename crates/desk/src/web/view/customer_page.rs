//! One customer: who they are, how they reach us, their cases.

use askama::Template;

use crate::web::page::{Frame, Page};
use crate::web::view::Moment;
use crate::web::view::case_side::{CaseLink, KnownBy};
use crate::web::view::filters;

/// GET `/customers/{id}`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "customer_page.html")]
pub struct CustomerPage {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Name; the address when there is none.
    pub name: String,
    /// Initials.
    pub initials: String,
    /// Since when we know them.
    pub known_since: Moment,
    /// The mail addresses they reach us from, the first one first.
    pub known_by: Vec<KnownBy>,
    /// Their cases, newest first, at most 100.
    pub cases: Vec<CaseLink>,
    /// Messages between them and us.
    pub message_count: u32,
    /// What the reader may do with their data.
    pub rights: Option<Rights>,
}

/// What may be done with a customer's data.
#[derive(Debug, Clone)]
pub struct Rights {
    /// Where their page is.
    pub url: String,
    /// True once it was asked for and until it is done.
    pub is_asked: bool,
    /// True once nothing is left.
    pub is_erased: bool,
    /// What stands in the way of an erasure.
    pub obstacle: Option<String>,
}

impl CustomerPage {
    /// "12 messages échangés".
    pub fn message_words(&self) -> String {
        self.page.lang.ta("customer-messages", [("count", self.message_count.into())])
    }
}

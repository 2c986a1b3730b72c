//! One customer: who they are, how they reach us, their cases.

use askama::Template;

use crate::web::page::{Frame, Page};
use crate::web::view::Moment;
use crate::web::view::case_side::CaseLink;
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
    /// Their ways to reach us.
    pub identities: Vec<Identity>,
    /// Their cases, newest first, at most 100.
    pub cases: Vec<CaseLink>,
    /// Messages received from them.
    pub received_count: u32,
    /// Messages sent to them.
    pub sent_count: u32,
}

/// One way a customer reaches us.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// Mail address.
    pub address: String,
    /// Last used.
    pub last_seen: Moment,
}

impl CustomerPage {
    /// "12 messages reçus".
    pub fn received_words(&self) -> String {
        self.page.lang.ta("customer-received", [("count", self.received_count.into())])
    }

    /// "9 messages envoyés".
    pub fn sent_words(&self) -> String {
        self.page.lang.ta("customer-sent", [("count", self.sent_count.into())])
    }
}

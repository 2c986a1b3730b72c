//! Who is told of events, and how it goes.

use askama::Template;

use crate::web::page::{Frame, Page};
use crate::web::view::Moment;
use crate::web::view::filters;

/// GET `/webhooks`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "webhooks.html")]
pub struct Webhooks {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// The addresses, by name.
    pub lines: Vec<WebhookLine>,
    /// What was written into the form.
    pub written: Written,
    /// The name and the secret of one that was just added.
    pub secret: Option<(String, String)>,
    /// Every word of an event.
    pub words: String,
}

/// What was written into the form.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// The events.
    pub events: String,
    /// Why it came back.
    pub problem: Option<String>,
}

/// An address.
#[derive(Debug, Clone, Default)]
pub struct WebhookLine {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// The events it wants; empty for all.
    pub events: String,
    /// Whether it is told.
    pub is_on: bool,
    /// Whether telling it fails.
    pub is_failing: bool,
    /// Places of the feed that it has not been told yet.
    pub behind: u32,
    /// When it is tried again.
    pub again_at: Option<Moment>,
    /// The newest tries.
    pub tries: Vec<TryLine>,
}

/// A try.
#[derive(Debug, Clone, Default)]
pub struct TryLine {
    /// The place of the event.
    pub position: i64,
    /// When.
    pub at: Moment,
    /// What was answered.
    pub status: Option<u32>,
    /// How long it took.
    pub took_ms: u32,
    /// Why it failed; empty when it did not.
    pub detail: String,
}

impl WebhookLine {
    /// "12 événements à transmettre".
    pub fn behind_words(&self, page: &Page) -> String {
        page.lang.ta("webhook-behind", [("count", self.behind.into())])
    }
}

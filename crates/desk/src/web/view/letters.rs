//! What is stuck on its way out, and what was kept aside on its way in.

use askama::Template;

use crate::web::page::{Frame, Page};
use crate::web::view::filters;
use crate::web::view::{Delivery, Moment};

/// GET `/outbox`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "outbox.html")]
pub struct Outbox {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Stuck first, then waiting, then the last sent; at most 100.
    pub mails: Vec<OutboxMail>,
    /// The page after, if any.
    pub next_url: Option<String>,
}

/// One mail on its way out.
#[derive(Debug, Clone, Default)]
pub struct OutboxMail {
    /// Id, for the path of its form: POST `/outbox/{id}/retries`.
    pub id: String,
    /// Who it is for.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Case it belongs to.
    pub reference: String,
    /// When it was written.
    pub written_at: Moment,
    /// Where it is.
    pub delivery: Delivery,
    /// Tries so far.
    pub tries: u32,
    /// True when it can be tried now.
    pub can_retry: bool,
}

/// GET `/letters`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "letters.html")]
pub struct Letters {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Newest first, at most 100.
    pub letters: Vec<Letter>,
    /// The page after, if any.
    pub next_url: Option<String>,
}

/// One letter kept aside.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// Id, for the path of its form: POST `/letters/{id}/replays`.
    pub id: String,
    /// Who wrote, as far as it can be read.
    pub from: String,
    /// Subject, as far as it can be read.
    pub subject: String,
    /// When it arrived.
    pub received_at: Moment,
    /// Why it was kept aside.
    pub reason: KeptReason,
    /// The letter as received (`.eml`).
    pub raw_url: String,
}

/// Why a letter was kept aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum KeptReason {
    /// Reading or deciding failed again and again.
    #[default]
    Unreadable,
    /// It is one of our own, come back.
    Loop,
    /// A delivery report that belongs to no case.
    Bounce,
    /// A machine wrote it and nobody is to answer.
    Automatic,
    /// A mailing list or a newsletter.
    List,
    /// A read receipt that belongs to no case.
    Receipt,
    /// A calendar's own mail that belongs to no case.
    Invitation,
    /// It names no sender to answer to.
    NoSender,
}

impl OutboxMail {
    /// "3 essais".
    pub fn tries_words(&self, page: &Page) -> String {
        page.lang.ta("outbox-tries", [("count", self.tries.into())])
    }
}

impl Letter {
    /// The reason in words.
    pub fn reason_words(&self, page: &Page) -> String {
        page.t(match self.reason {
            KeptReason::Unreadable => "kept-unreadable",
            KeptReason::Loop => "kept-loop",
            KeptReason::Bounce => "kept-bounce",
            KeptReason::Automatic => "kept-automatic",
            KeptReason::List => "kept-list",
            KeptReason::Receipt => "kept-receipt",
            KeptReason::Invitation => "kept-invitation",
            KeptReason::NoSender => "kept-no-sender",
        })
    }
}

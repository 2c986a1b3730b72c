//! The demonstration's postbox: the mails that would have left.

use askama::Template;

use crate::web::page::{Frame, Page};
use crate::web::view::Moment;
use crate::web::view::filters;

/// GET `/postbox`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "postbox.html")]
pub struct Postbox {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Newest first, at most 100.
    pub mails: Vec<PostboxLine>,
    /// The page after, if any.
    pub next_url: Option<String>,
}

/// One mail in the list.
#[derive(Debug, Clone, Default)]
pub struct PostboxLine {
    /// Where it is read.
    pub url: String,
    /// Who it is for.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Start of its text.
    pub excerpt: String,
    /// When it left.
    pub at: Moment,
}

/// GET `/postbox/{id}`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "postbox_mail.html")]
pub struct PostboxMail {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Subject.
    pub subject: String,
    /// When it left.
    pub at: Moment,
    /// Headers worth showing, in order: name, value.
    pub headers: Vec<(String, String)>,
    /// The plain text part.
    pub text: String,
    /// URL of the sandboxed HTML view.
    pub html_url: Option<String>,
    /// The mail as sent (`.eml`).
    pub raw_url: String,
    /// Links found in it that lead to this desk.
    pub links: Vec<String>,
}

//! What is said when a page cannot be shown: in plain words, with a way on.

use askama::Template;

use crate::web::page::Page;
use crate::web::view::filters;

/// An error page, for people of the desk and for customers alike.
#[derive(Debug, Clone, Template)]
#[template(path = "message.html")]
pub struct Message {
    /// The page.
    pub page: Page,
    /// What happened.
    pub kind: MessageKind,
    /// Where the way back leads; none hides it (a customer without a link).
    pub back_url: Option<String>,
    /// Number under which the operator finds it in the logs; empty hides it.
    pub trace: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageKind {
    /// 404.
    NotFound,
    /// 403.
    Forbidden,
    /// 500.
    Failure,
    /// 503: the database is away.
    Unavailable,
    /// 403, the form was open for too long.
    ExpiredForm,
    /// 413.
    TooLarge,
    /// 422 or 409: the desk says no; why, in words.
    Refused(String),
}

impl Message {
    /// The drawing above the title.
    pub fn icon(&self) -> &'static str {
        match self.kind {
            MessageKind::NotFound | MessageKind::Refused(_) => "info-circle",
            MessageKind::Forbidden => "lock",
            MessageKind::Failure | MessageKind::Unavailable => "refresh",
            MessageKind::ExpiredForm => "clock",
            MessageKind::TooLarge => "paperclip",
        }
    }

    /// The title.
    pub fn title_words(&self) -> String {
        self.page.t(match self.kind {
            MessageKind::NotFound => "message-not-found",
            MessageKind::Forbidden => "message-forbidden",
            MessageKind::Failure => "message-failure",
            MessageKind::Unavailable => "message-unavailable",
            MessageKind::ExpiredForm => "message-expired-form",
            MessageKind::TooLarge => "message-too-large",
            MessageKind::Refused(_) => "message-refused",
        })
    }

    /// What to do about it.
    pub fn detail_words(&self) -> String {
        match &self.kind {
            MessageKind::NotFound => self.page.t("message-not-found-detail"),
            MessageKind::Forbidden => self.page.t("message-forbidden-detail"),
            MessageKind::Failure => self.page.t("message-failure-detail"),
            MessageKind::Unavailable => self.page.t("message-unavailable-detail"),
            MessageKind::ExpiredForm => self.page.t("message-expired-form-detail"),
            MessageKind::TooLarge => self.page.t("message-too-large-detail"),
            MessageKind::Refused(why) => why.clone(),
        }
    }

    /// "Code à nous donner : …".
    pub fn trace_words(&self) -> String {
        self.page.lang.ta("message-trace", [("trace", self.trace.as_str().into())])
    }
}

//! The customer's private link: their case in their words, without an account. GET only shows; only POST acts.

use askama::Template;

use crate::web::language::Language;
use crate::web::page::Page;
use crate::web::view::Moment;
use crate::web::view::composer::KeptFile;
use crate::web::view::filters::{self, CleanHtml};
use crate::web::view::timeline::FileLink;

/// GET of the private link. Its two forms go to `{base}/confirmation` and `{base}/reopening`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "tracking.html")]
pub struct Tracking {
    /// The page; its language is the customer's.
    pub page: Page,
    /// Path of the private link, without a slash at its end.
    pub base: String,
    /// Public reference.
    pub reference: String,
    /// What the problem is: the subject.
    pub subject: String,
    /// First name or name of the conseiller in charge.
    pub assignee: Option<String>,
    /// When it was opened.
    pub opened_at: Moment,
    /// Where it stands.
    pub state: TrackingState,
    /// By when they hear from us, when that is known.
    pub next_news: Option<Moment>,
    /// What they were promised, newest first, at most 10.
    pub promises: Vec<TrackingPromise>,
    /// Calls that were made to them, newest first, at most 5.
    pub calls: Vec<TrackingCall>,
    /// What was exchanged, oldest first, at most 100.
    pub messages: Vec<TrackingMessage>,
    /// A word of this page, by which a button that is pressed twice acts once.
    pub act: String,
    /// The proposed solution, if there is one.
    pub solution: Option<CleanHtml>,
    /// Why the form came back, and what had been written.
    pub problem: Option<String>,
    /// Text of the reopening form when it came back.
    pub text: String,
    /// Files that came in with it.
    pub kept: Vec<KeptFile>,
}

/// Where a case stands, for its customer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TrackingState {
    /// Received; nobody has answered yet.
    #[default]
    Received,
    /// We work on it.
    InProgress,
    /// The customer is to answer.
    WaitingCustomer,
    /// We wait for somebody else; their name.
    WaitingThirdParty(String),
    /// A solution is proposed; the customer is to say.
    Proposed,
    /// They confirmed.
    Confirmed,
    /// They just said that it is not solved.
    Reopened,
    /// Closed without their answer.
    Lapsed,
    /// It goes on together with another demand about the same problem.
    Merged,
}

/// One promise, as the customer sees it.
#[derive(Debug, Clone, Default)]
pub struct TrackingPromise {
    /// What was promised.
    pub text: String,
    /// By when.
    pub due: Moment,
    /// Whether it was kept.
    pub is_kept: bool,
    /// Whether its date has passed.
    pub is_late: bool,
}

/// One call that was made to the customer.
#[derive(Debug, Clone, Default)]
pub struct TrackingCall {
    /// When.
    pub at: Moment,
    /// The key of how it ended.
    pub key: &'static str,
}

/// One message, as the customer sees it.
#[derive(Debug, Clone, Default)]
pub struct TrackingMessage {
    /// True when the customer wrote it.
    pub is_theirs: bool,
    /// Who wrote, when it is not the customer.
    pub from: String,
    /// When.
    pub at: Moment,
    /// What, sanitised.
    pub html: CleanHtml,
    /// Its files.
    pub files: Vec<FileLink>,
}

/// A private link that no longer works.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "tracking_expired.html")]
pub struct TrackingExpired {
    /// The page.
    pub page: Page,
    /// Where the customer can write instead.
    pub address: String,
}

impl Tracking {
    /// The status in the customer's words: a title, and what happens next.
    pub fn state_words(&self) -> (String, String) {
        let (title, next) = match &self.state {
            TrackingState::Received => ("track-received", "track-received-next"),
            TrackingState::InProgress => ("track-in-progress", "track-in-progress-next"),
            TrackingState::WaitingCustomer => ("track-waiting-you", "track-waiting-you-next"),
            TrackingState::WaitingThirdParty(_) => ("track-waiting-other", "track-waiting-other-next"),
            TrackingState::Proposed => ("track-proposed", "track-proposed-next"),
            TrackingState::Confirmed => ("track-confirmed", "track-confirmed-next"),
            TrackingState::Reopened => ("track-reopened", "track-reopened-next"),
            TrackingState::Lapsed => ("track-lapsed", "track-lapsed-next"),
            TrackingState::Merged => ("track-merged", "track-merged-next"),
        };
        let other = match &self.state {
            TrackingState::WaitingThirdParty(name) => name.as_str(),
            _ => "",
        };
        (self.page.lang.ta(title, [("other", other.into())]), self.page.t(next))
    }

    /// The class that colours the status.
    pub fn class(&self) -> &'static str {
        match self.state {
            TrackingState::Proposed | TrackingState::WaitingCustomer => "is-theirs",
            TrackingState::Confirmed => "is-done",
            _ => "is-ours",
        }
    }

    /// The icon beside the status.
    pub fn icon(&self) -> &'static str {
        match self.state {
            TrackingState::Received => "mail",
            TrackingState::InProgress | TrackingState::Reopened => "user-check",
            TrackingState::WaitingCustomer => "message-circle",
            TrackingState::WaitingThirdParty(_) => "hourglass",
            TrackingState::Proposed => "bulb",
            TrackingState::Confirmed => "circle-check",
            TrackingState::Lapsed => "archive",
            TrackingState::Merged => "arrows-join",
        }
    }

    fn is_closed(&self) -> bool {
        matches!(self.state, TrackingState::Confirmed | TrackingState::Lapsed | TrackingState::Merged)
    }

    /// True while the customer can confirm.
    pub fn can_confirm(&self) -> bool {
        self.state == TrackingState::Proposed
    }

    /// True while the customer can say that it is not solved.
    pub fn can_reopen(&self) -> bool {
        matches!(self.state, TrackingState::Proposed | TrackingState::Confirmed | TrackingState::Lapsed)
    }

    /// True while they can simply add something; what is said to a solution or to a closed case opens it again.
    pub fn can_write(&self) -> bool {
        !self.can_reopen() && self.state != TrackingState::Merged
    }

    /// "Votre demande du …".
    pub fn opened_words(&self) -> String {
        self.page.lang.ta("track-opened", [("at", self.opened_at.words.as_str().into())])
    }

    /// Who follows it; nobody once it is closed.
    pub fn assignee_words(&self) -> Option<String> {
        if self.is_closed() {
            return None;
        }
        let name = self.assignee.as_deref()?;
        Some(self.page.lang.ta("track-assignee", [("name", name.into())]))
    }

    /// By when they hear from us; nothing is announced once it is closed.
    pub fn news_words(&self) -> Option<String> {
        if self.is_closed() {
            return None;
        }
        let at = self.next_news.as_ref()?;
        Some(self.page.lang.ta("track-next-news", [("at", at.words.as_str().into())]))
    }
}

impl TrackingPromise {
    /// How it stands.
    pub fn words(&self, language: impl Into<Language>) -> String {
        let language = language.into();
        let key = match (self.is_kept, self.is_late) {
            (true, _) => "track-promise-kept",
            (false, true) => "track-promise-late",
            (false, false) => "track-promise-due",
        };
        language.ta(key, [("at", self.due.words.as_str().into())])
    }

    /// The class that colours it.
    pub fn class(&self) -> &'static str {
        match (self.is_kept, self.is_late) {
            (true, _) => "is-done",
            (false, true) => "is-late",
            (false, false) => "is-owed",
        }
    }
}

impl TrackingExpired {
    /// Where to write instead.
    pub fn address_words(&self) -> String {
        self.page.lang.ta("track-expired-write", [("address", self.address.as_str().into())])
    }
}

/// Where somebody asks for a new private link.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "follow.html")]
pub struct Follow {
    /// The page.
    pub page: Page,
    /// Whether they have just asked: the same is said whether or not anything was sent.
    pub is_asked: bool,
    /// Why it was not asked.
    pub problem: Option<String>,
}

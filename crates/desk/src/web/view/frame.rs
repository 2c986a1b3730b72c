//! The parts of the frame that can be rendered alone: the lists of cases with their counts, and the other places.

use askama::Template;

use crate::web::language::Language;
use crate::web::view::filters;

/// The lists of cases, as the side bar on a wide screen and as a strip above the list on a phone. Refreshed live.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "view_nav.html")]
pub struct ViewNav {
    /// Language of the names.
    pub lang: Language,
    /// In the order shown.
    pub views: Vec<ViewLink>,
}

/// One list of cases.
#[derive(Debug, Clone)]
pub struct ViewLink {
    /// Which one.
    pub view: CaseView,
    /// Number of cases, at most 1,000: beyond, "1 000+" is shown.
    pub count: u32,
    /// How many of them are late; shown only on the reader's own list and on the team's.
    pub late_count: u32,
    /// True for the list on screen.
    pub is_current: bool,
}

/// The lists a person can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CaseView {
    /// Cases of the reader.
    #[default]
    Mine,
    /// Cases of the reader's teams.
    Team,
    /// Cases without a conseiller.
    Unassigned,
    /// Cases that wait for the customer or a third party.
    Waiting,
    /// Every case that is not closed.
    All,
    /// Closed cases.
    Closed,
}

impl CaseView {
    /// All, in the order shown.
    pub const ALL: [Self; 6] =
        [Self::Mine, Self::Team, Self::Unassigned, Self::Waiting, Self::All, Self::Closed];

    /// The word used in URLs: `/cases?view=mine`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Team => "team",
            Self::Unassigned => "unassigned",
            Self::Waiting => "waiting",
            Self::All => "all",
            Self::Closed => "closed",
        }
    }

    /// Reads the word of a URL.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.code() == code)
    }

    /// Its name.
    pub fn words(self, language: impl Into<Language>) -> String {
        let language = language.into();
        language.t(match self {
            Self::Mine => "view-mine",
            Self::Team => "view-team",
            Self::Unassigned => "view-unassigned",
            Self::Waiting => "view-waiting",
            Self::All => "view-all",
            Self::Closed => "view-closed",
        })
    }

    /// What is said when it is empty: a title and a kind sentence.
    pub fn empty_words(self, language: impl Into<Language>) -> (String, String) {
        let language = language.into();
        let (title, sentence) = match self {
            Self::Mine => ("empty-mine", "empty-mine-detail"),
            Self::Team => ("empty-team", "empty-team-detail"),
            Self::Unassigned => ("empty-unassigned", "empty-unassigned-detail"),
            Self::Waiting => ("empty-waiting", "empty-waiting-detail"),
            Self::All => ("empty-all", "empty-all-detail"),
            Self::Closed => ("empty-closed", "empty-closed-detail"),
        };
        (language.t(title), language.t(sentence))
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Mine => "user-check",
            Self::Team => "users",
            Self::Unassigned => "user-question",
            Self::Waiting => "hourglass",
            Self::All => "stack-2",
            Self::Closed => "archive",
        }
    }
}

impl ViewNav {
    /// Where the counts are fetched again; the list on screen stays marked.
    pub fn refresh_url(&self) -> String {
        match self.views.iter().find(|link| link.is_current) {
            Some(link) => format!("/cases/views?view={}", link.view.code()),
            None => "/cases/views".to_owned(),
        }
    }
}

impl ViewLink {
    /// Closed cases are not counted: nothing waits there.
    pub fn is_counted(&self) -> bool {
        self.view != CaseView::Closed
    }

    /// The count as shown; counting stops at 1,000.
    pub fn count_words(&self, language: impl Into<Language>) -> String {
        let language = language.into();
        if self.count >= 1_000 { language.t("count-thousand-plus") } else { self.count.to_string() }
    }

    /// "3 en retard", for screen readers and the tooltip.
    pub fn late_words(&self, language: impl Into<Language>) -> String {
        let language = language.into();
        language.ta("count-late", [("count", self.late_count.into())])
    }

    /// Its name.
    pub fn name(&self, language: impl Into<Language>) -> String {
        let language = language.into();
        self.view.words(language)
    }
}

/// A place beside the lists of cases.
#[derive(Debug, Clone)]
pub struct Section {
    /// Which one.
    pub place: Place,
    /// Something there needs a look: letters kept aside, mails that are stuck.
    pub count: u32,
    /// True on its own screen.
    pub is_current: bool,
}

impl Section {
    /// What is counted, where the place holds other things as well.
    pub fn title_key(&self) -> Option<&'static str> {
        (self.place == Place::Letters).then_some("letters-alert")
    }

    /// The count as it fits beside the place: "99+" is as much to look at as any larger number.
    pub fn shown(&self) -> String {
        if self.count > 99 { "99+".to_owned() } else { self.count.to_string() }
    }
}

/// The places beside the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// All cases: on a phone, the way back to the lists.
    Cases,
    /// Mails on their way out.
    Outbox,
    /// Letters kept aside.
    Letters,
    /// Mail accounts.
    Accounts,
    /// Programs that are told of events.
    Webhooks,
    /// How long things are kept, and what was erased.
    Keeping,
    /// The demonstration's postbox.
    Postbox,
}

impl Place {
    /// Its path.
    pub fn path(self) -> &'static str {
        match self {
            Self::Cases => "/cases",
            Self::Outbox => "/outbox",
            Self::Letters => "/letters",
            Self::Accounts => "/accounts",
            Self::Webhooks => "/webhooks",
            Self::Keeping => "/keeping",
            Self::Postbox => "/postbox",
        }
    }

    /// Its name.
    pub fn words(self, language: impl Into<Language>) -> String {
        let language = language.into();
        language.t(match self {
            Self::Cases => "place-cases",
            Self::Outbox => "place-outbox",
            Self::Letters => "place-letters",
            Self::Accounts => "place-accounts",
            Self::Webhooks => "place-webhooks",
            Self::Keeping => "place-keeping",
            Self::Postbox => "place-postbox",
        })
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Cases => "inbox",
            Self::Outbox => "send",
            Self::Letters => "mail-exclamation",
            Self::Accounts => "at",
            Self::Webhooks => "plug-connected",
            Self::Keeping => "archive",
            Self::Postbox => "mailbox",
        }
    }
}

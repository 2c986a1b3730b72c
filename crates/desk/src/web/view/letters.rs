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
    /// The shelves with what lies on each.
    pub shelves: Vec<ShelfLink>,
    /// The one on screen.
    pub shelf: Shelf,
    /// Newest first, at most 50.
    pub letters: Vec<Letter>,
    /// The page after, if any.
    pub next_url: Option<String>,
    /// The desk's own rules about junk.
    pub rules: Vec<JunkRuleLine>,
}

impl Letters {
    /// What lies on this shelf.
    pub fn lead_words(&self) -> String {
        self.page.t(match self.shelf {
            Shelf::Quarantine => "shelf-quarantine-lead",
            Shelf::Junk => "shelf-junk-lead",
            Shelf::Machines => "shelf-machines-lead",
        })
    }

    /// What is said when it is empty.
    pub fn empty_words(&self) -> String {
        self.page.t(match self.shelf {
            Shelf::Quarantine => "shelf-quarantine-empty",
            Shelf::Junk => "shelf-junk-empty",
            Shelf::Machines => "shelf-machines-empty",
        })
    }
}

/// A shelf of letters kept aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Shelf {
    /// Could not be understood: a person should look.
    #[default]
    Quarantine,
    /// Taken for junk by a filter, a rule, or for a forged sender.
    Junk,
    /// Written by machines, belonging to no case.
    Machines,
}

impl Shelf {
    /// All, in the order shown.
    pub const ALL: [Self; 3] = [Self::Quarantine, Self::Junk, Self::Machines];

    /// The word in URLs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Quarantine => "quarantine",
            Self::Junk => "junk",
            Self::Machines => "machines",
        }
    }

    /// Reads the word back.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shelf| shelf.code() == code)
    }

    /// The catalogue key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Quarantine => "shelf-quarantine",
            Self::Junk => "shelf-junk",
            Self::Machines => "shelf-machines",
        }
    }

    /// The key of what its button does.
    pub fn act_key(self) -> &'static str {
        if self == Self::Quarantine { "letters-replay" } else { "letters-open-case" }
    }

    /// Whether the rules about junk stand below it.
    pub fn has_rules(self) -> bool {
        self == Self::Junk
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Quarantine => "mail-exclamation",
            Self::Junk => "ban",
            Self::Machines => "zzz",
        }
    }
}

/// The way to a shelf.
#[derive(Debug, Clone, Copy, Default)]
pub struct ShelfLink {
    /// Which.
    pub shelf: Shelf,
    /// How many lie on it; a thousand stands for more.
    pub count: u32,
    /// The one on screen.
    pub is_current: bool,
}

/// One rule about junk.
#[derive(Debug, Clone, Default)]
pub struct JunkRuleLine {
    /// Brand and id, for the path of its form: POST `/letters/rules/{id}/removal`.
    pub id: String,
    /// What it looks for.
    pub pattern: String,
    /// Where it looks.
    pub field: RuleField,
    /// True when it says junk, false when it says welcome.
    pub is_junk: bool,
}

/// Where a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RuleField {
    /// The sender's address.
    #[default]
    Address,
    /// The sender's domain.
    Domain,
    /// The subject.
    Subject,
}

impl JunkRuleLine {
    /// "Toujours indésirable : domaine".
    pub fn words(&self, page: &Page) -> String {
        let field = page.t(match self.field {
            RuleField::Address => "rule-address",
            RuleField::Domain => "rule-domain",
            RuleField::Subject => "rule-subject",
        });
        let key = if self.is_junk { "rule-junk" } else { "rule-accept" };
        page.lang.ta(key, [("field", field.into())])
    }
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
    /// What a filter said, as it said it; empty when none did.
    pub detail: String,
    /// False for our own mails, which no customer wrote.
    pub can_open: bool,
    /// True when its sender can be welcomed for good.
    pub can_accept: bool,
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
    /// A filter or a rule takes it for junk.
    Junk,
    /// The domain it claims to come from disowns it.
    Forged,
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
            KeptReason::Junk => "kept-junk",
            KeptReason::Forged => "kept-forged",
            KeptReason::NoSender => "kept-no-sender",
        })
    }
}

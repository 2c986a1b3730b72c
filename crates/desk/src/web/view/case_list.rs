//! The list of cases: the whole screen, and its rows alone for live refresh.

use askama::Template;

use crate::web::language::Language;
use crate::web::page::{Frame, Page};
use crate::web::view::filters;
use crate::web::view::frame::CaseView;
use crate::web::view::{Due, Moment, Status};

/// GET `/cases?view=…`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "case_list.html")]
pub struct CaseList {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// Today's volume beside the usual one, when it is worth a word.
    pub volume: Option<Volume>,
    /// The rows.
    pub rows: CaseListRows,
}

/// How busy the day is.
#[derive(Debug, Clone, Copy)]
pub struct Volume {
    /// Cases opened today so far.
    pub today: u32,
    /// Cases usually opened by this hour on such a day.
    pub usual: u32,
}

/// GET `/cases/rows?view=…&after=…`: the list's region alone.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "case_list_rows.html")]
pub struct CaseListRows {
    /// Language of the words.
    pub lang: Language,
    /// The list shown.
    pub view: CaseView,
    /// Cases, most urgent first, at most 50.
    pub rows: Vec<CaseRow>,
    /// Where this region is fetched again: the same list, the same page of it.
    pub refresh_url: String,
    /// The page before, if any.
    pub previous_url: Option<String>,
    /// The page after, if any.
    pub next_url: Option<String>,
}

/// One case in the list.
#[derive(Debug, Clone, Default)]
pub struct CaseRow {
    /// Public reference.
    pub reference: String,
    /// Who wrote: a name, or the address.
    pub customer: String,
    /// Subject.
    pub subject: String,
    /// Start of the last message, on one line, at most 160 characters.
    pub excerpt: String,
    /// Where it stands.
    pub status: Status,
    /// The conseiller in charge; none when nobody is.
    pub assignee: Option<Person>,
    /// When somebody must act; none when nothing is due.
    pub act_by: Option<Due>,
    /// When the customer last wrote.
    pub last_customer_at: Option<Moment>,
    /// True when the customer wrote after our last answer.
    pub is_unread: bool,
    /// True when our last mail did not arrive.
    pub is_undelivered: bool,
}

/// A person of the desk, small.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Initials; see [`crate::web::page::initials`].
    pub initials: String,
}

impl Person {
    /// A person by name.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), initials: crate::web::page::initials(name) }
    }
}

impl CaseList {
    /// "62 dossiers ouverts aujourd’hui, contre 40 d’habitude à cette heure".
    pub fn volume_words(&self) -> Option<String> {
        let volume = self.volume?;
        let args = [("today", volume.today.into()), ("usual", volume.usual.into())];
        Some(self.page.lang.ta("volume-today", args))
    }
}

impl CaseListRows {
    /// Title and sentence of the empty list.
    pub fn empty_words(&self) -> (String, String) {
        self.view.empty_words(self.lang)
    }
}

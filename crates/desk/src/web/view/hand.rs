//! The form in which a conseiller writes down what reached us by phone, at a counter or on paper.

use askama::Template;

use crate::web::page::{Frame, Page};
use crate::web::view::case_side::Choice;
use crate::web::view::composer::KeptFile;
use crate::web::view::{Nature, filters};

/// GET `/cases/new`; sent to `/cases`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "written_case.html")]
pub struct WrittenCase {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// People who are known by what was looked for.
    pub found: Vec<Found>,
    /// True when somebody was looked for and nobody is known.
    pub is_nobody: bool,
    /// Who of them is chosen; empty for somebody new.
    pub customer: String,
    /// Inboxes from which the case can be answered.
    pub inboxes: Vec<Choice>,
    /// A word of this page, by which a button that is pressed twice acts once.
    pub act: String,
    /// Today, `YYYY-MM-DD`.
    pub today: String,
    /// What kind of matter it is.
    pub nature: Nature,
    /// Whether a receipt goes out.
    pub sends_receipt: bool,
    /// What was filled in.
    pub filled: Written,
    /// Why it came back.
    pub problem: Option<String>,
    /// Files that came in with it.
    pub kept: Vec<KeptFile>,
}

/// A person who may be the one.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// `brand/customer`.
    pub id: String,
    /// Their name.
    pub name: String,
    /// By what they are known.
    pub signs: String,
}

/// What was filled in.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// What was looked for.
    pub who: String,
    /// `phone`, `visit` or `post`.
    pub channel: String,
    /// When it reached us.
    pub received_on: String,
    /// At what time.
    pub received_at: String,
    /// Name.
    pub name: String,
    /// Number.
    pub phone: String,
    /// Address.
    pub email: String,
    /// The company's own number of them.
    pub number: String,
    /// What it is about.
    pub subject: String,
    /// What they said.
    pub body: String,
}

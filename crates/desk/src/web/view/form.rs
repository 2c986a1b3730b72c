//! The public form, what was filled in to be read once more, and what happens next: one calm column, for a phone first.

use std::collections::HashMap;

use askama::Template;

use crate::web::page::Page;
use crate::web::view::composer::KeptFile;
use crate::web::view::filters;

/// The form.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "form.html")]
pub struct FormPage {
    /// The page.
    pub page: Page,
    /// Where it is sent, its frame and language included.
    pub path: String,
    /// What tells this showing from others.
    pub stamp: String,
    /// The token of its draft, if it has one.
    pub draft: String,
    /// What stands above the questions; may be empty.
    pub intro: String,
    /// Delays and conditions, a line each.
    pub conditions: Vec<String>,
    /// The questions that are asked, by name, and whether each must be answered.
    pub questions: Vec<(&'static str, bool)>,
    /// What was filled in.
    pub filled: Filled,
    /// What people can want: value and words.
    pub wishes: Vec<(&'static str, String)>,
    /// What is wrong, by field.
    pub problems: HashMap<String, String>,
    /// A word above the form.
    pub notice: Option<String>,
    /// Whether it stands inside a page of another site.
    pub is_embedded: bool,
    /// Today, `YYYY-MM-DD`.
    pub latest: String,
    /// Files that came in with it.
    pub kept: Vec<KeptFile>,
}

/// What was filled in.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// What happened.
    pub what: String,
    /// Order or contract.
    pub reference: String,
    /// Product.
    pub product: String,
    /// When.
    pub when: String,
    /// What was tried.
    pub tried: String,
    /// What they want.
    pub wanted: String,
    /// The same in their words.
    pub wanted_more: String,
    /// By when.
    pub by_when: String,
    /// Name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Phone number.
    pub phone: String,
}

/// What was filled in, to be read once more.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "form_review.html")]
pub struct Review {
    /// The page.
    pub page: Page,
    /// Where it is sent.
    pub path: String,
    /// What tells this showing from others.
    pub stamp: String,
    /// The token of its draft.
    pub draft: String,
    /// Questions and answers.
    pub lines: Vec<(String, String)>,
    /// How they are reached: name, address, number.
    pub reach: Vec<String>,
    /// How it could be clearer.
    pub hints: Vec<String>,
    /// Delays and conditions.
    pub conditions: Vec<String>,
    /// What was filled in, to be sent along.
    pub filled: Filled,
    /// Files that came in with it.
    pub kept: Vec<KeptFile>,
    /// Whether it stands inside a page of another site.
    pub is_embedded: bool,
    /// Why it was not sent.
    pub problem: Option<String>,
}

/// It was sent.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "form_sent.html")]
pub struct FormSent {
    /// The page.
    pub page: Page,
    /// The reference of the case.
    pub reference: String,
    /// What it is about.
    pub subject: String,
    /// Whether a mail with a lasting link is on its way.
    pub has_mail: bool,
    /// By when a person answers.
    pub reply_by: Option<String>,
    /// Path of the page to follow it.
    pub follow: String,
    /// Path of the form.
    pub form_path: String,
    /// Whether it stands inside a page of another site.
    pub is_embedded: bool,
}

impl FormPage {
    /// Whether a question is asked.
    pub fn asks(&self, name: &str) -> bool {
        self.questions.iter().any(|(asked, _)| *asked == name)
    }

    /// Whether it must be answered.
    pub fn requires(&self, name: &str) -> bool {
        self.questions.iter().any(|(asked, is_required)| *asked == name && *is_required)
    }

    /// What is wrong with a field.
    pub fn problem(&self, field: &str) -> Option<&str> {
        self.problems.get(field).map(String::as_str)
    }

    /// "2 points à compléter".
    pub fn problems_words(&self) -> String {
        let count = i64::try_from(self.problems.len()).unwrap_or(i64::MAX);
        self.page.lang.ta("form-problems", [("count", count.into())])
    }
}

impl FormSent {
    /// "Votre référence : K7M2-4Q8P".
    pub fn reference_words(&self) -> String {
        self.page.lang.ta("form-sent-reference", [("reference", self.reference.as_str().into())])
    }
}

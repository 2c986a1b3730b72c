//! What a form asks and says: values, as the administrator set them. A brand has a form also before anybody made one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use store::{Brand, Inbox, StoredForm};
use uuid::Uuid;

use super::super::trouble::Trouble;
use crate::desk::Desk;
use crate::web::language::Language;

/// The name of the form that every brand has.
pub const DEFAULT_SLUG: &str = "contact";

/// What a form says and asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormBody {
    /// Its title; the usual one where it is empty.
    pub title: Both,
    /// What stands above the questions.
    pub intro: Both,
    /// Delays and conditions that apply, shown before anything is sent.
    pub conditions: Both,
    /// How each question is asked; one that is not named is asked and may stay empty.
    pub questions: BTreeMap<Question, Ask>,
    /// Sites that may show the form inside a page of theirs, such as `https://www.brand.fr`.
    pub embeds: Vec<String>,
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Both {
    /// French.
    pub fr: String,
    /// English; the French one stands in where it is empty.
    pub en: String,
}

/// A question that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Order or contract number.
    Reference,
    /// What was bought.
    Product,
    /// When it happened.
    When,
    /// What was tried.
    Tried,
    /// What they want.
    Wanted,
    /// By when.
    ByWhen,
    /// A phone number.
    Phone,
    /// Proof, as files.
    Files,
}

/// How a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// It is asked, and may stay empty.
    #[default]
    Asked,
    /// It must be answered.
    Required,
    /// It is not asked.
    Hidden,
}

impl Both {
    /// The text in a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::English if !self.en.trim().is_empty() => &self.en,
            _ => &self.fr,
        }
    }
}

impl Question {
    /// All, in the order they are asked.
    pub const ALL: [Self; 8] = [
        Self::Reference,
        Self::Product,
        Self::When,
        Self::Tried,
        Self::Wanted,
        Self::ByWhen,
        Self::Phone,
        Self::Files,
    ];

    /// Its name in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Product => "product",
            Self::When => "when",
            Self::Tried => "tried",
            Self::Wanted => "wanted",
            Self::ByWhen => "by_when",
            Self::Phone => "phone",
            Self::Files => "files",
        }
    }
}

impl FormBody {
    /// How a question is asked.
    pub fn ask(&self, question: Question) -> Ask {
        self.questions.get(&question).copied().unwrap_or_default()
    }
}

/// A form with what surrounds it.
pub(super) struct Found {
    /// The form.
    pub form: StoredForm,
    /// What it asks and says.
    pub body: FormBody,
    /// Its brand.
    pub brand: Brand,
    /// The inbox that answers.
    pub inbox: Inbox,
}

impl Found {
    /// Its path.
    pub fn path(&self) -> String {
        format!("/f/{}/{}", self.brand.slug, self.form.slug)
    }
}

/// The form at these names; one that is shut does not exist.
pub(super) async fn find(desk: &Desk, brand: &str, slug: &str) -> Result<Found, Trouble> {
    let brands = desk.store.brands().await?;
    let brand = brands.into_iter().find(|known| known.slug == brand).ok_or(Trouble::NotFound)?;
    let inboxes = desk.store.inboxes().await?;
    let own: Vec<Inbox> = inboxes.into_iter().filter(|inbox| inbox.brand == brand.id).collect();
    let form = match desk.store.form(&brand.slug, slug).await? {
        Some(form) => form,
        None if slug == DEFAULT_SLUG => {
            let inbox = own.first().ok_or(Trouble::NotFound)?;
            usual(&brand, inbox)
        }
        None => return Err(Trouble::NotFound),
    };
    if !form.is_open {
        return Err(Trouble::NotFound);
    }
    let body = serde_json::from_str(&form.body)
        .map_err(|error| Trouble::Failure(format!("the form {} does not read: {error}", form.id)))?;
    let inbox = own.into_iter().find(|inbox| inbox.id == form.inbox).ok_or(Trouble::NotFound)?;
    Ok(Found { form, body, brand, inbox })
}

/// The form that a brand has before anybody made one.
fn usual(brand: &Brand, inbox: &Inbox) -> StoredForm {
    StoredForm {
        brand: brand.id,
        id: Uuid::nil(),
        slug: DEFAULT_SLUG.to_owned(),
        inbox: inbox.id,
        nature: casework::Nature::Complaint,
        body: "{}".to_owned(),
        is_open: true,
    }
}

//! What a public form asks and says: values, as the administrator set them. No pages here, and nothing filled in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The name of the form that every brand has.
pub const DEFAULT_SLUG: &str = "contact";

/// What a form says and asks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
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
#[serde(default, deny_unknown_fields)]
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
    pub fn of(&self, language: &str) -> &str {
        match language {
            "en" if !self.en.trim().is_empty() => &self.en,
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

impl FormBody {
    /// Reads what an administrator wrote, as JSON; a word that is not known is an error rather than passed over.
    pub fn read(json: &str) -> Result<Self, FormError> {
        let body: Self = serde_json::from_str(json)?;
        for site in &body.embeds {
            let host =
                site.strip_prefix("https://").or_else(|| site.strip_prefix("http://")).unwrap_or_default();
            let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
            if host.is_empty() || !host.chars().all(is_host) {
                return Err(FormError::Site(site.clone()));
            }
        }
        Ok(body)
    }
}

/// Why a form cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// It is not what a form is written as.
    #[error("it does not read as a form: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A site that is to embed it is not written as scheme and host.
    #[error("{0:?} is not a site such as https://www.brand.fr, without a path")]
    Site(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_as_it_is_written_and_mistakes_are_told() {
        let json = r#"{"title":{"fr":"Retour produit"},"questions":{"product":"required","phone":"hidden"},
                       "conditions":{"fr":"Retour sous 14 jours."},"embeds":["https://www.atelier.example"]}"#;
        let body = FormBody::read(json).unwrap();
        assert_eq!((body.ask(Question::Product), body.ask(Question::Tried)), (Ask::Required, Ask::Asked));
        assert_eq!(body.title.of("en"), "Retour produit", "French stands in");
        for wrong in [
            r#"{"titel":{}}"#,
            r#"{"questions":{"age":"asked"}}"#,
            r#"{"questions":{"product":"maybe"}}"#,
            r#"{"embeds":["*"]}"#,
            r#"{"embeds":["https://a.example; script-src *"]}"#,
            "",
        ] {
            assert!(FormBody::read(wrong).is_err(), "{wrong}");
        }
    }
}

//! The reader's language and the one catalogue of sentences. No sentence of the interface lives anywhere else.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};

static_loader! {
    static CATALOGUE = {
        locales: "./locales",
        fallback_language: "fr",
        // Isolation marks would end in mails, in titles and in copied text.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static FRENCH: LazyLock<LanguageIdentifier> = LazyLock::new(|| "fr".parse().unwrap_or_default());
static ENGLISH: LazyLock<LanguageIdentifier> = LazyLock::new(|| "en".parse().unwrap_or_default());

/// A language the desk speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// The first language, and the one used when nothing says otherwise.
    #[default]
    French,
    /// The second.
    English,
}

impl Language {
    /// Both, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// The code used in `lang` attributes, cookies and the store: `fr` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// The language's own name, shown in the switch.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::French => "Français",
            Self::English => "English",
        }
    }

    /// Reads `fr`, `en`, or a longer tag such as `fr-CA`.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// What the person chose (cookie) wins over what the browser prefers (`Accept-Language`), then French.
    pub fn choose(cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        cookie.and_then(Self::from_code).or_else(|| accept_language.and_then(preferred)).unwrap_or_default()
    }

    /// The sentence for a key. A missing key gives the key itself; a test keeps that from happening.
    pub fn t(self, key: &str) -> String {
        CATALOGUE.try_lookup(self.identifier(), key).unwrap_or_else(|| key.to_owned())
    }

    /// The sentence for a key that has variables.
    pub fn ta<const N: usize>(self, key: &str, args: [(&'static str, FluentValue<'_>); N]) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue<'_>> =
            args.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        CATALOGUE.try_lookup_with_args(self.identifier(), key, &args).unwrap_or_else(|| key.to_owned())
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        match self {
            Self::French => &FRENCH,
            Self::English => &ENGLISH,
        }
    }
}

/// Templates see fields by reference; functions that take `impl Into<Language>` may be called from both.
impl From<&Self> for Language {
    fn from(language: &Self) -> Self {
        *language
    }
}

/// The sentence for a key, in a language.
pub fn t(language: Language, key: &str) -> String {
    language.t(key)
}

/// The sentence for a key that has variables, in a language.
pub fn ta<const N: usize>(
    language: Language,
    key: &str,
    args: [(&'static str, FluentValue<'_>); N],
) -> String {
    language.ta(key, args)
}

/// The language with the highest `q` among those we speak; the earlier wins a tie. RFC 9110, 12.5.4.
/// Only the first 20 entries are read.
fn preferred(accept_language: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for entry in accept_language.split(',').take(20) {
        let mut parts = entry.split(';');
        let Some(language) = parts.next().and_then(Language::from_code) else { continue };
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .map_or(1.0, |q| q.parse::<f32>().unwrap_or_default());
        if weight > 0.0 && best.is_none_or(|(_, other)| weight > other) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
#[path = "language_tests.rs"]
mod tests;

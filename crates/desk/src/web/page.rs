//! What every screen shares: who reads it, in which language and theme, what the frame around it shows, and the policy
//! that tells the browser what the page may load.

use crate::web::assets;
use crate::web::language::Language;
use crate::web::view::filters;
use crate::web::view::frame::{Section, ViewNav};

/// Sent with every page of the desk and of the customer's tracking. No inline script, no inline style, nothing foreign.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; \
     frame-ancestors 'none'; font-src 'self'; manifest-src 'self'";

/// Sent with the HTML of a mail, which lives at its own URL and is shown in a sandboxed frame: it may only be looked at.
pub const MAIL_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
     form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

/// The same, once the reader has asked for pictures that are kept elsewhere: their servers then learn that somebody looks.
pub const MAIL_WITH_PICTURES_CONTENT_SECURITY_POLICY: &str = "default-src 'none'; img-src data: https:; \
     style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

/// The cookie that holds the theme: `light`, `dark` or `auto`. Written by the server and by `theme.js`.
pub const THEME_COOKIE: &str = "suivi_theme";

/// The cookie that holds the language: `fr` or `en`.
pub const LANGUAGE_COOKIE: &str = "suivi_language";

/// Light, dark, or whatever the reader's system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Theme {
    /// Follows the system.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All, in the order the switch walks through them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The word used in the cookie, in forms and in `data-bs-theme`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the cookie; anything unknown is `auto`.
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.code() == code).unwrap_or_default()
    }

    /// The catalogue key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Auto => "theme-auto",
            Self::Light => "theme-light",
            Self::Dark => "theme-dark",
        }
    }

    /// The icon of its button.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Auto => "sun-moon",
            Self::Light => "sun",
            Self::Dark => "moon",
        }
    }
}

/// What any page needs, signed in or not.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The language of everything on it.
    pub lang: Language,
    /// The theme from the cookie.
    pub theme: Theme,
    /// The title, without the brand; already in the reader's language.
    pub title: String,
    /// The brand's name, as its customers know it.
    pub brand: String,
    /// Goes into the hidden `csrf` field of every form.
    pub csrf: String,
    /// The path and query of this page: where a change of language or theme comes back to.
    pub here: String,
    /// A short word on what was just done, shown once after a redirect.
    pub flash: Option<Flash>,
}

/// A short word on what was just done.
#[derive(Debug, Clone)]
pub struct Flash {
    /// The sentence, in the reader's language.
    pub text: String,
    /// True when something was refused.
    pub is_refusal: bool,
}

/// The frame around every screen of a signed-in person.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Name of the signed-in person.
    pub person: String,
    /// Their initials, at most two letters.
    pub initials: String,
    /// Their address or role, shown small under the name.
    pub person_detail: String,
    /// The lists of cases with their counts.
    pub views: ViewNav,
    /// What stands in the search box.
    pub query: String,
    /// The other places: sendings, letters, demo postbox. Only those the person may open.
    pub sections: Vec<Section>,
}

impl Page {
    /// The URL of an asset, for templates.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    /// The sentence for a key, for templates.
    pub fn t(&self, key: &str) -> String {
        self.lang.t(key)
    }

    /// The language that is not in use, which the switch offers.
    pub fn other_language(&self) -> Language {
        match self.lang {
            Language::French => Language::English,
            Language::English => Language::French,
        }
    }

    /// All themes, for the switch.
    pub fn themes(&self) -> [Theme; 3] {
        Theme::ALL
    }

    /// The icon of the theme in use.
    pub fn theme_icon(&self) -> filters::Icon {
        filters::Icon::named(self.theme.icon())
    }
}

/// At most two initials of a name: "Marie-Claude Le Goff" gives "MG".
pub fn initials(name: &str) -> String {
    let mut firsts = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = firsts.next();
    first.into_iter().chain(firsts.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_and_the_last() {
        for (name, expect) in [("Marie-Claude Le Goff", "MG"), ("Émile", "É"), ("", ""), ("« Jo » Bar", "JB")]
        {
            assert_eq!(initials(name), expect, "{name}");
        }
    }

    #[test]
    fn templates_keep_to_the_content_security_policy() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            for banned in
                [" style=", "<style", "<script>", " onclick", " onload", "hx-on", "js:", "javascript:"]
            {
                assert!(!text.contains(banned), "{banned} in {}", path.display());
            }
        }
    }

    #[test]
    fn every_form_that_posts_carries_a_csrf_field() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            for form in text.split("method=\"post\"").skip(1).filter_map(|rest| rest.split("</form>").next())
            {
                let is_guarded = form.contains("name=\"csrf\"") || form.contains("composer_hidden.html");
                assert!(is_guarded, "a form without csrf in {}", path.display());
            }
        }
    }

    #[test]
    fn an_unknown_theme_is_auto() {
        assert_eq!(Theme::from_code("purple"), Theme::Auto);
        assert_eq!(Theme::from_code("dark"), Theme::Dark);
    }
}

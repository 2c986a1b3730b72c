//! One line of a mail, and what can be seen of it without its neighbours.

use crate::fold::{folded, is_invisible};

/// Characters of a line that rules look at; no mail program's own lines are longer.
const SEEN_CHARS_MAX: usize = 300;

/// A line with its line end, and what remains of it without spaces around.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    /// As it stands in the text.
    pub(crate) text: &'a str,
    /// Without spaces and invisible characters around.
    pub(crate) bare: &'a str,
    is_quoted: bool,
}

impl<'a> Line<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let bare = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
        Self { text, bare, is_quoted: bare.starts_with('>') }
    }

    /// The line, whose mark its writer typed: ">= 60 W".
    pub(crate) fn typed(self) -> Self {
        Self { is_quoted: false, ..self }
    }

    pub(crate) fn is_blank(self) -> bool {
        self.bare.is_empty()
    }

    /// True for a line that a mail program marked as quoted, as far as the line itself tells.
    pub(crate) fn is_quoted(self) -> bool {
        self.is_quoted
    }

    /// True for a line too long for a mail program's own words.
    pub(crate) fn is_long(self) -> bool {
        self.bare.chars().nth(SEEN_CHARS_MAX).is_some()
    }

    /// The line's first characters, folded; stars and underscores that stand for bold type are gone from its start.
    pub(crate) fn folded(self) -> String {
        let seen: String = self.bare.trim_start_matches(['*', '_']).chars().take(SEEN_CHARS_MAX).collect();
        folded(&seen)
    }

    pub(crate) fn letters(self) -> usize {
        self.bare.chars().filter(|c| c.is_alphanumeric()).count()
    }
}

/// True where a time of day is written as mail programs do: `14:02` or `14h02`.
pub(crate) fn has_time_of_day(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    bytes.windows(4).any(|four| {
        four[0].is_ascii_digit()
            && matches!(four[1], b':' | b'h')
            && four[2].is_ascii_digit()
            && four[3].is_ascii_digit()
    })
}

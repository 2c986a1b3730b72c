//! HTML cut into text, opening and closing tags: enough of the standard's tokenizer to bound foreign markup.
//!
//! Here: one linear walk that allocates only the attribute list. Not here: trees, character references (kept as
//! written), any judgement of tags. Known limits: an unfinished tag at the end is text, not dropped as browsers do.

/// Attributes of one tag that are looked at; mail programs write under ten.
const ATTRIBUTES_MAX: usize = 24;

/// Elements whose content is no markup and nobody's words; it is skipped with them, to the end when unclosed.
const SKIPPED_WITH_CONTENT: &[&str] =
    &["script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp", "template"];

/// Names and values of one tag's attributes, as written.
pub(super) type Attributes<'a> = Vec<(&'a str, &'a str)>;

/// A piece of HTML, borrowed from the input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Characters outside of tags, references not decoded.
    Text(&'a str),
    /// An opening tag: its name as written, and its attributes, values not decoded.
    Open(&'a str, Attributes<'a>),
    /// A closing tag: its name as written.
    Close(&'a str),
}

/// The tokens of a document, in order.
pub(super) struct Tokens<'a> {
    html: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(html: &'a str) -> Self {
        Self { html, at: 0 }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.html.as_bytes().get(at).copied()
    }

    /// Position of the first byte from `at` that satisfies the test, or the end.
    fn seek(&self, at: usize, stops: impl Fn(u8) -> bool) -> usize {
        let bytes = self.html.as_bytes().get(at..).unwrap_or_default();
        at + bytes.iter().position(|byte| stops(*byte)).unwrap_or(bytes.len())
    }

    /// The slice between two positions that both stand beside ASCII bytes or at the ends.
    fn slice(&self, from: usize, to: usize) -> &'a str {
        self.html.get(from..to).unwrap_or_default()
    }

    fn skip_past(&mut self, mark: &str, from: usize) {
        let rest = self.html.get(from..).unwrap_or_default();
        self.at = rest.find(mark).map_or(self.html.len(), |found| from + found + mark.len());
    }

    /// A tag, comment or declaration stands at `self.at`; the first is returned, the others are passed over.
    fn markup(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        match (self.byte(start + 1), self.byte(start + 2)) {
            (Some(b'!'), _) if self.html[start..].starts_with("<!--") => {
                let short = self.html[start..].starts_with("<!-->");
                self.skip_past(if short { ">" } else { "-->" }, start + 4);
                None
            }
            (Some(b'!' | b'?'), _) => {
                self.skip_past(">", start + 2);
                None
            }
            (Some(b'/'), Some(letter)) if letter.is_ascii_alphabetic() => Some(self.closing(start)),
            (Some(letter), _) if letter.is_ascii_alphabetic() => Some(self.opening(start)),
            _ => {
                self.at = self.seek(start + 1, |byte| byte == b'<');
                Some(Token::Text(self.slice(start, self.at)))
            }
        }
    }

    fn closing(&mut self, start: usize) -> Token<'a> {
        match self.tag(start + 2) {
            Some((name, _)) => Token::Close(name),
            None => self.rest_as_text(start),
        }
    }

    fn opening(&mut self, start: usize) -> Token<'a> {
        let Some((name, attributes)) = self.tag(start + 1) else {
            return self.rest_as_text(start);
        };
        if SKIPPED_WITH_CONTENT.iter().any(|skipped| name.eq_ignore_ascii_case(skipped)) {
            self.skip_content(name);
        }
        Token::Open(name, attributes)
    }

    /// A tag without an end makes all that follows text, so that nothing is read twice.
    fn rest_as_text(&mut self, start: usize) -> Token<'a> {
        self.at = self.html.len();
        Token::Text(self.slice(start, self.at))
    }

    /// The tag whose name starts at `from`; the walk goes on behind it.
    fn tag(&mut self, from: usize) -> Option<(&'a str, Attributes<'a>)> {
        let name_end = self.seek(from, |byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
        let (attributes, end) = self.attributes(name_end)?;
        self.at = end;
        Some((self.slice(from, name_end), attributes))
    }

    fn skip_content(&mut self, name: &str) {
        loop {
            let close = self.seek(self.at, |byte| byte == b'<');
            let after = close + 2 + name.len();
            if close >= self.html.len() {
                self.at = close;
                return;
            }
            let is_end = self.byte(close + 1) == Some(b'/')
                && self
                    .html
                    .as_bytes()
                    .get(close + 2..after)
                    .is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()));
            self.at = if is_end { close } else { close + 1 };
            if is_end {
                return;
            }
        }
    }

    /// The attributes from `at`, and the position after the tag's `>`; `None` when the document ends before.
    fn attributes(&self, mut at: usize) -> Option<(Attributes<'a>, usize)> {
        let mut found = Vec::new();
        loop {
            at = self.seek(at, |byte| !byte.is_ascii_whitespace() && byte != b'/');
            if self.byte(at)? == b'>' {
                return Some((found, at + 1));
            }
            let name_end = self.seek(at + 1, |b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'='));
            let name = self.slice(at, name_end);
            at = self.seek(name_end, |byte| !byte.is_ascii_whitespace());
            let mut value = "";
            if self.byte(at)? == b'=' {
                (value, at) = self.value(self.seek(at + 1, |byte| !byte.is_ascii_whitespace()))?;
            }
            if found.len() < ATTRIBUTES_MAX {
                found.push((name, value));
            }
        }
    }

    fn value(&self, at: usize) -> Option<(&'a str, usize)> {
        let quote = self.byte(at)?;
        if matches!(quote, b'"' | b'\'') {
            let end = self.seek(at + 1, |byte| byte == quote);
            self.byte(end)?;
            return Some((self.slice(at + 1, end), end + 1));
        }
        let end = self.seek(at, |byte| byte.is_ascii_whitespace() || byte == b'>');
        Some((self.slice(at, end), end))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        while self.at < self.html.len() {
            if self.byte(self.at) != Some(b'<') {
                let start = self.at;
                self.at = self.seek(start, |byte| byte == b'<');
                return Some(Token::Text(self.slice(start, self.at)));
            }
            if let Some(token) = self.markup() {
                return Some(token);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, Tokens};

    fn check(html: &str, expected: &[Token<'_>]) {
        assert_eq!(Tokens::of(html).collect::<Vec<_>>(), expected, "{html}");
    }

    #[test]
    fn tags_text_and_attributes() {
        check(
            "a<b>c</b>",
            &[Token::Text("a"), Token::Open("b", vec![]), Token::Text("c"), Token::Close("b")],
        );
        check("<a href='x>y' b=1 c>", &[Token::Open("a", vec![("href", "x>y"), ("b", "1"), ("c", "")])]);
        check("<br/><hr / >", &[Token::Open("br", vec![]), Token::Open("hr", vec![])]);
    }

    #[test]
    fn comments_scripts_and_unfinished_tags() {
        check("1<!-- <b> -->2<!-->3<!doctype html>", &[Token::Text("1"), Token::Text("2"), Token::Text("3")]);
        check(
            "<STYLE>a<b</Style>c",
            &[Token::Open("STYLE", vec![]), Token::Close("Style"), Token::Text("c")],
        );
        check("<script>never closed <b>", &[Token::Open("script", vec![])]);
        check("1 < 2 <b class=\"x", &[Token::Text("1 "), Token::Text("< 2 "), Token::Text("<b class=\"x")]);
    }
}

//! A Rust file read just well enough to measure it: code, string literals and comments told apart, with lines.
//! No parser: rustfmt has already laid the code out, so names, braces and attributes are where they are expected.

use super::regions;
use super::words::{find_word, word_end};
use std::ops::Range;

/// A string literal or a comment, as written, without its delimiters for strings and with them for comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Byte offset of its first character.
    pub offset: usize,
    /// The text between the quotes (escapes untouched), or the whole comment.
    pub text: String,
}

/// One Rust file, split.
#[derive(Debug, Default)]
pub struct Source {
    /// The file with comments and the insides of strings blanked; same length, same lines.
    pub code: String,
    /// All string literals, in order.
    pub strings: Vec<Piece>,
    /// All comments, in order.
    pub comments: Vec<Piece>,
    /// Byte ranges that only tests compile.
    pub tests: Vec<Range<usize>>,
    line_starts: Vec<usize>,
}

enum Kind {
    Comment,
    Text { inner: Range<usize> },
}

impl Source {
    /// Splits a file. Broken code gives a best effort, never a failure.
    pub fn read(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut code = bytes.to_vec();
        let (mut strings, mut comments) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < bytes.len() {
            let Some((kind, end)) = piece_at(bytes, at) else {
                at = word_end(bytes, at).max(at + 1);
                continue;
            };
            match kind {
                Kind::Comment => {
                    comments.push(Piece { offset: at, text: lossy(&bytes[at..end]) });
                    blank(&mut code[at..end]);
                }
                Kind::Text { inner } => {
                    strings.push(Piece { offset: at, text: lossy(&bytes[inner.clone()]) });
                    blank(&mut code[inner]);
                }
            }
            at = end;
        }
        let code = lossy(&code);
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let tests = regions::tests(&code);
        Self { code, strings, comments, tests, line_starts }
    }

    /// The line of a byte offset, counted from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// Where `needle` stands in the code as a whole word (its ends are not glued to another name).
    pub fn find<'a>(&'a self, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
        find_word(&self.code, needle)
    }

    /// Whether only tests compile this place.
    pub fn is_test(&self, offset: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&offset))
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
}

fn piece_at(bytes: &[u8], at: usize) -> Option<(Kind, usize)> {
    match bytes[at] {
        b'/' => comment_end(bytes, at).map(|end| (Kind::Comment, end)),
        b'"' => Some(quoted(bytes, at)),
        b'\'' => character(bytes, at),
        b'r' | b'b' | b'c' => prefixed(bytes, at),
        _ => None,
    }
}

fn comment_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'/' => Some(at + bytes[at..].iter().take_while(|b| **b != b'\n').count()),
        b'*' => {
            let (mut depth, mut i) = (1_usize, at + 2);
            while i < bytes.len() && depth > 0 {
                match bytes.get(i..i + 2) {
                    Some(b"/*") => (depth, i) = (depth + 1, i + 2),
                    Some(b"*/") => (depth, i) = (depth - 1, i + 2),
                    _ => i += 1,
                }
            }
            Some(i)
        }
        _ => None,
    }
}

/// A plain literal whose opening quote is at `at`.
fn quoted(bytes: &[u8], at: usize) -> (Kind, usize) {
    let quote = bytes[at];
    let mut i = at + 1;
    while i < bytes.len() && bytes[i] != quote {
        i += if bytes[i] == b'\\' { 2 } else { 1 };
    }
    let inner_end = i.min(bytes.len());
    (Kind::Text { inner: at + 1..inner_end }, (inner_end + 1).min(bytes.len()))
}

/// A character literal, or nothing when the quote starts a lifetime.
fn character(bytes: &[u8], at: usize) -> Option<(Kind, usize)> {
    let first = *bytes.get(at + 1)?;
    let width = match first {
        b'\\' => return Some(quoted(bytes, at)),
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    };
    (bytes.get(at + 1 + width) == Some(&b'\'')).then(|| quoted(bytes, at))
}

/// A literal with a prefix: `r"…"`, `r#"…"#`, `b"…"`, `br"…"`, `c"…"`, `b'…'`.
fn prefixed(bytes: &[u8], at: usize) -> Option<(Kind, usize)> {
    let end = at + bytes[at..].iter().take_while(|b| b.is_ascii_alphabetic()).count().min(3);
    match &bytes[at..end] {
        b"b" if bytes.get(end) == Some(&b'\'') => character(bytes, end),
        b"b" | b"c" if bytes.get(end) == Some(&b'"') => Some(quoted(bytes, end)),
        b"r" | b"br" | b"cr" => raw(bytes, end),
        _ => None,
    }
}

fn raw(bytes: &[u8], at: usize) -> Option<(Kind, usize)> {
    let hashes = bytes[at..].iter().take_while(|b| **b == b'#').count();
    let open = at + hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let closing = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    let length = bytes[open + 1..].windows(closing.len()).position(|w| w == closing);
    let inner_end = length.map_or(bytes.len(), |n| open + 1 + n);
    Some((Kind::Text { inner: open + 1..inner_end }, (inner_end + closing.len()).min(bytes.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_comments_and_lifetimes_are_told_apart() {
        let source = Source::read(
            "fn a<'x>(b: &'x str) { // { \"no\n let c = ['{', '\\'', 'é']; /* } /* } */ */\n let d = r#\"{\"q\"}\"#; br\"\\\"; b\"\\\"{\" }",
        );
        assert_eq!(source.code.matches('{').count(), 1, "{}", source.code);
        assert_eq!(source.code.matches('}').count(), 1, "{}", source.code);
        let texts: Vec<_> = source.strings.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(texts, ["{", "\\'", "é", "{\"q\"}", "\\", "\\\"{"]);
        assert_eq!(source.comments.len(), 2);
        assert_eq!(source.line(source.comments[1].offset), 2);
    }

    #[test]
    fn raw_names_and_open_ends_are_harmless() {
        let source = Source::read("let r#fn = 1; let s = \"open { ");
        assert!(!source.code.contains('{'));
        assert!(Source::read("'").strings.is_empty());
        assert_eq!(Source::read("r##\"a").strings[0].text, "a");
    }

    #[test]
    fn words_are_whole() {
        let source = Source::read("Zoned::now() my_Zoned::now() Zoned::nowhere $crate::x");
        assert_eq!(source.find("Zoned::now").collect::<Vec<_>>(), [0]);
        assert_eq!(source.find("crate::").count(), 1);
    }
}

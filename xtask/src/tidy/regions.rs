//! Stretches of blanked code: attributes, the items they stand on, brace pairs, what only tests compile.

use super::words::{find_word, name_at, skip_space};
use std::ops::Range;

/// One attribute: `#[…]` on an item, or `#![…]` for what encloses it.
#[derive(Debug)]
pub struct Attribute<'a> {
    /// Offset of the `#`.
    pub start: usize,
    /// Offset after the closing bracket.
    pub end: usize,
    /// Whether it is `#![…]`.
    pub is_inner: bool,
    /// What stands between the brackets.
    pub text: &'a str,
}

/// All attributes of a file.
pub fn attributes(code: &str) -> impl Iterator<Item = Attribute<'_>> {
    code.match_indices('#').filter_map(move |(start, _)| {
        let is_inner = code[start..].starts_with("#![");
        let open = start + 1 + usize::from(is_inner);
        code[open..].starts_with('[').then(|| {
            let end = closing(code, open);
            let text = code.get(open + 1..end.saturating_sub(1)).unwrap_or_default();
            Attribute { start, end, is_inner, text }
        })
    })
}

/// The offset after the bracket that closes the one at `open`; the end of the file when there is none.
pub fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (i, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return i + 1;
        }
    }
    code.len()
}

/// Where the item, field or statement that starts at or after `at` ends.
pub fn item_end(code: &str, at: usize) -> usize {
    let mut start = skip_space(code, at);
    while code[start..].starts_with("#[") {
        start = skip_space(code, closing(code, start + 1));
    }
    let is_item = ITEM_WORDS.contains(&name_at(code, start));
    let mut i = start;
    while let Some(byte) = code.as_bytes().get(i) {
        match byte {
            b'{' => return closing(code, i),
            b'(' | b'[' => i = closing(code, i),
            b';' => return i + 1,
            b',' if !is_item => return i + 1,
            b'}' | b')' | b']' => return i,
            _ => i += 1,
        }
    }
    code.len()
}

const ITEM_WORDS: [&str; 15] = [
    "pub",
    "fn",
    "mod",
    "impl",
    "struct",
    "enum",
    "trait",
    "const",
    "static",
    "use",
    "type",
    "async",
    "unsafe",
    "extern",
    "macro_rules",
];

/// What an attribute that satisfies `wanted` governs: the item under it, or the whole file for an inner one.
pub fn governed(code: &str, wanted: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    attributes(code)
        .filter(|a| wanted(a.text))
        .map(|a| if a.is_inner { 0..code.len() } else { a.start..item_end(code, a.end) })
        .collect()
}

/// What only tests compile.
pub fn tests(code: &str) -> Vec<Range<usize>> {
    governed(code, is_test_attribute)
}

/// `#[cfg(test)] mod name;`, whose files only tests compile: where it stands, and the name.
pub fn test_modules(code: &str) -> Vec<(Range<usize>, &str)> {
    tests(code)
        .into_iter()
        .filter(|range| code[range.clone()].ends_with(';'))
        .filter_map(|range| {
            let at = range.start + find_word(&code[range.clone()], "mod").next()?;
            let name = name_at(code, skip_space(code, at + "mod".len()));
            Some((range, name)).filter(|(_, name)| !name.is_empty())
        })
        .collect()
}

/// Bodies of `mod name { … }`.
pub fn inline_modules(code: &str) -> Vec<Range<usize>> {
    find_word(code, "mod")
        .filter_map(|at| {
            let name_start = skip_space(code, at + 3);
            let name = name_at(code, name_start);
            let open = skip_space(code, name_start + name.len());
            (!name.is_empty() && code[open..].starts_with('{')).then(|| open..closing(code, open))
        })
        .collect()
}

fn is_test_attribute(text: &str) -> bool {
    let path = text.split(['(', '=']).next().unwrap_or_default().trim();
    if path == "cfg" {
        return find_word(text, "test").any(|at| !text[..at].trim_end().ends_with("not("));
    }
    path == "test" || path.ends_with("::test")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tested(code: &str) -> Vec<&str> {
        tests(code).into_iter().map(|r| &code[r]).collect()
    }

    #[test]
    fn test_code_is_known() {
        assert_eq!(
            tested("#[cfg(test)]\nmod tests { fn a() { } } fn b() {}"),
            ["#[cfg(test)]\nmod tests { fn a() { } }"]
        );
        assert_eq!(
            tested("#[test]\n#[x]\nfn a<A, B>() -> [u8; 2] { } fn b() {}"),
            ["#[test]\n#[x]\nfn a<A, B>() -> [u8; 2] { }"]
        );
        assert_eq!(tested("#[tokio::test(flavor = x)] async fn a() {}").len(), 1);
        assert_eq!(tested("#![cfg(test)] fn a() {}"), ["#![cfg(test)] fn a() {}"]);
        assert_eq!(tested("struct A { #[cfg(test)] a: u8, b: u8 }"), ["#[cfg(test)] a: u8,"]);
        assert!(tested("#[cfg(not(test))] fn a() {} #[derive(X)] struct B;").is_empty());
    }

    #[test]
    fn modules_are_found() {
        assert_eq!(test_modules("#[cfg(test)]\npub mod testing;\nmod b;"), [(0..29, "testing")]);
        assert_eq!(tests("#[cfg(test) é").len(), 0);
        assert_eq!(inline_modules("mod a; mod b { x }").len(), 1);
    }
}

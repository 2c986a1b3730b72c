//! A lint that is silenced says why: `reason = "…"`, or a comment on the line above or behind.

use super::{
    regions,
    tree::{Finding, RustFile, Tree},
    words::find_word,
};

/// Names lints that are silenced without a word.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust("").flat_map(|file| silent(&file)).collect()
}

fn silent(file: &RustFile) -> Vec<Finding> {
    regions::attributes(&file.source.code)
        .filter(|a| ["allow", "expect"].iter().any(|word| is_called(a.text, word)))
        .filter(|a| find_word(a.text, "reason").next().is_none())
        .filter(|a| !has_comment_by(file, file.source.line(a.start), file.source.line(a.end)))
        .map(|a| file.at(a.start, "a lint is silenced without a word: add `reason = \"…\"`"))
        .collect()
}

fn is_called(text: &str, word: &str) -> bool {
    find_word(text, word).any(|at| text[at + word.len()..].starts_with('('))
}

/// Whether a plain comment (a doc comment speaks of the item) stands above `first` or behind `last`.
fn has_comment_by(file: &RustFile, first: usize, last: usize) -> bool {
    file.source.comments.iter().any(|comment| {
        let line = file.source.line(comment.offset);
        let is_doc = comment.text.starts_with("///") || comment.text.starts_with("//!");
        !is_doc && (line + 1 == first || line == last)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn silent_allows_are_named() {
        let code =
            "/// A.\n#[allow(dead_code)]\nfn a() {}\n#![allow(x)]\n#[cfg_attr(test, expect(y))]\nfn b() {}\n";
        sample::expect(check, &[("a.rs", code)], &["a.rs:2", "a.rs:4", "a.rs:5"]);
    }

    #[test]
    fn reasons_pass() {
        let code = "#[allow(x, reason = \"y\")]\nfn a() {}\n// Why.\n#[expect(x)]\nfn b() {}\n#[allow(x)] // why\nfn c() {}\n#[derive(X)]\nstruct D;\n";
        sample::expect(check, &[("a.rs", code)], &[]);
    }
}

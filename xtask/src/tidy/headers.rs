//! Every Rust file opens by saying what lives in it.

use super::tree::{Finding, Tree};

/// Names files without a header.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let sources = tree.rust("").filter(|file| file.path.contains("/src/"));
    sources
        .filter(|file| {
            !file.text.lines().next().is_some_and(|line| line.len() > 4 && line.starts_with("//! "))
        })
        .map(|file| {
            Finding::new(file.path, 1, "no header: open with `//!`, what lives here and what may not")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn files_without_a_header_are_named() {
        let files = [
            ("crates/a/src/lib.rs", "pub mod b;\n//! Late.\n"),
            ("crates/a/src/b.rs", "//! Says so.\n"),
            ("crates/a/src/c.rs", ""),
            ("crates/a/tests/t.rs", "fn a() {}"),
        ];
        sample::expect(check, &files, &["crates/a/src/lib.rs:1", "crates/a/src/c.rs:1"]);
    }
}

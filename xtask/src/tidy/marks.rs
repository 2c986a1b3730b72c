//! Marks of unfinished work in comments: work that is left belongs to the issues, where somebody sees it.

use super::{
    tree::{File, Finding, Tree},
    words::find_word,
};

const MARKS: [&str; 3] = ["TODO", "FIXME", "XXX"];

/// Files other than Rust whose whole text is searched.
const OTHERS: [&str; 7] = [".sql", ".html", ".ftl", ".mjs", ".js", ".css", ".toml"];

/// Names marks in our own files.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.files.iter().filter(|file| !is_foreign(&file.path)).flat_map(marks).collect()
}

/// Vendored code has its own habits.
fn is_foreign(path: &str) -> bool {
    path.contains("vendor") || path.contains(".min.") || path.contains("/assets/")
}

fn marks(file: &File) -> Vec<Finding> {
    let finding = |line: usize, mark: &str| {
        Finding::new(&file.path, line, format!("`{mark}`: do it, or open an issue and drop the mark"))
    };
    let marks_in = |text: &str| {
        MARKS.into_iter().filter(|mark| find_word(text, mark).next().is_some()).collect::<Vec<_>>()
    };
    if let Some(rust) = &file.rust {
        let comments = rust.comments.iter().map(|comment| (rust.line(comment.offset), &comment.text));
        return comments
            .flat_map(|(line, text)| marks_in(text).into_iter().map(move |m| finding(line, m)))
            .collect();
    }
    if !OTHERS.iter().any(|ending| file.path.ends_with(ending)) {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines.flat_map(|(i, text)| marks_in(text).into_iter().map(move |mark| finding(i + 1, mark))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn marks_are_named() {
        let files = [
            ("crates/a/src/a.rs", "fn a() {}\n// TODO: more\n/* FIXME */\n"),
            ("migrations/0001.sql", "-- XXX\n"),
            ("crates/a/src/b.rs", "let a = \"TODO\"; // TODOS and todo are words\n"),
            ("crates/desk/assets/htmx.js", "// TODO\n"),
            ("docs/how.md", "We keep no TODO marks.\n"),
        ];
        sample::expect(
            check,
            &files,
            &["crates/a/src/a.rs:2", "crates/a/src/a.rs:3", "migrations/0001.sql:1"],
        );
    }
}

//! Are there examples in documentation comments? Building none takes `cargo test --doc` as long as building some.

use super::source::Source;

/// What may follow the fence of an example that is built.
const BUILT: [&str; 5] = ["", "rust", "no_run", "should_panic", "compile_fail"];

/// Whether a file holds an example that is built.
pub fn has_example(source: &Source) -> bool {
    let lines = source.comments.iter().filter_map(|comment| {
        ["///", "//!"].iter().find_map(|start| comment.text.strip_prefix(start)).map(str::trim)
    });
    let mut is_open = false;
    for kind in lines.filter_map(|line| line.strip_prefix("```")) {
        is_open = !is_open;
        if is_open && BUILT.contains(&kind.split(',').next().unwrap_or_default()) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_told_from_text() {
        let has = |code| has_example(&Source::read(code));
        assert!(has("/// ```\n/// a();\n/// ```\nfn a() {}"));
        assert!(has("//! ```text\n//! a\n//! ```\n//! ```rust,no_run\n//! ```"));
        assert!(!has("/// ```text\n/// a\n/// ```\nfn a() {}\n// ```\n"));
    }
}

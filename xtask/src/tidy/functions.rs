//! Ceiling: lines of a function, from `fn` to its closing brace; blank lines and comments are free.

use super::{
    regions,
    source::Source,
    tree::{Finding, RustFile, Tree},
    words::{name_at, skip_space},
};

const FUNCTION_LINES_MAX: usize = 70;

/// Names functions that do not fit on a screen.
pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust("").flat_map(|file| long_functions(&file)).collect()
}

fn long_functions(file: &RustFile) -> Vec<Finding> {
    let code = &file.source.code;
    let excused = regions::governed(code, |text| text.contains("clippy::too_many_lines"));
    let mut found = Vec::new();
    for at in file.source.find("fn") {
        let name = name_at(code, skip_space(code, at + 2));
        if name.is_empty() || excused.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let lines = code_lines(file.source, at, regions::item_end(code, at));
        if lines > FUNCTION_LINES_MAX {
            let message = format!(
                "`{name}` has {lines} lines of code, at most {FUNCTION_LINES_MAX}: give its steps names of their own"
            );
            found.push(file.at(at, message));
        }
    }
    found
}

/// Lines with code on them; a string over several lines counts whole.
fn code_lines(source: &Source, start: usize, end: usize) -> usize {
    let first = source.line(start);
    let mut is_code: Vec<bool> =
        source.code[start..end].lines().map(|line| !line.trim().is_empty()).collect();
    for string in source.strings.iter().filter(|s| (start..end).contains(&s.offset)) {
        let opening = source.line(string.offset) - first;
        is_code.iter_mut().skip(opening).take(string.text.lines().count()).for_each(|line| *line = true);
    }
    is_code.into_iter().filter(|line| *line).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn long_functions_are_named() {
        let long = format!("\nfn a() {{\n{}}}\nfn b() {{}}\n", "    x('{');\n".repeat(69));
        let fits = format!("type F = fn(u8);\nfn a() {{\n{}}}\n", "    x(\"}\");\n\n // why {\n".repeat(68));
        sample::expect(check, &[("a.rs", &long), ("b.rs", &fits)], &["a.rs:2"]);
        let excused = format!("#[expect(clippy::too_many_lines, reason = \"a table\")]{long}");
        sample::expect(check, &[("a.rs", &excused)], &[]);
    }

    #[test]
    fn long_strings_count() {
        let long = format!("fn a() {{\n    x(\"\n{}\");\n}}\n", "text\n".repeat(69));
        sample::expect(check, &[("a.rs", &long)], &["a.rs:1"]);
    }
}

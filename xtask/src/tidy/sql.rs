//! SQL lives in `store` only: no other crate holds a string that reads as a statement.

use super::tree::{Finding, Tree};

/// Names statements outside the store.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let others = tree.rust("crates/").filter(|file| !file.path.starts_with("crates/store/"));
    others
        .flat_map(|file| {
            let statements = file.source.strings.iter().filter(|string| is_statement(&string.text));
            statements.map(move |s| {
                file.at(s.offset, "SQL outside `store`: move it to a function there, named for it")
            })
        })
        .collect()
}

/// Whether a string is a statement. Sentences and HTML that say "select" or "update" are not.
fn is_statement(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == '\\').filter(|w| !w.is_empty()).collect();
    let Some(first) = words.first() else { return false };
    let is_shout = first.chars().all(|c| c.is_ascii_uppercase());
    let is_quiet = first.chars().all(|c| c.is_ascii_lowercase());
    if !is_shout && !is_quiet {
        return false;
    }
    let word = |i: usize| words.get(i).map(|w| w.to_ascii_lowercase()).unwrap_or_default();
    let has = |wanted: &str| words.iter().any(|w| w.eq_ignore_ascii_case(wanted));
    match word(0).as_str() {
        "select" => has("from") && !ARTICLES.contains(&word(1).as_str()),
        "insert" => word(1) == "into" && (has("values") || has("select") || words.len() == 3),
        "update" => word(2) == "set",
        "delete" => word(1) == "from" && !ARTICLES.contains(&word(2).as_str()),
        "with" => has("as") && has("select") && has("from"),
        _ => false,
    }
}

/// What follows the verb in an English sentence and never in a statement.
const ARTICLES: [&str; 9] = ["a", "an", "the", "one", "any", "your", "this", "which", "all"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn statements_are_named() {
        let code = r#"
            let a = "select id
                     from cases";
            let b = "insert into cases (id) values ($1)";
            let c = "update cases set seq = $1";
            let d = "delete from cases where id = $1";
            let e = "SELECT id FROM cases";
            let f = "with x as (select 1 from y) select 2";
        "#;
        let path = "crates/desk/src/a.rs";
        let places = [2, 4, 5, 6, 7, 8].map(|line| format!("{path}:{line}"));
        sample::expect(check, &[(path, code)], &places.each_ref().map(String::as_str));
        sample::expect(check, &[("crates/store/src/a.rs", code)], &[]);
    }

    #[test]
    fn sentences_pass() {
        let code = r#"
            // select id from cases
            let a = "select a file from the list"; let b = "<select name=\"x\">"; let c = "Select one from";
            let d = "update the case and set a date"; let e = "delete from the list"; let f = "with as much as";
        "#;
        sample::expect(check, &[("crates/desk/src/a.rs", code)], &[]);
    }
}

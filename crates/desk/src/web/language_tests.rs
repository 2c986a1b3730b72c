//! The catalogue is whole: same keys in both languages, nothing used that is missing, nothing kept that is not used.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Every file under a folder with one of these ends.
fn texts(folder: &Path, ends: &[&str]) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&texts(&path, ends));
        } else if path.extension().is_some_and(|end| ends.iter().any(|e| *e == end)) {
            all.push_str(&fs::read_to_string(&path).unwrap());
            all.push('\n');
        }
    }
    all
}

fn keys(language: Language) -> BTreeSet<String> {
    let text = texts(&root().join("locales").join(language.code()), &["ftl"]);
    let is_message = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase());
    text.lines().filter(is_message).filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect()
}

fn sources() -> String {
    texts(&root().join("templates"), &["html", "txt"]) + &texts(&root().join("src"), &["rs"])
}

/// Literals given to `t("…")` and `ta("…")`.
fn used(sources: &str) -> BTreeSet<String> {
    ["t(\"", "ta(\""]
        .iter()
        .flat_map(|call| {
            let starts = [".", " ", "("].map(|before| format!("{before}{call}"));
            starts.into_iter().flat_map(|start| {
                let rest: Vec<String> = sources
                    .split(&start)
                    .skip(1)
                    .filter_map(|rest| rest.split_once('"').map(|(key, _)| key.to_owned()))
                    .collect();
                rest
            })
        })
        .filter(|key| key.contains('-') && key.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        .collect()
}

#[test]
fn both_languages_have_the_same_keys() {
    assert_eq!(keys(Language::French), keys(Language::English));
}

#[test]
fn every_key_that_is_used_exists() {
    let missing: Vec<_> = used(&sources()).difference(&keys(Language::French)).cloned().collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_key_that_exists_is_used() {
    let sources = sources();
    let unused: Vec<_> =
        keys(Language::French).into_iter().filter(|key| !sources.contains(&format!("\"{key}\""))).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_sentence_can_be_said() {
    // Every variable of the catalogue, found where it is written.
    let text = texts(&root().join("locales"), &["ftl"]);
    let args: HashMap<_, _> = text
        .split('$')
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next())
        .map(|name| (Cow::Owned(name.to_owned()), FluentValue::from("x")))
        .collect();
    for language in Language::ALL {
        for key in keys(language) {
            let said = CATALOGUE.try_lookup_with_args(language.identifier(), &key, &args);
            let said = said.unwrap_or_default();
            assert!(!said.is_empty() && !said.contains("{ $") && !said.contains("{$"), "{key}: {said}");
        }
    }
}

#[test]
fn french_puts_a_no_break_space_before_high_punctuation() {
    let text = texts(&root().join("locales/fr"), &["ftl"]);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        for mark in [" :", " ?", " !", " ;", " »", "« "] {
            assert!(!line.contains(mark), "{line}");
        }
        assert!(!line.contains('\''), "a straight apostrophe: {line}");
    }
}

#[test]
fn languages_are_chosen_by_cookie_then_by_preference() {
    let table = [
        (None, None, Language::French),
        (Some("en"), Some("fr"), Language::English),
        (Some("xx"), Some("en-GB,en;q=0.9"), Language::English),
        (None, Some("de, en;q=0.5, fr;q=0.7"), Language::French),
        (None, Some("de"), Language::French),
        (None, Some("en;q=0"), Language::French),
        (None, Some("fr-CA"), Language::French),
    ];
    for (cookie, header, expect) in table {
        assert_eq!(Language::choose(cookie, header), expect, "{cookie:?} {header:?}");
    }
}

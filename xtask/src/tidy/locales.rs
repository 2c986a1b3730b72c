//! Both languages say everything: the French and the English catalogue have the same keys, each once.

use super::tree::{self, Finding, Tree};
use std::collections::BTreeMap;

const CATALOGUES: &str = "crates/desk/locales/";
const LANGUAGES: [&str; 2] = ["fr", "en"];

/// Key, and the places (path and line) where it is written.
type Keys = BTreeMap<String, Vec<(String, usize)>>;

/// Names keys that one language lacks, and keys written twice.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let catalogues = LANGUAGES.map(|language| keys(tree, language));
    let mut found = Vec::new();
    for (i, own) in catalogues.iter().enumerate() {
        let (other, other_language) = (&catalogues[1 - i], LANGUAGES[1 - i]);
        for (key, places) in own {
            if !other.contains_key(key) {
                let (path, line) = &places[0];
                found.push(Finding::new(
                    path,
                    *line,
                    format!("`{key}` is missing in `{other_language}`: say it too"),
                ));
            }
            for (path, line) in &places[1..] {
                found.push(Finding::new(
                    path,
                    *line,
                    format!("`{key}` is already at {}:{}", places[0].0, places[0].1),
                ));
            }
        }
    }
    found
}

/// Messages, terms and attributes of a language, from all its files (`fr.ftl`, `fr/…`, `fr-FR/…`).
fn keys(tree: &Tree, language: &str) -> Keys {
    let mut keys = Keys::new();
    let is_own = |path: &str| {
        let rest = path.strip_prefix(CATALOGUES).and_then(|rest| rest.strip_prefix(language));
        rest.is_some_and(|rest| rest.starts_with(['/', '.', '-'])) && tree::has_extension(path, "ftl")
    };
    for file in tree.files.iter().filter(|file| is_own(&file.path)) {
        let mut message = "";
        for (i, line) in file.text.lines().enumerate() {
            let Some((name, _)) = line.split_once('=') else { continue };
            let name = name.trim_end();
            let attribute = name.trim_start().strip_prefix('.');
            let is_name = |name: &str| {
                name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            };
            let key = match attribute {
                Some(attribute) if is_name(attribute) && name.starts_with(' ') => {
                    format!("{message}.{attribute}")
                }
                None if is_name(name) => {
                    message = name;
                    name.to_owned()
                }
                _ => continue,
            };
            keys.entry(key).or_default().push((file.path.clone(), i + 1));
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn missing_and_double_keys_are_named() {
        let files = [
            ("crates/desk/locales/fr/a.ftl", "# a = b\nyes = Oui\nno = Non\n    .hint = x\nyes = Si\n"),
            ("crates/desk/locales/en/a.ftl", "no = No\n    a = b continues\n"),
            ("crates/desk/locales/en/b.ftl", "maybe = Maybe\n"),
        ];
        let places = [
            "crates/desk/locales/fr/a.ftl:4",
            "crates/desk/locales/fr/a.ftl:2",
            "crates/desk/locales/fr/a.ftl:5",
            "crates/desk/locales/en/b.ftl:1",
        ];
        sample::expect(check, &files, &places);
    }

    #[test]
    fn equal_catalogues_pass() {
        let files = [
            ("crates/desk/locales/fr/a.ftl", "-brand = Suivi\nyes = Oui, { $n } = 1\nno = Non\n"),
            ("crates/desk/locales/en/b.ftl", "no = No\n-brand = Suivi\nyes =\n    Yes\n"),
        ];
        sample::expect(check, &files, &[]);
    }
}

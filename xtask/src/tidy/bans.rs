//! Crates that may not come in, however deep: a second TLS, a second HTTP client, a second database.

use super::tree::{Finding, Tree};
use std::collections::BTreeMap;

/// Crate, and why not.
const BANNED: [(&str, &str); 5] = [
    ("openssl-sys", "TLS is rustls with ring"),
    ("native-tls", "TLS is rustls with ring"),
    ("aws-lc-rs", "TLS is rustls with ring"),
    ("aws-lc-sys", "TLS is rustls with ring"),
    ("rusqlite", "SQLite is reached by sqlx"),
];

/// Crates of which one version is enough.
const ONCE: [&str; 3] = ["libsqlite3-sys", "rustls", "reqwest"];

/// Names them in Cargo.lock.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let Some(lock) = tree.file("Cargo.lock") else { return Vec::new() };
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (i, line) in lock.text.lines().enumerate() {
        let Some(name) = line.strip_prefix("name = \"").and_then(|rest| rest.strip_suffix('"')) else {
            continue;
        };
        let advice =
            format!("`cargo tree --workspace --target all -e features -i {name}` shows who brings it");
        if let Some((_, why)) = BANNED.iter().find(|(banned, _)| *banned == name) {
            found.push(Finding::new(&lock.path, i + 1, format!("`{name}` is banned, {why}: {advice}")));
        }
        let count = seen.entry(name).or_default();
        *count += 1;
        if *count > 1 && ONCE.contains(&name) {
            found.push(Finding::new(&lock.path, i + 1, format!("a second `{name}`: {advice}")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::sample;

    #[test]
    fn banned_and_double_crates_are_named() {
        let lock = "[[package]]\nname = \"rustls\"\n[[package]]\nname = \"rustls\"\n[[package]]\nname = \"aws-lc-rs\"\n";
        sample::expect(check, &[("Cargo.lock", lock)], &["Cargo.lock:4", "Cargo.lock:6"]);
    }

    #[test]
    fn other_crates_pass() {
        let lock = "name = \"syn\"\nname = \"syn\"\nname = \"rustls\"\ndependencies = [\n \"rustls\",\n]\n";
        sample::expect(check, &[("Cargo.lock", lock)], &[]);
    }
}

//! Every crate that we build on Linux comes under a licence that lets us give it away.

use super::{spdx, tree::Finding};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{path::Path, process::Command};

const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Where Suivi runs; crates for other systems are not shipped and may not even be downloaded.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// A crate and what it says of its licence.
#[derive(Debug)]
pub struct Package {
    name: String,
    version: String,
    licence: Option<String>,
}

/// Asks cargo which crates are built.
pub fn packages(root: &Path) -> Result<Vec<Package>> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", PLATFORM])
        .current_dir(root)
        .output()
        .context("cannot run cargo metadata")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "cargo metadata failed (is Cargo.lock up to date?): {}",
        complaint.trim()
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")?;
    read(&metadata).context("cargo metadata has a new shape: no list of packages")
}

fn read(metadata: &Value) -> Option<Vec<Package>> {
    let text = |package: &Value, key: &str| package[key].as_str().map(str::to_owned);
    let packages = metadata["packages"].as_array()?.iter();
    packages
        .map(|package| {
            let (name, version) = (text(package, "name")?, text(package, "version")?);
            Some(Package { name, version, licence: text(package, "license") })
        })
        .collect()
}

/// Names crates under other licences, or none.
pub fn check(packages: &[Package]) -> Vec<Finding> {
    let is_fine = |expression: &str| spdx::is_satisfied(expression, |licence| ALLOWED.contains(&licence));
    let wrong = packages.iter().filter(|package| !package.licence.as_deref().is_some_and(is_fine));
    wrong
        .map(|Package { name, version, licence }| {
            let licence = licence.as_deref().unwrap_or("no licence expression");
            let message =
                format!("{name} {version} is under {licence}: replace it, or argue it in tidy/licences.rs");
            Finding::new("Cargo.lock", 1, message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn other_licences_are_named() {
        let metadata = json!({"packages": [
            {"name": "a", "version": "1.0.0", "license": "MIT OR GPL-3.0-only"},
            {"name": "b", "version": "1.0.0", "license": "GPL-3.0-only"},
            {"name": "c", "version": "1.0.0", "license": null},
            {"name": "d", "version": "1.0.0", "license": "(MIT OR Apache-2.0) AND Unicode-3.0"},
        ]});
        let found = check(&read(&metadata).unwrap());
        let names: Vec<_> = found.iter().map(|f| &f.message[..1]).collect();
        assert_eq!(names, ["b", "c"]);
        assert!(read(&json!({})).is_none());
    }
}

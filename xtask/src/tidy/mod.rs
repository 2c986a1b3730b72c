//! The house style, kept by measurement: one file a check, one line here for each.

mod allows;
mod arrows;
mod bans;
mod calls;
mod circles;
mod clocks;
mod doctests;
mod engine;
mod functions;
mod headers;
mod licences;
mod locales;
mod marks;
mod names;
mod paths;
mod regions;
mod sizes;
mod source;
mod spdx;
mod sql;
mod tree;
mod uses;
mod words;

use anyhow::{Result, ensure};
use std::path::Path;
use tree::{Finding, Tree};

/// What is measured on the sources.
const CHECKS: [fn(&Tree) -> Vec<Finding>; 14] = [
    allows::check,
    arrows::check,
    calls::check,
    circles::check,
    clocks::check,
    engine::check,
    functions::check,
    headers::check,
    locales::check,
    marks::check,
    names::check,
    paths::check,
    sizes::check,
    sql::check,
];

/// Measures the sources and fails with all that was found.
pub fn sources(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    report(CHECKS.iter().flat_map(|check| check(&tree)).collect())
}

/// Weighs what we depend on: banned crates and licences.
pub fn dependencies(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let mut found = bans::check(&tree);
    found.extend(licences::check(&licences::packages(root)?));
    report(found)
}

/// Whether a documentation comment holds an example that `cargo test --doc` would build.
pub fn has_doctests(root: &Path) -> Result<bool> {
    Ok(Tree::read(root)?.rust("crates/").any(|file| doctests::has_example(file.source)))
}

fn report(mut found: Vec<Finding>) -> Result<()> {
    found.sort();
    found.dedup();
    let lines: Vec<String> = found.iter().map(Finding::to_string).collect();
    ensure!(lines.is_empty(), "{} untidy:\n{}", lines.len(), lines.join("\n"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says what was found, and not where the error was made.
    fn clean(result: Result<()>) {
        if let Err(error) = result {
            panic!("{error}");
        }
    }

    #[test]
    fn the_sources_are_tidy() {
        clean(sources(&crate::project::root()));
    }

    #[test]
    fn the_dependencies_are_tidy() {
        clean(dependencies(&crate::project::root()));
    }
}

//! Installs what the other stages need and this machine lacks. Nothing is touched that is there.

use crate::{postgres, project, run::run};
use anyhow::{Context, Result, bail};
use std::{fs, path::Path, process::Command, time::Instant};

/// Known to build with the Rust version that the workspace asks for.
const NEXTEST_VERSION: &str = "0.9.143";

/// Programs and the Debian packages they come in.
const PACKAGES: [(&[&str], &str); 7] = [
    (&CHROMIUM, "chromium"),
    (&["strace"], "strace"),
    (&["node"], "nodejs"),
    (&["npm"], "npm"),
    (&["dovecot"], "dovecot-imapd"),
    (&["exim4"], "exim4-daemon-light"),
    (&["swaks"], "swaks"),
];

/// Programs that Chromium goes by.
pub const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Makes the machine ready.
pub fn setup(ends_at: Instant) -> Result<()> {
    debian(ends_at)?;
    rust(ends_at)?;
    browser(ends_at)
}

fn debian(ends_at: Instant) -> Result<()> {
    let missing = missing_packages();
    if missing.is_empty() {
        println!("PostgreSQL, Chromium, strace, Node, Dovecot, Exim, swaks: here");
        return Ok(());
    }
    // Exim would take the place of another mail server: then a person has to say which one stays.
    let install = format!("apt-get install -y --no-install-recommends --no-remove {}", missing.join(" "));
    if !project::is_root() {
        bail!("this machine lacks {}: run `sudo {install}`, then try again", missing.join(", "));
    }
    if project::program(&["apt-get"]).is_none() {
        bail!("this machine lacks {} and is no Debian: install them by its own means", missing.join(", "));
    }
    run(Command::new("apt-get").args(["update", "--quiet"]), Some(ends_at))?;
    let mut words = install.split(' ');
    let mut command = Command::new(words.next().context("no installer")?);
    run(command.args(words).env("DEBIAN_FRONTEND", "noninteractive"), Some(ends_at))
}

fn missing_packages() -> Vec<&'static str> {
    let mut missing = Vec::new();
    if postgres::bin().is_none() {
        missing.push("postgresql");
    }
    missing.extend(
        PACKAGES.iter().filter(|(programs, _)| project::program(programs).is_none()).map(|(_, name)| name),
    );
    missing
}

fn rust(ends_at: Instant) -> Result<()> {
    for (component, verb) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if project::answer("cargo", &[verb, "--version"]).is_none() {
            run(Command::new("rustup").args(["component", "add", component]), Some(ends_at))?;
        }
    }
    if project::answer("cargo", &["nextest", "--version"]).is_some() {
        println!("rustfmt, clippy, cargo-nextest: here");
        return Ok(());
    }
    let install = ["install", "--locked", "cargo-nextest", "--version", NEXTEST_VERSION];
    run(&mut project::cargo(&install), Some(ends_at))
}

/// `npm ci`, unless what is installed is what the lock file says.
fn browser(ends_at: Instant) -> Result<()> {
    let e2e = project::root().join("e2e");
    if is_newer(&e2e.join("node_modules/.package-lock.json"), &e2e.join("package-lock.json")) {
        println!("playwright-core, axe-core: here");
        return Ok(());
    }
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(e2e), Some(ends_at))
}

fn is_newer(made: &Path, source: &Path) -> bool {
    let changed_at = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified()).ok();
    changed_at(made).is_some_and(|made_at| changed_at(source) <= Some(made_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_result_is_never_newer() {
        let root = project::root();
        assert!(!is_newer(&root.join("no-such-file"), &root.join("Cargo.toml")));
        assert!(is_newer(&root.join("Cargo.toml"), &root.join("Cargo.toml")));
    }
}

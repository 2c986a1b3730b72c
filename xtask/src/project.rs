//! Where things are: the repository, what cargo built, programs on the path.

use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The root of the repository.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// Cargo, to be run at the root of the repository.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(args).current_dir(root());
    command
}

/// Where cargo puts what it builds in the dev profile.
pub fn built() -> Result<PathBuf> {
    let output = cargo(&["metadata", "--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo metadata")?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")?;
    let target = metadata["target_directory"].as_str().context("cargo metadata names no target directory")?;
    Ok(Path::new(target).join("debug"))
}

/// Where servers are kept, which plain users need not have on their path.
const SERVERS: [&str; 2] = ["/usr/local/sbin", "/usr/sbin"];

/// The first of these programs that is on the path, or where servers are kept.
pub fn program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).chain(SERVERS.map(PathBuf::from)).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// What a program prints, trimmed; none when it is missing or fails.
pub fn answer(program: impl AsRef<Path>, args: &[&str]) -> Option<String> {
    let output = Command::new(program.as_ref()).args(args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether we may install packages and must step down for a server.
pub fn is_root() -> bool {
    answer("id", &["-u"]).is_some_and(|id| id == "0")
}

/// Browser tests, sorted: `*.test.mjs` anywhere in `e2e`, `node_modules` apart.
pub fn browser_tests() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("e2e")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let path = entry.context("cannot list a folder")?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() && name != "node_modules" {
                folders.push(path);
            } else if name.ends_with(".test.mjs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_are_where_we_look() {
        assert!(root().join("xtask/Cargo.toml").is_file());
        assert!(program(&["no-such-program", "sh"]).is_some_and(|sh| sh.ends_with("sh")));
        assert_eq!(answer("sh", &["-c", "echo ' a '"]).as_deref(), Some("a"));
        assert_eq!(answer("sh", &["-c", "exit 1"]), None);
    }
}

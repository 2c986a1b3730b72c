//! Reading the crate's own fixture files.

use std::path::{Path, PathBuf};

/// A folder beside this file.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// All files under a folder, deep, in the order of their names.
#[allow(
    clippy::expect_used,
    reason = "a corpus that cannot be listed fails its test, and clippy sees no test here"
)]
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("folder is readable") {
            let path = entry.expect("entry is readable").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

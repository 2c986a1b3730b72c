//! Comparing what came out with a file beside the input. No cases here.

use std::path::Path;

/// Fails with both texts when they differ; with `SUIVI_UPDATE=1` writes the file instead.
pub fn expect_file(path: &Path, actual: &str) {
    if std::env::var_os("SUIVI_UPDATE").is_some() {
        std::fs::write(path, actual).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert!(expected == actual, "{}\n--- expected\n{expected}\n--- actual\n{actual}", path.display());
}

/// The files of a folder under `tests/` with that ending, sorted.
pub fn fixtures(folder: &str, ending: &str) -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = std::fs::read_dir(&folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == ending));
    paths.sort();
    assert!(!paths.is_empty(), "no fixtures in {}", folder.display());
    paths
}

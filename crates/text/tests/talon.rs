//! Real replies of twelve mail programs, read where they lie: none may panic, none may fold away whole.

use std::path::PathBuf;

use text::html::{for_viewing, to_text};
use text::reading::read;

use crate::corpus;

/// The folder that `SUIVI_CORPORA` names, or the one beside the project.
fn replies() -> PathBuf {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("SUIVI_CORPORA").map_or_else(beside, PathBuf::from).join("mail/replies")
}

#[test]
fn real_replies_keep_something_visible() {
    let folder = replies();
    if !folder.is_dir() {
        eprintln!("SKIPPED: no real replies at {}; set SUIVI_CORPORA to read them", folder.display());
        return;
    }
    let files = corpus::files_under(&folder);
    let mut shortened = 0;
    for file in &files {
        let bytes = std::fs::read(file).expect("corpus is readable");
        let raw = String::from_utf8_lossy(&bytes);
        for mail in [raw.to_string(), to_text(&raw)] {
            let reading = read(&mail);
            assert_eq!(reading.visible().is_empty(), mail.trim().is_empty(), "{}", file.display());
            let forward = text::forward::read("TR: x", &mail);
            assert!(forward.is_none_or(|forward| mail.len() + 1 >= forward.text.len()), "{}", file.display());
            shortened += usize::from(reading.parts.len() > 1);
        }
        assert!(!for_viewing(&raw).contains("<script"), "{}", file.display());
    }
    assert!(files.len() > 20, "the corpus at {} is not whole", folder.display());
    eprintln!("{} real replies read twice, {shortened} readings folded something", files.len());
}

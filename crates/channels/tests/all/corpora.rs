//! Real and crafted letters written by others, read from outside the project: nothing panics, every bound holds,
//! machines are told from people. Skipped loudly where the corpora are absent.

use std::path::{Path, PathBuf};
use std::process::Command;

use casework::inbound::{Automatic, Inbound};
use channels::mail::read::read;

use super::bounds::check_bounds;

fn corpora() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("SUIVI_CORPORA").map_or(beside, PathBuf::from).join("mail");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no mail corpora at {} (set SUIVI_CORPORA)", folder.display());
    None
}

/// All files below a folder, at most 20,000.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
        assert!(found.len() <= 20_000, "a corpus larger than this test was made for");
    }
    found.sort();
    found
}

fn read_all(paths: &[PathBuf]) -> Vec<(String, Inbound)> {
    let one = |path: &PathBuf| {
        let raw = std::fs::read(path).unwrap();
        let (letter, defects) = read(&raw, "mark");
        check_bounds(&raw, &letter, &defects);
        (path.file_name().unwrap().to_string_lossy().into_owned(), letter)
    };
    paths.iter().map(one).collect()
}

#[test]
fn every_corpus_is_read_within_bounds() {
    let Some(folder) = corpora() else { return };
    let letters = read_all(&files(&folder));
    let with_text = letters.iter().filter(|(_, letter)| !letter.text.is_empty()).count();
    println!("corpora: {} files read, {with_text} with text", letters.len());
    assert!(letters.len() > 900);
}

#[test]
fn bounces_are_told_from_people() {
    let Some(folder) = corpora() else { return };
    let mut paths = files(&folder.join("bounces"));
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
    let letters = read_all(&paths);
    let missed: Vec<_> = letters.iter().filter(|(_, letter)| letter.automatic.is_none()).collect();
    let count = |kind| letters.iter().filter(|(_, letter)| letter.automatic == Some(kind)).count();
    println!(
        "bounces: {} read, {} bounce, {} reply, {} generated, {} list, {} taken for a person",
        letters.len(),
        count(Automatic::Bounce),
        count(Automatic::Reply),
        count(Automatic::Generated),
        count(Automatic::List),
        missed.len(),
    );
    let bounces = letters.iter().filter(|(_, letter)| letter.automatic == Some(Automatic::Bounce));
    let traced = bounces.filter(|(_, letter)| !letter.answers.is_empty()).count();
    println!("bounces: {traced} say which mail came back");
    for (name, letter) in &missed {
        println!(
            "  person? {name}: {:?} {:?}",
            letter.from.as_ref().map(|from| &from.address),
            letter.subject
        );
    }
    assert!(missed.len() * 100 <= letters.len() * 5, "more than 5 % of bounces taken for people");
}

#[test]
fn ordinary_mail_is_not_taken_for_a_machine() {
    let Some(folder) = corpora() else { return };
    let unpacked = tempfile::tempdir().unwrap();
    let archive = folder.join("spamassassin/easy-ham-1_spam-1.tar.gz");
    let done = Command::new("tar").arg("xzf").arg(&archive).arg("-C").arg(unpacked.path()).status();
    if !done.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: cannot unpack {}", archive.display());
        return;
    }
    let paths = files(unpacked.path());
    let started = std::time::Instant::now();
    let letters = read_all(&paths);
    let ham: Vec<_> =
        paths.iter().zip(&letters).filter(|(path, _)| path.to_string_lossy().contains("ham")).collect();
    let of = |kind| ham.iter().filter(|(_, (_, letter))| letter.automatic == kind).count();
    println!(
        "spamassassin: {} read in {:?}; ham {}: {} person, {} list, {} generated, {} reply, {} bounce",
        letters.len(),
        started.elapsed(),
        ham.len(),
        of(None),
        of(Some(Automatic::List)),
        of(Some(Automatic::Generated)),
        of(Some(Automatic::Reply)),
        of(Some(Automatic::Bounce)),
    );
    for (path, (_, letter)) in &ham {
        if matches!(letter.automatic, Some(Automatic::Reply | Automatic::Bounce)) {
            println!("  machine? {} {:?} {:?}", path.display(), letter.automatic, letter.subject);
        }
    }
    // Three letters of the corpus are delivery reports in truth.
    let machines = of(Some(Automatic::Reply)) + of(Some(Automatic::Bounce));
    assert!(letters.len() >= 3000, "the archive has fewer letters than it should");
    assert!(machines <= 3, "ordinary letters taken for automatic answers or bounces: {machines}");
}

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

fn bounces(folder: &Path) -> (Vec<PathBuf>, Vec<(String, Inbound)>) {
    let mut paths = files(&folder.join("bounces"));
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
    let letters = read_all(&paths);
    (paths, letters)
}

#[test]
fn bounces_are_told_from_people() {
    let Some(folder) = corpora() else { return };
    let (_, letters) = bounces(&folder);
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
    let reports = letters.iter().filter(|(_, letter)| letter.automatic == Some(Automatic::Bounce));
    let traced = reports.filter(|(_, letter)| !letter.answers.is_empty()).count();
    println!("bounces: {traced} say which mail came back");
    for (name, letter) in &missed {
        let from = letter.from.as_ref().map(|from| &from.address);
        println!("  person? {name}: {from:?} {:?}", letter.subject);
    }
    // One of them is a person's letter in truth: somebody passes a report on by hand.
    assert!(missed.len() * 100 <= letters.len() * 3, "more than 3 % of bounces taken for people");
    assert!(count(Automatic::Bounce) >= 595, "reports taken for something else");
    assert!(traced >= 525, "reports that no longer say which mail came back");
}

/// Addresses in the fields of that name, wherever they stand in the file: looked for in another way than the reader's.
fn addresses_of(raw: &str, names: &[&str]) -> Vec<String> {
    let lines: Vec<&str> = raw.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((name, _)) = line.split_once(':') else { continue };
        if !names.iter().any(|wanted| name.trim().eq_ignore_ascii_case(wanted)) {
            continue;
        }
        let folded = lines[at + 1..].iter().take_while(|next| next.starts_with([' ', '\t']));
        let field: String = [*line].into_iter().chain(folded.copied()).collect::<Vec<_>>().join(" ");
        let words = field.split(|c: char| c.is_whitespace() || "<>;,()\"".contains(c));
        found.extend(words.filter(|word| word.contains('@')).map(str::to_lowercase));
    }
    found
}

#[test]
fn reports_name_the_right_recipient() {
    let Some(folder) = corpora() else { return };
    let (paths, letters) = bounces(&folder);
    let (mut named, mut right, mut kinds) = (0, 0, [0; 3]);
    for (path, (name, letter)) in paths.iter().zip(&letters) {
        let Some(report) = &letter.report else { continue };
        kinds[report.fate as usize] += 1;
        let raw =
            String::from_utf8_lossy(&std::fs::read(path).unwrap()).replace("=\r\n", "").replace("=\n", "");
        let fields = addresses_of(&raw, &["Final-Recipient", "Original-Recipient", "X-Failed-Recipients"]);
        let alias = raw.contains("generated from");
        // Without fields the recipient stands in the sentences: neither who reports nor who is reported to.
        let others = addresses_of(&raw, &["From", "Return-Path"]);
        let Some(recipient) = &report.recipient else {
            named += usize::from(!fields.is_empty());
            println!("  nobody? {name}: {:?}", letter.subject);
            continue;
        };
        let is_right = if fields.is_empty() || alias {
            (raw.to_lowercase() + &letter.text.to_lowercase()).contains(recipient.as_str())
                && !others.contains(recipient)
        } else {
            fields.contains(recipient)
        };
        named += 1;
        right += usize::from(is_right);
        if !is_right {
            println!("  recipient? {name}: {recipient} {fields:?}");
        }
    }
    println!("bounces: {right} of {named} recipients are right; failed, delayed, delivered: {kinds:?}");
    assert!(named >= 595 && right * 100 >= named * 97, "{right} of {named}");
    assert!(kinds[1] >= 20 && kinds[1] <= 40, "notices of delay: {}", kinds[1]);
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
    // Three letters of the corpus are delivery reports in truth, and lists are lists.
    let others = [
        Automatic::Reply,
        Automatic::Bounce,
        Automatic::Receipt,
        Automatic::Invitation,
        Automatic::Generated,
    ];
    let machines: usize = others.into_iter().map(|kind| of(Some(kind))).sum();
    let forwarded = ham.iter().filter(|(_, (_, letter))| letter.forwarded.is_some()).count();
    println!("spamassassin: {forwarded} ham letters forward another");
    assert!(letters.len() >= 3000, "the archive has fewer letters than it should");
    assert!(
        machines * 1000 <= ham.len() * 5,
        "ordinary letters taken for automatic answers or bounces: {machines}"
    );
}

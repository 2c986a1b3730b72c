//! mbox files as text: which letters are in them. And what is written comes back as it was.

use std::io::{BufReader, Write as _};

use channels::mail::mbox::{Entry, Mbox, begins_mbox, is_field};
use proptest::prelude::*;

/// Larger than any letter here.
const LARGE: usize = 1024 * 1024;

fn entries(file: &[u8], letter_bytes_max: usize) -> Vec<Entry> {
    // A tiny buffer puts its edges into every line.
    let mut mbox = Mbox::open(BufReader::with_capacity(3, file), letter_bytes_max).unwrap();
    std::iter::from_fn(|| mbox.next_letter().unwrap()).collect()
}

/// The letters of a file, a line `--` between two.
fn letters(file: &str) -> String {
    let found = entries(file.as_bytes(), LARGE).into_iter();
    let texts: Vec<_> = found.map(|entry| String::from_utf8(entry.bytes.unwrap()).unwrap()).collect();
    texts.join("--\n")
}

fn check(file: &str, expect: &str) {
    assert_eq!(letters(file), expect, "{file}");
    // The same file as another system writes it.
    assert_eq!(letters(&file.replace('\n', "\r\n")).replace('\r', ""), expect, "with CR LF: {file}");
}

#[test]
fn letters_are_told_apart() {
    check(
        "From a@x.example Tue Mar  3 09:00:00 2026\nSubject: un\n\nBonjour\n\n\
         From b@x.example Tue Mar  3 09:01:00 2026\nSubject: deux\n\nMerci\n\n",
        "Subject: un\n\nBonjour\n--\nSubject: deux\n\nMerci\n",
    );
}

#[test]
fn dialects_of_the_date_are_understood() {
    for line in [
        "From a@x.example Tue Mar  3 09:00:00 2026",
        "From a@x.example Tue Mar  3 09:00 2026",
        "From a@x.example Tue Mar  3 09:00:00 CET 2026",
        "From 1234@xxx Tue Mar 03 09:00:00 +0000 2026",
        "From \"un nom\"@x.example Tue Mar  3 09:00:00 2026 remote from relais",
        "From - Tue Mar 03 09:00:00 2026",
        "From ???@??? Tue Mar 03 09:00:00 2026",
        "From MAILER-DAEMON",
        "From -",
        "From ",
    ] {
        check(&format!("{line}\nA: 1\n\nx\n\n{line}\nB: 2\n\ny\n"), "A: 1\n\nx\n--\nB: 2\n\ny\n");
    }
}

#[test]
fn sentences_begin_no_letter() {
    for sentence in [
        "From what I hear, it is late.",
        "From Paris\nwith love",
        "From 09:00 on nobody answered.",
        "From then on: nothing",
    ] {
        let letter = format!("A: 1\n\nBonjour\n\n{sentence}\n");
        check(&format!("From a@x.example Tue Mar  3 09:00:00 2026\n{letter}\n"), &letter);
    }
}

#[test]
fn a_forgotten_empty_line_loses_no_letter() {
    check(
        "From a Tue Mar  3 09:00:00 2026\nA: 1\n\nx\nFrom b Tue Mar  3 09:01:00 2026\nB: 2\n\ny\n",
        "A: 1\n\nx\n--\nB: 2\n\ny\n",
    );
    let quoted = "A: 1\n\nx\nFrom b Tue Mar  3 09:01:00 2026\nhe wrote nothing more\n";
    check(&format!("From a Tue Mar  3 09:00:00 2026\n{quoted}\n"), quoted);
}

#[test]
fn one_quote_is_taken() {
    check(
        "From a Tue Mar  3 09:00:00 2026\nA: 1\n\n>From here\n>>From there\n> From afar\n>Fromage\n",
        "A: 1\n\nFrom here\n>From there\n> From afar\n>Fromage\n",
    );
}

#[test]
fn lengths_are_not_believed() {
    check(
        "From a Tue Mar  3 09:00:00 2026\nContent-Length: 100000\n\nx\n\nFrom b Tue Mar  3 09:01:00 2026\nB: 2\n\ny\n",
        "Content-Length: 100000\n\nx\n--\nB: 2\n\ny\n",
    );
}

#[test]
fn odd_files_give_what_they_hold() {
    for (file, expect) in [
        ("", ""),
        ("\n\n", "\n"),
        ("From a Tue Mar  3 09:00:00 2026\n", ""),
        ("From a Tue Mar  3 09:00:00 2026", ""),
        ("From a Tue Mar  3 09:00:00 2026\n\n\nFrom b Tue Mar  3 09:00:00 2026\nB: 2\n", "\n--\nB: 2\n"),
        ("From a Tue Mar  3 09:00:00 2026\nA: 1\n\ncut off", "A: 1\n\ncut off"),
        ("A: 1\n\nno opener\n", "A: 1\n\nno opener\n"),
    ] {
        check(file, expect);
    }
}

#[test]
fn numbers_and_ends_say_where_a_letter_is() {
    let file = b"From a Tue Mar  3 09:00:00 2026\nA: 1\n\nFrom b Tue Mar  3 09:00:00 2026\nB: 2\n";
    let found: Vec<_> = entries(file, LARGE).iter().map(|entry| (entry.number, entry.end)).collect();
    assert_eq!(found, [(1, 38), (2, file.len() as u64)]);
}

#[test]
fn what_is_too_large_is_passed_over() {
    let opener = "From a Tue Mar  3 09:00:00 2026\n";
    let of = |length: usize| format!("{opener}A: {}\n\n", "x".repeat(length - 4));
    let file = [of(100), of(101), of(200_000), of(100)].concat();
    let found = entries(file.as_bytes(), 100);
    let lengths: Vec<_> = found.iter().map(|entry| entry.bytes.as_ref().map(Vec::len)).collect();
    assert_eq!(lengths, [Some(100), None, None, Some(100)]);
    assert_eq!(found.last().unwrap().number, 4);
}

#[test]
fn an_endless_line_begins_no_letter_in_its_middle() {
    // A `From ` line in the middle of a line stays there, wherever the pieces of that line end.
    let inner = "From b Tue Mar  3 09:00:00 2026";
    for spaces in 16 * 1024 - 40..16 * 1024 + 2 {
        let letter = format!("A: {}{inner}\n", " ".repeat(spaces));
        let file = format!("From a Tue Mar  3 09:00:00 2026\n{letter}\n");
        let found = entries(file.as_bytes(), LARGE);
        assert_eq!(found.len(), 1, "{spaces}");
        assert!(found[0].bytes.as_deref() == Some(letter.as_bytes()), "{spaces}");
    }
}

#[test]
fn beginnings_are_recognised() {
    assert!(begins_mbox(b"From x") && !begins_mbox(b"From: x") && !begins_mbox(b">From x"));
    for (line, expect) in [
        (&b"Subject: x"[..], true),
        (b"X-A_b.1:", true),
        (b"Subject : x", true),
        (b": x", false),
        (b"Dear Sir: x", false),
        (b"", false),
        (b"\x89PNG:", false),
        (b"Subject", false),
    ] {
        assert_eq!(is_field(line), expect, "{}", String::from_utf8_lossy(line));
    }
}

/// Writes an mbox the way of mboxrd: every line that begins with `From `, however often quoted, is quoted once more.
fn written(letters: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    for letter in letters {
        file.extend_from_slice(b"From a@x.example Tue Mar  3 09:00:00 2026\n");
        for line in letter.split_inclusive(|byte| *byte == b'\n') {
            let bare = line.iter().position(|byte| *byte != b'>').map_or(&b""[..], |at| &line[at..]);
            if bare.starts_with(b"From ") {
                file.push(b'>');
            }
            file.write_all(line).unwrap();
        }
        file.push(b'\n');
    }
    file
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just(b"From ".to_vec()),
        Just(b">".to_vec()),
        Just(b"a@x.example Tue Mar  3 09:00:00 2026".to_vec()),
        Just(b"Subject: x".to_vec()),
        Just(b"\r".to_vec()),
        Just(vec![0, 255]),
        proptest::collection::vec(any::<u8>().prop_filter("ends the line", |byte| *byte != b'\n'), 0..9),
    ];
    proptest::collection::vec(word, 0..4).prop_map(|words| words.concat())
}

fn letter() -> impl Strategy<Value = Vec<u8>> {
    let lines = proptest::collection::vec(line(), 1..6);
    lines.prop_map(|lines| lines.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect())
}

proptest! {
    #[test]
    fn what_is_written_is_read(letters in proptest::collection::vec(letter(), 0..5)) {
        let file = written(&letters);
        let read: Vec<_> = entries(&file, LARGE).into_iter().map(|entry| entry.bytes.unwrap()).collect();
        prop_assert_eq!(read, letters);
    }

    #[test]
    fn any_bytes_are_read_to_their_end(file in proptest::collection::vec(line(), 0..30)) {
        let file = file.join(&b'\n');
        let found = entries(&file, 50);
        prop_assert!(found.iter().all(|entry| entry.bytes.as_ref().is_none_or(|bytes| bytes.len() <= 50)));
        prop_assert!(found.windows(2).all(|pair| pair[0].end < pair[1].end));
        if let Some(last) = found.last() {
            prop_assert!(last.end <= file.len() as u64);
        }
    }
}

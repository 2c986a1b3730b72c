//! "Garanti sans virus": what antivirus programs add below their user's words.
//!
//! Here: the words, with the links and drawn lines around them. Not here: other programs (see `advertisement`).
//! The program's own name stands in or beside them: without it they are a customer's, who may write about viruses.

use crate::copied::line::Line;
use crate::copied::separator::is_strokes;

/// Lines of links above and below the words.
const LINKS_MAX: usize = 4;
/// Words that a program adds to its short words: its address.
const ADDED_WORDS_MAX: usize = 6;

/// An antivirus program's short words, folded.
const VIRUS_FREE: &[&str] = &["garanti sans virus", "sans virus.", "virus-free", "virenfrei."];
/// Beginnings of its sentences.
const CHECKED: &[&str] = &[
    "l'absence de virus dans ce courrier",
    "cet e-mail a ete verifie par",
    "cet email a ete verifie par",
    "ce courrier electronique ne contient aucun virus",
    "this email has been checked for viruses",
    "this e-mail has been checked for viruses",
    "no virus found in this",
    "diese e-mail wurde von avast",
];

/// Antivirus programs, as their words and links name them.
const PROGRAMS: &[&str] =
    &["avast", "avg", "avcdn.net", "norton", "mcafee", "kaspersky", "eset", "bitdefender", "avira"];

/// The line after the words of an antivirus program that start here: a drawn line or links above them, links below.
pub(super) fn end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let above = |line: &Line<'_>| is_strokes(*line) || is_programs_link(*line) || line.is_blank();
    let lead = lines.iter().skip(at).take(LINKS_MAX).take_while(|line| above(line)).count();
    let end = words_end(lines, at + lead)?;
    let below = lines.iter().skip(end).take(LINKS_MAX).take_while(|line| is_programs_link(**line)).count();
    let beside = lines.get(at..end + below)?;
    beside.iter().any(|line| names_program(*line)).then_some(end + below)
}

fn words_end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?.folded();
    if CHECKED.iter().any(|start| first.starts_with(start)) {
        let rest = lines.iter().skip(at + 1).take(LINKS_MAX);
        return Some(at + 1 + rest.take_while(|line| !line.is_blank() && !line.is_quoted()).count());
    }
    let is_virus_free =
        |text: &str| VIRUS_FREE.iter().filter_map(|start| text.strip_prefix(start)).any(is_short);
    if is_virus_free(&first) {
        return Some(at + 1);
    }
    let second = lines.get(at + 1).filter(|line| !line.is_blank() && !line.is_quoted())?;
    // "Garanti / sans virus" is wrapped where the program had no room.
    (first.len() < 20 && is_virus_free(&format!("{first} {}", second.folded()))).then_some(at + 2)
}

fn names_program(line: Line<'_>) -> bool {
    let folded = line.folded();
    PROGRAMS.iter().any(|name| folded.contains(name))
}

/// True for a line that is nothing but an address of a program, or of a place in its page. Any other may be the writer's
/// own.
fn is_programs_link(line: Line<'_>) -> bool {
    let bare = line.bare.trim_matches(['<', '>', '[', ']', '(', ')']);
    let starts = ["http://", "https://", "www."];
    let is_link = starts.iter().any(|start| bare.starts_with(start)) && names_program(line);
    (is_link || bare.starts_with('#')) && !bare.contains(char::is_whitespace)
}

/// Its address, without a comma: a sentence that goes on is a person's.
fn is_short(rest: &str) -> bool {
    let words = rest.split_whitespace().filter(|word| !word.contains("://"));
    !rest.contains([',', '!', '?', ';']) && words.count() <= ADDED_WORDS_MAX
}

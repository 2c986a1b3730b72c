//! Signatures: what stands below a line `-- `, and whatever else says nothing about the matter.
//!
//! Here: where each ends, and that a sentence below `-- ` is no signature. Not here: "Cordialement, Camille": it is the
//! writer's, it stays.

use super::{advertisement, antivirus, card, notice, opening};
use crate::copied::line::Line;
use crate::fold::folded;

/// Lines with words, and characters, of a signature; longer text under a `--` is no signature.
const SIGNATURE_LINES_MAX: usize = 14;
const SIGNATURE_CHARS_MAX: usize = 1_200;
/// Lines `-- ` of one mail that are looked below, each over the lines above; a long thread holds a dozen.
pub(super) const MARKS_MAX: usize = 100;
/// Words of a sentence that ends in a full stop, and of one in which somebody says "I".
const SENTENCE_WORDS_MIN: usize = 8;
const SPOKEN_WORDS_MIN: usize = 6;

/// Words by which a person speaks of themselves, folded.
const FIRST_PERSON: &[&str] = &[
    "je", "j", "me", "m", "moi", "mon", "ma", "mes", "nous", "i", "my", "we", "us", "mine", "ich", "mir",
    "mich", "mein", "meine", "wir",
];

/// Beginnings of what is added below a signature.
const ADDED: &[&str] =
    &["ps ", "ps:", "p.s", "ps.", "p.-s", "post-scriptum", "post scriptum", "nb ", "nb:", "n.b"];

/// The line after the signature that starts at `at`, if one does. `marks_left` lines `-- ` are still looked below.
pub(super) fn end(lines: &[Line<'_>], at: usize, marks_left: &mut usize) -> Option<usize> {
    let line = lines.get(at)?;
    if let Some(end) = antivirus::end(lines, at) {
        return Some(end);
    }
    if line.bare == "--" {
        *marks_left = marks_left.checked_sub(1)?;
        return marked_end(lines, at);
    }
    if advertisement::is_at(lines, at) {
        return Some(at + 1);
    }
    notice::end(lines, at).or_else(|| card::end(lines, at))
}

/// True for a word, folded, of somebody who speaks of themselves.
pub(super) fn is_first_person(word: &str) -> bool {
    FIRST_PERSON.contains(&word)
}

/// A marked signature goes to the quoted history, to an addition or the end, unless it is too long to be one, or tells
/// something: a paragraph of sentences is its writer's, wherever it stands.
fn marked_end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let (mut written, mut chars) = (0, 0);
    // Where the paragraph began that is being read; the first is the signature itself.
    let (mut paragraph, mut is_first) = (at + 1, true);
    let mut place = at + 1;
    while let Some(line) = lines.get(place) {
        if line.is_blank() {
            // Blank lines cost one character each, so that they are bounded as well.
            (chars, is_first) = (chars + 1, is_first && written == 0);
            (place, paragraph) = (place + 1, place + 1);
        } else if line.is_quoted() || opening::at(lines, place).is_some() {
            return Some(place);
        } else if advertisement::is_one(*line) {
            place += 1;
        } else if let Some(after) = notice::end(lines, place) {
            place = after;
        } else if written > 0 && is_added(*line) {
            return Some(place);
        } else if tells(*line) {
            return (!is_first).then_some(paragraph);
        } else {
            (written, chars, place) = (written + 1, chars + line.bare.len(), place + 1);
        }
        if written > SIGNATURE_LINES_MAX || chars > SIGNATURE_CHARS_MAX {
            return None;
        }
    }
    Some(lines.len())
}

fn is_added(line: Line<'_>) -> bool {
    let folded = line.folded();
    ADDED.iter().any(|start| folded.starts_with(start))
}

/// True for a line that is a sentence: whole to its full stop, or one in which somebody speaks. A motto in quotation
/// marks and a line with an address are none.
fn tells(line: Line<'_>) -> bool {
    let text = folded(&line.bare.chars().take(SIGNATURE_CHARS_MAX).collect::<String>());
    let is_contact = text.contains('@') || text.contains("://") || text.contains("www.");
    if is_contact || text.starts_with(['"', '\'']) {
        return false;
    }
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.contains(char::is_alphabetic))
        .collect();
    let is_sentence = words.len() >= SENTENCE_WORDS_MIN && text.trim_end().ends_with(['.', '!', '?']);
    is_sentence || (words.len() >= SPOKEN_WORDS_MIN && words.iter().any(|word| is_first_person(word)))
}

//! "Envoyé de mon iPhone", "Get Outlook for iOS": what mail programs add below their user's words.
//!
//! Here: telling it from a sentence that begins alike ("Envoyé par mon mari le 3 mars"). Not here: its words (see
//! `program_words`), antivirus programs, legal notices.
//!
//! Two proofs are needed. Its shape: after a known beginning, every word is one that programs say, and one of them names
//! a program or a device. Its place: nothing of the writer's stands beside it, nor, unless it names the writer's own
//! device, below it.

use super::program_words::{self as words, Object};
use super::{antivirus, notice, opening};
use crate::copied::line::Line;
use crate::fold::folded;

/// Words after the beginning, an excuse for mistakes included.
const WORDS_MAX: usize = 18;
/// Digits of a number in a device's name; a longer one is an order's or a telephone's.
const DIGITS_MAX: usize = 4;
/// Words with digits: "Galaxy A52 5G".
const NUMBERS_MAX: usize = 2;
/// Blank lines below that are passed in search of what follows.
const BLANKS_MAX: usize = 12;

/// How sure the shape makes us.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// "Envoyé de mon iPhone": nobody says this in a letter and stops there.
    OwnDevice,
    /// A known program or device, where a person might speak of one.
    Program,
}

/// True for a line that a mail program added, by shape and by place.
pub(super) fn is_at(lines: &[Line<'_>], at: usize) -> bool {
    let Some(shape) = lines.get(at).and_then(|line| shape(*line)) else { return false };
    let is_own = |line: &Line<'_>| !line.is_blank() && !line.is_quoted() && !is_one(*line);
    let is_parted_above = at == 0 || !lines.get(at - 1).is_some_and(is_own);
    let is_parted_below = !lines.get(at + 1).is_some_and(|line| is_own(line) && !is_end(lines, at + 1));
    let is_last = || is_end(lines, after_blanks(lines, at + 1));
    match shape {
        Shape::OwnDevice => is_parted_below && (is_parted_above || is_last()),
        // HTML often leaves no blank line above a linked one.
        Shape::Program => is_last() && (is_parted_above || lines[at].bare.contains("://")),
    }
}

/// True for a line that has the shape of an advertisement, wherever it stands; for those who know the place.
pub(super) fn is_one(line: Line<'_>) -> bool {
    shape(line).is_some()
}

fn after_blanks(lines: &[Line<'_>], from: usize) -> usize {
    from + lines.iter().skip(from).take(BLANKS_MAX).take_while(|line| line.is_blank()).count()
}

/// True where the writer's words are over: at the end, before history, or before what other programs add.
fn is_end(lines: &[Line<'_>], place: usize) -> bool {
    lines.get(place).is_none_or(|line| {
        line.is_quoted()
            || line.bare == "--"
            || is_one(*line)
            || opening::at(lines, place).is_some()
            || antivirus::end(lines, place).is_some()
            || notice::end(lines, place).is_some()
    })
}

fn shape(line: Line<'_>) -> Option<Shape> {
    let written = words_of(line.bare);
    if line.is_long() || !may_be_one(&written) {
        return None;
    }
    let mut said: Vec<(&str, String)> = written.iter().map(|word| (*word, folded(word))).collect();
    if is_sequence(&said, words::SLOGANS) {
        return Some(Shape::Program);
    }
    // "Von meinem iPhone gesendet" has its verb behind.
    if said.last().is_some_and(|(_, word)| word == "gesendet") {
        said.rotate_right(1);
    }
    let (beginning, count) = words::BEGINNINGS.iter().find_map(|beginning| {
        let count = beginning.words.split(' ').count();
        let is_said = said.len() > count && is_sequence(said.get(..count)?, &[beginning.words]);
        is_said.then_some((beginning, count))
    })?;
    let rest = without_slogan(said.get(count..)?);
    is_program_talk(rest).then_some(())?;
    let has = |list: &str| rest.iter().any(|(_, word)| words::is_in(list, word));
    let names_program = has(words::PROGRAMS)
        || rest.iter().any(|(written, word)| is_capital(written) && words::is_in(words::NAMED, word))
        || (has(words::APPS) && has(words::BRANDS))
        // "SFR Mail", "Mail Orange".
        || (has("mail") && rest.iter().filter(|(_, word)| words::is_in(words::BRANDS, word)).count() > 1);
    match (beginning.object, has(words::DEVICES)) {
        (Object::OwnDevice, true) => Some(Shape::OwnDevice),
        (Object::Anything, true) => Some(Shape::Program),
        (Object::ForPlatform, false) => None,
        _ => names_program.then_some(Shape::Program),
    }
}

/// Most lines are no advertisement: their first and last words tell.
fn may_be_one(written: &[&str]) -> bool {
    let (Some(first), Some(last)) = (written.first(), written.last()) else { return false };
    let first = folded(first);
    let begins = |start: &str| start.split(' ').next() == Some(first.as_str());
    folded(last) == "gesendet"
        || words::BEGINNINGS.iter().any(|beginning| begins(beginning.words))
        || words::SLOGANS.iter().any(|slogan| begins(slogan))
}

/// True when the words are one of these sequences, whole.
fn is_sequence(said: &[(&str, String)], known: &[&str]) -> bool {
    known.iter().any(|sequence| said.iter().map(|(_, word)| word.as_str()).eq(sequence.split(' ')))
}

/// Every word is a program's, or a short number in a device's name.
fn is_program_talk(rest: &[(&str, String)]) -> bool {
    let is_number = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let is_short = |word: &str| word.bytes().filter(u8::is_ascii_digit).count() <= DIGITS_MAX;
    let numbers = rest.iter().filter(|(_, word)| is_number(word)).count();
    rest.len() <= WORDS_MAX
        && numbers <= NUMBERS_MAX
        && rest.iter().all(|(_, word)| words::is_known(word) || (is_number(word) && is_short(word)))
}

fn is_capital(written: &str) -> bool {
    written.chars().next().is_some_and(char::is_uppercase)
}

/// The words up to a slogan that some programs end with.
fn without_slogan<'a>(rest: &'a [(&'a str, String)]) -> &'a [(&'a str, String)] {
    let before = words::SLOGAN_TAILS.iter().find_map(|tail| {
        let (before, last) = rest.split_at(rest.len().checked_sub(tail.split(' ').count())?);
        is_sequence(last, &[tail]).then_some(before)
    });
    before.unwrap_or(rest)
}

/// The words of a line, without the addresses that programs link to.
fn words_of(said: &str) -> Vec<&str> {
    let is_link = |piece: &&str| piece.contains("://") || piece.starts_with("www.");
    said.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']'))
        .filter(|piece| !is_link(piece))
        .flat_map(|piece| piece.split(is_between))
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX * 2)
        .collect()
}

fn is_between(c: char) -> bool {
    !c.is_alphanumeric() && !('\u{300}'..='\u{36F}').contains(&c)
}

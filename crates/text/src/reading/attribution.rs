//! "Le 3 nov. 2026 à 14:02, X a écrit :" and its relatives: the sentence that introduces a quotation.
//!
//! Here: telling it from a customer who tells what somebody wrote. Not here: what follows it.

use crate::copied::line::{Line, has_time_of_day};

/// Lines over which a mail program may wrap the sentence.
const WRAPPED_LINES_MAX: usize = 4;

/// Ends of the sentence, folded, spaces before the colon taken out.
const ENDINGS: &[&str] = &[" a ecrit:", " ecrivait:", " wrote:", " writes:"];

/// Ends of a customer's own sentence that look alike: "your adviser wrote to me:".
const TOLD: &[&str] = &[
    " nous a ecrit:",
    " vous a ecrit:",
    " lui a ecrit:",
    " leur a ecrit:",
    " te a ecrit:",
    " i wrote:",
    " ai ecrit:",
    " avez ecrit:",
    " avons ecrit:",
    " est ecrit:",
    " ont ecrit:",
    " you wrote:",
    " we wrote:",
    " they wrote:",
];

/// The line after the sentence that starts at `at`, if one does.
pub(super) fn end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?.folded();
    let starts_with_date = ["le ", "on ", "le:", "on:"].iter().any(|start| first.starts_with(start));
    let starts_with_number = first.starts_with(|c: char| c.is_ascii_digit());
    if !(starts_with_date || starts_with_number || first.contains('@')) {
        return None;
    }
    if starts_with_date && quotes_on_same_line(&first) {
        return Some(at + 1);
    }
    let mut sentence = String::new();
    for (place, line) in lines.iter().enumerate().skip(at).take(WRAPPED_LINES_MAX) {
        if line.is_blank() || line.is_quoted() || line.is_long() {
            return None;
        }
        sentence.push(' ');
        sentence.push_str(&line.folded());
        if is_whole(&sentence, starts_with_number) {
            return is_proved(&sentence, lines, place + 1).then_some(place + 1);
        }
    }
    None
}

fn is_whole(sentence: &str, starts_with_number: bool) -> bool {
    let tight = tight_colon(sentence);
    let is_old_gmail = starts_with_number && tight.ends_with(">:");
    let is_dated_after =
        tight.ends_with(':') && (tight.contains(" a ecrit le ") || tight.contains(" wrote on "));
    ENDINGS.iter().any(|ending| tight.ends_with(ending)) || is_old_gmail || is_dated_after
}

/// A mail program names an address or a time of day, or quotes below; a customer who tells a story seldom does.
fn is_proved(sentence: &str, lines: &[Line<'_>], after: usize) -> bool {
    let tight = tight_colon(sentence);
    if TOLD.iter().any(|told| tight.ends_with(told)) {
        return false;
    }
    let has_digit = sentence.bytes().any(|byte| byte.is_ascii_digit());
    let quotes_below =
        || lines.iter().skip(after).take(3).find(|line| !line.is_blank()).is_some_and(|l| l.is_quoted());
    sentence.contains('@') || (has_digit && (has_time_of_day(sentence) || quotes_below()))
}

/// Yahoo on Android goes on behind the colon: "Le mar., nov. 3 2026 à 14:02, X<x@y> a écrit :   Bonjour".
fn quotes_on_same_line(first: &str) -> bool {
    has_time_of_day(first)
        && ["> a ecrit :", "> a ecrit:", "> wrote:"].iter().any(|inside| first.contains(inside))
}

fn tight_colon(sentence: &str) -> String {
    match sentence.trim_end_matches([' ', '*', '_']).strip_suffix(':') {
        Some(before) => format!("{}:", before.trim_end()),
        None => sentence.to_owned(),
    }
}

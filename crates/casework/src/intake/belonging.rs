//! To which case a letter belongs: by proof only. What merely points to a case becomes a hint for a person.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Known, Letter, Match};
use crate::case::Case;
use crate::event::{Hint, Proof};
use crate::id::CaseId;

/// A second first letter about the same problem joins the case while it is this young.
const SAME_PROBLEM_WITHIN: SignedDuration = SignedDuration::from_hours(72);
/// Digits that make a word a reference. Years and prices mostly have fewer, or differ as rarely as they agree.
const REFERENCE_DIGITS_MIN: usize = 5;
/// References read of one text.
const REFERENCES_READ_MAX: usize = 50;

/// The case a letter belongs to by proof, never by a number in its subject.
/// A bounce needs no participant: its author is a mail server, and the proof cannot be guessed. Any other machine does,
/// else a stranger who was shown an address would only have to call themselves automatic.
pub(super) fn find_case<'a>(
    letter: &Letter<'_>,
    known: &'a Known,
    now: Timestamp,
) -> Option<(&'a Case, Proof)> {
    let is_machine = letter.inbound.automatic.is_some();
    let proven = known.matches.iter().find(|found| {
        (takes_part(letter, found) || letter.is_bounce())
            && (is_machine || !is_long_closed(&found.case, known, now))
    });
    if let Some(found) = proven {
        let proof = if found.is_by_address { Proof::SignedAddress } else { Proof::Chain };
        return Some((&found.case, proof));
    }
    if is_machine || letter.is_doubtful() || letter.is_by_proxy || !known.matches.is_empty() {
        return None;
    }
    let is_young = |case: &Case| now.duration_since(case.opened_at) <= SAME_PROBLEM_WITHIN;
    let said = format!("{}\n{}", letter.inbound.subject, letter.findings.visible);
    let alike = known.open_cases.iter().filter(|(case, words)| {
        is_young(case) && case.inbox == known.inbox && !names_other_things(words, &said)
    });
    alike
        .map(|(case, words)| (case, text::similar::likeness(words, &letter.findings.visible)))
        .filter(|(_, likeness)| *likeness >= text::similar::SAME_PROBLEM)
        .max_by(|(_, left), (_, right)| left.total_cmp(right))
        .map(|(case, _)| (case, Proof::SameProblem))
}

/// Whether two texts name references (order, parcel, contract numbers) and none in common: then they are two problems,
/// however alike the rest reads.
fn names_other_things(left: &str, right: &str) -> bool {
    let (left, right) = (references_in(left), references_in(right));
    !left.is_empty() && !right.is_empty() && left.is_disjoint(&right)
}

/// The numbers of a text: runs of letters and digits with at least five digits, without dashes and in one case.
fn references_in(text: &str) -> BTreeSet<String> {
    let word = |c: char| !(c.is_alphanumeric() || c == '-' || c == '_');
    let plain =
        |word: &str| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let words = text
        .split(word)
        .filter(|word| !is_date(word))
        .map(plain)
        .filter(|word: &String| digits_in(word) >= REFERENCE_DIGITS_MIN);
    words.take(REFERENCES_READ_MAX).collect()
}

/// `2026-03-03` is a date, not a reference.
fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.len() == digits_in(part))
}

fn digits_in(word: &str) -> usize {
    word.chars().filter(char::is_ascii_digit).count()
}

/// Whoever writes under an address whose domain may disown the letter is nobody we know.
fn takes_part(letter: &Letter<'_>, found: &Match) -> bool {
    found.sender_takes_part && !letter.is_doubtful()
}

fn is_long_closed(case: &Case, known: &Known, now: Timestamp) -> bool {
    case.closed_at.is_some_and(|at| now.duration_since(at) > known.policy.reopen_within)
}

/// Cases that this letter may belong with, for a person to judge; at most five.
pub(super) fn hints(letter: &Letter<'_>, known: &Known) -> Vec<(CaseId, Hint)> {
    let by_headers = known.matches.iter().map(|found| {
        let hint = match (found.sender_takes_part, found.is_by_address) {
            (true, _) if letter.is_doubtful() => Hint::ForgedSender,
            (true, _) => Hint::LongClosed,
            (false, true) => Hint::SignedAddressByStranger,
            (false, false) => Hint::ChainByStranger,
        };
        (found.case.id, hint)
    });
    let by_subject = known.cited.iter().map(|case| (case.id, Hint::Reference));
    let by_words = known.open_cases.iter().filter_map(|(case, words)| {
        let likeness = text::similar::likeness(words, &letter.findings.visible);
        (likeness >= text::similar::SAME_PROBLEM).then_some((case.id, Hint::Alike))
    });
    let mut seen = Vec::new();
    by_headers
        .chain(by_subject)
        .chain(by_words)
        .filter(|(case, _)| {
            !seen.contains(case) && {
                seen.push(*case);
                true
            }
        })
        .take(5)
        .collect()
}

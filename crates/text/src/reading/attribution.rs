//! "Le 3 nov. 2026 à 14:02, X a écrit :" and its relatives: the sentence that introduces a quotation.
//!
//! Here: telling it from a customer who tells what somebody wrote. Not here: what follows it.

use super::signature::is_first_person;
use crate::copied::line::{Line, has_time_of_day};

/// Lines over which a mail program may wrap the sentence.
const WRAPPED_LINES_MAX: usize = 4;
/// Letters of "Camille Moreau wrote:", which names nothing but a person.
const NAME_ONLY_LETTERS_MAX: usize = 60;

/// How the sentence begins, folded: French, English, German, Spanish, Italian, Dutch, Portuguese, Scandinavian.
const DATED: &[&str] = &["le ", "on ", "le:", "on:", "am ", "el ", "il ", "op ", "em ", "den "];

/// Ends of the sentence, folded, spaces before the colon taken out.
const ENDINGS: &[&str] = &[
    " a ecrit:",
    " ecrivait:",
    " wrote:",
    " writes:",
    " schrieb:",
    " escribio:",
    " ha scritto:",
    " escreveu:",
    " schreef:",
    " skrev:",
];

/// Verbs that stand before the name or the date.
const VERBS_INSIDE: &[&str] =
    &[" a ecrit le ", " wrote on ", " schrieb ", " schreef ", " skrev ", " ha scritto il ", " escribio el "];

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
    " me escribio:",
    " mi ha scritto:",
    " me escreveu:",
];

/// Words of a person who tells; no mail program says "your adviser".
const TELLING: &[&str] =
    &["votre", "vos", "notre", "nos", "ma", "mes", "your", "our", "my", "mir", "uns", "mij", "who", "qui"];

/// First words that are no name.
const NOT_A_NAME: &[&str] = &[
    "le", "la", "les", "un", "une", "the", "a", "an", "he", "she", "they", "i", "we", "it", "il", "elle",
    "ils", "elles", "on", "ce", "cela", "ceci", "this", "somebody", "someone", "der", "die", "das", "er",
    "sie",
];

/// True for a line that ends in "wrote:", whatever stands before.
pub(super) fn is_ending(line: Line<'_>) -> bool {
    let tight = tight_colon(&line.folded());
    ENDINGS.iter().any(|ending| tight.ends_with(ending))
}

/// The line after the sentence that starts at `at`, if one does. The writer's own address may stand right above a
/// sentence that is whole without it.
pub(super) fn end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let end = sentence_end(lines, at)?;
    let is_whole_from = |later: usize| {
        lines.get(later).is_some_and(|line| is_dated(&line.folded()))
            && lines[later..end].iter().any(|line| line.bare.contains('@'))
            && sentence_end(lines, later) == Some(end)
    };
    let is_later = !is_dated(&lines.get(at)?.folded()) && (at + 1..end).any(is_whole_from);
    (!is_later).then_some(end)
}

fn is_dated(first: &str) -> bool {
    DATED.iter().any(|start| first.starts_with(start))
}

fn sentence_end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let mut sentence = String::new();
    for (place, line) in lines.iter().enumerate().skip(at).take(WRAPPED_LINES_MAX) {
        if line.is_blank() || line.is_quoted() || line.is_long() {
            return None;
        }
        sentence.push(' ');
        sentence.push_str(&line.folded());
        if place == at && !may_begin(sentence.trim_start()) {
            return is_name_only(&sentence, lines, place + 1).then_some(place + 1);
        }
        if goes_on_behind_colon(&sentence) {
            return Some(place + 1);
        }
        let tight = tight_colon(&sentence);
        if !tight.ends_with(':') {
            continue;
        }
        if is_worded(&tight) || quotes_below(lines, place + 1) {
            let is_program = is_proved(&tight, lines, place + 1) && !names_by_trade(&lines[at..=place]);
            return is_program.then_some(place + 1);
        }
    }
    None
}

fn may_begin(first: &str) -> bool {
    is_dated(first)
        || first.starts_with(|c: char| c.is_ascii_digit())
        || first.contains('@')
        || VERBS_INSIDE.iter().any(|verb| first.contains(verb))
}

/// A verb of writing, or the old Gmail form that ends in the address.
fn is_worded(tight: &str) -> bool {
    ENDINGS.iter().any(|ending| tight.ends_with(ending))
        || VERBS_INSIDE.iter().any(|verb| tight.contains(verb))
        || (tight.trim_start().starts_with(|c: char| c.is_ascii_digit()) && tight.ends_with(">:"))
}

/// A mail program names an address, or a whole date with a time of day, or quotes below; a customer who tells a story
/// says whose words they are.
fn is_proved(tight: &str, lines: &[Line<'_>], after: usize) -> bool {
    let is_told = TOLD.iter().any(|told| tight.ends_with(told));
    if is_told || (!tight.contains('<') && is_telling(tight)) {
        return false;
    }
    let has_digit = || tight.bytes().any(|byte| byte.is_ascii_digit());
    let has_time = || has_time_of_day(tight);
    if is_worded(tight) {
        return tight.contains('@')
            || (has_time() && has_whole_date(tight))
            || (has_digit() && quotes_below(lines, after));
    }
    // A verb or a language that is not listed above: only the whole of what programs write is proof.
    let words = || tight.split(|c: char| !c.is_alphanumeric()).filter(|word| *word != "mon");
    let is_spoken = || words().any(is_first_person);
    has_time() && ((tight.contains('@') && has_digit()) || (has_whole_date(tight) && !is_spoken()))
}

/// "Le 12 mars, votre conseiller a écrit :" is told by a person. Monday is called "mon" on English lines.
fn is_telling(tight: &str) -> bool {
    let is_english = tight.trim_start().starts_with("on ");
    has_word(tight, TELLING) || (!is_english && has_word(tight, &["mon"]))
}

/// "… à 14:02, le livreur a écrit :": a small article where programs write a name ("La Redoute" has a capital).
fn names_by_trade(lines: &[Line<'_>]) -> bool {
    let words: Vec<&str> = lines.iter().flat_map(|line| line.bare.split_whitespace()).collect();
    words.windows(2).any(|two| {
        let is_before_name = two[0].ends_with(|c: char| c == ',' || c.is_ascii_digit());
        let is_article = ["le", "la", "les", "un", "une", "the", "a", "an", "der", "die"].contains(&two[1]);
        is_before_name && (is_article || two[1].starts_with("l'") || two[1].starts_with("l’"))
    }) && !words.iter().any(|word| word.contains('@'))
}

/// "Camille Moreau wrote:" right above marked lines, as old programs write it.
fn is_name_only(sentence: &str, lines: &[Line<'_>], after: usize) -> bool {
    let tight = tight_colon(sentence);
    let first = tight.split_whitespace().next().unwrap_or_default();
    let letters = tight.chars().filter(|c| c.is_alphanumeric()).count();
    ENDINGS.iter().any(|ending| tight.ends_with(ending))
        && !TOLD.iter().any(|told| tight.ends_with(told))
        && letters <= NAME_ONLY_LETTERS_MAX
        && !NOT_A_NAME.contains(&first)
        && !first.starts_with("l'")
        && !is_telling(&tight)
        && quotes_below(lines, after)
}

/// A marked line directly below, or below one blank line.
fn quotes_below(lines: &[Line<'_>], after: usize) -> bool {
    lines.iter().skip(after).take(3).find(|line| !line.is_blank()).is_some_and(|line| line.is_quoted())
}

/// Yahoo on Android goes on behind the colon: "Le mar., nov. 3 2026 à 14:02, X<x@y> a écrit :   Bonjour".
fn goes_on_behind_colon(sentence: &str) -> bool {
    has_time_of_day(sentence)
        && DATED.iter().any(|start| sentence.trim_start().starts_with(start))
        && ["> a ecrit :", "> a ecrit:", "> wrote:"].iter().any(|inside| sentence.contains(inside))
}

/// A year, or a date in numbers.
fn has_whole_date(folded: &str) -> bool {
    let numbers = |piece: &str| piece.chars().all(|c| c.is_ascii_digit()) && !piece.is_empty();
    folded.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')')).any(|word| {
        let word = word.trim_matches('.');
        let parts: Vec<&str> = word.splitn(4, ['/', '-', '.']).collect();
        (word.len() == 4 && numbers(word)) || (parts.len() == 3 && parts.iter().all(|part| numbers(part)))
    })
}

fn has_word(folded: &str, words: &[&str]) -> bool {
    folded.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
}

fn tight_colon(sentence: &str) -> String {
    match sentence.trim_end_matches([' ', '*', '_']).strip_suffix(':') {
        Some(before) => format!("{}:", before.trim_end()),
        None => sentence.to_owned(),
    }
}

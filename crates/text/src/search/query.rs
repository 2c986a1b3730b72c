//! What a person types into the search box.

use super::numbers::{runs, spellings};
use super::words::{Stems, Word, words};
use crate::language::Language;

/// Longest query.
pub const TYPED_CHARS_MAX: usize = 200;
/// Words and phrases of one query at most.
pub const TERMS_MAX: usize = 16;

/// A query: what must stand in a document, and what may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// In the order typed; at least one is not excluded.
    pub terms: Vec<Term>,
}

/// A word, a phrase, a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Whether it may not stand in a document.
    pub is_excluded: bool,
    /// The ways in which it may be written: one of them suffices.
    pub ways: Vec<Way>,
}

/// One way to write a term: a token that stands anywhere, or several in a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way(pub Vec<String>);

/// Why a query cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// No word stands in it.
    Empty,
    /// All of its words are excluded.
    OnlyExcluded,
    /// More than [`TYPED_CHARS_MAX`] characters or [`TERMS_MAX`] terms.
    TooLong,
}

/// A piece of a query as typed.
struct Typed<'a> {
    is_excluded: bool,
    is_quoted: bool,
    text: &'a str,
}

impl Query {
    /// Reads a query: words that must all stand in a document, `"phrases"` and `« phrases »`, `-word` and `-"phrase"` for
    /// what may not.
    pub fn read(typed: &str) -> Result<Self, Flaw> {
        if typed.chars().count() > TYPED_CHARS_MAX {
            return Err(Flaw::TooLong);
        }
        let stems = Stems::new();
        let mut terms: Vec<Term> = Vec::new();
        for piece in pieces(typed) {
            for ways in ways(&piece, &stems) {
                let term = Term { is_excluded: piece.is_excluded, ways };
                if !terms.contains(&term) {
                    terms.push(term);
                }
            }
        }
        if terms.len() > TERMS_MAX {
            return Err(Flaw::TooLong);
        }
        match terms.iter().all(|term| term.is_excluded) {
            _ if terms.is_empty() => Err(Flaw::Empty),
            true => Err(Flaw::OnlyExcluded),
            false => Ok(Self { terms }),
        }
    }
}

/// The quoted phrases, the excluded words, and the stretches of plain words between them.
fn pieces(typed: &str) -> Vec<Typed<'_>> {
    let mut pieces = Vec::new();
    let mut rest = typed;
    let mut is_at_start = true;
    while let Some(first) = rest.chars().next() {
        let (sign, after) = rest.split_at(first.len_utf8());
        let is_excluded = is_at_start && sign == "-";
        let opening = if is_excluded { after } else { rest };
        if let Some((inside, behind)) = quoted(opening) {
            pieces.push(Typed { is_excluded, is_quoted: true, text: inside });
            rest = behind;
        } else if is_excluded {
            let end = after.find(char::is_whitespace).unwrap_or(after.len());
            pieces.push(Typed { is_excluded, is_quoted: true, text: &after[..end] });
            rest = &after[end..];
        } else {
            let end = end_of_plain(rest);
            pieces.push(Typed { is_excluded, is_quoted: false, text: &rest[..end] });
            rest = &rest[end..];
        }
        is_at_start = true;
    }
    pieces
}

/// What stands between quotes at the very start, and what follows.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?;
    let closing = match first {
        '"' => '"',
        '«' => '»',
        '“' | '„' => '”',
        _ => return None,
    };
    let inside = &text[first.len_utf8()..];
    // A quote that is never closed reaches to the end.
    let end = inside.find(closing).unwrap_or(inside.len());
    let behind = inside.get(end + closing.len_utf8()..).unwrap_or_default();
    Some((&inside[..end], behind))
}

/// Where plain words end: before a quote, or before a `-` that begins a word.
fn end_of_plain(text: &str) -> usize {
    let mut before = 'x';
    for (place, letter) in text.char_indices() {
        let is_sign = before.is_whitespace() && letter == '-';
        if place > 0 && (is_sign || matches!(letter, '"' | '«' | '“' | '„')) {
            return place;
        }
        before = letter;
    }
    text.len()
}

fn ways(piece: &Typed<'_>, stems: &Stems) -> Vec<Vec<Way>> {
    let words = words(piece.text);
    if piece.is_quoted {
        return if words.is_empty() { Vec::new() } else { vec![ways_of(piece.text, &words, stems)] };
    }
    let runs = runs(piece.text, &words);
    let mut terms = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let run = runs.iter().find(|run| run.first == first).map_or(1, |run| run.count);
        let count = run.max(written_together(piece.text, &words, first));
        let group = words.get(first..first + count).unwrap_or_default();
        terms.push(ways_of(piece.text, group, stems));
        first += count.max(1);
    }
    terms
}

/// How many words are written without a space from one on: "l'article", "marie@exemple.fr".
fn written_together(text: &str, words: &[Word], first: usize) -> usize {
    let rest = words.get(first..).unwrap_or_default();
    let is_joined = |pair: &&[Word]| {
        let between = text.get(pair[0].at.end..pair[1].at.start).unwrap_or_default();
        !between.contains(char::is_whitespace) && !between.is_empty()
    };
    rest.windows(2).take_while(is_joined).count() + 1
}

fn ways_of(text: &str, group: &[Word], stems: &Stems) -> Vec<Way> {
    let phrase = |language| Way(group.iter().map(|word| stems.stem(&word.folded, language)).collect());
    let mut ways = vec![phrase(Language::French), phrase(Language::English)];
    if group.iter().any(Word::has_digit) {
        ways.extend(spellings(text, group).into_iter().map(|token| Way(vec![token])));
    }
    ways.sort();
    ways.dedup();
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(typed: &str) -> Vec<(bool, Vec<String>)> {
        let read = Query::read(typed).unwrap();
        let shown = |ways: &Vec<Way>| ways.iter().map(|way| way.0.join(" ")).collect();
        read.terms.iter().map(|term| (term.is_excluded, shown(&term.ways))).collect()
    }

    fn term(is_excluded: bool, ways: &[&str]) -> (bool, Vec<String>) {
        (is_excluded, ways.iter().map(|way| (*way).to_owned()).collect())
    }

    #[test]
    fn words_phrases_and_exclusions_are_read() {
        assert_eq!(
            terms("colis -cassé «bonjour monsieur» \"not closed"),
            [
                term(false, &["coli", "colis"]),
                term(true, &["cass"]),
                term(false, &["bonjour monsieur"]),
                term(false, &["not close", "not closed"]),
            ]
        );
    }

    #[test]
    fn what_is_written_together_is_a_phrase() {
        assert_eq!(terms("l'article")[0].1, ["l articl"]);
        assert!(terms("marie@exemple.fr").iter().all(|(_, ways)| ways.iter().all(|way| way.contains(' '))));
        assert_eq!(terms("marie@exemple.fr").len(), 1);
        assert_eq!(terms("porte-monnaie volé").len(), 2);
    }

    #[test]
    fn a_number_is_one_term_in_any_spelling() {
        let same = |typed: &str| terms(typed)[0].1.contains(&"☎12345678".to_owned());
        for typed in ["06 12 34 56 78", "+33 6 12 34 56 78", "0612345678", "612345678", "33612345678"] {
            assert_eq!(terms(typed).len(), 1, "{typed}");
            assert!(same(typed), "{typed}: {:?}", terms(typed));
        }
        assert_eq!(terms("CMD-2024-12").len(), 1);
    }

    #[test]
    fn what_cannot_be_asked_is_said() {
        assert_eq!(Query::read(" -- ! "), Err(Flaw::Empty));
        assert_eq!(Query::read("-colis"), Err(Flaw::OnlyExcluded));
        assert_eq!(Query::read(&"a".repeat(201)), Err(Flaw::TooLong));
        let many: String = ('a'..='z').map(|letter| format!("{letter} ")).collect::<Vec<_>>().concat();
        assert_eq!(Query::read(&many), Err(Flaw::TooLong));
    }
}

//! The part of a text in which what was looked for stands, with its words marked.

use std::ops::Range;

use super::numbers::runs;
use super::query::{Query, Way};
use super::words::{Stems, Word, words};

/// Words of a text that are looked at.
const WORDS_MAX: usize = 50_000;
/// Characters shown before the first word that was found.
const BEFORE_CHARS: usize = 60;

/// A stretch of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its text, on one line.
    pub text: String,
    /// Whether it was looked for.
    pub is_found: bool,
}

/// At most so many characters of a text around the first place where the query is found; its beginning where it is not.
pub fn excerpt(text: &str, query: &Query, chars_max: usize) -> Vec<Piece> {
    let found = places(text, query);
    let from = found.first().map_or(0, |first| start_before(text, first.start));
    let to = text.get(from..).unwrap_or_default().char_indices().nth(chars_max);
    let to = to.map_or(text.len(), |(place, _)| from + place);
    let mut pieces = Vec::new();
    if from > 0 {
        pieces.push(Piece { text: "… ".to_owned(), is_found: false });
    }
    let mut at = from;
    for place in found.iter().filter(|place| place.start >= from && place.end <= to) {
        push(text, at..place.start, false, &mut pieces);
        push(text, place.clone(), true, &mut pieces);
        at = place.end;
    }
    push(text, at..to, false, &mut pieces);
    if to < text.len() {
        pieces.push(Piece { text: " …".to_owned(), is_found: false });
    }
    pieces
}

fn push(text: &str, range: Range<usize>, is_found: bool, pieces: &mut Vec<Piece>) {
    let Some(text) = text.get(range).filter(|text| !text.is_empty()) else { return };
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = if letter.is_whitespace() || letter.is_control() { ' ' } else { letter };
        if letter != ' ' || !line.ends_with(' ') {
            line.push(letter);
        }
    }
    pieces.push(Piece { text: line, is_found });
}

/// A few words before a place.
fn start_before(text: &str, place: usize) -> usize {
    let before = text.get(..place).unwrap_or_default();
    let far = before.char_indices().rev().nth(BEFORE_CHARS).map(|(at, _)| at);
    let Some(far) = far else { return 0 };
    let stretch = before.get(far..).unwrap_or_default();
    stretch.find(char::is_whitespace).map_or(place, |space| far + space + 1).min(place)
}

/// Where the terms that must stand in a text do so, in order, none inside another.
fn places(text: &str, query: &Query) -> Vec<Range<usize>> {
    let stems = Stems::new();
    let mut words = words(text);
    words.truncate(WORDS_MAX);
    let stemmed: Vec<[String; 2]> = words.iter().map(|word| stems.both(&word.folded)).collect();
    let wanted = || query.terms.iter().filter(|term| !term.is_excluded).flat_map(|term| &term.ways);
    let mut found: Vec<Range<usize>> = Vec::new();
    for first in 0..words.len() {
        let longest =
            wanted().filter(|way| stands_at(way, &stemmed, &words, first)).map(|way| way.0.len()).max();
        found.extend(longest.and_then(|count| range(&words, first, count)));
    }
    for run in runs(text, &words) {
        let is_wanted = |token: &String| wanted().any(|way| way.0.as_slice() == std::slice::from_ref(token));
        if run.tokens.iter().any(is_wanted) {
            found.extend(range(&words, run.first, run.count));
        }
    }
    found.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
    let mut end = 0;
    found.retain(|place| {
        let is_apart = place.start >= end;
        end = end.max(place.end);
        is_apart
    });
    found
}

fn stands_at(way: &Way, stemmed: &[[String; 2]], words: &[Word], first: usize) -> bool {
    let in_language = |language: usize| {
        way.0.iter().enumerate().all(|(nth, token)| {
            stemmed.get(first + nth).and_then(|both| both.get(language)).is_some_and(|stem| stem == token)
        })
    };
    let is_itself =
        matches!(way.0.as_slice(), [token] if words.get(first).is_some_and(|word| word.folded == *token));
    is_itself || in_language(0) || in_language(1)
}

fn range(words: &[Word], first: usize, count: usize) -> Option<Range<usize>> {
    let last = words.get(first + count.checked_sub(1)?)?;
    Some(words.get(first)?.at.start..last.at.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, typed: &str) -> String {
        let pieces = excerpt(text, &Query::read(typed).unwrap(), 80);
        let mark = |piece: Piece| if piece.is_found { format!("[{}]", piece.text) } else { piece.text };
        pieces.into_iter().map(mark).collect()
    }

    #[test]
    fn what_was_looked_for_is_marked() {
        assert_eq!(
            shown("Mes colis sont\narrivés cassés.", "cassée colis"),
            "Mes [colis] sont arrivés [cassés]."
        );
        assert_eq!(
            shown("Rappel au 06.12.34.56.78 merci", "+33612345678"),
            "Rappel au [06.12.34.56.78] merci"
        );
        assert_eq!(shown("réf CMD-2024-12", "cmd202412"), "réf [CMD-2024-12]");
        assert_eq!(shown("Bonjour", "colis"), "Bonjour");
        assert_eq!(shown("le colis bleu, bleu colis", "\"colis bleu\""), "le [colis bleu], bleu colis");
    }

    #[test]
    fn a_long_text_is_shown_around_the_first_place() {
        let text = format!("{} un colis cassé {}", "mot ".repeat(100), "fin ".repeat(100));
        let shown = shown(&text, "colis");
        assert!(
            shown.starts_with("… mot") && shown.contains("[colis] cassé") && shown.ends_with('…'),
            "{shown}"
        );
    }
}

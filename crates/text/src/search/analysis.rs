//! What of a document is indexed.

use std::collections::{HashMap, HashSet};

use super::numbers::runs;
use super::words::{Stems, Word, words};
use crate::language::{self, Language};

/// Tokens of one passage. Longer documents are split, so that every place stays below what an index can count to.
const PASSAGE_TOKENS_MAX: usize = 10_000;
/// How often one token may stand in one passage: indexes forget the places beyond 256.
const SAME_TOKEN_MAX: usize = 250;
/// Tokens repeated from one passage in the next, so that a phrase over the edge is found.
const OVERLAP_TOKENS: usize = 16;
/// Words of one document that are indexed.
const DOCUMENT_WORDS_MAX: usize = 200_000;
/// Tokens known apart from their places.
const APART_TOKENS_MAX: usize = 30_000;
/// Stands between parts, so that no phrase reaches from one into the next. It is no word.
const BREAK: &str = "¶";

/// What of a document is indexed: one passage, or several when it is long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// In order.
    pub passages: Vec<Passage>,
}

/// A part of a document short enough to be indexed in one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Passage {
    /// Tokens in order, for words and phrases.
    pub run: Vec<String>,
    /// Tokens whose order says nothing, without those in `run`: other spellings, stems of the other language, and what
    /// stands in other passages of the same document.
    pub apart: Vec<String>,
}

/// Analyses a document of several parts, such as a subject, a sender and a text. Words are stemmed in the document's own
/// language, and known apart by their stem in the other.
pub fn analysed(parts: &[&str]) -> Analysis {
    let longest = parts.iter().max_by_key(|part| part.len()).copied().unwrap_or_default();
    let (own, other) = match language::of(longest) {
        Some(Language::English) => (Language::English, Language::French),
        _ => (Language::French, Language::English),
    };
    let stems = Stems::new();
    let mut known: HashMap<String, (String, String)> = HashMap::new();
    let mut run: Vec<String> = Vec::new();
    let mut apart: HashSet<String> = HashSet::new();
    for part in parts {
        if !run.is_empty() {
            run.push(BREAK.to_owned());
        }
        let mut words: Vec<Word> = words(part);
        words.truncate(DOCUMENT_WORDS_MAX.saturating_sub(run.len()));
        for run in runs(part, &words) {
            apart.extend(run.tokens);
        }
        for Word { folded, .. } in words {
            let (mine, theirs) = known
                .entry(folded)
                .or_insert_with_key(|folded| (stems.stem(folded, own), stems.stem(folded, other)));
            run.push(mine.clone());
            if !apart.contains(theirs) {
                apart.insert(theirs.clone());
            }
        }
    }
    split(&run, apart)
}

fn split(run: &[String], mut apart: HashSet<String>) -> Analysis {
    let places = places(run);
    if places.len() > 1 {
        apart.extend(run.iter().filter(|token| *token != BREAK).cloned());
    }
    let passages = places.into_iter().map(|(from, to)| {
        let run: Vec<String> = run.get(from..to).unwrap_or_default().to_vec();
        let here: HashSet<&str> = run.iter().map(String::as_str).collect();
        let mut apart: Vec<String> =
            apart.iter().filter(|token| !here.contains(token.as_str())).cloned().collect();
        apart.sort();
        apart.truncate(APART_TOKENS_MAX);
        Passage { run, apart }
    });
    Analysis { passages: passages.collect() }
}

/// Where passages begin and end.
fn places(run: &[String]) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    let mut from = 0;
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut at = 0;
    while let Some(token) = run.get(at) {
        let times = seen.entry(token).or_default();
        if at - from >= PASSAGE_TOKENS_MAX || *times >= SAME_TOKEN_MAX {
            places.push((from, at));
            from = at.saturating_sub(OVERLAP_TOKENS).max(from + 1);
            at = from;
            seen.clear();
            continue;
        }
        *times += 1;
        at += 1;
    }
    if at > from || places.is_empty() {
        places.push((from, at));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_one_passage_of_stems() {
        let Analysis { passages } =
            analysed(&["Colis cassés", "Bonjour, mes colis sont arrivés cassés le 06 12 34 56 78."]);
        assert_eq!(passages.len(), 1);
        let one = &passages[0];
        assert_eq!(one.run.iter().filter(|token| *token == "colis").count(), 2);
        assert!(one.run.contains(&"¶".to_owned()));
        assert!(one.apart.contains(&"☎12345678".to_owned()), "{:?}", one.apart);
    }

    #[test]
    fn a_long_or_repetitive_document_is_split_and_stays_whole() {
        let long: String = (0..25_000).map(|n| format!("mot{n} ")).collect::<Vec<_>>().concat();
        let Analysis { passages } = analysed(&[&long]);
        assert_eq!(passages.len(), 3);
        for passage in &passages {
            assert!(passage.run.len() <= PASSAGE_TOKENS_MAX);
            for word in ["mot0", "mot12000", "mot24999"] {
                let word = word.to_owned();
                assert!(passage.run.contains(&word) || passage.apart.contains(&word));
            }
        }
        let same = "colis ".repeat(1_000);
        for passage in analysed(&[&same]).passages {
            assert!(passage.run.len() <= SAME_TOKEN_MAX);
        }
        assert_eq!(analysed(&[]).passages, [Passage::default()]);
    }
}

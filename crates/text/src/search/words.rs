//! Words of a text with their places, folded and stemmed.

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

use crate::fold::{folded, is_invisible};
use crate::language::Language;

/// Bytes of a word that count; the rest of a longer one says nothing more.
const WORD_BYTES_MAX: usize = 64;
/// Shorter words have no ending to take off.
const STEMMED_CHARS_MIN: usize = 3;

/// A word and where it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Where.
    pub at: Range<usize>,
    /// In lower case, without accents.
    pub folded: String,
}

impl Word {
    /// Whether it is made of digits alone.
    pub(super) fn is_number(&self) -> bool {
        self.folded.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether a digit stands in it.
    pub(super) fn has_digit(&self) -> bool {
        self.folded.bytes().any(|byte| byte.is_ascii_digit())
    }
}

/// The words of a text. Chinese and Japanese characters, which are written without spaces, are a word each.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (place, letter) in text.char_indices() {
        if is_ideograph(letter) {
            push(text, start.take(), place, &mut words);
            push(text, Some(place), place + letter.len_utf8(), &mut words);
        } else if letter.is_alphanumeric() || (start.is_some() && continues(letter)) {
            start.get_or_insert(place);
        } else {
            push(text, start.take(), place, &mut words);
        }
    }
    push(text, start, text.len(), &mut words);
    words
}

fn push(text: &str, start: Option<usize>, end: usize, words: &mut Vec<Word>) {
    let Some(start) = start else { return };
    let folded = folded(text.get(start..end).unwrap_or_default());
    let mut folded: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    folded.truncate(folded.floor_char_boundary(WORD_BYTES_MAX));
    if !folded.is_empty() {
        words.push(Word { at: start..end, folded });
    }
}

/// Accents that stand on their own, and what cannot be seen, do not end a word.
fn continues(letter: char) -> bool {
    is_invisible(letter) || ('\u{0300}'..='\u{036F}').contains(&letter)
}

fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// The two stemmers.
pub(super) struct Stems {
    french: Stemmer,
    english: Stemmer,
}

impl Stems {
    pub(super) fn new() -> Self {
        Self { french: Stemmer::create(Algorithm::French), english: Stemmer::create(Algorithm::English) }
    }

    /// The stem of a folded word in a language; other languages are taken for French.
    pub(super) fn stem(&self, folded: &str, language: Language) -> String {
        if folded.len() < STEMMED_CHARS_MIN || !folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return folded.to_owned();
        }
        match language {
            Language::English => self.english.stem(folded).into_owned(),
            // Without accents "réclamée" is no participle to the stemmer: its ending goes first.
            Language::French | Language::Other(_) => {
                let plain = folded.strip_suffix("ees").or_else(|| folded.strip_suffix("ee"));
                match plain.filter(|plain| plain.len() >= STEMMED_CHARS_MIN) {
                    Some(plain) => self.french.stem(&format!("{plain}e")).into_owned(),
                    None => self.french.stem(folded).into_owned(),
                }
            }
        }
    }

    /// In both languages, French first.
    pub(super) fn both(&self, folded: &str) -> [String; 2] {
        [self.stem(folded, Language::French), self.stem(folded, Language::English)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded_words(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn words_are_folded_and_know_their_place() {
        assert_eq!(folded_words("L’Été à Nîmes, cœur; 2e"), ["l", "ete", "a", "nimes", "coeur", "2e"]);
        assert_eq!(folded_words("re\u{AD}mise e\u{301}te\u{301}"), ["remise", "ete"]);
        assert_eq!(folded_words("返品 заказ"), ["返", "品", "заказ"]);
        let found = words("un été");
        assert_eq!(found[1].at, 3..8);
        assert!(words(" -- \u{301} ").is_empty());
    }

    #[test]
    fn forms_of_one_word_have_one_stem() {
        let stems = Stems::new();
        let same = |words: &[&str], language| {
            let found: std::collections::HashSet<_> =
                words.iter().map(|word| stems.stem(&folded(word), language)).collect();
            assert_eq!(found.len(), 1, "{words:?} {found:?}");
        };
        same(&["réclamée", "réclamées", "réclamé", "réclamer", "réclame", "reclames"], Language::French);
        same(&["remboursement", "remboursements", "rembourser", "remboursé"], Language::French);
        same(&["commande", "commandes", "Commander"], Language::French);
        same(&["refunds", "refund", "refunded"], Language::English);
        same(&["delivery", "deliveries"], Language::English);
    }
}

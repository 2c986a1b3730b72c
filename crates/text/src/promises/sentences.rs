//! Sentences of a letter, folded for comparison, each knowing where its letters stand in the text.
//!
//! What is quoted is no sentence of the writer's: lines behind `>` and words between quotation marks become blanks.

use std::ops::Range;

use crate::fold::folded;

/// One sentence.
pub(super) struct Sentence {
    /// Its words, folded, single spaces.
    pub folded: String,
    /// It ends with a question mark.
    pub is_question: bool,
    /// For each byte of `folded` and one beyond: the byte of the text that it comes from.
    places: Vec<usize>,
}

/// Words before a full stop that ends no sentence.
const SHORT_FORMS: [&str; 16] = [
    "m", "mm", "mme", "mlle", "mr", "mrs", "ms", "dr", "st", "no", "ref", "tel", "art", "env", "max",
    "approx",
];

/// Quotation longer than this is a lost quotation mark.
const QUOTE_CHARS_MAX: usize = 600;

impl Sentence {
    /// Where a part of the folded sentence stands in the text.
    pub(super) fn origin(&self, part: Range<usize>) -> Range<usize> {
        let place = |byte: usize| self.places.get(byte).or(self.places.last()).copied().unwrap_or(0);
        let trimmed = self.folded.get(part.clone()).unwrap_or_default();
        let start = part.start + (trimmed.len() - trimmed.trim_start_matches([' ', ',', ';', ':']).len());
        let end = part.end - (trimmed.len() - trimmed.trim_end_matches([' ', ',', ';', ':', '.', '!']).len());
        place(start)..place(end.max(start))
    }
}

/// The sentences of the first `bytes_max` bytes of a text, in order.
pub(super) fn of(text: &str, bytes_max: usize) -> Vec<Sentence> {
    let end = (0..=bytes_max.min(text.len())).rfind(|byte| text.is_char_boundary(*byte)).unwrap_or(0);
    let letters = without_quotations(text.get(..end).unwrap_or_default());
    let mut sentences = Vec::new();
    let mut current = Draft::default();
    for (index, (at, letter)) in letters.iter().enumerate() {
        let next = letters.get(index + 1).map(|(_, letter)| *letter);
        let starts_item = *letter == '\n' && starts_item(&letters[index + 1..]);
        match letter {
            '\n' if starts_item => current.finish(&mut sentences, *at, false),
            '?' | '!' => current.finish(&mut sentences, *at, *letter == '?'),
            '.' | '…' if ends_sentence(&current.folded, next) => current.finish(&mut sentences, *at, false),
            _ => current.push(*at, *letter),
        }
    }
    current.finish(&mut sentences, end, false);
    sentences
}

/// The letters of a text with their places; those of quotations are blanks.
fn without_quotations(text: &str) -> Vec<(usize, char)> {
    let mut letters: Vec<(usize, char)> = Vec::with_capacity(text.len());
    let mut line_start = true;
    let mut in_quoted_line = false;
    for (at, letter) in text.char_indices() {
        if line_start && !matches!(letter, ' ' | '\t' | '\u{a0}') {
            in_quoted_line = letter == '>';
            line_start = false;
        }
        line_start |= letter == '\n';
        // The end of a quoted line parts it from what follows.
        let shown = match (in_quoted_line, letter) {
            (true, '\n') => '.',
            (true, _) => ' ',
            _ => letter,
        };
        letters.push((at, shown));
    }
    blank_quoted_words(&mut letters);
    letters
}

fn blank_quoted_words(letters: &mut [(usize, char)]) {
    let is_mark = |letter: char| matches!(letter, '"' | '«' | '»' | '“' | '”' | '„' | '″');
    let mut from = 0;
    while let Some(open) = (from..letters.len()).find(|index| is_mark(letters[*index].1)) {
        let reach = (open + 1 + QUOTE_CHARS_MAX).min(letters.len());
        let close = (open + 1..reach).find(|index| is_mark(letters[*index].1));
        let Some(close) = close else {
            from = open + 1;
            continue;
        };
        for (_, letter) in &mut letters[open..=close] {
            *letter = ' ';
        }
        from = close + 1;
    }
}

/// A line break that parts sentences: an empty line or a list item follows.
fn starts_item(rest: &[(usize, char)]) -> bool {
    let mut following =
        rest.iter().map(|(_, letter)| *letter).skip_while(|letter| matches!(letter, ' ' | '\t' | '\r'));
    matches!(following.next(), Some('\n' | '-' | '*' | '•' | '–' | '—') | None)
}

/// A full stop ends a sentence before a blank or the end, unless it belongs to a short form.
fn ends_sentence(before: &str, next: Option<char>) -> bool {
    if next.is_some_and(|letter| !letter.is_whitespace()) {
        return false;
    }
    let word = before.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    !SHORT_FORMS.contains(&word)
}

#[derive(Default)]
struct Draft {
    folded: String,
    places: Vec<usize>,
}

impl Draft {
    fn push(&mut self, at: usize, letter: char) {
        let piece =
            if letter.is_whitespace() { " ".to_owned() } else { folded(letter.encode_utf8(&mut [0; 4])) };
        if piece == " " && (self.folded.is_empty() || self.folded.ends_with(' ')) {
            return;
        }
        self.places.extend(std::iter::repeat_n(at, piece.len()));
        self.folded.push_str(&piece);
    }

    fn finish(&mut self, sentences: &mut Vec<Sentence>, end: usize, is_question: bool) {
        let Self { folded, mut places } = std::mem::take(self);
        if folded.trim().is_empty() {
            return;
        }
        places.push(end);
        sentences.push(Sentence { folded, is_question, places });
    }
}

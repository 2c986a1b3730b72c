//! References and numbers in any spelling: what is written in groups is also known by all its signs in one.

use super::words::Word;

/// Before a reference written in one. No word begins with it: it is neither a letter nor a digit.
const IN_ONE: char = '№';
/// Before the last digits of a number that looks like a phone's.
const PHONE: char = '☎';
/// Last digits by which a phone number is known: with or without its country's or its trunk's prefix they stay the same.
const PHONE_DIGITS: usize = 8;
/// Digits of a phone number, its prefix included (E.164 has at most 15).
const PHONE_DIGITS_MIN: usize = 9;
const PHONE_DIGITS_MAX: usize = 15;
/// Digits of a national number in one: such a number is found also where another number stands right before or after it.
const NATIONAL_DIGITS: usize = 10;
/// Signs of what is taken for a reference, in one.
const SIGNS_MIN: usize = 4;
const SIGNS_MAX: usize = 40;
/// Groups looked at together.
const GROUPS_MAX: usize = 16;
/// Characters between two groups of a number ("+33 (0)6").
const BETWEEN_MAX: usize = 3;

/// Groups of a text that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// The first of its words.
    pub first: usize,
    /// How many.
    pub count: usize,
    /// What it is known by.
    pub tokens: Vec<String>,
}

/// The references and numbers among the words of a text.
pub(super) fn runs(text: &str, words: &[Word]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let count = numbers_from(text, words, first).max(reference_from(text, words, first));
        let group = words.get(first..first + count).unwrap_or_default();
        let tokens = tokens(text, group);
        if !tokens.is_empty() {
            runs.push(Run { first, count, tokens });
        }
        first += count.max(1);
    }
    runs
}

/// How many groups of digits stand together from a word on.
fn numbers_from(text: &str, words: &[Word], first: usize) -> usize {
    let is_near = |one: &Word, next: &Word| {
        let between = text.get(one.at.end..next.at.start).unwrap_or_default();
        !between.is_empty()
            && between.chars().count() <= BETWEEN_MAX
            && between
                .chars()
                .all(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '.' | '-' | '/' | '(' | ')' | '+'))
    };
    together(words, first, |one, next| one.is_number() && next.is_number() && is_near(one, next))
}

/// How many groups a reference has from a word on: letters and digits with one sign between.
fn reference_from(text: &str, words: &[Word], first: usize) -> usize {
    together(words, first, |one, next| {
        matches!(text.get(one.at.end..next.at.start), Some("-" | "/" | "." | "_" | "#" | "–" | ":"))
    })
}

fn together(words: &[Word], first: usize, belong: impl Fn(&Word, &Word) -> bool) -> usize {
    let rest = words.get(first..).unwrap_or_default();
    let joined = rest.windows(2).take(GROUPS_MAX - 1).take_while(|pair| belong(&pair[0], &pair[1])).count();
    joined + 1
}

fn tokens(text: &str, group: &[Word]) -> Vec<String> {
    let whole: String = group.iter().map(|word| word.folded.as_str()).collect();
    let mut tokens = Vec::new();
    if group.len() > 1
        && whole.bytes().any(|byte| byte.is_ascii_digit())
        && (SIGNS_MIN..=SIGNS_MAX).contains(&whole.chars().count())
    {
        tokens.push(format!("{IN_ONE}{whole}"));
    }
    if group.iter().all(Word::is_number) {
        let first = group.first().map_or(0, |word| word.at.start);
        let is_after_plus = text.get(..first).is_some_and(|before| before.ends_with('+'));
        tokens.extend(phone(&whole.replacen("330", "33", usize::from(is_after_plus)), is_after_plus));
        tokens.extend(national(group));
    }
    tokens.sort();
    tokens.dedup();
    tokens
}

/// National numbers inside a longer run of groups.
fn national(group: &[Word]) -> Vec<String> {
    let mut found = Vec::new();
    for start in 0..group.len() {
        let mut digits = String::new();
        for word in group.iter().skip(start) {
            digits.push_str(&word.folded);
            if digits.len() >= NATIONAL_DIGITS {
                break;
            }
        }
        if digits.len() == NATIONAL_DIGITS && digits.starts_with('0') {
            found.extend(phone(&digits, false));
            found.push(format!("{IN_ONE}{digits}"));
        }
    }
    found
}

/// The token of a number that is written as phone numbers are: with a trunk's zero or an international prefix.
fn phone(digits: &str, is_after_plus: bool) -> Option<String> {
    let is_phone = (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX + 2).contains(&digits.len())
        && (is_after_plus || digits.starts_with('0'));
    let last = digits.get(digits.len().saturating_sub(PHONE_DIGITS)..)?;
    is_phone.then(|| format!("{PHONE}{last}"))
}

/// What else a query's word with digits may have been written as.
pub(super) fn spellings(text: &str, group: &[Word]) -> Vec<String> {
    let whole: String = group.iter().map(|word| word.folded.as_str()).collect();
    let mut tokens = tokens(text, group);
    if whole.bytes().any(|byte| byte.is_ascii_digit()) && whole.chars().count() <= SIGNS_MAX {
        tokens.push(format!("{IN_ONE}{whole}"));
        tokens.push(whole.clone());
    }
    let is_bare = whole.bytes().all(|byte| byte.is_ascii_digit());
    if is_bare && (PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&whole.len()) {
        // Digits alone may be a number without its zero or its plus sign.
        tokens.extend(phone(&whole, true));
    }
    tokens.sort();
    tokens.dedup();
    tokens
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn found(text: &str) -> Vec<String> {
        runs(text, &words(text)).into_iter().flat_map(|run| run.tokens).collect()
    }

    #[test]
    fn a_phone_number_is_known_in_every_spelling() {
        for text in [
            "06 12 34 56 78",
            "06.12.34.56.78",
            "0612345678",
            "+33 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "+33612345678",
            "0033 6 12 34 56 78",
            "le 12 06 12 34 56 78 ou",
        ] {
            assert!(found(text).contains(&"☎12345678".to_owned()), "{text}: {:?}", found(text));
        }
        assert!(found("commande 12345678").is_empty());
    }

    #[test]
    fn a_reference_is_known_in_one() {
        assert_eq!(found("réf. CMD-2024-1234."), ["№cmd20241234"]);
        assert_eq!(found("3000 6000 12"), ["№3000600012"]);
        assert!(found("peut-être demain").is_empty());
        assert!(spellings("cmd20241234", &words("cmd20241234")).contains(&"№cmd20241234".to_owned()));
    }
}

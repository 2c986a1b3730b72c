//! How alike two short texts are: do two first mails from one sender speak of one problem?
//!
//! Here: a fixed measure without any learnt weights, right on day one. Not here: search, learnt vectors, case matching.
//!
//! Measure: both texts are folded and lose their function words, greetings and formulas (they are alike in any two
//! letters). What remains becomes a bag of hashed features: each word, and its character n-grams of 3 to 5 letters with
//! the word's edges marked, so that "remboursé" and "remboursement" meet. Counts are damped (1 + ln n), words weigh more
//! than n-grams, and the likeness is the cosine of the two bags.

mod noise;

use crate::fold::folded;

/// Likeness from which two first mails of one sender are proposed as one problem. Chosen on the labelled pairs of
/// `tests/similar/pairs.txt`: one problem lies above, two problems lie below (see the test's printed margins).
pub const SAME_PROBLEM: f32 = 0.40;

/// Nothing is read past this many characters of a text.
const CHARS_MAX: usize = 4_000;

/// Weight of a whole word against one of its n-grams.
const WORD_WEIGHT: f32 = 2.0;

/// Likeness of two texts from 0 (nothing shared) to 1 (same words), symmetric. Reads the first 4,000 characters of
/// each. A text without any content word is like nothing, itself included: 0.
pub fn likeness(a: &str, b: &str) -> f32 {
    let (a, b) = (features(a), features(b));
    let norms = norm(&a) * norm(&b);
    if norms <= f32::EPSILON {
        return 0.0;
    }
    (dot(&a, &b) / norms).clamp(0.0, 1.0)
}

/// Feature hash and weight, sorted by hash, each hash once.
type Features = Vec<(u32, f32)>;

fn features(text: &str) -> Features {
    let head: String = text.chars().take(CHARS_MAX).collect();
    let plain = folded(&head);
    let mut hashes = Vec::new();
    for word in plain.split(|c: char| !c.is_alphanumeric()).filter(|word| noise::is_content(word)) {
        push_word(word, &mut hashes);
    }
    hashes.sort_unstable_by_key(|(hash, _)| *hash);
    damped(&hashes)
}

fn push_word(word: &str, hashes: &mut Features) {
    hashes.push((hash('w', word.chars()), WORD_WEIGHT));
    let edged: Vec<char> = std::iter::once('<').chain(word.chars()).chain(std::iter::once('>')).collect();
    for size in 3..=5 {
        for gram in edged.windows(size) {
            hashes.push((hash('g', gram.iter().copied()), 1.0));
        }
    }
}

/// One entry a hash; n occurrences weigh 1 + ln n, so that a word said ten times does not speak for the whole text.
fn damped(sorted: &[(u32, f32)]) -> Features {
    let mut out = Features::new();
    for same in sorted.chunk_by(|left, right| left.0 == right.0) {
        let count = f32::from(u16::try_from(same.len()).unwrap_or(u16::MAX));
        out.push((same[0].0, same[0].1 * (1.0 + count.ln())));
    }
    out
}

fn norm(features: &Features) -> f32 {
    features.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt()
}

fn dot(a: &Features, b: &Features) -> f32 {
    let (mut left, mut right, mut sum) = (0, 0, 0.0);
    while let (Some(x), Some(y)) = (a.get(left), b.get(right)) {
        match x.0.cmp(&y.0) {
            std::cmp::Ordering::Less => left += 1,
            std::cmp::Ordering::Greater => right += 1,
            std::cmp::Ordering::Equal => {
                sum += x.1 * y.1;
                left += 1;
                right += 1;
            }
        }
    }
    sum
}

/// FNV-1a on 32 bits, over the letters after a mark that keeps words and n-grams apart. Stable across releases.
fn hash(mark: char, letters: impl Iterator<Item = char>) -> u32 {
    std::iter::once(mark)
        .chain(letters)
        .flat_map(|letter| u32::from(letter).to_le_bytes())
        .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn same_words_are_one_and_no_words_are_zero() {
        assert!(likeness("Colis perdu", "colis PERDU !") > 0.999);
        assert!(likeness("", "colis").abs() < f32::EPSILON);
        assert!(likeness("bonjour merci", "bonjour merci").abs() < f32::EPSILON);
        assert!(likeness("colis perdu", "facture fausse") < 0.1);
    }

    #[test]
    fn only_the_first_four_thousand_characters_are_read() {
        let long = format!("{}{}", "colis perdu ".repeat(400), "facture ".repeat(1_000_000));
        assert!(likeness(&long, "facture") < 0.01);
    }
}

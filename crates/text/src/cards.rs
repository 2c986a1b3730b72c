//! Payment card numbers (ISO/IEC 7812): found by their issuers' prefixes, their length and the check digit (Luhn), and masked
//! but for the last four digits. What only looks like one (IBAN, SIRET, parcel numbers) stays. Nothing is logged here.

use std::borrow::Cow;

/// Digits of a card number.
const DIGITS_MIN: usize = 13;
const DIGITS_MAX: usize = 19;
/// Digits at the end that stay readable, so that people can tell which card is meant.
const SHOWN: usize = 4;

/// The text with every card number masked; the same text when there is none.
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut masked: Option<String> = None;
    let mut kept = 0;
    let mut from = 0;
    while let Some(run) = next_run(text, from) {
        from = run.end;
        if !is_card(&run.digits) {
            continue;
        }
        let out = masked.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(&text[kept..run.start]);
        cover(&text[run.start..run.end], run.digits.len(), out);
        kept = run.end;
    }
    match masked {
        Some(mut out) => {
            out.push_str(&text[kept..]);
            Cow::Owned(out)
        }
        None => Cow::Borrowed(text),
    }
}

/// The same for HTML: also a number that tags cut into pieces, as editors do, or whose blanks are entities.
pub fn mask_html(html: &str) -> Cow<'_, str> {
    let seen = seen(html);
    let visible: String = seen.iter().map(|(c, _)| *c).collect();
    let Cow::Owned(covered) = mask(&visible) else { return mask(html) };
    let mut out = String::with_capacity(html.len());
    let mut kept = 0;
    for ((before, place), after) in seen.iter().zip(covered.chars()) {
        if *before != after {
            out.push_str(&html[kept..*place]);
            out.push(after);
            kept = place + before.len_utf8();
        }
    }
    out.push_str(&html[kept..]);
    // And what stands inside of tags, such as an address to call.
    Cow::Owned(mask(&out).into_owned())
}

/// What a reader sees of HTML, each character with its place. Tags that begin a line are a line's end, others are nothing.
fn seen(html: &str) -> Vec<(char, usize)> {
    let mut seen = Vec::with_capacity(html.len());
    let mut place = 0;
    while let Some(c) = html[place..].chars().next() {
        let rest = &html[place..];
        let blank = ["&nbsp;", "&#160;", "&#xa0;"].into_iter().find(|entity| rest.starts_with(entity));
        if c == '<' {
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            let name =
                rest[1..end].trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
            if !name.is_some_and(|name| INLINE.contains(&name.to_ascii_lowercase().as_str())) {
                seen.push(('\n', place));
            }
            place += end;
        } else if let Some(entity) = blank {
            seen.push(('\u{a0}', place));
            place += entity.len();
        } else {
            seen.push((c, place));
            place += c.len_utf8();
        }
    }
    seen
}

/// Tags that cut no line.
const INLINE: [&str; 14] =
    ["a", "abbr", "b", "bdi", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "u"];

/// A run of digits with what people put between them.
struct Run {
    start: usize,
    end: usize,
    digits: Vec<u8>,
}

/// The next run that begins at or after `from`. One that touches letters or more digits is part of something else: then it
/// is taken whole, and no card.
fn next_run(text: &str, from: usize) -> Option<Run> {
    let start = from + text[from..].find(|c: char| c.is_ascii_digit())?;
    let (mut end, mut digits) = (start, Vec::new());
    let mut rest = text[start..].char_indices().peekable();
    while let Some((place, c)) = rest.next() {
        if let Some(digit) = c.to_digit(10) {
            digits.push(u8::try_from(digit).unwrap_or_default());
            end = start + place + c.len_utf8();
            continue;
        }
        let goes_on = is_between(c) && rest.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if !goes_on {
            break;
        }
    }
    let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    if touches(text[..start].chars().next_back()) || touches(text[end..].chars().next()) {
        digits.clear();
    }
    Some(Run { start, end, digits })
}

/// What stands between the groups of a number: one blank of any width, a dash or a dot.
fn is_between(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '-' | '.' | '\u{2011}' | '\u{2013}')
}

fn is_card(digits: &[u8]) -> bool {
    (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) && has_issuer(digits) && has_check_digit(digits)
}

/// Whether prefix and length are those of an issuer: Visa, Mastercard, American Express, Discover, Diners, JCB, `UnionPay`,
/// Maestro.
fn has_issuer(digits: &[u8]) -> bool {
    let prefix =
        |count: usize| digits.iter().take(count).fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    let length = digits.len();
    match prefix(4) {
        4000..=4999 => matches!(length, 13 | 16 | 19),
        5100..=5599 | 2221..=2720 => length == 16,
        3400..=3499 | 3700..=3799 => length == 15,
        3000..=3059 | 3600..=3699 | 3800..=3999 => length == 14,
        3528..=3589 | 6011 | 6440..=6599 | 6200..=6299 => (16..=19).contains(&length),
        5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763 => (13..=19).contains(&length),
        _ => false,
    }
}

/// Luhn's check digit (ISO/IEC 7812-1, annex B).
fn has_check_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The run with its first digits covered, and what stands between them as it was.
fn cover(run: &str, digits: usize, out: &mut String) {
    let mut seen = 0;
    for c in run.chars() {
        let is_covered = c.is_ascii_digit() && seen + SHOWN < digits;
        seen += usize::from(c.is_ascii_digit());
        out.push(if is_covered { '•' } else { c });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn card_numbers_are_covered_but_for_their_end() {
        let table = [
            ("Ma carte 4111 1111 1111 1111 a été débitée.", "Ma carte •••• •••• •••• 1111 a été débitée."),
            ("4111111111111111", "••••••••••••1111"),
            ("n°5555-5555-5555-4444, cvv", "n°••••-••••-••••-4444, cvv"),
            ("3782 822463 10005", "•••• •••••• •0005"),
            ("2223\u{a0}0031\u{a0}2200\u{a0}3222.", "••••\u{a0}••••\u{a0}••••\u{a0}3222."),
            ("6759 6498 2643 8453", "•••• •••• •••• 8453"),
        ];
        for (text, expected) in table {
            assert_eq!(mask(text), expected);
        }
    }

    #[test]
    fn tags_and_entities_hide_no_card() {
        let table = [
            ("<p>4111 1111 <b>1111</b> 1111</p>", "<p>•••• •••• <b>••••</b> 1111</p>"),
            ("<span>4111</span><span>1111</span>11111111", "<span>••••</span><span>••••</span>••••1111"),
            ("4111&nbsp;1111&#160;1111&nbsp;1111 €", "••••&nbsp;••••&#160;••••&nbsp;1111 €"),
            ("<a href=\"tel:4111111111111111\">ici</a>", "<a href=\"tel:••••••••••••1111\">ici</a>"),
        ];
        for (html, expected) in table {
            assert_eq!(mask_html(html), expected);
        }
        // Two lines are two numbers, and what is torn is no tag that swallows the rest.
        for html in [
            "<p>4111 1111</p><p>1111 1111</p>",
            "4111<br>1111 1111 1111",
            "a <b",
            "<p>4111 1111 1111 1112</p>",
        ] {
            assert_eq!(mask_html(html), html);
        }
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        let others = [
            "FR76 3000 6000 0112 3456 7890 189",
            "SIRET 732 829 320 00074",
            "Colis 8R41893211567",
            "Commande 4111 1111 1111 1112",
            "06 12 34 56 78 et 01 23 45 67 89",
            "ref411111111111111111",
            "4111111111111111111111111111",
            "2026-03-03 09:00:00.123456",
            "EAN 3 017620 422003",
            "",
        ];
        for text in others {
            assert!(matches!(mask(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn masking_twice_is_masking_once(text in "[0-9 .\\-éa-z]{0,120}") {
            let once = mask(&text).into_owned();
            prop_assert_eq!(mask(&once).into_owned(), once.clone());
            prop_assert_eq!(once.chars().count(), text.chars().count());
        }

        #[test]
        fn html_loses_nothing_but_digits(html in "[0-9 <>/bp&;é]{0,120}") {
            let masked = mask_html(&html).into_owned();
            let bare = |text: &str| text.chars().filter(|c| !c.is_ascii_digit() && *c != '•').collect::<String>();
            prop_assert_eq!(bare(&masked), bare(&html));
            prop_assert_eq!(masked.chars().count(), html.chars().count());
        }
    }
}

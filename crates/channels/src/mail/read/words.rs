//! Encoded words in header fields (RFC 2047), mended before the parser sees them: programs cut a character in two
//! between two words, which the standard forbids and the parser decodes one by one; others name a character set that
//! nobody knows. Nothing is decoded for good here, and the block keeps its length, since fields are known by position.

use std::borrow::Cow;
use std::ops::Range;

use data_encoding::BASE64;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;

/// Bytes of one word looked at (RFC 2047 2 allows 75; programs write whole subjects into one).
const WORD_BYTES_MAX: usize = 4_000;
/// Words joined into one; the field is bounded anyway.
const JOINED_MAX: usize = 100;
/// Names of sets in which a character may have several bytes, by their beginnings.
const WIDE: [&str; 7] = ["utf-8", "utf8", "gb", "big5", "euc-", "shift", "ks_c"];

/// One word: where it is and what it says about itself.
struct Word<'a> {
    place: Range<usize>,
    set: &'a str,
    /// `q` or `b`.
    encoding: u8,
    data: &'a str,
}

/// The block with its words mended, the same length as before.
pub(super) fn mended(block: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let mut changes = Vec::new();
    let mut at = 0;
    while let Some(found) = find(&block, at) {
        at = found.start + 2;
        let Some(first) = word(&block, found.start) else { continue };
        let words = run(&block, first);
        at = words.last().map_or(at, |last| last.place.end);
        if let Some(change) = mend(&words) {
            changes.push(change);
        }
    }
    if changes.is_empty() {
        return block;
    }
    let mut bytes = block.into_owned();
    for (place, text) in changes {
        let (new, rest) = bytes[place].split_at_mut(text.len());
        new.copy_from_slice(text.as_bytes());
        rest.fill(b' ');
    }
    Cow::Owned(bytes)
}

fn find(block: &[u8], from: usize) -> Option<Range<usize>> {
    let at = block.get(from..)?.windows(2).position(|pair| pair == b"=?")?;
    Some(from + at..from + at + 2)
}

/// The word that begins there, if it is a whole one.
fn word(block: &[u8], start: usize) -> Option<Word<'_>> {
    let bytes = block.get(start + 2..block.len().min(start + WORD_BYTES_MAX))?;
    let set_end = bytes.iter().position(|byte| matches!(byte, b'?' | b' ' | b'\n'))?;
    let encoding = bytes.get(set_end + 1)?.to_ascii_lowercase();
    let is_head =
        bytes[set_end] == b'?' && bytes.get(set_end + 2) == Some(&b'?') && matches!(encoding, b'q' | b'b');
    let data = bytes.get(set_end + 3..).filter(|_| is_head)?;
    let length = data.iter().position(|byte| matches!(byte, b'?' | b'\r' | b'\n'))?;
    if data.get(length..length + 2) != Some(b"?=") {
        return None;
    }
    let set = std::str::from_utf8(&bytes[..set_end]).ok()?;
    let set = set.split_once('*').map_or(set, |(set, _)| set);
    let end = start + 2 + set_end + 3 + length + 2;
    Some(Word { place: start..end, set, encoding, data: std::str::from_utf8(&data[..length]).ok()? })
}

/// The word and those after it with only space between, as long as they are of one kind.
fn run<'a>(block: &'a [u8], first: Word<'a>) -> Vec<Word<'a>> {
    let mut words = vec![first];
    while let Some(last) = words.last().filter(|_| words.len() < JOINED_MAX) {
        let gap = block[last.place.end..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let Some(next) = word(block, last.place.end + gap) else { break };
        if next.encoding != last.encoding || !next.set.eq_ignore_ascii_case(last.set) {
            break;
        }
        words.push(next);
    }
    words
}

/// What to write over the words, when they need it: one word of a set that is known.
fn mend(words: &[Word<'_>]) -> Option<(Range<usize>, String)> {
    let (first, last) = (words.first()?, words.last()?);
    let place = first.place.start..last.place.end;
    let set = first.set.to_ascii_lowercase();
    let is_wide = WIDE.iter().any(|start| set.starts_with(start));
    let is_known = charset_decoder(set.as_bytes()).is_some() || set == "utf-8" || set == "utf8";
    if is_known && (words.len() == 1 || !is_wide) {
        return None;
    }
    let bytes: Vec<u8> = words.iter().flat_map(decoded).collect();
    let is_utf8 = std::str::from_utf8(&bytes).is_ok();
    let set = if is_known {
        set.as_str()
    } else if is_utf8 {
        "utf-8"
    } else {
        "cp1252"
    };
    let text = if first.encoding == b'q' {
        format!("=?{set}?q?{}?=", words.iter().map(|word| word.data).collect::<String>())
    } else {
        format!("=?{set}?b?{}?=", BASE64.encode(&bytes))
    };
    (text.len() <= place.len()).then_some((place, text))
}

fn decoded(word: &Word<'_>) -> Vec<u8> {
    if word.encoding == b'b' {
        return base64_decode(word.data.as_bytes()).unwrap_or_default();
    }
    // Only whether it is UTF-8 is asked of these bytes, so that spaces written as `_` may stay.
    super::decode::transfer(word.data.as_bytes(), super::decode::Transfer::QuotedPrintable).into_owned()
}

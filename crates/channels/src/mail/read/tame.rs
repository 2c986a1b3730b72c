//! Makes hostile bytes harmless for the MIME parser before it sees them. Nothing is parsed here, nothing is lost:
//! the parser works on copies of the same length, and contents are then taken from the letter itself by position.
//!
//! Why: mail-parser never panics, but a letter of 25 MB can still make it hold a gigabyte of empty headers, search
//! the whole letter once for each of a million containers, or nest messages until dropping them overflows the stack.

use std::borrow::Cow;
use std::ops::Range;

use crate::mail::limits::{
    ALL_FIELDS_MAX, BOUNDARY_FIELD_BYTES_MAX, DEFECTS_MAX, DELIMITER_LINES_MAX, FIELD_BYTES_MAX, FIELDS_MAX,
    MULTIPARTS_MAX,
};

/// Words that make the parser nest or decode. It then sees plain parts, and nesting and decoding are ours.
const DEFUSED: [&[u8]; 5] = [b"rfc822", b"global", b"digest", b"base64", b"quoted-printable"];

/// A letter with bounded headers, the same length as before.
pub(super) struct Tamed<'a> {
    /// The bytes; borrowed when nothing had to change.
    pub bytes: Cow<'a, [u8]>,
    /// Where fields (or lines that look like it) longer than the limit begin, first ones only.
    pub long_fields: Vec<usize>,
    /// Where the block with too many fields goes on past the limit.
    pub fields_over: Option<usize>,
    /// True when there were too many lines that may separate parts.
    pub has_too_many_parts: bool,
}

/// Bounds the length of fields, their number in a block, and the number of parts.
/// A line that is too much keeps its length but loses the characters that gave it meaning.
pub(super) fn tame(raw: &[u8]) -> Tamed<'_> {
    let mut tamed = Tamed {
        bytes: Cow::Borrowed(raw),
        long_fields: Vec::new(),
        fields_over: None,
        has_too_many_parts: false,
    };
    let (mut at, mut field_start, mut fields, mut all_fields, mut delimiters) = (0, 0, 0, 0, 0);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let range = at..at + line.len();
        at = range.end;
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            field_start = range.start;
        }
        if range.end - field_start > FIELD_BYTES_MAX {
            let from = range.start.max(field_start + FIELD_BYTES_MAX);
            if tamed.long_fields.last() != Some(&field_start) && tamed.long_fields.len() < DEFECTS_MAX {
                tamed.long_fields.push(field_start);
            }
            replace(&mut tamed.bytes, from..range.end, |byte| !matches!(byte, b'\r' | b'\n'), b' ');
        }
        if line.starts_with(b"--") || line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            fields = 0;
        } else if line.contains(&b':') {
            (fields, all_fields) = (fields + 1, all_fields + 1);
            if fields > FIELDS_MAX || all_fields > ALL_FIELDS_MAX {
                tamed.fields_over.get_or_insert(range.start);
                replace(&mut tamed.bytes, range.clone(), |byte| byte == b':', b'_');
            }
        }
        if line.windows(2).any(|pair| pair == b"--") {
            delimiters += 1;
            if delimiters > DELIMITER_LINES_MAX {
                tamed.has_too_many_parts = true;
                replace(&mut tamed.bytes, range, |byte| byte == b'-', b'_');
            }
        }
    }
    tamed
}

fn replace(bytes: &mut Cow<'_, [u8]>, range: Range<usize>, is_it: impl Fn(u8) -> bool, by: u8) {
    for byte in &mut bytes.to_mut()[range] {
        if is_it(*byte) {
            *byte = by;
        }
    }
}

/// A copy for finding parts only: no nested messages, no transfer encodings, a bounded number of containers,
/// no endless boundaries. The last letter of a defused word becomes an `x`. True when containers were left out.
pub(super) fn skeleton(tamed: &[u8]) -> (Vec<u8>, bool) {
    let mut copy = tamed.to_vec();
    let mut multiparts = 0;
    let mut at = 0;
    while let Some(rest) = tamed.get(at..).filter(|rest| !rest.is_empty()) {
        let length = match rest[0].to_ascii_lowercase() {
            b'b' if starts_with(rest, b"boundary") && is_boundary_too_long(&rest[8..]) => 8,
            b'r' | b'g' | b'd' | b'q' | b'b' => defused_length(rest),
            b'm' if starts_with(rest, b"multipart") && is_type(&rest[9..]) => {
                multiparts += 1;
                if multiparts > MULTIPARTS_MAX { 9 } else { 0 }
            }
            _ => 0,
        };
        if length > 0 {
            copy[at + length - 1] = b'x';
        }
        at += length.max(1);
    }
    (copy, multiparts > MULTIPARTS_MAX)
}

fn defused_length(rest: &[u8]) -> usize {
    DEFUSED.iter().find(|word| starts_with(rest, word)).map_or(0, |word| word.len())
}

fn starts_with(rest: &[u8], word: &[u8]) -> bool {
    rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// Whether what follows `multipart` makes it a media type; comments may stand before the slash.
fn is_type(rest: &[u8]) -> bool {
    let next = rest.iter().take(BOUNDARY_FIELD_BYTES_MAX).find(|byte| !byte.is_ascii_whitespace());
    matches!(next, Some(b'/' | b'('))
}

/// Whether the rest of the field after `boundary`, folded lines included, is longer than any honest one.
fn is_boundary_too_long(rest: &[u8]) -> bool {
    let pairs = rest.windows(2).take(BOUNDARY_FIELD_BYTES_MAX);
    let end = pairs.into_iter().position(|pair| pair[0] == b'\n' && !matches!(pair[1], b' ' | b'\t'));
    end.is_none() && rest.len() > BOUNDARY_FIELD_BYTES_MAX
}

//! The way through a CMS message (RFC 5652 3 and 5) to the content that was signed, in BER (X.690 8).
//!
//! Why not a DER library: mail programs write the lengths they do not know yet as indefinite and cut the content into
//! chunks, which DER forbids; and a certificate that a strict reader refuses must not hide the customer's words.
//! Certificates and signatures are stepped over, never read.

/// `1.2.840.113549.1.7.2`, signed data.
const SIGNED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
/// `1.2.840.113549.1.7.3`, enveloped data.
const ENVELOPED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03];
/// `1.2.840.113549.1.9.16.1.23`, authenticated enveloped data (RFC 5083).
const AUTH_ENVELOPED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17];

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OCTETS_IN_CHUNKS: u8 = 0x24;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const EXPLICIT: u8 = 0xA0;
/// Values of indefinite length within each other; honest ones have five.
const DEPTH_MAX: usize = 12;
/// Chunks within chunks.
const CHUNK_DEPTH_MAX: usize = 3;

/// What is in the message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// The entity that was signed.
    Signed(Vec<u8>),
    /// Something that only a key opens.
    Encrypted,
}

/// A value: its tag, and its content up to its end or, when that is not told, up to the end of the bytes.
struct Value<'a> {
    tag: u8,
    content: &'a [u8],
    /// What follows it; nothing when its end is not told.
    rest: Option<&'a [u8]>,
}

/// Finds the content. `None` when these bytes are something else, or signed apart from their content.
pub(super) fn content(bytes: &[u8]) -> Option<Content> {
    let message = inside(bytes, SEQUENCE)?;
    let kind = inside(message, OID)?;
    if kind == ENVELOPED || kind == AUTH_ENVELOPED {
        return Some(Content::Encrypted);
    }
    let rest = (kind == SIGNED).then(|| after(message, 0)).flatten()?;
    let signed = inside(inside(rest, EXPLICIT)?, SEQUENCE)?;
    inside(signed, INTEGER)?;
    let digests = after(signed, 0)?;
    inside(digests, SET)?;
    let encapsulated = inside(after(digests, 0)?, SEQUENCE)?;
    inside(encapsulated, OID)?;
    let octets = inside(after(encapsulated, 0)?, EXPLICIT)?;
    let mut entity = Vec::new();
    gather(octets, CHUNK_DEPTH_MAX, &mut entity)?;
    (!entity.is_empty()).then_some(Content::Signed(entity))
}

fn value(bytes: &[u8]) -> Option<Value<'_>> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    // Tags of more than one byte do not occur on the way.
    if tag & 0x1F == 0x1F {
        return None;
    }
    let is_constructed = tag & 0x20 != 0;
    match first {
        0x80 => is_constructed.then_some(Value { tag, content: rest, rest: None }),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            let length = length.iter().fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte));
            Some(closed(tag, rest, length))
        }
        0x85.. => None,
        short => Some(closed(tag, rest, usize::from(short))),
    }
}

/// A value of known length; one cut on its way keeps what arrived.
fn closed(tag: u8, bytes: &[u8], length: usize) -> Value<'_> {
    let (content, rest) = bytes.split_at(length.min(bytes.len()));
    Value { tag, content, rest: Some(rest) }
}

/// The content of the first value, when it has that tag.
fn inside(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    value(bytes).filter(|value| value.tag == tag).map(|value| value.content)
}

/// What follows the first value.
fn after(bytes: &[u8], depth: usize) -> Option<&[u8]> {
    let value = value(bytes)?;
    if value.rest.is_some() {
        return value.rest;
    }
    let mut rest = value.content;
    loop {
        if let Some(rest) = rest.strip_prefix(&[0, 0]) {
            return Some(rest);
        }
        if depth == DEPTH_MAX {
            return None;
        }
        rest = after(rest, depth + 1)?;
    }
}

/// Puts the chunks of a string of octets together.
fn gather(bytes: &[u8], depth: usize, into: &mut Vec<u8>) -> Option<()> {
    let value = value(bytes)?;
    match value.tag {
        OCTETS => into.extend_from_slice(value.content),
        OCTETS_IN_CHUNKS if depth > 0 => {
            let mut rest = value.content;
            while !rest.is_empty() && !rest.starts_with(&[0, 0]) {
                // Chunks that arrived are kept when the last one is cut.
                if gather(rest, depth - 1, into).is_none() {
                    break;
                }
                rest = after(rest, DEPTH_MAX - CHUNK_DEPTH_MAX).unwrap_or_default();
            }
        }
        _ => return None,
    }
    Some(())
}

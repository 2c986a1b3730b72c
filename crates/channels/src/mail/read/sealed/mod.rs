//! Letters inside an envelope of cryptography: what is signed as a whole is unpacked and read like any letter
//! (RFC 8551), what is encrypted is said to be so, and the armour of signed text is taken off (RFC 9580 7).
//! Nothing is verified and nothing is decrypted here: there are no keys.

mod armour;
mod ber;

use std::borrow::Cow;

use super::parts::{Container, Head, Letter};

pub(super) use armour::{has_encrypted, without_armour};
use ber::Content;

/// Signatures around signatures that are unpacked (RFC 2634 1.1 uses three layers).
const LAYERS_MAX: usize = 3;
/// Header in which the envelope is named, in bytes; one with a long history of servers has a tenth of it.
const HEADER_BYTES_MAX: usize = 256 * 1024;

/// The letter with its signed content in place of the envelope; the same bytes when there is none.
pub(super) fn unsealed(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut bytes = Cow::Borrowed(raw);
    for _ in 0..LAYERS_MAX {
        let Some(inner) = opened(&bytes) else { break };
        bytes = Cow::Owned(inner);
    }
    bytes
}

/// How the letter is encrypted, when it is.
pub(super) fn encrypted(letter: &Letter<'_>, text: &str) -> Option<&'static str> {
    let root = letter.head(0);
    if root.media_type == "multipart/encrypted" {
        return Some(if root.protocol.as_deref().is_some_and(|it| it.contains("pgp")) {
            "PGP"
        } else {
            "unknown"
        });
    }
    let first =
        letter.files().first().filter(|_| text.trim().is_empty()).map(|part| (*part, letter.head(*part)));
    let (part, head) = first.unwrap_or((0, root));
    if is_envelope(&head) && ber::content(&letter.content(part, head.transfer)) == Some(Content::Encrypted) {
        return Some("S/MIME");
    }
    // A relay may have turned the container into an ordinary one.
    let is_relayed = head.media_type == "application/pgp-encrypted";
    (is_relayed || has_encrypted(text)).then_some("PGP")
}

/// Whether the part is the signature over its neighbours, which people need not see as a file.
pub(super) fn is_signature(letter: &Letter<'_>, part: usize, head: &Head) -> bool {
    let kinds = ["application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"];
    letter.container(part) == Some(Container::Signed) && kinds.contains(&head.media_type.as_str())
}

fn is_envelope(head: &Head) -> bool {
    let is_named = head.name.as_deref().is_some_and(|name| name.to_ascii_lowercase().ends_with(".p7m"));
    matches!(head.media_type.as_str(), "application/pkcs7-mime" | "application/x-pkcs7-mime")
        || head.media_type == "application/octet-stream" && is_named
}

/// The header of the letter over the entity that was signed.
fn opened(raw: &[u8]) -> Option<Vec<u8>> {
    // Most letters have no envelope; a look at their beginning is cheaper than finding their parts.
    let start = &raw[..raw.len().min(HEADER_BYTES_MAX)];
    let is_near = |word: &[u8]| start.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    if !is_near(b"pkcs7-mime") && !is_near(b".p7m") {
        return None;
    }
    let letter = Letter::open(raw)?;
    let head = letter.head(0);
    if !is_envelope(&head) {
        return None;
    }
    match ber::content(&letter.content(0, head.transfer))? {
        Content::Signed(entity) => Some(spliced(raw.get(..letter.header_end())?, &entity)),
        Content::Encrypted => None,
    }
}

/// The fields of the outer header that say who and what, then the entity with its own `Content-…` fields.
fn spliced(header: &[u8], entity: &[u8]) -> Vec<u8> {
    let mut letter = Vec::with_capacity(header.len() + entity.len());
    let mut is_kept = true;
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            let begins =
                |name: &[u8]| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            is_kept = !begins(b"content-") && !line.trim_ascii().is_empty();
        }
        if is_kept {
            letter.extend_from_slice(line);
        }
    }
    if !letter.ends_with(b"\n") {
        letter.extend_from_slice(b"\r\n");
    }
    letter.extend_from_slice(entity);
    letter
}

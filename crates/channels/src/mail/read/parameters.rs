//! Parameters of MIME fields in the long form of RFC 2231: cut into numbered pieces, bytes as `%E9`, with the name of
//! a character set. The parser decodes each piece alone, which loses characters cut in two and the set of later ones.
//! Plain parameters are left to the parser.

use super::decode;

/// Pieces of one parameter; a name of 200 characters takes ten.
const PIECES_MAX: usize = 100;
/// A field looked at, in bytes; longer ones are cut before.
const FIELD_BYTES_MAX: usize = 16 * 1024;

/// One piece of the value.
struct Piece<'a> {
    number: usize,
    is_encoded: bool,
    value: &'a [u8],
}

/// The value of `name*` or of `name*0`, `name*1`, …; `None` when the parameter is not in that form.
pub(super) fn extended(field: &[u8], name: &str) -> Option<String> {
    let field = &field[..field.len().min(FIELD_BYTES_MAX)];
    let mut pieces: Vec<Piece<'_>> =
        parameters(field).filter_map(|item| piece(item, name)).take(PIECES_MAX).collect();
    pieces.sort_by_key(|piece| piece.number);
    let first = pieces.first()?;
    let (mut set, mut bytes) = (None, Vec::new());
    let mut start = first.value;
    if first.is_encoded {
        let mut parts = first.value.splitn(3, |byte| *byte == b'\'');
        if let (Some(named), Some(_), Some(value)) = (parts.next(), parts.next(), parts.next()) {
            set = std::str::from_utf8(named).ok().filter(|named| !named.is_empty());
            start = value;
        }
    }
    for (at, piece) in pieces.iter().enumerate() {
        let value = if at == 0 { start } else { piece.value };
        if piece.is_encoded { bytes.extend(unescaped(value)) } else { bytes.extend_from_slice(value) }
    }
    Some(decode::text(&bytes, set).0)
}

/// The field cut at semicolons outside of quotes, without its first item.
fn parameters(field: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    let cut = field.split(move |byte| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match byte {
            b'\\' if is_quoted && !was_escaped => is_escaped = true,
            b'"' if !was_escaped => is_quoted = !is_quoted,
            _ => {}
        }
        *byte == b';' && !is_quoted
    });
    cut.skip(1)
}

/// `filename*2*=…`: the piece, when it belongs to that parameter.
fn piece<'a>(item: &'a [u8], name: &str) -> Option<Piece<'a>> {
    let equals = item.iter().position(|byte| *byte == b'=')?;
    let (key, value) = (item[..equals].trim_ascii(), item[equals + 1..].trim_ascii());
    let start = key.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name.as_bytes()))?;
    let rest = key[start.len()..].strip_prefix(b"*")?;
    let (digits, is_encoded) = match rest.strip_suffix(b"*") {
        Some(digits) => (digits, true),
        None => (rest, rest.is_empty()),
    };
    let number = if digits.is_empty() { 0 } else { std::str::from_utf8(digits).ok()?.parse().ok()? };
    let value = value.strip_prefix(b"\"").map_or(value, |open| open.strip_suffix(b"\"").unwrap_or(open));
    Some(Piece { number, is_encoded, value })
}

/// `%E9` as a byte; a percent sign without two digits stays.
fn unescaped(value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((&byte, after)) = rest.split_first() {
        let digits =
            after.get(..2).filter(|_| byte == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(decoded) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(decoded);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    bytes
}

//! From bytes to characters: transfer encodings (RFC 2045 6) and character sets, forgiving both.
//! A wrong encoding costs single characters, never the text. No structure of letters here.

use std::borrow::Cow;

use casework::inbound::Defect;
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;

/// Longest name of a character set repeated in a defect, in characters.
const CHARSET_CHARS_MAX: usize = 40;

/// How a part is encoded for transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    /// 7bit, 8bit, binary, or unknown.
    AsIs,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    /// By its name in `Content-Transfer-Encoding`.
    pub(super) fn named(name: &str) -> Self {
        let name = name.trim();
        if name.eq_ignore_ascii_case("base64") {
            Self::Base64
        } else if name.eq_ignore_ascii_case("quoted-printable") {
            Self::QuotedPrintable
        } else {
            Self::AsIs
        }
    }
}

/// Undoes a transfer encoding. What is not valid in it is skipped (base64) or kept as it is (quoted-printable),
/// as RFC 2045 6.7 and 6.8 advise.
pub(super) fn transfer(bytes: &[u8], encoding: Transfer) -> Cow<'_, [u8]> {
    match encoding {
        Transfer::AsIs => Cow::Borrowed(bytes),
        Transfer::Base64 => Cow::Owned(base64_decode(bytes).unwrap_or_else(|| base64_loose(bytes))),
        Transfer::QuotedPrintable => {
            Cow::Owned(quoted_printable_decode(bytes).unwrap_or_else(|| quoted_printable_loose(bytes)))
        }
    }
}

fn base64_loose(bytes: &[u8]) -> Vec<u8> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let digits: Vec<u8> = bytes.iter().copied().filter(is_digit).collect();
    base64_decode(&digits).unwrap_or_default()
}

fn quoted_printable_loose(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return decoded,
            [b'=', b'\r', b'\n', tail @ ..] | [b'=', b'\n', tail @ ..] => tail,
            [b'=', high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push((hex(*high) << 4) | hex(*low));
                tail
            }
            [byte, tail @ ..] => {
                decoded.push(*byte);
                tail
            }
        };
    }
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => digit.to_ascii_lowercase().wrapping_sub(b'a').wrapping_add(10),
    }
}

/// Characters of a text part. What is declared is believed unless the bytes say otherwise: text that is valid UTF-8
/// beyond ASCII is UTF-8, and single bytes that are not are windows-1252. Line breaks become `\n`, other control
/// characters go.
pub(super) fn text(bytes: &[u8], declared: Option<&str>) -> (String, Option<Defect>) {
    let label = declared.unwrap_or_default().trim().to_ascii_lowercase();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let (text, is_wrong) = match label.as_str() {
        "utf-8" | "utf8" => from_utf8_mostly(bytes),
        "" => (from_utf8_mostly(bytes).0, std::str::from_utf8(bytes).is_err()),
        "us-ascii" | "ascii" => (from_utf8_mostly(bytes).0, !bytes.is_ascii()),
        _ if is_latin(&label) && !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() => {
            (String::from_utf8_lossy(bytes).into_owned(), true)
        }
        "utf-7" | "utf7" | "unicode-1-1-utf-7" | "csutf7" => (super::utf7::text(bytes), false),
        _ => match charset_decoder(label.as_bytes()) {
            Some(decode) => (decode(bytes), false),
            None => (from_utf8_mostly(bytes).0, true),
        },
    };
    let declared = if label.is_empty() { "none".to_owned() } else { shown(&label) };
    (plain(&text), is_wrong.then_some(Defect::Charset(declared)))
}

fn shown(label: &str) -> String {
    label.chars().filter(|c| !c.is_control()).take(CHARSET_CHARS_MAX).collect()
}

/// Sets in which any UTF-8 text would also be "valid", so that validity proves the mistake.
fn is_latin(label: &str) -> bool {
    matches!(
        label,
        "windows-1252" | "cp1252" | "iso-8859-1" | "iso8859-1" | "latin1" | "iso-8859-15" | "latin9"
    )
}

/// UTF-8 where it is, windows-1252 where it is not. True when something was not.
fn from_utf8_mostly(bytes: &[u8]) -> (String, bool) {
    let mut text = String::with_capacity(bytes.len());
    let mut is_wrong = false;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            is_wrong = true;
            text.push_str(&windows_1252(chunk.invalid()));
        }
    }
    (text, is_wrong)
}

fn windows_1252(bytes: &[u8]) -> String {
    let decoder = charset_decoder(b"windows-1252");
    decoder.map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |decode| decode(bytes))
}

fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// A header block with undeclared 8-bit characters made UTF-8 (RFC 6532); true when that needed guessing.
pub(super) fn repair_header(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    if std::str::from_utf8(bytes).is_ok() {
        return (Cow::Borrowed(bytes), false);
    }
    (Cow::Owned(from_utf8_mostly(bytes).0.into_bytes()), true)
}

/// Bytes that are no letter, as readable as they get.
pub(super) fn salvage(bytes: &[u8]) -> String {
    plain(&from_utf8_mostly(bytes).0)
}

//! Which of our addresses a letter was for, by its own header: for letters that come without an envelope (IMAP).
//! Which of them is ours is not known here.

use crate::mail::limits::{ADDRESS_BYTES_MAX, FIELD_BYTES_MAX, FIELDS_MAX};

/// Addresses given back. A letter is for a few of us; who writes to fifty addresses writes to nobody.
const ADDRESSES_MAX: usize = 50;
/// The header is looked for in so many bytes of the letter.
const HEADER_BYTES_MAX: usize = 1024 * 1024;

/// Fields in order of trust: what the last server wrote down as the envelope's recipient, then what the sender wrote.
const FIELDS: [&str; 8] = [
    "x-original-to",
    "delivered-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-rcpt-to",
    "to",
    "cc",
];

/// Lower-case addresses that the letter was for, most trustworthy first, each once, at most 50.
/// `X-Original-To` before `Delivered-To`: Postfix writes into the former what the sender wrote on the envelope, into
/// the latter where aliases led.
pub fn delivered_to(raw: &[u8]) -> Vec<String> {
    let fields = fields(&raw[..raw.len().min(HEADER_BYTES_MAX)]);
    let mut found: Vec<String> = Vec::new();
    for name in FIELDS {
        for (_, value) in fields.iter().filter(|(field, _)| field == name) {
            for address in addresses(value) {
                if found.len() == ADDRESSES_MAX {
                    return found;
                }
                if !found.contains(&address) {
                    found.push(address);
                }
            }
        }
    }
    found
}

/// Names (lower case) and unfolded values of the fields that we look at, in order.
fn fields(head: &[u8]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut is_wanted = false;
    for line in head.split(|byte| *byte == b'\n').take(FIELDS_MAX * 20) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        let text = String::from_utf8_lossy(&line[..line.len().min(FIELD_BYTES_MAX)]);
        if text.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut().filter(|_| is_wanted)
                && value.len() + text.len() <= FIELD_BYTES_MAX
            {
                value.push_str(&text);
            }
            continue;
        }
        let (name, value) = text.split_once(':').unwrap_or_default();
        let name = name.trim().to_ascii_lowercase();
        is_wanted = FIELDS.contains(&name.as_str()) && fields.len() < FIELDS_MAX;
        if is_wanted {
            fields.push((name, value.to_owned()));
        }
    }
    fields
}

/// Every address in a field: names in quotes and remarks in brackets are no addresses (RFC 5322 3.4).
fn addresses(value: &str) -> impl Iterator<Item = String> {
    let mut bare = String::new();
    let (mut is_quoted, mut is_escaped, mut depth) = (false, false, 0_usize);
    for c in value.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted || depth > 0 => is_escaped = true,
            '"' if depth == 0 => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth = depth.saturating_sub(1),
            _ if is_quoted || depth > 0 => {}
            _ => bare.push(c),
        }
    }
    let words =
        bare.split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>' | ':'));
    words.filter_map(address).collect::<Vec<_>>().into_iter()
}

fn address(word: &str) -> Option<String> {
    let (local, domain) = word.rsplit_once('@')?;
    let is_address = !local.is_empty() && !domain.is_empty();
    is_address.then(|| word.to_lowercase()).filter(|address| address.len() <= ADDRESS_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_comes_before_the_header() {
        let letter = b"Return-Path: <a@client.example>\r\nDelivered-To: boite@desk.example\r\n\
            X-Original-To: Aide@Desk.example\r\nEnvelope-to: x@desk.example,\r\n\ty@desk.example\r\n\
            To: \"Aide, faux@desk.example\" <aide@desk.example>, Groupe: b@desk.example;\r\n\
            Cc: (moi@desk.example) =?utf-8?q?c=40d?= <c@desk.example>\r\n\
            Subject: To: sujet@desk.example\r\n\r\nTo: corps@desk.example\r\n";
        let expected = ["aide@desk.example", "boite@desk.example", "x@desk.example", "y@desk.example"];
        let expected = [&expected[..], &["b@desk.example", "c@desk.example"]].concat();
        assert_eq!(delivered_to(letter), expected);
    }

    #[test]
    fn odd_letters_give_what_they_have() {
        for (letter, expected) in [
            ("", &[][..]),
            ("\r\nTo: a@b.example", &[]),
            ("To: a@b.example", &["a@b.example"]),
            ("to:a@b.example\nTO: A@B.EXAMPLE\n", &["a@b.example"]),
            ("To: undisclosed-recipients:;", &[]),
            ("To: @b.example, a@, @", &[]),
            ("To: \"never closed <a@b.example>", &[]),
            (" To: folded@nothing.example", &[]),
        ] {
            assert_eq!(delivered_to(letter.as_bytes()), expected, "{letter:?}");
        }
    }

    #[test]
    fn many_addresses_end_at_fifty() {
        let many: Vec<String> = (0..200).map(|n| format!("a{n}@b.example")).collect();
        let letter = format!("To: {}\r\n\r\n", many.join(",\r\n "));
        assert_eq!(delivered_to(letter.as_bytes()), many[..50]);
        let long = format!("To: {}@b.example", "a".repeat(255));
        assert_eq!(delivered_to(long.as_bytes()), Vec::<String>::new());
    }
}

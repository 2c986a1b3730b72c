//! UTF-7 (RFC 2152), which a few old programs still write. The parser's own decoder loses the character that ends a
//! shifted passage and what stands at the end of the text.

/// The text; what is no UTF-7 is kept as it is written.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(shift) = rest.iter().position(|byte| *byte == b'+') {
        text.push_str(&String::from_utf8_lossy(&rest[..shift]));
        rest = &rest[shift + 1..];
        let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        let length = rest.iter().position(|byte| !is_digit(byte)).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(length);
        match decoded(digits) {
            Some(passage) => {
                text.push_str(&passage);
                rest = after.strip_prefix(b"-").unwrap_or(after);
            }
            None if length == 0 && after.starts_with(b"-") => {
                text.push('+');
                rest = &after[1..];
            }
            None => text.push('+'),
        }
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

/// UTF-16 in base64; bits that make no whole unit are padding. `None` when there is no unit.
fn decoded(digits: &[u8]) -> Option<String> {
    let mut units: Vec<u16> = Vec::new();
    let (mut bits, mut count) = (0u32, 0u32);
    for digit in digits {
        bits = (bits << 6) | value(*digit);
        count += 6;
        if count >= 16 {
            count -= 16;
            units.push(u16::try_from(bits >> count).unwrap_or_default());
            bits &= (1 << count) - 1;
        }
    }
    let letters = char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
    Some(letters.collect::<String>()).filter(|text| !text.is_empty())
}

fn value(digit: u8) -> u32 {
    u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        _ => 63,
    })
}

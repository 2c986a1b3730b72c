//! MAPI properties as MS-OXTNEF 2.1.3.4 lists them. Only the few that make text and files are kept, by number.

use super::attributes::number;

/// Properties read in one list; Outlook writes about a hundred.
const PROPERTIES_MAX: u32 = 4_000;
/// Values of one property read.
const VALUES_MAX: u32 = 4_000;
/// From this number on a property has a name of its own.
const NAMED: u16 = 0x8000;

/// A property that was wanted, its first value.
pub(super) struct Property<'a> {
    pub(super) id: u16,
    pub(super) is_utf16: bool,
    pub(super) bytes: &'a [u8],
}

/// The properties, and whether the list was read to its end.
pub(super) fn properties(bytes: &[u8]) -> (Vec<Property<'_>>, bool) {
    let mut found = Vec::new();
    let Some((count, mut rest)) = number(bytes) else { return (found, false) };
    for _ in 0..count.min(PROPERTIES_MAX) {
        let Some((property, after)) = property(rest) else { return (found, false) };
        found.push(property);
        rest = after;
    }
    (found, count <= PROPERTIES_MAX)
}

fn property(bytes: &[u8]) -> Option<(Property<'_>, &[u8])> {
    let (head, mut rest) = number(bytes)?;
    let kind = (head & 0xFFFF) as u16;
    let id = (head >> 16) as u16;
    if id >= NAMED {
        rest = after_name(rest)?;
    }
    let is_many = kind & 0x1000 != 0;
    let kind = kind & 0x0FFF;
    let is_sized = matches!(kind, 0x0D | 0x1E | 0x1F | 0x0102);
    let (count, mut rest) = if is_many || is_sized { number(rest)? } else { (1, rest) };
    if count > VALUES_MAX {
        return None;
    }
    let mut first: Option<&[u8]> = None;
    for _ in 0..count {
        let (length, after) = if is_sized { number(rest)? } else { (fixed_bytes(kind)?, rest) };
        let length = usize::try_from(length).ok()?;
        let (value, after) = after.split_at_checked(length)?;
        first.get_or_insert(value);
        // Values are padded to four bytes; the padding of the very last may be missing.
        rest = after.get(length.wrapping_neg() % 4..).unwrap_or_default();
    }
    Some((Property { id, is_utf16: kind == 0x1F, bytes: first.unwrap_or_default() }, rest))
}

/// Steps over the name: a set, then a number or a text.
fn after_name(bytes: &[u8]) -> Option<&[u8]> {
    let (kind, rest) = number(bytes.get(16..)?)?;
    let (value, rest) = number(rest)?;
    if kind == 0 {
        return Some(rest);
    }
    let length = usize::try_from(value).ok()?;
    rest.get(length.checked_add(length.wrapping_neg() % 4)?..)
}

/// Size of values of fixed length (MS-OXCDATA 2.11.1), padded to four bytes.
fn fixed_bytes(kind: u16) -> Option<u32> {
    match kind {
        0x01 => Some(0),
        0x02 | 0x03 | 0x04 | 0x0A | 0x0B => Some(4),
        0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Some(8),
        0x48 => Some(16),
        _ => None,
    }
}

//! The stream of MS-OXTNEF 2.1: a signature, a key, attributes one after the other. Meanings are not known here.

/// First bytes of every stream.
const SIGNATURE: [u8; 4] = [0x78, 0x9F, 0x3E, 0x22];
/// Attributes read; a message has some thirty and five more for each file.
const ATTRIBUTES_MAX: usize = 4_000;

/// One attribute.
pub(super) struct Attribute<'a> {
    /// Its number with the type in the upper half.
    pub(super) id: u32,
    pub(super) bytes: &'a [u8],
}

/// The attributes, and whether the stream was read to its end. `None` when it is no such stream.
pub(super) fn attributes(stream: &[u8]) -> Option<(Vec<Attribute<'_>>, bool)> {
    let mut rest = stream.strip_prefix(&SIGNATURE)?.get(2..)?;
    let mut attributes = Vec::new();
    while !rest.is_empty() && attributes.len() < ATTRIBUTES_MAX {
        let Some((attribute, after)) = attribute(rest) else { return Some((attributes, false)) };
        attributes.push(attribute);
        rest = after;
    }
    Some((attributes, rest.is_empty()))
}

fn attribute(bytes: &[u8]) -> Option<(Attribute<'_>, &[u8])> {
    let (&level, rest) = bytes.split_first()?;
    if !matches!(level, 1 | 2) {
        return None;
    }
    let (id, rest) = number(rest)?;
    let (length, rest) = number(rest)?;
    let (bytes, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    // The checksum is stepped over: old programs write wrong ones.
    Some((Attribute { id, bytes }, rest.get(2..)?))
}

/// A little-endian number of four bytes and what follows it.
pub(super) fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*number), rest))
}

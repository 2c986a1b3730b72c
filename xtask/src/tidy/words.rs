//! Words in code: whole ones, the name at a place, what comes after blanks. No idea of what they mean.

/// Where `needle` stands in `code` as a whole word.
pub fn find_word<'a>(code: &'a str, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
    let bytes = code.as_bytes();
    let glued = |edge: Option<&u8>, other: Option<&u8>| {
        edge.is_some_and(|b| is_name(*b)) && other.is_some_and(|b| is_name(*b))
    };
    code.match_indices(needle).map(|(at, _)| at).filter(move |at| {
        let (first, last) = (needle.as_bytes().first(), needle.as_bytes().last());
        let before = at.checked_sub(1).and_then(|i| bytes.get(i));
        !glued(first, before) && !glued(last, bytes.get(at + needle.len()))
    })
}

/// The name that starts at `at`, or nothing.
pub fn name_at(code: &str, at: usize) -> &str {
    let bytes = code.as_bytes();
    let starts = bytes.get(at).is_some_and(|b| is_name(*b) && !b.is_ascii_digit());
    if starts { &code[at..word_end(bytes, at)] } else { "" }
}

/// The first offset at or after `at` that is not white space.
pub fn skip_space(code: &str, at: usize) -> usize {
    let rest = code.get(at..).unwrap_or_default();
    at + rest.len() - rest.trim_start().len()
}

/// Whether a byte may be part of a name.
pub fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Where the word at a place ends; the place itself when there is none.
pub fn word_end(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|b| is_name(**b)).count()
}

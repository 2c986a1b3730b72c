//! A sender as mail programs copy them: `Nom <a@b.fr>`, `Nom [mailto:a@b.fr]`, `a@b.fr <mailto:a@b.fr>`, a bare name.
//!
//! Here: telling name from address. Not here: whether the address exists (nobody knows), lists of senders (the first
//! counts).

use crate::fold::is_invisible;

/// Bytes of an address (RFC 5321, 4.5.3.1.3: a path of 256 with its brackets).
const ADDRESS_BYTES_MAX: usize = 254;
/// Characters of a name that are kept.
const NAME_CHARS_MAX: usize = 200;

/// A name and an address, where they were written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
}

/// What stands before the first address is the name; a name that only repeats the address is none.
pub(super) fn read(written: &str) -> Sender {
    let written: String = written.chars().filter(|c| !is_invisible(*c) && !c.is_control()).collect();
    let Some((from, to)) = first_address(&written) else {
        return Sender { name: name(&written), address: None };
    };
    let address = written[from..to].to_lowercase();
    let before = name(written[..from].trim_end().trim_end_matches("mailto:"));
    let is_other = |name: &String| !name.to_lowercase().contains(&address);
    let after = || comment_after(&written[to..]);
    Sender { name: before.or_else(after).filter(is_other), address: Some(address) }
}

/// The first address: the letters around an `@` up to what cannot stand in one, where both sides are something.
fn first_address(written: &str) -> Option<(usize, usize)> {
    for (at, _) in written.match_indices('@').take(8) {
        let before = &written[..at];
        let tail = before.trim_end_matches(is_local).len();
        // A quote at its start stands around the address, not in it.
        let start = at - before[tail..].trim_start_matches(['\'', '`', '*', '_']).len();
        let after = &written[at + 1..];
        let end = after.find(|c: char| !is_domain(c)).unwrap_or(after.len());
        let domain = after[..end].trim_end_matches(['.', '-']);
        let is_whole = start < at && domain.contains('.') && !domain.starts_with('.');
        if is_whole && at - start + 1 + domain.len() <= ADDRESS_BYTES_MAX {
            return Some((start, at + 1 + domain.len()));
        }
    }
    None
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}

fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-')
}

/// The old form `a@b.fr (Nom)`.
fn comment_after(written: &str) -> Option<String> {
    let inside = written.trim_start_matches(['>', ']', ' ']).strip_prefix('(')?;
    inside.split_once(')').and_then(|(inside, _)| name(inside))
}

/// A name without the brackets, stars and pairs of quotes around it.
fn name(written: &str) -> Option<String> {
    let is_around = |c: char| c.is_whitespace() || "<>[]*_,;:".contains(c);
    let mut trimmed = written.trim_matches(is_around);
    for [open, close] in [['"', '"'], ['\'', '\''], ['“', '”'], ['«', '»']] {
        let inside = trimmed.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        trimmed = inside.unwrap_or(trimmed).trim_matches(is_around);
    }
    // Of an address in brackets, the opening one is left at the end.
    let words: Vec<&str> = trimmed.trim_end_matches(['(', '"']).split_whitespace().collect();
    let name: String = words.join(" ").chars().take(NAME_CHARS_MAX).collect();
    Some(name).filter(|name| name.chars().any(char::is_alphanumeric) && name != "mailto")
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn name_and_address_in_the_shapes_of_mail_programs() {
        let table = [
            ("Nadia Benali <nadia@courrier.example>", "Nadia Benali", "nadia@courrier.example"),
            ("\"Benali, Nadia\" <Nadia@Courrier.example>", "Benali, Nadia", "nadia@courrier.example"),
            ("Nadia Benali [mailto:nadia@courrier.example]", "Nadia Benali", "nadia@courrier.example"),
            ("nadia@courrier.example <mailto:nadia@courrier.example>", "", "nadia@courrier.example"),
            ("<nadia@courrier.example>", "", "nadia@courrier.example"),
            ("nadia@courrier.example", "", "nadia@courrier.example"),
            ("'nadia@courrier.example' <nadia@courrier.example>", "", "nadia@courrier.example"),
            ("Nadia (Paris) <nadia@courrier.example>", "Nadia (Paris)", "nadia@courrier.example"),
            ("nadia@courrier.example (Nadia Benali)", "Nadia Benali", "nadia@courrier.example"),
            (
                "Nadia Benali\t<nadia@courrier.example <mailto:nadia@courrier.example>>",
                "Nadia Benali",
                "nadia@courrier.example",
            ),
            ("*Nadia Benali* <nadia+sav@courrier.example>", "Nadia Benali", "nadia+sav@courrier.example"),
            ("Nadia D'Arcy <nadia.d'arcy@courrier.example>", "Nadia D'Arcy", "nadia.d'arcy@courrier.example"),
            ("Nadia Benali", "Nadia Benali", ""),
            ("Nadia @ la plage", "Nadia @ la plage", ""),
            ("@ <a@b>", "@ <a@b", ""),
            ("'Nadia' via Shop <shop@post.example>", "'Nadia' via Shop", "shop@post.example"),
            ("", "", ""),
        ];
        for (written, name, address) in table {
            let sender = read(written);
            let said = (sender.name.unwrap_or_default(), sender.address.unwrap_or_default());
            assert_eq!(said, (name.to_owned(), address.to_owned()), "{written}");
        }
    }
}

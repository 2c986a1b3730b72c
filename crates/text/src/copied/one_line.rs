//! "De : X <x@y> À : Z Envoyé : … Objet : …": a copied header on one line, as Yahoo writes it in plain text.
//!
//! Here: where its fields begin, and where the letter begins behind its subject. Not here: what the fields say.

use super::fields::{Field, NAME_CHARS_MAX, field_named};
use super::line::has_time_of_day;
use crate::fold::folded;

/// Bytes of a line in which fields are looked for.
const SEEN_BYTES_MAX: usize = 4_096;
/// Fields of a header.
const FIELDS_MAX: usize = 12;
/// Characters of a subject: what is longer is the letter, written behind it.
const SUBJECT_CHARS_MAX: usize = 150;

/// A field, and where its name begins.
#[derive(Clone, Copy)]
struct Start {
    field: Field,
    at: usize,
}

/// True for a line that holds a whole header: a sender's address, a time of day and a subject.
pub(crate) fn is_header(text: &str) -> bool {
    starts(text).is_some()
}

/// The line in pieces, a field each, and last what follows the subject; the line itself when it holds no whole header.
/// The pieces are the line.
pub(crate) fn parted(text: &str) -> Vec<&str> {
    let Some(starts) = starts(text) else { return vec![text] };
    let Some(subject) = starts.last().map(|start| start.at) else { return vec![text] };
    // The first field has what stands before it as well.
    let ends = starts.iter().skip(1).map(|start| start.at).chain([subject + subject_bytes(&text[subject..])]);
    let mut from = 0;
    let mut pieces = Vec::new();
    for end in ends.chain([text.len()]) {
        pieces.push(&text[from..end]);
        from = end;
    }
    pieces
}

/// Where the fields begin: the sender first, the subject last.
fn starts(text: &str) -> Option<Vec<Start>> {
    let seen = &text[..text.floor_char_boundary(SEEN_BYTES_MAX)];
    let lead = seen.len() - seen.trim_start_matches(|c: char| c.is_whitespace() || c == '*').len();
    let mut starts: Vec<Start> = Vec::new();
    for (colon, _) in seen.match_indices([':', '：']) {
        let from = starts.last().map_or(lead, |start| start.at);
        let found = name_before(seen, from, colon);
        if starts.is_empty() && !found.is_some_and(|start| start.field == Field::From && start.at == lead) {
            return None;
        }
        let is_new = |start: &Start| {
            start.field == Field::Other || !starts.iter().any(|known| known.field == start.field)
        };
        starts.extend(found.filter(is_new));
        if starts.last()?.field == Field::Subject || starts.len() == FIELDS_MAX {
            break;
        }
    }
    is_whole(seen, &starts).then_some(starts)
}

/// A sender's address, a time of day, and a subject behind them.
fn is_whole(seen: &str, starts: &[Start]) -> bool {
    let value = |field| {
        let place = starts.iter().position(|start| start.field == field)?;
        seen.get(starts[place].at..starts.get(place + 1).map_or(seen.len(), |next| next.at))
    };
    value(Field::From).is_some_and(|from| from.contains('@'))
        && value(Field::Sent).is_some_and(|sent| has_time_of_day(&folded(sent)))
        && starts.last().is_some_and(|last| last.field == Field::Subject)
}

/// The longest field's name that ends at the colon and begins at a word, not before `from`.
fn name_before(seen: &str, from: usize, colon: usize) -> Option<Start> {
    let before = seen.get(from..colon)?;
    let reach = before.char_indices().rev().take(NAME_CHARS_MAX).last()?.0;
    let is_start = |at: usize| {
        let first = before[at..].chars().next().is_some_and(char::is_alphabetic);
        // "UTC+1Objet :" has no space between.
        first && !before[..at].ends_with(char::is_alphabetic)
    };
    let (at, field) = before[reach..].char_indices().map(|(at, _)| reach + at).find_map(|at| {
        let field = || field_named(folded(&before[at..]).trim_matches([' ', '*', '_']));
        is_start(at).then(field)?.map(|field| (at, field))
    })?;
    Some(Start { field, at: from + at })
}

/// The bytes of the subject's field. The letter follows behind a gap, where the line ends were; where there is none, the
/// subject ends at a word.
fn subject_bytes(field: &str) -> usize {
    let colon = field.find([':', '：']).unwrap_or_default();
    let value = colon + field[colon..].find(|c: char| c.is_alphanumeric()).unwrap_or(field.len() - colon);
    let long = field[value..].char_indices().nth(SUBJECT_CHARS_MAX).map(|(end, _)| value + end);
    let near = &field[..long.unwrap_or(field.len())];
    let mut spaces = near[value..].char_indices().filter(|(_, c)| c.is_whitespace());
    let gap = spaces.find(|(at, c)| near[value + at + c.len_utf8()..].starts_with(char::is_whitespace));
    let word =
        || long.map(|_| near.rfind(char::is_whitespace).filter(|at| *at > value).unwrap_or(near.len()));
    let end = gap.map(|(at, _)| value + at).or_else(word).unwrap_or(field.len());
    // The spaces stay with the subject: a letter that begins with them looks like its wrapped rest.
    field.len() - field[end..].trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::parted;

    #[test]
    fn a_header_on_one_line_is_parted_at_its_fields() {
        let table: &[(&str, &[&str])] = &[
            (
                " De : X <x@y.example> À : Z <z@y.example> Envoyé : lundi 3 mars 2026 à 14:02 Objet : Re: De : moi   Bonjour\n",
                &[
                    " De : X <x@y.example> ",
                    "À : Z <z@y.example> ",
                    "Envoyé : lundi 3 mars 2026 à 14:02 ",
                    "Objet : Re: De : moi   ",
                    "Bonjour\n",
                ],
            ),
            (
                "From: \"X\" <x@y.example>To: \"Z\" <z@y.example>Cc: Sent: Mon, Mar 3, 2026 at 02:02 PM GMT+1Subject: Lamp",
                &[
                    "From: \"X\" <x@y.example>",
                    "To: \"Z\" <z@y.example>",
                    "Cc: ",
                    "Sent: Mon, Mar 3, 2026 at 02:02 PM GMT+1",
                    "Subject: Lamp",
                    "",
                ],
            ),
            (
                "De : Lyon À : Paris Envoyé : 14:02 Objet : x",
                &["De : Lyon À : Paris Envoyé : 14:02 Objet : x"],
            ),
            ("De : X <x@y.example>", &["De : X <x@y.example>"]),
            ("14:02 De : X", &["14:02 De : X"]),
            ("", &[""]),
        ];
        for (line, pieces) in table {
            assert_eq!(&parted(line), pieces, "{line}");
        }
    }
}

//! "De : / Envoyé : / À : / Objet :": the copied header of the message that is quoted or forwarded below.
//!
//! Here: telling it from a customer's own list ("De : Paris, À : Lyon, Date : …"). Not here: what follows it.

use crate::copied::fields::{Field, field_of, named_without_colon};
use crate::copied::line::{Line, has_time_of_day};

/// Lines over which one long list of recipients may wrap.
const WRAPPED_LINES_MAX: usize = 3;
/// Lines of a whole header.
const BLOCK_LINES_MAX: usize = 24;
/// Fields of a header that has no colons.
const BARE_FIELDS_MIN: usize = 3;

/// How sure we are that a header comes, from what stood before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Announced {
    /// A separator of a mail program.
    Yes,
    /// A drawn line, which people draw as well.
    Drawn,
    /// Nothing.
    No,
}

/// The line after the header that starts at `at`, if one does.
pub(super) fn end(lines: &[Line<'_>], at: usize, announced: Announced) -> Option<usize> {
    let first = *lines.get(at)?;
    if announced == Announced::Yes
        && let Some(end) = end_without_colons(lines, at)
    {
        return Some(end);
    }
    field_of(first)?;
    let mut seen = Vec::new();
    let mut evidence = Evidence::default();
    let mut place = at;
    while let Some((line_at, field)) = next_field(lines, place, &seen) {
        evidence.read(field, *lines.get(line_at)?);
        seen.push(field);
        place = line_at + 1;
        if place - at > BLOCK_LINES_MAX {
            break;
        }
    }
    is_header(&seen, &evidence, announced).then_some(place)
}

/// eM Client writes no colons: `De "Camille" <camille@…>`. Such lines may be anybody's sentences, so that the fields
/// must follow each other, the sender's address first, a date and a subject among them.
fn end_without_colons(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let mut seen: Vec<Field> = Vec::new();
    let mut place = at;
    for line in lines.iter().skip(at).take(BLOCK_LINES_MAX) {
        let field = named_without_colon(*line).filter(|_| !line.is_long()).map(|(field, _)| field);
        match field.filter(|field| *field == Field::Other || !seen.contains(field)) {
            Some(field) => seen.push(field),
            None if seen.last() == Some(&Field::To) && is_wrapped_rest(*line) => {}
            None => break,
        }
        place += 1;
    }
    let has_sender = seen.first() == Some(&Field::From) && lines.get(at)?.bare.contains('@');
    let is_whole =
        seen.len() >= BARE_FIELDS_MIN && seen.contains(&Field::Sent) && seen.contains(&Field::Subject);
    (has_sender && is_whole).then_some(place)
}

/// True for a line that looks like one field of a header.
pub(super) fn is_field(line: Line<'_>) -> bool {
    field_of(line).is_some()
}

#[derive(Default)]
struct Evidence {
    has_sender_address: bool,
    has_address: bool,
    has_time: bool,
}

impl Evidence {
    fn read(&mut self, field: Field, line: Line<'_>) {
        let folded = line.folded();
        let has_address = folded.contains('@');
        self.has_address |= has_address;
        self.has_sender_address |= has_address && field == Field::From;
        self.has_time |= field == Field::Sent && has_time_of_day(&folded);
    }
}

/// A program copies sender and date, and a recipient or subject; somewhere an address or a time of day is among them.
fn is_header(seen: &[Field], evidence: &Evidence, announced: Announced) -> bool {
    let has = |field| seen.contains(&field);
    match announced {
        Announced::Yes => has(Field::From) || (has(Field::Sent) && seen.len() > 1),
        _ if !has(Field::From) => false,
        Announced::Drawn => seen.len() > 1 && (evidence.has_address || evidence.has_time),
        Announced::No if !has(Field::Sent) => false,
        Announced::No => {
            evidence.has_sender_address
                || (has(Field::Subject) && (evidence.has_address || evidence.has_time))
        }
    }
}

/// The next field: on this line, after one blank line, or after the wrapped rest of the one before. A field that was
/// already seen starts another header.
fn next_field(lines: &[Line<'_>], from: usize, seen: &[Field]) -> Option<(usize, Field)> {
    for (skipped, line) in lines.iter().skip(from).take(WRAPPED_LINES_MAX + 1).enumerate() {
        if let Some(field) = field_of(*line) {
            let is_new = field == Field::Other || !seen.contains(&field);
            return is_new.then_some((from + skipped, field));
        }
        let is_passable =
            if line.is_blank() { skipped == 0 } else { !seen.is_empty() && is_wrapped_rest(*line) };
        if !is_passable {
            return None;
        }
    }
    None
}

/// The rest of a list of recipients, or of a subject that was cut by its length.
fn is_wrapped_rest(line: Line<'_>) -> bool {
    !line.is_quoted()
        && !line.is_long()
        && (line.bare.contains('@') || line.bare.contains(';') || line.text.starts_with(' '))
}

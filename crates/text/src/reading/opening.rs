//! Where quoted or forwarded history begins: a separator, a copied header, or a sentence.

use super::headers::{Announced, is_field};
use super::line::Line;
use super::{attribution, headers};

/// What history begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Somebody answers what stands below.
    Reply,
    /// Somebody passes on what stands below.
    Forward,
}

/// The lines that open a piece of history, up to but without `end`.
#[derive(Clone, Copy)]
pub(super) struct Opening {
    pub(super) end: usize,
    pub(super) form: Form,
}

/// Fewest strokes of a line drawn above a copied header.
const STROKES_MIN: usize = 8;

const ORIGINAL: &[&str] = &[
    "message d'origine",
    "message original",
    "message initial",
    "mail original",
    "mail d'origine",
    "e-mail d'origine",
    "email d'origine",
    "courriel original",
    "original message",
    "original email",
    "original mail",
    "message precedent",
    "reply message",
    "ursprungliche nachricht",
];

const FORWARDED: &[&str] = &[
    "forwarded message",
    "forwarded mail",
    "message transfere",
    "mail transfere",
    "e-mail transfere",
    "courriel transfere",
    "message reexpedie",
    "debut du message transfere",
    "debut du message reexpedie",
    "debut de l'e-mail transfere",
    "begin forwarded message",
    "forwarded by",
    "weitergeleitete nachricht",
];

/// The opening at this line, if history begins here.
pub(super) fn at(lines: &[Line<'_>], place: usize) -> Option<Opening> {
    if let Some(form) = separator(*lines.get(place)?) {
        let end = announced_end(lines, place + 1).unwrap_or(place + 1);
        return Some(Opening { end, form });
    }
    let drawn = is_drawn_line(*lines.get(place)?)
        .then(|| headers::end(lines, after_blanks(lines, place + 1), Announced::Yes));
    let end = drawn
        .flatten()
        .or_else(|| headers::end(lines, place, Announced::No))
        .or_else(|| attribution::end(lines, place))?;
    Some(Opening { end, form: Form::Reply })
}

/// True for a line that ends an opening: what is quoted below it was quoted by a mail program.
pub(super) fn introduces(line: Line<'_>) -> bool {
    let folded = line.folded();
    is_field(line)
        || separator(line).is_some()
        || (folded.ends_with(':')
            && (folded.contains("ecrit") || folded.contains("wrote") || folded.contains('@')))
}

/// After a separator comes a header, or the sentence, or the message at once.
fn announced_end(lines: &[Line<'_>], from: usize) -> Option<usize> {
    let place = after_blanks(lines, from);
    headers::end(lines, place, Announced::Yes).or_else(|| attribution::end(lines, place))
}

/// "-----Message d'origine-----", "---------- Forwarded message ---------", "Début du message transféré :".
fn separator(line: Line<'_>) -> Option<Form> {
    let strokes =
        line.bare.bytes().take_while(|byte| matches!(byte, b'-' | b'=' | b'_' | b'*' | b' ')).count();
    let ends_in_colon = line.bare.ends_with(':');
    if strokes < 2 && !ends_in_colon {
        return None;
    }
    let folded = line.folded();
    let words = folded.trim_matches(|c: char| !c.is_alphanumeric());
    if strokes >= 2 && ORIGINAL.contains(&words) {
        return Some(Form::Reply);
    }
    let is_forward = FORWARDED
        .iter()
        .any(|known| words == *known || (*known == "forwarded by" && words.starts_with(known)));
    is_forward.then_some(Form::Forward)
}

fn is_drawn_line(line: Line<'_>) -> bool {
    line.bare.len() >= STROKES_MIN && line.bare.bytes().all(|byte| matches!(byte, b'-' | b'=' | b'_' | b'*'))
}

/// The first line that is not blank within the next three.
fn after_blanks(lines: &[Line<'_>], from: usize) -> usize {
    from + lines.iter().skip(from).take(3).take_while(|line| line.is_blank()).count()
}

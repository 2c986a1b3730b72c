//! "-----Message d'origine-----", "---------- Forwarded message ---------": the line above a copied letter.
//!
//! Here: what such a line says. Not here: whether a letter really follows.

use super::line::Line;
use super::one_line;

/// What a separator announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Somebody answers what stands below.
    Reply,
    /// Somebody passes on what stands below.
    Forward,
}

/// Fewest strokes of a line drawn above a copied header.
const STROKES_MIN: usize = 8;
/// Bytes of a line in which a separator ends that is followed by more.
const SEPARATOR_BYTES_MAX: usize = 300;

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
    "original-nachricht",
    "originalnachricht",
    "message precedent",
    "reply message",
    "ursprungliche nachricht",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "mensagem original",
];

const FORWARDED: &[&str] = &[
    "forwarded message",
    "forwarded mail",
    "forwarded email",
    "message transfere",
    "mail transfere",
    "e-mail transfere",
    "courriel transfere",
    "message reexpedie",
    "debut du message transfere",
    "debut du message reexpedie",
    "debut de l'e-mail transfere",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "mensaje reenviado",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "doorgestuurd bericht",
    "mensagem encaminhada",
];

/// Beginnings that go on with a name and a date, as Lotus Notes writes between its strokes.
const FORWARDED_BY: &[&str] =
    &["forwarded by ", "transfere par ", "reexpedie par ", "transmis par ", "weitergeleitet von "];

/// What stands below the last line of a forwarded letter.
const FORWARD_ENDS: &[&str] =
    &["end forwarded message", "end of forwarded message", "fin du message transfere"];

/// What this line announces: strokes with known words between them, or known words that end in a colon.
pub(crate) fn separator(line: Line<'_>) -> Option<Form> {
    let strokes = strokes(line);
    if strokes < 2 && !line.bare.ends_with(':') {
        return None;
    }
    let folded = line.folded();
    let words = words(&folded);
    if strokes >= 2 && ORIGINAL.contains(&words) {
        return Some(Form::Reply);
    }
    let is_forward =
        FORWARDED.contains(&words) || FORWARDED_BY.iter().any(|by| words.starts_with(by) && strokes >= 2);
    is_forward.then_some(Form::Forward)
}

/// Yahoo goes on behind its strokes: "----- Forwarded Message -----  From: …". The bytes of
/// the separator in such a line; in a long one, which may hold the whole letter, a whole header must follow.
pub(crate) fn separator_with_more(text: &str) -> Option<usize> {
    let line = Line::of(text);
    if strokes(line) < 3 {
        return None;
    }
    let near = &text[..text.floor_char_boundary(SEPARATOR_BYTES_MAX)];
    let words = near.trim_start().trim_start_matches(['-', '_', '=', '*', ' ']);
    let words_at = near.len() - words.len();
    let end = words_at + words.find("---")?;
    let end = text.len() - text[end..].trim_start_matches('-').len();
    let rest = &text[end..];
    let is_more = !rest.trim().is_empty() && (!line.is_long() || one_line::is_header(rest));
    separator(Line::of(&text[..end])).filter(|_| is_more).map(|_| end)
}

/// True for the line that a program writes below a letter that it forwarded.
pub(crate) fn ends_forward(line: Line<'_>) -> bool {
    strokes(line) >= 2 && FORWARD_ENDS.contains(&words(&line.folded()))
}

/// True for a line of strokes alone.
pub(crate) fn is_drawn_line(line: Line<'_>) -> bool {
    line.bare.len() >= STROKES_MIN && is_strokes(line)
}

/// True for strokes alone, however few.
pub(crate) fn is_strokes(line: Line<'_>) -> bool {
    !line.is_blank() && line.bare.bytes().all(|byte| matches!(byte, b'-' | b'=' | b'_' | b'*'))
}

/// Strokes and spaces at the start; old Proton writes hyphens (U+2010) for strokes.
fn strokes(line: Line<'_>) -> usize {
    line.bare.chars().take_while(|c| matches!(c, '-' | '=' | '_' | '*' | ' ' | '\u{2010}')).count()
}

fn words(folded: &str) -> &str {
    folded.trim_matches(|c: char| !c.is_alphanumeric())
}

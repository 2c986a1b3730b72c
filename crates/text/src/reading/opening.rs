//! Where quoted or forwarded history begins: a separator, a copied header, or a sentence.

use super::headers::{Announced, is_field};
use super::{attribution, headers};
use crate::copied::line::Line;
use crate::copied::separator::{Form, is_drawn_line, separator, separator_with_more};

/// The lines that open a piece of history, up to but without `end`.
#[derive(Clone, Copy)]
pub(super) struct Opening {
    pub(super) end: usize,
    pub(super) form: Form,
}

/// The opening at this line, if history begins here.
pub(super) fn at(lines: &[Line<'_>], place: usize) -> Option<Opening> {
    if let Some(form) = separator(*lines.get(place)?) {
        let end = announced_end(lines, place + 1).unwrap_or(place + 1);
        return Some(Opening { end, form });
    }
    if separator_with_more(lines.get(place)?.text).is_some() {
        return Some(Opening { end: place + 1, form: Form::Forward });
    }
    let drawn = is_drawn_line(*lines.get(place)?)
        .then(|| headers::end(lines, after_blanks(lines, place + 1), Announced::Drawn));
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

/// The first line that is not blank within the next three.
fn after_blanks(lines: &[Line<'_>], from: usize) -> usize {
    from + lines.iter().skip(from).take(3).take_while(|line| line.is_blank()).count()
}

//! The header of a forwarded letter: sender, date and subject, as a mail program copied them.
//!
//! Here: fields and the lines they are wrapped over. Not here: the shapes of a sender (see `address`).

use crate::copied::fields::{Field, named, named_without_colon};
use crate::copied::line::Line;

/// Lines of a whole header, wrapped lists of recipients included.
const LINES_MAX: usize = 40;
/// Lines over which one value is wrapped.
const WRAPPED_LINES_MAX: usize = 6;
/// Characters of a value; RFC 5322 (2.1.1) allows 998 to a line.
const VALUE_CHARS_MAX: usize = 998;

/// Whether a field needs a colon behind its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    WithColon,
    /// Only below a separator.
    WithOrWithoutColon,
}

/// A copied header.
#[derive(Default)]
pub(super) struct Header {
    /// The sender, as written.
    pub(super) from: String,
    pub(super) subject: Option<String>,
    pub(super) sent: Option<String>,
    /// The line after it.
    pub(super) end: usize,
}

/// The header that starts at this line, if one does that names a sender, or a subject and a date.
pub(super) fn at(lines: &[Line<'_>], place: usize, names: Names) -> Option<Header> {
    let mut walk = Walk { lines, names, header: Header { end: place, ..Header::default() } };
    let mut seen: Vec<Field> = Vec::new();
    let end = (place + LINES_MAX).min(lines.len());
    while walk.header.end < end {
        let Some((field, value)) = walk.field(walk.header.end) else { break };
        if seen.contains(&field) && field != Field::Other {
            break;
        }
        seen.push(field);
        walk.take(field, value);
        // On one line, the letter follows behind the subject.
        if field == Field::Subject && !walk.is_line_ended(walk.header.end) {
            break;
        }
    }
    let has = |field| seen.contains(&field);
    let is_header = has(Field::From) || (has(Field::Subject) && has(Field::Sent));
    is_header.then_some(walk.header)
}

struct Walk<'a> {
    lines: &'a [Line<'a>],
    names: Names,
    header: Header,
}

impl<'a> Walk<'a> {
    fn field(&self, place: usize) -> Option<(Field, &'a str)> {
        let line = *self.lines.get(place)?;
        match self.names {
            Names::WithColon => named(line),
            Names::WithOrWithoutColon => named(line).or_else(|| named_without_colon(line)),
        }
    }

    /// Takes the field of the line at hand, with the lines it is wrapped over.
    fn take(&mut self, field: Field, first: &str) {
        let from = self.header.end + 1;
        let wrapped = self.wrapped_lines(field, first, from);
        let mut value = first.to_owned();
        for line in self.lines.iter().skip(from).take(wrapped) {
            value.push(' ');
            value.push_str(line.bare.trim_matches(['*', '_']));
        }
        let value: String = value.trim().chars().take(VALUE_CHARS_MAX).collect();
        let said = Some(value).filter(|value| !value.is_empty());
        match field {
            Field::From => self.header.from = said.unwrap_or_default(),
            Field::Subject => self.header.subject = said,
            Field::Sent => self.header.sent = said,
            Field::To | Field::Other => {}
        }
        self.header.end = from + wrapped;
        self.pass_one_blank();
    }

    /// Whether a line ends before this one: the pieces of a header on one line are not wrapped.
    fn is_line_ended(&self, place: usize) -> bool {
        let above = place.checked_sub(1).and_then(|above| self.lines.get(above));
        above.is_none_or(|line| line.text.ends_with('\n'))
    }

    /// How many lines below belong to this value: those before the next field, or, where no field follows, those that
    /// are indented or go on with addresses.
    fn wrapped_lines(&self, field: Field, first: &str, from: usize) -> usize {
        if !self.is_line_ended(from) {
            return 0;
        }
        let rest = self.lines.get(from..).unwrap_or_default();
        let is_within = |place: &usize| {
            rest.get(*place).is_some_and(|line| !line.is_blank()) && self.field(from + place).is_none()
        };
        let run = (0..WRAPPED_LINES_MAX).take_while(is_within).count();
        if run > 0 && self.field(from + run).is_some() {
            return run;
        }
        let is_rest = |line: &&Line<'_>| {
            let is_indented = line.text.starts_with([' ', '\t']);
            let goes_on = field != Field::Subject && line.bare.contains(['@', ';']) && !line.is_long();
            is_indented || goes_on
        };
        let indented = rest.iter().take(run).take_while(is_rest).count();
        if indented == 0 && first.is_empty() { run.min(1) } else { indented }
    }

    /// Some programs leave a blank line between two fields.
    fn pass_one_blank(&mut self) {
        let is_blank = self.lines.get(self.header.end).is_some_and(|line| line.is_blank());
        if is_blank && self.field(self.header.end + 1).is_some() && self.names_another(self.header.end + 1) {
            self.header.end += 1;
        }
    }

    /// A body that begins "De : …" is no header that goes on: only a field not yet taken is.
    fn names_another(&self, place: usize) -> bool {
        match self.field(place).map(|(field, _)| field) {
            Some(Field::From) => self.header.from.is_empty(),
            Some(Field::Subject) => self.header.subject.is_none(),
            Some(Field::Sent) => self.header.sent.is_none(),
            Some(Field::To) => {
                self.header.subject.is_none() || self.header.sent.is_none() || self.header.from.is_empty()
            }
            Some(Field::Other) | None => false,
        }
    }
}

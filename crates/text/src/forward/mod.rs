//! A letter that somebody passes on inside their own: who wrote it, when, about what, and what the forwarder says to it.
//!
//! Here: the entrance and the verdict "this is a forward". Not here: forwards as attachments (`message/rfc822` is read
//! by the channel), whether the forwarder may be believed: all of it is what a stranger wrote.

mod address;
mod header;
mod marks;

use crate::copied::line::Line;
use crate::copied::one_line;
use crate::copied::separator::{Form, ends_forward, is_drawn_line, separator, separator_with_more};
use crate::reading::{self, is_history_at};
use crate::subject::{is_forward, is_reply};
use header::{Header, Names};
use marks::{Unmarked, unmarked, unmarked_once};

/// Lines that are searched for the start of the forwarded letter; comments above one are shorter by far.
const SEARCHED_LINES_MAX: usize = 2_000;
/// Blank lines between a separator and the header.
const BLANKS_MAX: usize = 4;

/// A forwarded letter and what was written above it. Every field is as it was written, and written by a stranger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// What the forwarder wrote, without their signature; empty when they wrote nothing.
    pub comment: String,
    /// The name of the forwarded letter's sender.
    pub from_name: Option<String>,
    /// Their address, in lower case where it stands; never checked for existence.
    pub from_address: Option<String>,
    /// The forwarded letter's subject.
    pub subject: Option<String>,
    /// Its date, as the mail program wrote it.
    pub sent: Option<String>,
    /// Its words, with all that they quote; without the marks that the forwarding put before them.
    pub text: String,
}

/// Reads an inline forward. The first thing that opens history decides: a separator that says "forwarded" (Gmail,
/// Apple, Thunderbird, Yahoo, Zimbra, Proton, Notes) by itself; a plain copied header (Outlook, Orange, SFR, Samsung,
/// Roundcube), which the same programs write above the history of an answer, only below a subject that says "forwarded"
/// ([`crate::subject::is_forward`]); "X wrote:" never. Of nested forwards the outermost is read: that letter is what was
/// passed on, the others are its content. Looks for a start in the first 2,000 lines; linear in the text.
pub fn read(subject: &str, text: &str) -> Option<Forward> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let whole: Vec<&str> =
        text.split_inclusive('\n').flat_map(parted).filter(|part| !part.is_empty()).collect();
    let searched = &whole[..whole.len().min(SEARCHED_LINES_MAX)];
    let lines: Vec<Unmarked<'_>> = searched.iter().map(|line| unmarked(line)).collect();
    let bare: Vec<Line<'_>> = lines.iter().map(|line| line.line).collect();
    let start = (0..bare.len()).find_map(|place| start_at(&lines, &bare, place))?;
    let is_told = match start.form {
        Form::Forward => !start.is_marked || !is_reply(subject),
        Form::Reply => is_forward(subject),
    };
    let header = start.header.filter(|_| is_told)?;
    Some(forward(&whole, start.above, start.depth, &header))
}

/// A line in pieces where a header begins behind a separator, or stands whole on one line.
fn parted(line: &str) -> Vec<&str> {
    let (separator, rest) = line.split_at(separator_with_more(line).unwrap_or_default());
    [vec![separator], one_line::parted(rest)].concat()
}

/// Where history begins, and what is said there.
struct Start {
    form: Form,
    /// Lines above it.
    above: usize,
    /// Whether it is quoted itself, as Apple Mail quotes it, or the history of an answer.
    is_marked: bool,
    /// Marks of quotation before its header.
    depth: usize,
    /// The copied header; none below "X wrote:", which no program writes above a forward.
    header: Option<Header>,
}

fn start_at(lines: &[Unmarked<'_>], bare: &[Line<'_>], place: usize) -> Option<Start> {
    let line = lines.get(place)?;
    if line.line.is_blank() {
        return None;
    }
    if let Some(form) = separator(line.line) {
        let below = after_blanks(bare, place + 1);
        let header = header::at(bare, below, Names::WithOrWithoutColon);
        if header.is_none() && form == Form::Forward {
            // Somebody drew a line and wrote "forwarded": no letter follows yet.
            return None;
        }
        let depth = lines.get(below).map_or(line.depth, |first| first.depth);
        return Some(Start { form, above: place, is_marked: line.depth > 0, depth, header });
    }
    if !is_history_at(bare, place) {
        return None;
    }
    let header = header::at(bare, header_place(bare, place), Names::WithColon);
    Some(Start { form: Form::Reply, above: place, is_marked: line.depth > 0, depth: line.depth, header })
}

/// A drawn line stands above some headers.
fn header_place(bare: &[Line<'_>], place: usize) -> usize {
    let is_drawn = bare.get(place).is_some_and(|line| is_drawn_line(*line));
    if is_drawn { after_blanks(bare, place + 1) } else { place }
}

fn after_blanks(bare: &[Line<'_>], from: usize) -> usize {
    from + bare.iter().skip(from).take(BLANKS_MAX).take_while(|line| line.is_blank()).count()
}

/// The line that ends the letter. The ends of forwards within it are its own.
fn end_of(body: &[&str]) -> Option<usize> {
    let is_end = |line: &&str| ends_forward(unmarked(line).line);
    let is_start = |line: &&&str| separator(unmarked(line).line) == Some(Form::Forward);
    let (starts, ends) =
        (body.iter().filter(is_start).count(), body.iter().filter(|line| is_end(line)).count());
    if ends > starts { body.iter().rposition(is_end) } else { None }
}

fn forward(whole: &[&str], above: usize, depth: usize, header: &Header) -> Forward {
    let is_blank = |line: &&&str| unmarked(line).line.is_blank();
    let below = whole.get(header.end..).unwrap_or_default();
    let body = &below[below.iter().take_while(is_blank).count()..];
    let end = end_of(body).unwrap_or(body.len());
    let after = body.get(end + 1..).unwrap_or_default();
    let own: String = whole[..above].iter().chain(["\n"].iter()).chain(after).copied().collect();
    let marked = (0..depth).fold(body[..end].to_vec(), |lines, _| unmarked_once(lines));
    let sender = address::read(&header.from);
    Forward {
        comment: reading::without_signatures(&own),
        from_name: sender.name,
        from_address: sender.address,
        subject: header.subject.clone(),
        sent: header.sent.clone(),
        text: reading::without_blank_ends(&marked.concat()).to_owned(),
    }
}

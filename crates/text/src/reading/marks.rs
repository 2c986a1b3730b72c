//! Lines that begin with `>`: marked by a mail program, or typed by a person who means "more than", an arrow or a face.
//!
//! Here: which marks were typed. Not here: what is folded (see `walk`).
//!
//! Typed are lines that say so themselves (">= 60 W", ">:(", ">>> URGENT <<<"), unless a program introduces them or more
//! was marked beside them; and, above all history, a single line and a short list that begins with a number.

use super::{attribution, opening};
use crate::copied::line::Line;

/// Lines of a list that a person types with marks, and characters of each; prose that a program marked is wrapped later.
const LIST_LINES_MAX: usize = 30;
const LIST_CHARS_MAX: usize = 50;
/// Characters of a line that are looked at.
const SEEN_CHARS_MAX: usize = 300;
/// Letters of a face behind its `>`.
const FACES: &[&str] = &[
    ":(", ":-(", ":'(", ":[", ":/", ":-/", ":|", ":@", ":o", ":O", ":c", ":C", ":D", ":P", ":)", ":-)", ";(",
    ";)", "=(", "=[", "_<", ".<", ".>", "_>", "<",
];

/// The lines of a text, typed marks told from a program's.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = text.split_inclusive('\n').map(Line::of).collect();
    let runs = runs(&lines);
    if !runs.iter().any(|run| run.shape != Shape::Plain || run.marked == 1) {
        return lines;
    }
    let openings = openings(&lines);
    let history = openings.first().map_or(lines.len(), |opening| opening.start);
    let above = runs.iter().take_while(|run| run.start < history);
    let plain_above: usize = above.filter(|run| run.shape != Shape::AllTyped).map(|run| run.marked).sum();
    for run in &runs {
        let is_above = run.start < history;
        let is_typed = match run.shape {
            Shape::AllTyped => true,
            Shape::FirstTyped => is_above && run.marked <= LIST_LINES_MAX,
            Shape::Plain => is_above && run.marked == 1 && plain_above == 1,
        };
        let is_sentence = attribution::is_ending(lines[run.start]);
        if is_typed && !is_sentence && !is_introduced(&openings, run) {
            lines[run.start..run.end].iter_mut().for_each(|line| *line = line.typed());
        }
    }
    lines
}

/// Marked lines with nothing but blank ones between them.
struct Run {
    start: usize,
    end: usize,
    /// The line after the nearest one above that is not blank.
    above_end: usize,
    marked: usize,
    shape: Shape,
    /// Whether one of the lines is a program's without doubt.
    is_certain: bool,
}

/// What the lines of a run say themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A person typed every mark.
    AllTyped,
    /// A person typed the first, and none of the others is a program's without doubt.
    FirstTyped,
    Plain,
}

fn runs(lines: &[Line<'_>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let (mut is_going_on, mut above_end) = (false, 0);
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_blank()) {
        if line.is_quoted() {
            let is_typed = is_typed(line.bare);
            let is_certain = is_certain(*line);
            match runs.last_mut().filter(|_| is_going_on) {
                Some(run) => run.add(place, is_typed, is_certain),
                None => runs.push(Run::of(place, above_end, is_typed, is_certain)),
            }
        }
        (is_going_on, above_end) = (line.is_quoted(), place + 1);
    }
    runs
}

impl Run {
    fn of(place: usize, above_end: usize, is_typed: bool, is_certain: bool) -> Self {
        let shape = if is_typed { Shape::AllTyped } else { Shape::Plain };
        Self { start: place, end: place + 1, above_end, marked: 1, shape, is_certain }
    }

    fn add(&mut self, place: usize, is_typed: bool, is_certain: bool) {
        self.is_certain |= is_certain;
        self.shape = match self.shape {
            Shape::AllTyped if is_typed => Shape::AllTyped,
            Shape::AllTyped | Shape::FirstTyped if !self.is_certain => Shape::FirstTyped,
            _ => Shape::Plain,
        };
        (self.end, self.marked) = (place + 1, self.marked + 1);
    }
}

/// A line that only programs write: empty but for its marks, marked twice, or too long for a list; or "X wrote:".
fn is_certain(line: Line<'_>) -> bool {
    let rest = line.bare.trim_start_matches('>').trim_start();
    rest.is_empty()
        || rest.starts_with('>')
        || (line.bare.starts_with(">>") && !is_typed(line.bare))
        || rest.chars().nth(LIST_CHARS_MAX).is_some()
        || attribution::is_ending(line)
}

/// Where history opens outside of marked lines, and where its first lines end.
struct Opened {
    start: usize,
    end: usize,
}

fn openings(lines: &[Line<'_>]) -> Vec<Opened> {
    let mut openings = Vec::new();
    let mut place = 0;
    while let Some(line) = lines.get(place) {
        let opening = if line.is_quoted() || line.is_blank() { None } else { opening::at(lines, place) };
        if let Some(opening) = opening {
            openings.push(Opened { start: place, end: opening.end });
        }
        place = opening.map_or(place + 1, |opening| opening.end.max(place + 1));
    }
    openings
}

/// True when a mail program's own words stand right above the run.
fn is_introduced(openings: &[Opened], run: &Run) -> bool {
    let above = openings.partition_point(|opening| opening.start < run.start);
    let opening = above.checked_sub(1).and_then(|last| openings.get(last));
    opening.is_some_and(|opening| opening.end >= run.above_end)
}

/// True when the line itself shows that a person typed its mark.
fn is_typed(bare: &str) -> bool {
    let seen: String = bare.chars().take(SEEN_CHARS_MAX).collect();
    let Some(rest) = seen.strip_prefix('>') else { return false };
    let is_framed = bare.ends_with('<') && rest.contains(char::is_alphanumeric);
    let is_face = FACES.iter().any(|face| {
        let behind = rest.strip_prefix(face);
        behind.is_some_and(|behind| !behind.starts_with(char::is_alphanumeric))
    });
    is_framed || is_face || is_amount(rest)
}

/// "= 60 W", " 100 €", "30°C": a number that is neither a date, a time nor an item of a list.
fn is_amount(rest: &str) -> bool {
    let amount = rest.strip_prefix('=').unwrap_or(rest).trim_start();
    let amount = amount.trim_start_matches(['€', '$', '£', '~', '±', '+', '-']);
    let number = amount.split_whitespace().next().unwrap_or_default();
    let digits = number.trim_end_matches(['.', ')', ':', '-', '°']);
    let is_item = digits.len() < number.len() && !number.ends_with('°');
    let is_date = number.contains([':', '/']) || number.matches(['-', '.']).count() > 1;
    let is_time = number.split_once('h').is_some_and(|(hour, _)| hour.len() <= 2 && is_digits(hour));
    number.starts_with(|c: char| c.is_ascii_digit()) && !is_item && !is_date && !is_time
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

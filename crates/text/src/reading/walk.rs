//! The walk over a mail's lines that gives each its kind.

use super::PartKind;
use super::opening::{self, Opening};
use super::{announcement, signature};
use crate::copied::line::Line;
use crate::copied::separator::Form;

/// A forward under so few letters of comment ("Pour information, voir ci-dessous") is itself what the writer says.
const FORWARD_COMMENT_LETTERS_MAX: usize = 80;

/// Lines of a quotation that the writer introduces in their own words: "Voici ce qui ne va pas :" above a list.
const INTRODUCED_LINES_MAX: usize = 30;

/// What becomes of a text of which nothing would remain visible.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// All of it is.
    IsShown,
    /// It folds away.
    MayFold,
}

/// The kind of every line.
pub(super) fn kinds(lines: &[Line<'_>], whole: Whole) -> Vec<PartKind> {
    let mut walk = Walk {
        lines,
        kinds: Vec::with_capacity(lines.len()),
        letters: 0,
        next_quoted: next_quoted(lines),
        written_above: written_above(lines),
        answers_inside: None,
        marks_left: signature::MARKS_MAX,
        written_between: None,
    };
    while let Some(line) = lines.get(walk.kinds.len()) {
        walk.step(*line);
    }
    let is_anything_visible =
        lines.iter().zip(&walk.kinds).any(|(line, kind)| *kind == PartKind::Visible && !line.is_blank());
    if is_anything_visible || whole == Whole::MayFold {
        walk.kinds
    } else {
        vec![PartKind::Visible; lines.len()]
    }
}

struct Walk<'a> {
    lines: &'a [Line<'a>],
    /// One a line walked.
    kinds: Vec<PartKind>,
    /// Letters and digits of the writer's own so far.
    letters: usize,
    /// For every line, the first quoted line at or after it.
    next_quoted: Vec<usize>,
    /// For every line, the nearest line above it that is not blank.
    written_above: Vec<usize>,
    /// Whether the writer says to answer inside the quotation; asked once, at the first fold.
    answers_inside: Option<bool>,
    /// Lines `-- ` that are still looked below.
    marks_left: usize,
    /// The end of the last line above marked ones that is neither marked nor a signature; asked once.
    written_between: Option<usize>,
}

impl Walk<'_> {
    fn step(&mut self, line: Line<'_>) {
        let at = self.kinds.len();
        if line.is_blank() {
            // A blank line belongs to what stands above.
            let kind = self.kinds.last().copied().unwrap_or(PartKind::Visible);
            self.kinds.push(kind);
        } else if line.is_quoted() {
            match self.introduced_end(at) {
                Some(end) => self.mark_up_to(end, PartKind::Visible),
                None => self.kinds.push(PartKind::Quote),
            }
        } else if let Some(opening) = opening::at(self.lines, at) {
            self.open(at, opening);
        } else if let Some(end) = signature::end(self.lines, at, &mut self.marks_left) {
            self.mark_up_to(end, PartKind::Signature);
        } else {
            self.letters += line.letters();
            self.kinds.push(PartKind::Visible);
        }
    }

    /// History begins. What follows is folded to the end, unless that would hide the writer's words.
    fn open(&mut self, at: usize, opening: Opening) {
        let all = self.lines.len();
        let content = (opening.end..all).find(|place| !self.lines[*place].is_blank()).unwrap_or(all);
        let is_marked = self.lines.get(content).is_some_and(|line| line.is_quoted());
        if opening.form == Form::Forward && self.letters <= FORWARD_COMMENT_LETTERS_MAX {
            // A marked forward would fold line by line: it is shown whole.
            self.mark_up_to(if is_marked { all } else { opening.end }, PartKind::Visible);
        } else if self.answers_inside(at) && (!is_marked || !self.is_written_between(content)) {
            self.mark_up_to(if is_marked { all } else { opening.end }, PartKind::Visible);
        } else if is_marked || content == all {
            self.mark_up_to(opening.end, PartKind::Quote);
        } else if self.letters == 0 {
            // Nothing was written above: what was is below or between, where nothing tells whose words are whose.
            self.mark_up_to(self.next_quoted.get(content).copied().unwrap_or(all), PartKind::Visible);
        } else if self.is_introduced(at) {
            self.mark_up_to(opening.end, PartKind::Visible);
        } else if self.is_answered_further_on(content) {
            self.mark_up_to(opening.end, PartKind::Quote);
        } else {
            self.mark_up_to(all, PartKind::Quote);
        }
    }

    /// Whether the writer's own line above ends in a colon: what follows is part of what they tell.
    fn is_introduced(&self, at: usize) -> bool {
        let above = self.written_above.get(at).copied().unwrap_or_default();
        let is_own = above < at && self.kinds.get(above) == Some(&PartKind::Visible);
        let ends_in_colon = |line: &Line<'_>| line.bare.ends_with(':') && !line.is_quoted();
        is_own && self.lines.get(above).is_some_and(|line| ends_in_colon(line) && !line.bare.contains('@'))
    }

    /// The line after the marked lines at `at`, where they are a short list or a citation that the writer introduces.
    fn introduced_end(&self, at: usize) -> Option<usize> {
        if !self.is_introduced(at) {
            return None;
        }
        let is_within = |line: &&Line<'_>| line.is_blank() || line.is_quoted();
        let run = &self.lines[at..];
        let run = &run[..run.iter().take(2 * INTRODUCED_LINES_MAX + 1).take_while(is_within).count()];
        let marked = run.iter().filter(|line| line.is_quoted()).count();
        let is_flat = run.iter().all(|line| {
            !line.bare.trim_start_matches('>').trim_start().starts_with('>') && !line.bare.starts_with(">>")
        });
        let last = run.iter().rposition(|line| line.is_quoted())?;
        (is_flat && marked <= INTRODUCED_LINES_MAX).then_some(at + last + 1)
    }

    /// Whether anything without marks, other than a signature, stands between marked lines further on: there the answers
    /// are. What stands only below the last of them may be a name, while the answers are among the marked lines.
    fn is_written_between(&mut self, content: usize) -> bool {
        let lines = self.lines;
        *self.written_between.get_or_insert_with(|| written_between(lines)) > content
    }

    fn mark_up_to(&mut self, end: usize, kind: PartKind) {
        self.kinds.resize(end.max(self.kinds.len() + 1), kind);
    }

    /// Quotation marks further on that no program introduced: the text before them is the writer's, though it stands
    /// below an opening.
    fn is_answered_further_on(&self, content: usize) -> bool {
        let quoted = self.next_quoted.get(content).copied().unwrap_or(self.lines.len());
        let above = self.written_above.get(quoted).copied().unwrap_or_default();
        above >= content && self.lines.get(above).is_some_and(|line| !opening::introduces(*line))
    }

    fn answers_inside(&mut self, at: usize) -> bool {
        if let Some(known) = self.answers_inside {
            return known;
        }
        let own = self.lines[..at].iter().zip(&self.kinds).filter(|(_, kind)| **kind == PartKind::Visible);
        let answer = announcement::is_in(&own.map(|(line, _)| line.text).collect::<String>());
        self.answers_inside = Some(answer);
        answer
    }
}

fn written_between(lines: &[Line<'_>]) -> usize {
    let foot = lines.iter().rposition(|line| line.is_quoted()).unwrap_or_default();
    let mut marks_left = signature::MARKS_MAX;
    let mut last = 0;
    let mut place = 0;
    while let Some(line) = lines[..foot].get(place) {
        if line.is_blank() || line.is_quoted() {
            place += 1;
        } else if let Some(end) = signature::end(lines, place, &mut marks_left) {
            place = end.max(place + 1);
        } else {
            place += 1;
            last = place;
        }
    }
    last
}

fn next_quoted(lines: &[Line<'_>]) -> Vec<usize> {
    let mut next = vec![lines.len(); lines.len()];
    let mut nearest = lines.len();
    for (place, line) in lines.iter().enumerate().rev() {
        if line.is_quoted() {
            nearest = place;
        }
        next[place] = nearest;
    }
    next
}

fn written_above(lines: &[Line<'_>]) -> Vec<usize> {
    let mut above = Vec::with_capacity(lines.len());
    let mut nearest = 0;
    for (place, line) in lines.iter().enumerate() {
        above.push(nearest);
        if !line.is_blank() {
            nearest = place;
        }
    }
    above
}

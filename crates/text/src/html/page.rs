//! A page of plain text while it is written: line ends, quotation marks, lists, spaces.
//!
//! Here: how text is laid out. Not here: which element asks for it.

use crate::fold::is_invisible;

/// Bytes that are written; what follows is dropped.
const BYTES_MAX: usize = 1 << 20;
/// Quotation marks and list levels that are written at the start of one line.
const QUOTES_MAX: usize = 16;
const LEVELS_MAX: usize = 8;

/// The text so far, and what is due before the next letter.
#[derive(Default)]
pub(super) struct Page {
    out: String,
    breaks_due: u8,
    is_space_due: bool,
    /// Quotation depth of the last line written, and of the next.
    quotes_before: usize,
    quotes: usize,
    lists: Vec<Option<u32>>,
    marker: Option<String>,
    pre: usize,
    last: Option<char>,
    /// A cell begins on the line of the cell before it.
    is_bar_due: bool,
    /// Bytes that were written when the row began: cells before which nothing stands need no bar.
    row_start: usize,
}

impl Page {
    /// Bytes written: tells whether an element was empty.
    pub(super) fn written(&self) -> usize {
        self.out.len()
    }

    /// What was written since then.
    pub(super) fn written_since(&self, before: usize) -> &str {
        self.out.get(before..).unwrap_or_default()
    }

    pub(super) fn open_row(&mut self) {
        self.row_start = self.out.len();
        self.is_bar_due = false;
    }

    /// A bar parts a cell from the one before it, where both are words on one line and the first is no label.
    pub(super) fn open_cell(&mut self) {
        self.space();
        self.is_bar_due = self.out.len() > self.row_start && self.breaks_due == 0 && self.last != Some(':');
    }

    /// Writes text whose five character references are decoded; runs of spaces count as one, outside of `pre`.
    pub(super) fn write(&mut self, encoded: &str) {
        let text = decoded(encoded);
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            if is_invisible(letter) && !self.joins(letter, letters.peek().copied()) {
                continue;
            }
            self.put(letter);
        }
    }

    /// At least so many line ends before what follows.
    pub(super) fn part(&mut self, breaks: u8) {
        self.breaks_due = self.breaks_due.max(breaks);
        self.is_space_due &= breaks == 0;
    }

    /// One more line end; two in a row leave one blank line, more do not leave more.
    pub(super) fn line_end(&mut self) {
        self.part((self.breaks_due + 1).min(2));
    }

    pub(super) fn space(&mut self) {
        self.is_space_due = true;
    }

    pub(super) fn open_quote(&mut self) {
        self.quotes += 1;
    }

    pub(super) fn close_quote(&mut self) {
        self.quotes = self.quotes.saturating_sub(1);
    }

    pub(super) fn open_pre(&mut self) {
        self.pre += 1;
    }

    pub(super) fn close_pre(&mut self) {
        self.pre = self.pre.saturating_sub(1);
    }

    /// A list: numbered from a first number, or with dashes.
    pub(super) fn open_list(&mut self, first: Option<u32>) {
        self.lists.push(first);
    }

    pub(super) fn close_list(&mut self) {
        self.lists.pop();
        self.marker = None;
    }

    /// The next letter starts an item of the innermost list.
    pub(super) fn mark_item(&mut self) {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(LEVELS_MAX));
        self.marker = Some(match self.lists.last_mut() {
            Some(Some(number)) => {
                let said = format!("{indent}{number}. ");
                *number = number.saturating_add(1);
                said
            }
            _ => format!("{indent}- "),
        });
    }

    pub(super) fn finished(self) -> String {
        self.out
    }

    /// A joiner between two letters or pictures makes one sign of them; elsewhere it is junk.
    fn joins(&self, letter: char, next: Option<char>) -> bool {
        let is_joinable = |c: char| !c.is_ascii() && !c.is_whitespace() && !is_invisible(c);
        matches!(letter, '\u{200C}' | '\u{200D}')
            && self.breaks_due == 0
            && self.last.is_some_and(is_joinable)
            && next.is_some_and(is_joinable)
    }

    fn put(&mut self, letter: char) {
        if self.out.len() > BYTES_MAX {
            return;
        }
        if self.pre > 0 && letter == '\n' {
            self.line_end();
        } else if letter.is_whitespace() && self.pre == 0 {
            self.space();
        } else if !letter.is_control() || letter == '\t' {
            self.start_line_or_word();
            self.out.push(letter);
            self.last = Some(letter);
        }
    }

    fn start_line_or_word(&mut self) {
        let is_first = self.out.is_empty();
        if is_first || self.breaks_due > 0 {
            if !is_first {
                self.end_lines();
            }
            self.out.push_str(&"> ".repeat(self.quotes.min(QUOTES_MAX)));
            self.quotes_before = self.quotes;
        } else if self.is_space_due {
            self.out.push_str(if self.is_bar_due { " | " } else { " " });
        }
        self.is_bar_due = false;
        self.out.push_str(&self.marker.take().unwrap_or_default());
        (self.breaks_due, self.is_space_due) = (0, false);
    }

    /// A blank line between two quoted lines is quoted as deep as both are.
    fn end_lines(&mut self) {
        self.out.push('\n');
        if self.breaks_due > 1 {
            let depth = self.quotes.min(self.quotes_before).min(QUOTES_MAX);
            self.out.push_str("> ".repeat(depth).trim_end());
            self.out.push('\n');
        }
    }
}

/// Decodes the references that ammonia's tree writes: it knows no others.
fn decoded(encoded: &str) -> String {
    if !encoded.contains('&') {
        return encoded.to_owned();
    }
    let mut out = String::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let known = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", '\u{A0}')];
        let found = known.into_iter().find(|(reference, _)| rest[at..].starts_with(reference));
        let (length, letter) = found.map_or((1, '&'), |(reference, letter)| (reference.len(), letter));
        out.push(letter);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}

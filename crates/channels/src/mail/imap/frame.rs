//! Where one answer of the server ends: lines and the literals in them (RFC 3501 4.3), bounded, piece by piece as the
//! bytes come. What an answer means is not known here.

use thiserror::Error;

use super::limits::{LINE_BYTES_MAX, LITERAL_BYTES_MAX, PIECES_MAX};

/// A piece of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text of a line, without its end and without the `{…}` that announces a literal.
    Text(Vec<u8>),
    /// A literal.
    Literal(Vec<u8>),
    /// A literal that was too large, of so many bytes; it has been passed over.
    Skipped(u64),
}

/// What came is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Unreadable {
    #[error("a line without end")]
    LongLine,
    #[error("an answer of too many pieces")]
    ManyPieces,
    #[error("more answers than there can be")]
    ManyAnswers,
    #[error("no greeting of an IMAP server")]
    NoGreeting,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Line,
    Literal { left: u64 },
    Skipping { left: u64, total: u64 },
}

/// Puts answers together from bytes.
#[derive(Debug)]
pub(super) struct Framer {
    pieces: Vec<Piece>,
    line: Vec<u8>,
    literal: Vec<u8>,
    reading: Reading,
    text_bytes: usize,
    literal_bytes: u64,
    literal_bytes_max: u64,
}

impl Framer {
    pub(super) fn new() -> Self {
        Self {
            pieces: Vec::new(),
            line: Vec::new(),
            literal: Vec::new(),
            reading: Reading::Line,
            text_bytes: 0,
            literal_bytes: 0,
            literal_bytes_max: LITERAL_BYTES_MAX as u64,
        }
    }

    /// From here on, keeps literals of one answer up to this size together; larger ones are passed over.
    pub(super) fn keep_literals(&mut self, bytes_max: u64) {
        self.literal_bytes_max = bytes_max.max(LITERAL_BYTES_MAX as u64);
    }

    /// Takes bytes up to the end of an answer. Says how many it took, and the answer when it is whole.
    pub(super) fn feed(&mut self, chunk: &[u8]) -> Result<(usize, Option<Vec<Piece>>), Unreadable> {
        let mut used = 0;
        while used < chunk.len() {
            let rest = &chunk[used..];
            match self.reading {
                Reading::Line => {
                    let end = rest.iter().position(|byte| *byte == b'\n');
                    used += end.map_or(rest.len(), |end| end + 1);
                    self.add_text(&rest[..end.unwrap_or(rest.len())])?;
                    if end.is_some() && self.end_line()? {
                        return Ok((used, Some(self.take())));
                    }
                }
                Reading::Literal { left } => {
                    let taken = share(rest, left);
                    self.literal.extend_from_slice(&rest[..taken]);
                    used += taken;
                    self.reading = Reading::Literal { left: left - taken as u64 };
                    if left == taken as u64 {
                        let literal = Piece::Literal(std::mem::take(&mut self.literal));
                        self.end_literal(literal);
                    }
                }
                Reading::Skipping { left, total } => {
                    let taken = share(rest, left);
                    used += taken;
                    self.reading = Reading::Skipping { left: left - taken as u64, total };
                    if left == taken as u64 {
                        self.end_literal(Piece::Skipped(total));
                    }
                }
            }
        }
        Ok((used, None))
    }

    fn add_text(&mut self, text: &[u8]) -> Result<(), Unreadable> {
        self.text_bytes += text.len();
        if self.text_bytes > LINE_BYTES_MAX {
            return Err(Unreadable::LongLine);
        }
        self.line.extend_from_slice(text);
        Ok(())
    }

    /// Whether the answer ends with this line.
    fn end_line(&mut self) -> Result<bool, Unreadable> {
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        let announced = if self.may_hold_literals() { announced(&self.line) } else { None };
        let mut text = std::mem::take(&mut self.line);
        let Some((size, at)) = announced else {
            self.pieces.push(Piece::Text(text));
            return Ok(true);
        };
        text.truncate(at);
        self.pieces.push(Piece::Text(text));
        if self.pieces.len() >= PIECES_MAX {
            return Err(Unreadable::ManyPieces);
        }
        if size == 0 {
            self.pieces.push(Piece::Literal(Vec::new()));
        } else if self.literal_bytes.saturating_add(size) > self.literal_bytes_max {
            self.reading = Reading::Skipping { left: size, total: size };
        } else {
            // No room is made before the bytes are there: announcing costs a liar nothing.
            self.literal_bytes += size;
            self.reading = Reading::Literal { left: size };
        }
        Ok(false)
    }

    fn end_literal(&mut self, literal: Piece) {
        self.pieces.push(literal);
        self.reading = Reading::Line;
    }

    /// Sentences for people may end in anything; only data has literals.
    fn may_hold_literals(&self) -> bool {
        let first = match self.pieces.first() {
            Some(Piece::Text(text)) => text,
            _ => &self.line,
        };
        let Some(data) = first.strip_prefix(b"* ") else { return false };
        let word = data.split(|byte| *byte == b' ').next().unwrap_or_default();
        !["OK", "NO", "BAD", "BYE", "PREAUTH"]
            .iter()
            .any(|status| word.eq_ignore_ascii_case(status.as_bytes()))
    }

    fn take(&mut self) -> Vec<Piece> {
        self.text_bytes = 0;
        self.literal_bytes = 0;
        std::mem::take(&mut self.pieces)
    }
}

/// As many of these bytes as are still wanted.
fn share(rest: &[u8], left: u64) -> usize {
    usize::try_from(left).map_or(rest.len(), |left| left.min(rest.len()))
}

/// The size of the literal that a line announces at its end, `{12}` or `{12+}` or `~{12}`, and where that begins.
fn announced(line: &[u8]) -> Option<(u64, usize)> {
    let inner = line.strip_suffix(b"}")?;
    let inner = inner.strip_suffix(b"+").unwrap_or(inner);
    let at = inner.iter().rposition(|byte| *byte == b'{')?;
    let digits = std::str::from_utf8(&inner[at + 1..]).ok()?;
    let size = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
    let at = if at > 0 && inner[at - 1] == b'~' { at - 1 } else { at };
    Some((size, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.as_bytes().to_vec())
    }

    /// Fed in steps of this size.
    fn frames(bytes: &[u8], step: usize) -> Result<Vec<Vec<Piece>>, Unreadable> {
        let mut framer = Framer::new();
        let mut found = Vec::new();
        for chunk in bytes.chunks(step) {
            let mut at = 0;
            while at < chunk.len() {
                let (used, frame) = framer.feed(&chunk[at..])?;
                at += used;
                found.extend(frame);
            }
        }
        Ok(found)
    }

    #[test]
    fn answers_end_where_they_end_however_they_come() {
        let large = "x".repeat(LITERAL_BYTES_MAX + 1);
        let bytes = format!(
            "* OK ready {{5}}\r\n* 1 FETCH (BODY[] {{4}}\r\na\r\nb UID 3)\r\n* 2 FETCH (A {{0}}\r\n)\n\
             * 3 FETCH (A {{{}}}\r\n{large} B ~{{1+}}\r\ny)\r\nA1 NO not {{9}}\r\n",
            large.len()
        );
        let expected = vec![
            vec![text("* OK ready {5}")],
            vec![text("* 1 FETCH (BODY[] "), Piece::Literal(b"a\r\nb".to_vec()), text(" UID 3)")],
            vec![text("* 2 FETCH (A "), Piece::Literal(Vec::new()), text(")")],
            vec![
                text("* 3 FETCH (A "),
                Piece::Skipped(large.len() as u64),
                text(" B "),
                Piece::Literal(b"y".to_vec()),
                text(")"),
            ],
            vec![text("A1 NO not {9}")],
        ];
        for step in [1, 2, 3, 7, 16, 4096, usize::MAX >> 1] {
            assert_eq!(frames(bytes.as_bytes(), step).unwrap(), expected, "steps of {step}");
        }
    }

    #[test]
    fn what_has_no_end_is_given_up() {
        assert_eq!(frames(&vec![b'('; LINE_BYTES_MAX + 1], 999), Err(Unreadable::LongLine));
        let pieces = format!("* 1 FETCH ({}", "{1}\r\nx".repeat(PIECES_MAX));
        assert_eq!(frames(pieces.as_bytes(), 999), Err(Unreadable::ManyPieces));
    }

    #[test]
    fn announcing_makes_no_room() {
        let mut framer = Framer::new();
        framer.keep_literals(u64::MAX);
        framer.feed(b"* 1 FETCH (BODY[] {18446744073709551615}\r\nabc").unwrap();
        assert!(framer.literal.capacity() < 1_000);
        // More digits than any number has announce nothing.
        assert_eq!(announced(b"{99999999999999999999}"), None);
        assert_eq!(announced(b"{-1}"), None);
        assert_eq!(announced(b"{}"), None);
    }
}

//! Letters out of an mbox file (RFC 4155 and its older dialects), one after the other: the file may be larger than memory.
//! Bytes only: what a letter says is read elsewhere, and nothing is written.
//!
//! A letter begins with a line `From sender date`. Writers differ in what they do to lines of a letter that begin the
//! same way: most put `>` before `From `, before `>From ` too (mboxrd) or not (mboxo), a few put nothing and trust a
//! `Content-Length` that is often wrong. So lengths are not believed; a line begins a letter when it looks like one in
//! its place, and one `>` is taken from quoted lines, as mboxrd says.

use std::io::{self, BufRead};

/// Pieces in which lines are read, in bytes: a line without an end must not fill the memory. RFC 5322 2.1.1 allows 998.
const PIECE_BYTES_MAX: usize = 16 * 1024;
/// Longest name of a header field, in bytes (a line of RFC 5322 2.1.1 less the colon is far longer than any in use).
const FIELD_NAME_BYTES_MAX: usize = 80;
/// How every letter in an mbox begins.
const FROM: &[u8] = b"From ";

/// Whether a file that begins with these bytes is an mbox.
pub fn begins_mbox(head: &[u8]) -> bool {
    head.starts_with(FROM)
}

/// Whether a line is a header field (RFC 5322 2.2): a name without spaces, then a colon.
pub fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take(FIELD_NAME_BYTES_MAX + 1).position(|byte| *byte == b':');
    name.is_some_and(|end| end > 0 && line[..end].trim_ascii_end().iter().all(u8::is_ascii_graphic))
}

/// A letter taken out of an mbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the file, from 1.
    pub number: u64,
    /// Where the next letter begins, in bytes from the start of the file.
    pub end: u64,
    /// The letter, without the line that began it; `None` when it is larger than was asked for.
    pub bytes: Option<Vec<u8>>,
}

/// An mbox that is being read. Memory is that of one letter.
#[derive(Debug)]
pub struct Mbox<R> {
    lines: Lines<R>,
    letter_bytes_max: usize,
    /// The line at hand and the one after it: whether a `From ` line begins a letter shows in what follows.
    next: Piece,
    after: Piece,
    number: u64,
}

impl<R: BufRead> Mbox<R> {
    /// Begins to read. Letters larger than `letter_bytes_max` are passed over without being held in memory.
    pub fn open(source: R, letter_bytes_max: usize) -> io::Result<Self> {
        let mut lines = Lines { source, is_line_start: true, read: 0 };
        let (next, after) = (lines.piece()?, lines.piece()?);
        Ok(Self { lines, letter_bytes_max, next, after, number: 0 })
    }

    /// The next letter; `None` at the end of the file. What stands before the first `From ` line is a letter as well;
    /// one without a single byte is none.
    pub fn next_letter(&mut self) -> io::Result<Option<Entry>> {
        while !self.next.bytes.is_empty() {
            let mut letter = Growing { bytes: Some(Vec::new()), bytes_max: self.letter_bytes_max };
            self.fill(&mut letter)?;
            // One empty line belongs to the `From ` line after it.
            letter.drop_last_empty_line();
            if letter.bytes.as_ref().is_none_or(|bytes| !bytes.is_empty()) {
                self.number += 1;
                let ahead = self.next.bytes.len() + self.after.bytes.len();
                let end = self.lines.read.saturating_sub(ahead as u64);
                return Ok(Some(Entry { number: self.number, end, bytes: letter.bytes }));
            }
        }
        Ok(None)
    }

    /// Reads one letter up to the line that begins the next.
    fn fill(&mut self, letter: &mut Growing) -> io::Result<()> {
        let mut piece = self.advance()?;
        if !piece.begins_line_with(FROM) {
            letter.add(unquoted(&piece));
        }
        while !self.next.bytes.is_empty() && !self.begins_letter(piece.is_blank()) {
            piece = self.advance()?;
            letter.add(unquoted(&piece));
        }
        Ok(())
    }

    /// The piece at hand; the one after the next is read.
    fn advance(&mut self) -> io::Result<Piece> {
        let next = std::mem::replace(&mut self.after, self.lines.piece()?);
        Ok(std::mem::replace(&mut self.next, next))
    }

    /// Whether the line ahead begins a letter. Writers that forget the empty line before it, or the date in it, are
    /// still understood when a header field follows.
    fn begins_letter(&self, is_after_blank: bool) -> bool {
        if !self.next.begins_line_with(FROM) {
            return false;
        }
        let rest = self.next.bytes[FROM.len()..].trim_ascii();
        let is_one_word = !rest.iter().any(u8::is_ascii_whitespace);
        let is_before_field = self.after.is_line_start && is_field(&self.after.bytes);
        if is_dated(rest) {
            is_after_blank || is_before_field
        } else {
            is_one_word && is_after_blank && is_before_field
        }
    }
}

/// A line, or as much of one as is read at once; empty at the end of the file.
#[derive(Debug, Default)]
struct Piece {
    bytes: Vec<u8>,
    is_line_start: bool,
}

impl Piece {
    fn begins_line_with(&self, start: &[u8]) -> bool {
        self.is_line_start && self.bytes.starts_with(start)
    }

    fn is_blank(&self) -> bool {
        self.is_line_start && matches!(self.bytes.as_slice(), b"\n" | b"\r\n")
    }
}

/// The file, piece by piece.
#[derive(Debug)]
struct Lines<R> {
    source: R,
    is_line_start: bool,
    read: u64,
}

impl<R: BufRead> Lines<R> {
    fn piece(&mut self) -> io::Result<Piece> {
        let mut bytes = Vec::new();
        let mut bounded = io::Read::take(&mut self.source, PIECE_BYTES_MAX as u64);
        self.read += bounded.read_until(b'\n', &mut bytes)? as u64;
        let is_line_start = std::mem::replace(&mut self.is_line_start, bytes.ends_with(b"\n"));
        Ok(Piece { bytes, is_line_start })
    }
}

/// Whether the rest of a `From ` line holds a time of day and a year, as every form of date in use does (asctime of
/// RFC 4155, with a zone before or behind the year, with or without seconds).
fn is_dated(rest: &[u8]) -> bool {
    let words = rest.split(|byte| byte.is_ascii_whitespace() || *byte == b',').take(20);
    let is_time = |word: &[u8]| {
        word.len() >= 4
            && word.contains(&b':')
            && word.iter().all(|byte| byte.is_ascii_digit() || *byte == b':')
    };
    let is_year = |word: &[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    let (has_time, has_year) =
        words.fold((false, false), |(time, year), word| (time || is_time(word), year || is_year(word)));
    has_time && has_year
}

/// A line of a letter as it was before it was written: one `>` is taken from `>From `, `>>From ` and so on.
fn unquoted(piece: &Piece) -> &[u8] {
    let bytes = piece.bytes.as_slice();
    if !piece.begins_line_with(b">") {
        return bytes;
    }
    let quotes = bytes.iter().take_while(|byte| **byte == b'>').count();
    if bytes[quotes..].starts_with(FROM) { &bytes[1..] } else { bytes }
}

/// A letter that grows line by line, up to a limit.
struct Growing {
    bytes: Option<Vec<u8>>,
    bytes_max: usize,
}

impl Growing {
    fn add(&mut self, piece: &[u8]) {
        // The empty line at the end is not part of the letter, and must not make it too large.
        let bytes_max = self.bytes_max.saturating_add(2);
        self.bytes = self.bytes.take().filter(|bytes| bytes.len() + piece.len() <= bytes_max);
        if let Some(bytes) = &mut self.bytes {
            bytes.extend_from_slice(piece);
        }
    }

    fn drop_last_empty_line(&mut self) {
        let Some(bytes) = &mut self.bytes else { return };
        for ending in [&b"\r\n"[..], b"\n"] {
            if bytes.strip_suffix(ending).is_some_and(|rest| rest.is_empty() || rest.ends_with(b"\n")) {
                bytes.truncate(bytes.len() - ending.len());
                break;
            }
        }
        if bytes.len() > self.bytes_max {
            self.bytes = None;
        }
    }
}

//! The content of a letter after `DATA`, byte by byte: dots unstuffed, its end found, its size and lines bounded.
//! Only CR LF . CR LF ends it. A bare CR or LF is refused, since two servers that disagree about it can be
//! made to see two letters where one was sent (RFC 5321 2.3.8; "SMTP smuggling"). No commands here.

use super::reply::Reply;
use crate::mail::limits::DRAIN_BYTES_MAX;

/// What taking some bytes came to.
#[derive(Debug)]
pub(super) enum Ended {
    /// More is to come.
    No,
    /// The letter is whole.
    Complete(Vec<u8>),
    /// It ended but is refused.
    Refused(Reply),
    /// It is refused and too long to wait for its end.
    Hopeless(Reply),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    LineStart,
    InLine,
    AfterCr,
    /// After a dot at the start of a line.
    Dot,
    /// After a dot at the start of a line and a CR.
    DotCr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    TooLarge,
    LineTooLong,
    BareLineBreak,
}

/// The content so far.
#[derive(Debug)]
pub(super) struct Content {
    bytes: Vec<u8>,
    bytes_seen: usize,
    line_bytes: usize,
    place: Place,
    fault: Option<Fault>,
    size_bytes_max: usize,
    line_bytes_max: usize,
}

impl Content {
    /// Nothing received yet.
    pub(super) fn new(size_bytes_max: usize, line_bytes_max: usize) -> Self {
        Self {
            bytes: Vec::new(),
            bytes_seen: 0,
            line_bytes: 0,
            place: Place::LineStart,
            fault: None,
            size_bytes_max,
            line_bytes_max,
        }
    }

    /// Takes bytes from the front of `input`, up to the end of the letter.
    pub(super) fn take(&mut self, input: &mut &[u8]) -> Ended {
        while let Some((&byte, rest)) = input.split_first() {
            *input = rest;
            self.bytes_seen = self.bytes_seen.saturating_add(1);
            if self.push(byte) {
                return self.finish();
            }
            if self.fault.is_some() && self.bytes_seen > self.size_bytes_max.saturating_add(DRAIN_BYTES_MAX) {
                return Ended::Hopeless(self.refusal());
            }
        }
        Ended::No
    }

    /// One byte; true when it was the last of the letter.
    fn push(&mut self, byte: u8) -> bool {
        let (place, is_end) = match (self.place, byte) {
            (Place::DotCr, b'\n') => (Place::LineStart, true),
            (Place::AfterCr, b'\n') => {
                self.keep(b"\r\n");
                self.line_bytes = 0;
                (Place::LineStart, false)
            }
            (Place::AfterCr | Place::DotCr, _) => {
                self.fail(Fault::BareLineBreak);
                (if byte == b'\r' { Place::AfterCr } else { Place::InLine }, false)
            }
            (Place::LineStart, b'.') => (Place::Dot, false),
            (Place::Dot, b'\r') => (Place::DotCr, false),
            (_, b'\r') => (Place::AfterCr, false),
            (_, b'\n') => {
                self.fail(Fault::BareLineBreak);
                (Place::InLine, false)
            }
            // The dot before it was stuffing and is not kept (RFC 5321 4.5.2).
            _ => {
                self.keep(&[byte]);
                (Place::InLine, false)
            }
        };
        self.place = place;
        is_end
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.line_bytes = self.line_bytes.saturating_add(bytes.len());
        if self.bytes.len().saturating_add(bytes.len()) > self.size_bytes_max {
            self.fail(Fault::TooLarge);
        } else if self.line_bytes > self.line_bytes_max {
            self.fail(Fault::LineTooLong);
        } else if self.fault.is_none() {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Remembers the first fault and frees what was kept: it will not be used.
    fn fail(&mut self, fault: Fault) {
        if self.fault.is_none() {
            self.fault = Some(fault);
            self.bytes = Vec::new();
        }
    }

    fn finish(&mut self) -> Ended {
        match self.fault {
            None => Ended::Complete(std::mem::take(&mut self.bytes)),
            Some(_) => Ended::Refused(self.refusal()),
        }
    }

    fn refusal(&self) -> Reply {
        match self.fault {
            Some(Fault::BareLineBreak) => Reply::line(550, "5.6.11", "Lines must end in CR LF"),
            Some(Fault::LineTooLong) => Reply::line(550, "5.6.0", "A line is too long"),
            Some(Fault::TooLarge) | None => Reply::line(552, "5.3.4", "Letter is too large"),
        }
    }
}

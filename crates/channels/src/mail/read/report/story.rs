//! A report's own words: the text up to where the returned mail begins, and that mail's header. No conclusions about
//! recipients or codes here.

use super::addresses;
use super::codes::smtp_code;
use super::phrases::{MAIL, MAIL_OF_SERVERS, NOT_DELIVERED, SURE, has};

/// Lines of a text looked at.
const LINES_MAX: usize = 2_000;
/// Bytes of a line looked at; sentences of servers are shorter.
const LINE_BYTES_MAX: usize = 2_000;
/// Lines in which a report says that it is one.
const OPENING_LINES_MAX: usize = 60;
/// A heading is short; sentences about the original message are not.
const HEADING_BYTES_MAX: usize = 120;
/// Lines after a header field looked at for another one.
const FIELDS_AHEAD: usize = 8;

/// What the line over a returned mail says, folded.
const HEADINGS: [&str; 26] = [
    "copy of the message",
    "copy of your message",
    "copy of the original",
    "copy of the mail",
    "original message",
    "original mail",
    "original header",
    "returned message",
    "returned mail follows",
    "unsent message",
    "undelivered message",
    "message header",
    "headers of the message",
    "header of the message",
    "header of the original",
    "your message follows",
    "message follows",
    "message d'origine",
    "message original",
    "copie du message",
    "copie de votre message",
    "en-tetes du message",
    "en-tete du message",
    "ursprungliche",
    "mensaje original",
    "messaggio originale",
];

/// Fields that stand in the header of a mail and in no report.
const FIRST_FIELDS: [&str; 9] = [
    "received:",
    "return-path:",
    "message-id:",
    "dkim-signature:",
    "x-received:",
    "x-originating-ip:",
    "delivered-to:",
    "arc-seal:",
    "authentication-results:",
];
const NEXT_FIELDS: [&str; 9] = [
    "from:",
    "to:",
    "subject:",
    "date:",
    "message-id:",
    "received:",
    "mime-version:",
    "content-type:",
    "return-path:",
];

/// Who wrote a text that may be a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Author {
    /// Somebody who looks after mail, by the address.
    Server,
    /// A program, which may as well be a shop's or a carrier's.
    Program,
}

/// A text in two: what the report says, and the mail that it returns.
#[derive(Debug, Default)]
pub(in super::super) struct Story<'a> {
    /// The report's own lines.
    pub(super) lines: Vec<&'a str>,
    /// The returned mail as far as it is written into the text, from its header.
    pub(in super::super) original: Vec<&'a str>,
}

impl<'a> Story<'a> {
    pub(in super::super) fn of(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().take(LINES_MAX).map(cut).collect();
        let start = (0..lines.len()).find(|at| is_heading(&lines, *at) || is_header(&lines, *at));
        let Some(start) = start else { return Self { lines, original: Vec::new() } };
        let (own, original) = lines.split_at(start);
        // The header begins at the first field after the heading and its rule.
        let is_field = |line: &&str| field_name(line).is_some();
        let header = original.iter().take(FIELDS_AHEAD * 2).position(is_field).unwrap_or(0);
        Self { lines: own.to_vec(), original: original[header..].to_vec() }
    }

    /// Whether these are a mail server's words about a mail: it did not arrive, and an address or a code proves that
    /// mail is meant and not a parcel.
    pub(in super::super) fn is_report(&self, by: Author) -> bool {
        if super::sns::is_notice(self) {
            return true;
        }
        let opening = self.opening();
        let has_code = self.lines.iter().any(|line| smtp_code(line).is_some());
        let nobody = addresses::Known::default();
        let has_address = || addresses::candidates(self, &nobody).any(|found| found.is_sure());
        let mail: &[&str] = if by == Author::Server { &MAIL_OF_SERVERS } else { &MAIL };
        let is_about = |line: &str| has(&MAIL, line) || has(mail, line);
        let is_said = || {
            let mut lines = opening.lines().zip(opening.lines().skip(1).chain([""]));
            lines.any(|(line, next)| has(&NOT_DELIVERED, line) && (is_about(line) || is_about(next)))
        };
        let has_command = || self.lines.iter().any(|line| text::fold::folded(line).contains("rcpt to"));
        (has(&SURE, &opening) || is_said()) && (has_code || has_address()) || has_code && has_command()
    }

    /// The first lines, folded.
    pub(super) fn opening(&self) -> String {
        let lines = self.lines.iter().filter(|line| !line.trim().is_empty()).take(OPENING_LINES_MAX);
        lines.map(|line| text::fold::folded(line.trim())).collect::<Vec<_>>().join("\n")
    }
}

fn cut(line: &str) -> &str {
    &line[..line.floor_char_boundary(LINE_BYTES_MAX)]
}

/// A line that announces the returned mail: short, and ruled, ending in a colon, or saying that it follows.
fn is_heading(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    if line.is_empty() || line.len() > HEADING_BYTES_MAX {
        return false;
    }
    let folded = text::fold::folded(line);
    let is_ruled = folded.starts_with("--") || folded.ends_with("--") || folded.starts_with("==");
    let is_opening = folded.ends_with(':') || folded.contains(" follow") || folded.ends_with("below");
    let is_said = has(&HEADINGS, &folded) && !folded.contains(" was ") && !folded.contains("mts-id");
    is_said && (is_ruled || is_opening)
}

/// The first field of a mail's header, without a heading: another field follows soon.
fn is_header(lines: &[&str], at: usize) -> bool {
    let is_one = |names: &[&str], line: &str| {
        names.iter().any(|name| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
    };
    let mut next = lines.iter().skip(at + 1).take(FIELDS_AHEAD);
    is_one(&FIRST_FIELDS, lines[at]) && next.any(|line| is_one(&NEXT_FIELDS, line))
}

/// The name of the field that the line begins, when it begins one.
fn field_name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (!name.is_empty() && name.len() <= 60 && name.bytes().all(is_name)).then_some(name)
}

//! What one answer of the server means, as far as we need it; the rest is [`Answer::Other`]. Reading never fails.

use jiff::Timestamp;
use jiff::fmt::strtime;

use super::frame::Piece;
use super::limits::CAPABILITIES_MAX;
use super::tokens::{Token, Tokens};
use crate::mail::sentence::one_line;

/// How a command ended, or how the server feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    No,
    Bad,
    Bye,
    PreAuth,
}

/// A status with what goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub status: Status,
    /// What stands in square brackets (RFC 3501 7.1), upper case, such as `UIDVALIDITY 17`; empty when nothing does.
    pub code: String,
    /// The sentence for people, on one bounded line.
    pub text: String,
}

impl Said {
    /// The number behind the word, as in `UIDNEXT 12`.
    pub(super) fn number(&self, word: &str) -> Option<u32> {
        self.code.strip_prefix(word)?.strip_prefix(' ')?.trim().parse().ok()
    }
}

/// The content of a letter, as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Body {
    #[default]
    None,
    Letter(Vec<u8>),
    /// Too large, of so many bytes.
    Skipped(u64),
}

/// What a `FETCH` says about one letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct About {
    pub uid: Option<u32>,
    pub size_bytes: Option<u64>,
    pub internal_date: Option<Timestamp>,
    pub body: Body,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// `+`: go on.
    Continue(String),
    /// The end of the command with that tag.
    Done(String, Said),
    /// `* OK` and its like.
    Status(Said),
    Capabilities(Vec<String>),
    /// Letters in the folder.
    Exists(u32),
    /// The letter at that place is gone.
    Expunge(u32),
    Fetch(About),
    Other,
}

/// Reads an answer.
pub(super) fn read(pieces: Vec<Piece>) -> Answer {
    let Some(Piece::Text(first)) = pieces.first() else { return Answer::Other };
    if let Some(rest) = first.strip_prefix(b"+") {
        return Answer::Continue(String::from_utf8_lossy(rest).trim().to_owned());
    }
    let line = String::from_utf8_lossy(first).into_owned();
    let Some((tag, rest)) = line.split_once(' ') else { return Answer::Other };
    match (tag, said(rest)) {
        ("*", Some(said)) => Answer::Status(said),
        ("*", None) => data(rest, pieces),
        (tag, Some(said)) => Answer::Done(tag.to_owned(), said),
        (_, None) => Answer::Other,
    }
}

fn said(line: &str) -> Option<Said> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let status = match word.to_ascii_uppercase().as_str() {
        "OK" => Status::Ok,
        "NO" => Status::No,
        "BAD" => Status::Bad,
        "BYE" => Status::Bye,
        "PREAUTH" => Status::PreAuth,
        _ => return None,
    };
    let coded = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (code, text) = coded.unwrap_or(("", rest));
    Some(Said { status, code: code.trim().to_ascii_uppercase(), text: one_line(text) })
}

fn data(line: &str, pieces: Vec<Piece>) -> Answer {
    let mut words = line.splitn(3, ' ').map(str::to_ascii_uppercase);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if first == "CAPABILITY" {
        return Answer::Capabilities(capabilities(line));
    }
    match (first.parse(), second.as_str()) {
        (Ok(count), "EXISTS") => Answer::Exists(count),
        (Ok(place), "EXPUNGE") => Answer::Expunge(place),
        (Ok(_), "FETCH") => Answer::Fetch(about(pieces)),
        _ => Answer::Other,
    }
}

/// The abilities in `CAPABILITY IMAP4rev1 IDLE …`, upper case.
pub(super) fn capabilities(line: &str) -> Vec<String> {
    line.split_ascii_whitespace().skip(1).take(CAPABILITIES_MAX).map(str::to_ascii_uppercase).collect()
}

fn about(pieces: Vec<Piece>) -> About {
    let mut about = About::default();
    let mut tokens = Tokens::new(pieces);
    // `* 5 FETCH (`
    if tokens.nth(3) != Some(Token::Open) {
        return about;
    }
    // Each turn takes a word, of which an answer has as many as bytes at most.
    while let Some(Token::Atom(name)) = tokens.next() {
        match name.to_ascii_uppercase().as_str() {
            "UID" => about.uid = tokens.number(),
            "RFC822.SIZE" => about.size_bytes = tokens.number(),
            "INTERNALDATE" => about.internal_date = tokens.next().and_then(date),
            "BODY[]" => about.body = tokens.next().map(body).unwrap_or_default(),
            _ => tokens.pass_value(),
        }
    }
    about
}

fn body(token: Token) -> Body {
    match token {
        Token::Text(bytes) => Body::Letter(bytes),
        Token::Skipped(size) => Body::Skipped(size),
        _ => Body::None,
    }
}

/// `date-time` of RFC 3501 9, such as ` 5-Nov-2024 20:44:23 +0100`.
fn date(token: Token) -> Option<Timestamp> {
    let Token::Text(text) = token else { return None };
    let text = std::str::from_utf8(&text).ok()?.trim();
    strtime::parse("%d-%b-%Y %H:%M:%S %z", text).ok()?.to_timestamp().ok()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::frame::Framer;
    use super::*;

    fn one(line: &str) -> Answer {
        read(vec![Piece::Text(line.as_bytes().to_vec())])
    }

    fn said(status: Status, code: &str, text: &str) -> Said {
        Said { status, code: code.to_owned(), text: text.to_owned() }
    }

    proptest! {
        /// Whatever comes, reading ends and nothing panics.
        #[test]
        fn anything_is_read(bytes in pieces()) {
            let mut framer = Framer::new();
            let mut at = 0;
            while let Ok((used @ 1.., frame)) = framer.feed(&bytes[at..]) {
                at += used;
                if let Some(frame) = frame {
                    read(frame);
                }
            }
        }
    }

    /// Bytes of any kind, and pieces of answers in any order.
    fn pieces() -> impl Strategy<Value = Vec<u8>> {
        const WORDS: &[&str] = &[
            "* ",
            "1 FETCH (",
            "UID ",
            "7",
            "BODY[",
            "BODY[] ",
            "]",
            "{3}\r\n",
            "{0}\r\n",
            "~{9+}\r\n",
            "abc",
            "\"",
            "\\",
            "(",
            ")",
            " ",
            "\r\n",
            "\n",
            "INTERNALDATE ",
            "NIL",
            "RFC822.SIZE ",
            "99999999999999999999",
            "OK [",
            "S1 NO ",
            "+ ",
        ];
        let word = select(WORDS).prop_map(|word| word.as_bytes().to_vec());
        vec(prop_oneof![8 => word, 1 => vec(any::<u8>(), 0..8)], 0..60).prop_map(|parts| parts.concat())
    }

    #[test]
    fn answers_are_understood() {
        let table = [
            ("+ idling", Answer::Continue("idling".to_owned())),
            ("+", Answer::Continue(String::new())),
            ("* OK [UidValidity 17] ok", Answer::Status(said(Status::Ok, "UIDVALIDITY 17", "ok"))),
            ("* bye", Answer::Status(said(Status::Bye, "", ""))),
            ("S1 NO [AUTHENTICATIONFAILED] no", {
                Answer::Done("S1".to_owned(), said(Status::No, "AUTHENTICATIONFAILED", "no"))
            }),
            ("S1 OK", Answer::Done("S1".to_owned(), said(Status::Ok, "", ""))),
            ("* 12 EXISTS", Answer::Exists(12)),
            ("* 3 expunge", Answer::Expunge(3)),
            ("* CAPABILITY IMAP4rev1 Idle", {
                Answer::Capabilities(vec!["IMAP4REV1".to_owned(), "IDLE".to_owned()])
            }),
            ("* 99999999999 EXISTS", Answer::Other),
            ("* SEARCH 1 2", Answer::Other),
            ("*", Answer::Other),
            ("", Answer::Other),
            ("what is this", Answer::Other),
        ];
        for (line, expected) in table {
            assert_eq!(one(line), expected, "{line}");
        }
        let numbers = said(Status::Ok, "UIDNEXT 12", "");
        assert_eq!((numbers.number("UIDNEXT"), numbers.number("UID")), (Some(12), None));
    }

    #[test]
    fn a_letter_is_understood_in_any_order() {
        let letter = About {
            uid: Some(9),
            size_bytes: Some(4),
            internal_date: Some("2024-11-05T19:44:23Z".parse().unwrap()),
            body: Body::Letter(b"a\r\nb".to_vec()),
        };
        let text = |text: &str| Piece::Text(text.as_bytes().to_vec());
        let literal = || Piece::Literal(b"a\r\nb".to_vec());
        let date = "INTERNALDATE \" 5-Nov-2024 20:44:23 +0100\"";
        let first = format!("* 1 FETCH (FLAGS (\\Seen (odd)) UID 9 {date} RFC822.SIZE 4 BODY[] ");
        assert_eq!(read(vec![text(&first), literal(), text(")")]), Answer::Fetch(letter.clone()));
        let last = format!(" {date} X-NEW NIL RFC822.SIZE 4 UID 9)");
        assert_eq!(read(vec![text("* 1 fetch (Body[] "), literal(), text(&last)]), Answer::Fetch(letter));
    }

    #[test]
    fn odd_letters_are_understood_in_part() {
        let about = |uid, body| Answer::Fetch(About { uid, body, ..About::default() });
        for (line, expected) in [
            ("* 1 FETCH (UID 9 INTERNALDATE NIL BODY[] NIL)", about(Some(9), Body::None)),
            ("* 1 FETCH (UID 9 INTERNALDATE \"31-Feb-2024\" BODY[] \"\")", {
                about(Some(9), Body::Letter(Vec::new()))
            }),
            ("* 1 FETCH (UID 99999999999 BODY[]", about(None, Body::None)),
            ("* 1 FETCH UID 9", about(None, Body::None)),
            ("* 1 FETCH ((((((((", about(None, Body::None)),
            ("* 1 FETCH (BODYSTRUCTURE ((((\"", about(None, Body::None)),
        ] {
            assert_eq!(one(line), expected, "{line}");
        }
    }
}

//! A letter that somebody passes on as an attachment (RFC 2046 5.2.1): who wrote the inner one, and what it says.
//! A letter merely attached, with words of its own and no sign of passing on, is a file. Inline forwards are read
//! elsewhere, from the words. One level is opened.

use casework::inbound::{Forwarded, Inbound};
use mail_parser::MessageParser;

use super::parts::Letter;
use super::{Defects, bodies, headers, sealed};

/// Files looked at for the inner letter.
const FILES_MAX: usize = 20;
/// Words above a letter that is attached alone, up to which it is taken for passed on, in characters: "for you, please
/// answer" fits, a complaint with a proof does not.
const COMMENT_CHARS_MAX: usize = 120;
/// Beginnings of subjects that say "forwarded", folded, without their colon: French, English, German, Spanish,
/// Italian, Portuguese, Dutch, the languages of the north.
const PREFIXES: [&str; 16] = [
    "tr",
    "fwd",
    "fw",
    "wg",
    "rv",
    "i",
    "enc",
    "transf",
    "transfert",
    "transfere",
    "doorst",
    "vs",
    "vb",
    "vl",
    "pd",
    "fs",
];

/// The inner letter, when the outer one forwards it.
pub(super) fn forwarded(parts: &Letter<'_>, outer: &Inbound) -> Option<Box<Forwarded>> {
    let files = parts.files();
    let found = files.iter().take(FILES_MAX).find(|part| is_letter(&parts.head(**part).media_type))?;
    let comment = text::reading::read(&outer.text).visible();
    // Pictures of a signature do not count.
    let is_file = |part: &usize| {
        let head = parts.head(*part);
        !(head.content_id.is_some() && head.media_type.starts_with("image/"))
    };
    let is_only = files.iter().take(FILES_MAX + 1).filter(|part| is_file(part)).count() == 1;
    let is_short = comment.chars().take(COMMENT_CHARS_MAX + 1).count() <= COMMENT_CHARS_MAX;
    let is_alone = is_only && is_short;
    if !is_alone && !says_forwarded(&outer.subject) {
        return None;
    }
    let content = parts.content(*found, parts.head(*found).transfer);
    let inner = sealed::unsealed(content.trim_ascii_start());
    let letter = Letter::open(&inner)?;
    let (block, _) = letter.header_block();
    let message = MessageParser::new().parse_headers(&*block)?;
    let (mut read, mut defects) = (Inbound::default(), Defects::default());
    headers::fill(&mut read, &message, &mut defects);
    let bodies = bodies::read(&letter, &mut defects);
    let (subject, text, message_id) = (read.subject, bodies.text, read.message_id);
    Some(Box::new(Forwarded { from: read.from?, subject, text, message_id, comment }))
}

fn is_letter(media_type: &str) -> bool {
    matches!(media_type, "message/rfc822" | "message/global")
}

/// Whether the first prefix of the subject says so; an answer to a forward ("RE: TR:") does not.
fn says_forwarded(subject: &str) -> bool {
    let Some((prefix, _)) = subject.split_once(':') else { return false };
    PREFIXES.contains(&text::fold::folded(prefix).trim())
}

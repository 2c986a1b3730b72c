//! Which of our mails came back? A delivery report carries the returned mail or its header (RFC 3464 2, RFC 6522),
//! and the `Message-ID` in it says which one. Only reports are searched; nothing is concluded here.

use mail_parser::{HeaderName, MessageParser};

use super::headers::ids;
use super::parts::Letter;

/// Parts of a report looked at.
const PARTS_MAX: usize = 10;
/// Header of the returned mail looked at, in bytes.
const HEADER_BYTES_MAX: usize = 64 * 1024;
/// Lines of a report without parts looked at, as Exim and qmail write them.
const LINES_MAX: usize = 2_000;

/// The id of the returned mail: from an attached mail or header, else from a line of the text.
pub(super) fn returned_id(letter: &Letter<'_>, text: &str) -> Option<String> {
    let attached = letter.files().iter().take(PARTS_MAX).find_map(|part| attached_id(letter, *part));
    attached.or_else(|| text.lines().take(LINES_MAX).find_map(line_id))
}

fn attached_id(letter: &Letter<'_>, part: usize) -> Option<String> {
    let head = letter.head(part);
    let is_mail =
        matches!(head.media_type.as_str(), "message/rfc822" | "message/global" | "text/rfc822-headers");
    let content = letter.content(part, head.transfer);
    let header = content.get(..content.len().min(HEADER_BYTES_MAX)).filter(|_| is_mail)?;
    id(header)
}

fn line_id(line: &str) -> Option<String> {
    let is_field = line.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("message-id:"));
    if is_field { id(format!("{line}\n").as_bytes()) } else { None }
}

fn id(header: &[u8]) -> Option<String> {
    let message = MessageParser::new().parse_headers(header)?;
    ids(&message, &HeaderName::MessageId).next()
}

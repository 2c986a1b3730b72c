//! The mail that a report returns: attached whole, attached as its header, or written into the text. It says which of
//! our mails came back and to whom it went. Its body is not looked at.

use mail_parser::{HeaderName, MessageParser};

use super::super::headers::{addresses, ids};
use super::super::parts::Letter;
use super::story::Story;

/// Parts of a report looked at.
const PARTS_MAX: usize = 10;
/// Header of the returned mail looked at, in bytes.
const HEADER_BYTES_MAX: usize = 64 * 1024;
/// Lines of a returned header written into the text.
const LINES_MAX: usize = 300;
/// Addresses looked at in it.
const ADDRESSES_MAX: usize = 20;

/// What the returned header says.
#[derive(Debug, Default)]
pub(in super::super) struct Original {
    /// Its `Message-ID`.
    pub(in super::super) message_id: Option<String>,
    /// Its author.
    pub(super) from: Vec<String>,
    /// Those it was sent to.
    pub(super) to: Vec<String>,
}

impl Original {
    /// Reads the returned header, wherever it is; empty when nothing came back.
    pub(in super::super) fn of(letter: &Letter<'_>, story: &Story<'_>, text: &str) -> Self {
        let attached = letter.files().iter().take(PARTS_MAX).find_map(|part| attached(letter, *part));
        let mut original = attached.or_else(|| inlined(story)).unwrap_or_default();
        if original.message_id.is_none() {
            original.message_id = named_id(text, "message-id");
        }
        original
    }
}

fn attached(letter: &Letter<'_>, part: usize) -> Option<Original> {
    let head = letter.head(part);
    let kinds = [
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "text/rfc822-header",
        "message/global-headers",
    ];
    let is_mail = kinds.contains(&head.media_type.as_str());
    let content = is_mail.then(|| letter.content(part, head.transfer))?;
    header(&content[..content.len().min(HEADER_BYTES_MAX)])
        .filter(|original| original.message_id.is_some() || !original.to.is_empty())
}

/// The header in the text; marks of quotation before its lines are left out.
fn inlined(story: &Story<'_>) -> Option<Original> {
    let lines = story.original.iter().take(LINES_MAX);
    let block: Vec<&str> = lines.map(|line| line.strip_prefix("> ").unwrap_or(line)).collect();
    header(block.join("\n").as_bytes())
}

fn header(block: &[u8]) -> Option<Original> {
    let mut block = block.trim_ascii_start().to_vec();
    block.extend_from_slice(b"\n\n");
    let message = MessageParser::new().parse_headers(&block)?;
    let to = addresses(&message, &HeaderName::To, ADDRESSES_MAX);
    let cc = addresses(&message, &HeaderName::Cc, ADDRESSES_MAX);
    Some(Original {
        message_id: ids(&message, &HeaderName::MessageId).next(),
        from: addresses(&message, &HeaderName::From, 1),
        to: [to, cc].concat(),
    })
}

/// `Message-ID: <…>` at the beginning of a line, the id perhaps on the next; the name is given in lower case.
pub(super) fn named_id(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().take(LINES_MAX * 5).peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_start_matches([' ', '\t', '>', '-', '*']);
        let Some((given, value)) = line.split_once(':') else { continue };
        if given.eq_ignore_ascii_case(name) {
            let next = lines.peek().filter(|next| next.starts_with([' ', '\t'])).copied().unwrap_or_default();
            return header(format!("Message-ID: {value}\n{next}").as_bytes())?.message_id;
        }
    }
    None
}

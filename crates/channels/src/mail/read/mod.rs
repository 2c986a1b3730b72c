//! A letter as bytes, read into what the desk decides on. It never fails: it returns what it understood
//! and the list of what was wrong. No decisions, no IO.

mod automatic;
mod decode;
mod delivered_to;
mod files;
mod headers;
mod parts;
mod returned;
mod tame;

use casework::inbound::{Automatic, Defect, Inbound};
use mail_parser::{Message, MessageParser, MimeHeaders};
use sha2::{Digest, Sha256};

use super::limits::{ANSWERS_MAX, BODIES_MAX, DEFECTS_MAX, HTML_BYTES_MAX, LETTER_BYTES_MAX, TEXT_BYTES_MAX};
pub use delivered_to::delivered_to;
use parts::Letter;

/// A file taken out of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileBytes {
    /// File name, as in [`casework::inbound::InboundFile`].
    pub name: String,
    /// Media type as the sender claims it: never to be believed when serving the file.
    pub media_type: String,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
}

/// Reads a letter. `own_mark` is this desk's `X-Suivi-Loop`: only its own mark counts, so that two desks may write to
/// each other. The `answers` of a delivery report begin with the id of the mail that came back. Time and memory are linear in the letter, of which at most 64 MiB are read.
pub fn read(raw: &[u8], own_mark: &str) -> (Inbound, Vec<Defect>) {
    let mut defects = Defects::default();
    let mut letter = Inbound::default();
    if raw.len() > LETTER_BYTES_MAX {
        defects.add(Defect::TooMany("bytes".to_owned()));
    }
    let Some(parts) = Letter::open(raw) else {
        defects.add(Defect::NotAMail);
        let start = &raw[..raw.len().min(2 * TEXT_BYTES_MAX)];
        letter.text = bounded(decode::salvage(start).trim_end().to_owned(), TEXT_BYTES_MAX, &mut defects);
        letter.body_hash = Sha256::digest(raw).into();
        return (letter, defects.0);
    };
    read_header(&parts, &mut letter, own_mark, &mut defects);
    report_bounds(&parts, &mut defects);
    letter.html = html(&parts, &mut defects);
    letter.text = text(&parts, letter.html.as_deref(), &mut defects);
    add_returned(&parts, &mut letter);
    let mut hash = BodyHash::default();
    hash.add(letter.text.as_bytes());
    hash.add(letter.html.as_deref().unwrap_or_default().as_bytes());
    letter.files = files::list(&parts, letter.html.as_deref(), &mut defects, |bytes| hash.add(bytes));
    letter.body_hash = hash.0.finalize().into();
    (letter, defects.0)
}

/// Takes the file with that [`casework::inbound::InboundFile::index`] out of the letter.
pub fn file(raw: &[u8], index: u32) -> Option<FileBytes> {
    files::take(&Letter::open(raw)?, index)
}

/// Takes the file that the HTML shows as `cid:content_id` (RFC 2392) out of the letter.
pub fn inline(raw: &[u8], content_id: &str) -> Option<FileBytes> {
    let letter = Letter::open(raw)?;
    files::take(&letter, files::with_content_id(&letter, content_id)?)
}

fn read_header(parts: &Letter<'_>, letter: &mut Inbound, own_mark: &str, defects: &mut Defects) {
    let (block, is_repaired) = parts.header_block();
    if is_repaired {
        defects.add(Defect::Charset("none".to_owned()));
    }
    let Some(message) = MessageParser::new().parse_headers(&*block) else {
        defects.add(Defect::NotAMail);
        return;
    };
    headers::fill(letter, &message, defects);
    let root = parts.head(0);
    let report_type = message.content_type().and_then(|kind| kind.attribute("report-type"));
    let report_type = report_type.map(str::to_ascii_lowercase);
    letter.automatic = automatic::automatic(letter, &message, &root, report_type.as_deref(), own_mark);
    for start in parts.tamed.long_fields.iter().filter(|start| **start < parts.header_end()) {
        defects.add(Defect::HeaderTooLong(field_name(&message, *start)));
    }
}

/// A report is about the mail in it, so that mail comes first among what it answers.
fn add_returned(parts: &Letter<'_>, letter: &mut Inbound) {
    if letter.automatic != Some(Automatic::Bounce) {
        return;
    }
    if let Some(id) = returned::returned_id(parts, &letter.text) {
        letter.answers.retain(|known| *known != id);
        letter.answers.insert(0, id);
        letter.answers.truncate(ANSWERS_MAX);
    }
}

/// The name of the field that begins at this byte of the letter.
fn field_name(message: &Message<'_>, start: usize) -> String {
    let fields = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
    let field = fields.iter().find(|field| field.offset_field as usize == start);
    field.map_or_else(|| "unknown".to_owned(), |field| field.name().chars().take(60).collect())
}

fn report_bounds(parts: &Letter<'_>, defects: &mut Defects) {
    if parts.tamed.fields_over.is_some_and(|start| start < parts.header_end()) {
        defects.add(Defect::TooMany("headers".to_owned()));
    }
    if parts.tamed.has_too_many_parts || parts.bodies_count() > BODIES_MAX {
        defects.add(Defect::TooMany("parts".to_owned()));
    }
    if parts.is_too_deep {
        defects.add(Defect::TooDeep);
    }
}

fn html(parts: &Letter<'_>, defects: &mut Defects) -> Option<String> {
    let mut joined = Vec::new();
    for part in parts.htmls() {
        let head = parts.head(part);
        if head.media_type == "text/html" {
            joined.push(body(parts, part, defects));
        }
    }
    (!joined.is_empty()).then(|| bounded(joined.join("\n"), HTML_BYTES_MAX, defects))
}

/// The plain text parts; the HTML made readable when they say nothing.
fn text(parts: &Letter<'_>, html: Option<&str>, defects: &mut Defects) -> String {
    let mut joined = Vec::new();
    for part in parts.texts() {
        if parts.head(part).media_type != "text/html" {
            joined.push(body(parts, part, defects));
        }
    }
    let plain = joined.join("\n");
    let text = match html {
        Some(html) if plain.trim().is_empty() => text::html::to_text(html),
        _ => plain,
    };
    let mut text = bounded(text, TEXT_BYTES_MAX, defects);
    text.truncate(text.trim_end().len());
    text
}

fn body(parts: &Letter<'_>, part: usize, defects: &mut Defects) -> String {
    let head = parts.head(part);
    let (text, defect) = decode::text(&parts.content(part, head.transfer), head.charset.as_deref());
    if let Some(defect) = defect {
        defects.add(defect);
    }
    text
}

fn bounded(mut text: String, bytes_max: usize, defects: &mut Defects) -> String {
    if text.len() > bytes_max {
        text.truncate(text.floor_char_boundary(bytes_max));
        defects.add(Defect::TextTooLong);
    }
    text
}

/// What was wrong, each thing once, at most 50.
#[derive(Debug, Default)]
struct Defects(Vec<Defect>);

impl Defects {
    fn add(&mut self, defect: Defect) {
        if self.0.len() < DEFECTS_MAX && !self.0.contains(&defect) {
            self.0.push(defect);
        }
    }
}

/// SHA-256 over parts with their lengths, so that two parts never hash like one.
#[derive(Default)]
struct BodyHash(Sha256);

impl BodyHash {
    fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }
}

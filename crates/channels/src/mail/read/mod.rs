//! A letter as bytes, read into what the desk decides on. It never fails: it returns what it understood
//! and the list of what was wrong. No decisions, no IO.

mod automatic;
mod bodies;
mod decode;
mod delivered_to;
mod fields;
mod files;
mod flowed;
mod forwarded;
mod headers;
mod junk;
mod parameters;
mod parts;
mod report;
mod sealed;
mod tame;
mod tnef;
mod utf7;
mod words;

use casework::inbound::{Automatic, Defect, Inbound};
use mail_parser::{Message, MessageParser, MimeHeaders};
use sha2::{Digest, Sha256};

use super::limits::{ANSWERS_MAX, BODIES_MAX, DEFECTS_MAX, LETTER_BYTES_MAX, TEXT_BYTES_MAX};
use automatic::Seen;
pub use delivered_to::delivered_to;
use fields::Fields;
use parts::Letter;
use report::{Original, Story};
use tnef::Winmail;

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
/// each other. The `answers` of a delivery report, a read receipt or a complaint begin with the id of the mail that it
/// is about. What is signed as a whole is read like what was signed. Time and memory are linear in the letter, of which
/// at most 64 MiB are read.
pub fn read(raw: &[u8], own_mark: &str) -> (Inbound, Vec<Defect>) {
    let mut defects = Defects::default();
    let mut letter = Inbound::default();
    if raw.len() > LETTER_BYTES_MAX {
        defects.add(Defect::TooMany("bytes".to_owned()));
    }
    let unsealed = sealed::unsealed(raw);
    let Some(parts) = Letter::open(&unsealed) else {
        defects.add(Defect::NotAMail);
        let start = &raw[..raw.len().min(2 * TEXT_BYTES_MAX)];
        let text = decode::salvage(start).trim_end().to_owned();
        letter.text = bodies::bounded(text, TEXT_BYTES_MAX, &mut defects);
        letter.body_hash = Sha256::digest(raw).into();
        return (letter, defects.0);
    };
    let (block, is_repaired) = parts.header_block();
    if is_repaired {
        defects.add(Defect::Charset("none".to_owned()));
    }
    let message = MessageParser::new().parse_headers(&*block).unwrap_or_default();
    read_header(&parts, &message, &mut letter, &mut defects);
    report_bounds(&parts, &mut defects);
    let bodies = bodies::read(&parts, &mut defects);
    (letter.html, letter.text) = (bodies.html, bodies.text);
    if let Some(kind) = sealed::encrypted(&parts, &letter.text) {
        defects.add(Defect::Encrypted(kind.to_owned()));
    }
    let mut hash = BodyHash::default();
    hash.add(letter.text.as_bytes());
    hash.add(letter.html.as_deref().unwrap_or_default().as_bytes());
    letter.files =
        files::list(&parts, &bodies.winmails, letter.html.as_deref(), &mut defects, |bytes| hash.add(bytes));
    letter.body_hash = hash.0.finalize().into();
    judge(&parts, &message, &bodies.winmails, own_mark, &mut letter);
    (letter, defects.0)
}

/// Takes the file with that [`casework::inbound::InboundFile::index`] out of the letter.
pub fn file(raw: &[u8], index: u32) -> Option<FileBytes> {
    files::take(&Letter::open(&sealed::unsealed(raw))?, index)
}

/// Takes the file that the HTML shows as `cid:content_id` (RFC 2392) out of the letter.
pub fn inline(raw: &[u8], content_id: &str) -> Option<FileBytes> {
    let unsealed = sealed::unsealed(raw);
    let letter = Letter::open(&unsealed)?;
    files::take(&letter, files::with_content_id(&letter, content_id)?)
}

fn read_header(parts: &Letter<'_>, message: &Message<'_>, letter: &mut Inbound, defects: &mut Defects) {
    headers::fill(letter, message, defects);
    for start in parts.tamed.long_fields.iter().filter(|start| **start < parts.header_end()) {
        defects.add(Defect::HeaderTooLong(field_name(message, *start)));
    }
}

/// Who wrote it, a person or which machine, and what follows from that.
fn judge(
    parts: &Letter<'_>,
    message: &Message<'_>,
    winmails: &[Winmail],
    own_mark: &str,
    letter: &mut Inbound,
) {
    let fields = Fields(message);
    let root = message.parts.first().and_then(|root| root.content_type());
    let report_type = root.and_then(|kind| kind.attribute("report-type"));
    let report_type = report_type.map(|kind| kind.trim().to_ascii_lowercase());
    let seen = Seen { letter, fields: &fields, parts, root: parts.head(0), report_type };
    let hidden = || winmails.iter().find_map(Winmail::automatic);
    let automatic = automatic::automatic(&seen, own_mark).or_else(hidden);
    let is_feedback = automatic == Some(Automatic::Generated) && automatic::is_feedback(&seen);
    letter.automatic = automatic;
    letter.junk = junk::junk(&fields);
    match automatic {
        Some(Automatic::Bounce) => {
            let story = Story::of(&letter.text);
            let original = Original::of(parts, &story, &letter.text);
            let report = report::report(parts, letter, &fields, &story, &original);
            letter.report = Some(report);
            add_answer(original.message_id, letter);
        }
        Some(Automatic::List) => letter.list = automatic::list_address(&fields),
        Some(Automatic::Receipt) => add_answer(report::receipt_about(parts), letter),
        Some(Automatic::Generated) if is_feedback => {
            let original = Original::of(parts, &Story::of(&letter.text), &letter.text);
            add_answer(original.message_id, letter);
        }
        // An answering program attaches our own mail: that is no forward.
        None | Some(Automatic::Generated) => letter.forwarded = forwarded::forwarded(parts, letter),
        Some(_) => {}
    }
}

/// A report is about one mail of ours, so that mail comes first among what it answers.
fn add_answer(id: Option<String>, letter: &mut Inbound) {
    if let Some(id) = id {
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

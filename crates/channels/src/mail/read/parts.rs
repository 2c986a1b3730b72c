//! The parts of a letter: where each begins and ends, which are text, which are files, and their own headers.
//! mail-parser finds them on a harmless copy; the bytes come from the letter itself. No texts are made here.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders, PartType};

use super::decode::{Transfer, repair_header, transfer};
use super::tame::{Tamed, skeleton, tame};
use super::{parameters, words};
use crate::mail::limits::{BODIES_MAX, LETTER_BYTES_MAX};

/// A letter with its parts found.
pub(super) struct Letter<'a> {
    raw: &'a [u8],
    pub tamed: Tamed<'a>,
    outline: Outline,
    /// Containers were left out because there were too many of them.
    pub is_too_deep: bool,
}

/// Where a part is, in bytes from the start of the letter.
#[derive(Debug, Clone, Copy)]
struct Part {
    header: usize,
    body: usize,
    end: usize,
    /// Its end was not found.
    is_broken: bool,
    /// What it stands in.
    container: Option<Container>,
}

/// The container that a part stands in, as far as it means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// The same thing in several forms (RFC 2046 5.1.4).
    Alternative,
    /// A content and the signature over it (RFC 1847 2.1).
    Signed,
}

#[derive(Debug, Default)]
struct Outline {
    parts: Vec<Part>,
    texts: Vec<usize>,
    htmls: Vec<usize>,
    files: Vec<usize>,
}

/// What a part says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// Lower-case `type/subtype`; `text/plain` when nothing is said (RFC 2045 5.2).
    pub media_type: String,
    pub charset: Option<String>,
    pub name: Option<String>,
    pub content_id: Option<String>,
    pub is_attachment: bool,
    pub transfer: Transfer,
    /// Set for text with soft line ends (`format=flowed`, RFC 3676); true with `DelSp=yes`.
    pub flowed: Option<bool>,
    /// The `method` of a calendar (RFC 6047 2.4).
    pub method: Option<String>,
    /// Whether a container says what separates its parts.
    pub has_boundary: bool,
    /// The `protocol` of something signed or encrypted (RFC 1847).
    pub protocol: Option<String>,
}

impl<'a> Letter<'a> {
    /// Finds the parts. `None` when the bytes have no header at all.
    pub(super) fn open(raw: &'a [u8]) -> Option<Self> {
        let raw = &raw[..raw.len().min(LETTER_BYTES_MAX)];
        let tamed = tame(raw);
        let (copy, is_cut) = skeleton(&tamed.bytes);
        // The parser promises not to panic; a letter must not stop a worker should the promise break.
        let outline = catch_unwind(AssertUnwindSafe(|| outline(&copy))).ok().flatten()?;
        let mut letter = Self { raw, tamed, outline, is_too_deep: false };
        letter.promote_broken_bodies();
        letter.is_too_deep = is_cut && letter.has_container_as_file();
        Some(letter)
    }

    /// The letter's own header block, and whether undeclared 8-bit characters were repaired in it.
    pub(super) fn header_block(&self) -> (Cow<'_, [u8]>, bool) {
        self.block(0)
    }

    /// Where the letter's own header block ends.
    pub(super) fn header_end(&self) -> usize {
        self.outline.parts.first().map_or(0, |part| part.body)
    }

    /// Parts that make up the readable text, in order; some may be HTML or pictures.
    pub(super) fn texts(&self) -> impl Iterator<Item = usize> {
        self.outline.texts.iter().copied().take(BODIES_MAX)
    }

    /// Parts that make up the HTML, in order; some may be plain text or pictures.
    pub(super) fn htmls(&self) -> impl Iterator<Item = usize> {
        self.outline.htmls.iter().copied().take(BODIES_MAX)
    }

    /// All files in order: a file's index is its place here.
    pub(super) fn files(&self) -> &[usize] {
        &self.outline.files
    }

    /// The container that the part stands in, when that means something.
    pub(super) fn container(&self, part: usize) -> Option<Container> {
        self.outline.parts.get(part).and_then(|part| part.container)
    }

    /// How many parts make up the text or the HTML, whichever is more.
    pub(super) fn bodies_count(&self) -> usize {
        self.outline.texts.len().max(self.outline.htmls.len())
    }

    /// What the part says about itself.
    pub(super) fn head(&self, part: usize) -> Head {
        let (block, _) = self.block(part);
        head(&block)
    }

    /// The content of the part, transfer encoding undone.
    pub(super) fn content(&self, part: usize, encoding: Transfer) -> Cow<'_, [u8]> {
        let place = self.outline.parts.get(part);
        let bytes = place.and_then(|part| self.raw.get(part.body..part.end)).unwrap_or_default();
        transfer(bytes, encoding)
    }

    fn block(&self, part: usize) -> (Cow<'_, [u8]>, bool) {
        let place = self.outline.parts.get(part);
        let bytes = place.and_then(|part| self.tamed.bytes.get(part.header..part.body)).unwrap_or_default();
        let (block, is_repaired) = repair_header(bytes);
        (words::mended(block), is_repaired)
    }

    /// A letter cut on its way lacks the end of its last part, which the parser then takes for a file; so it does with
    /// a container that does not say what separates its parts.
    fn promote_broken_bodies(&mut self) {
        let files = std::mem::take(&mut self.outline.files);
        let is_alone = self.outline.parts.len() == 1;
        let has_words = !self.outline.texts.is_empty() || !self.outline.htmls.is_empty();
        for (at, part) in files.into_iter().enumerate() {
            let is_broken = self.outline.parts.get(part).is_some_and(|part| part.is_broken);
            // Each look costs, and a letter has as many files as it likes.
            let is_lost = is_broken || is_alone || !has_words && at < BODIES_MAX;
            match is_lost.then(|| self.lost_body(part, is_broken || is_alone)).flatten() {
                Some(Lost::Text) => self.outline.texts.push(part),
                Some(Lost::Html) => self.outline.htmls.push(part),
                None => self.outline.files.push(part),
            }
        }
    }

    fn lost_body(&self, part: usize, is_broken: bool) -> Option<Lost> {
        let head = self.head(part);
        if head.is_attachment || head.name.is_some() {
            return None;
        }
        let has_text = !self.outline.texts.is_empty();
        let has_html = !self.outline.htmls.is_empty();
        let is_alone = self.outline.parts.len() == 1;
        match head.media_type.as_str() {
            "text/plain" if is_broken && !has_text => Some(Lost::Text),
            "text/html" if is_broken && !has_html => Some(Lost::Html),
            // A container whose parts cannot be found: its source is all there is to read.
            kind if kind.starts_with("multipart/") => {
                (is_alone || !has_text && !has_html && !head.has_boundary).then_some(Lost::Text)
            }
            _ => None,
        }
    }

    fn has_container_as_file(&self) -> bool {
        let last = self.outline.files.iter().rev().take(BODIES_MAX);
        last.into_iter().any(|part| self.head(*part).media_type.starts_with("multipart/"))
    }
}

#[derive(Debug, Clone, Copy)]
enum Lost {
    Text,
    Html,
}

fn outline(copy: &[u8]) -> Option<Outline> {
    let message = MessageParser::new().parse(copy)?;
    let places = |ids: &[u32]| ids.iter().map(|id| *id as usize).collect();
    let mut containers = containers(&message).into_iter();
    let parts = message.parts.iter().map(|part| Part {
        container: containers.next().flatten(),
        header: part.offset_header as usize,
        body: part.offset_body as usize,
        end: (part.offset_end as usize).max(part.offset_body as usize),
        is_broken: part.is_encoding_problem,
    });
    let mut outline = Outline {
        parts: parts.collect(),
        texts: places(&message.text_body),
        htmls: places(&message.html_body),
        files: places(&message.attachments),
    };
    // Text parts that are neither plain nor HTML, such as calendars, belong to the files only.
    let is_body = |id: &usize| {
        message.parts.get(*id).is_some_and(|part| matches!(part.body, PartType::Text(_) | PartType::Html(_)))
    };
    outline.texts.retain(is_body);
    outline.htmls.retain(is_body);
    Some(outline)
}

/// What each part stands in.
fn containers(message: &Message<'_>) -> Vec<Option<Container>> {
    let mut containers = vec![None; message.parts.len()];
    for part in &message.parts {
        let PartType::Multipart(children) = &part.body else { continue };
        let container = match part.content_type().and_then(|kind| kind.subtype()) {
            Some("alternative") => Container::Alternative,
            Some("signed") => Container::Signed,
            _ => continue,
        };
        for child in children {
            if let Some(place) = containers.get_mut(*child as usize) {
                *place = Some(container);
            }
        }
    }
    containers
}

/// Reads the MIME headers of one part.
pub(super) fn head(block: &[u8]) -> Head {
    let message = MessageParser::new().parse_headers(block);
    let part = message.as_ref().and_then(|message| message.parts.first());
    let kind = part.and_then(|part| part.content_type());
    let disposition = part.and_then(|part| part.content_disposition());
    let attribute = |name| kind.and_then(|kind| kind.attribute(name));
    let named = |field: HeaderName<'static>, parameter: &str, plain: Option<&str>| {
        let place = part.and_then(|part| part.headers.iter().find(|header| header.name == field));
        let bytes = place.and_then(|at| block.get(at.offset_start as usize..at.offset_end as usize));
        // The long form is the better one where both are given (RFC 6266 4.3).
        bytes.and_then(|bytes| parameters::extended(bytes, parameter)).or_else(|| plain.map(str::to_owned))
    };
    let filename = disposition.and_then(|disposition| disposition.attribute("filename"));
    let name = named(HeaderName::ContentDisposition, "filename", filename)
        .or_else(|| named(HeaderName::ContentType, "name", attribute("name")));
    Head {
        media_type: kind.map_or_else(|| "text/plain".to_owned(), media_type),
        charset: attribute("charset").map(str::to_owned),
        name,
        content_id: part.and_then(|part| part.content_id()).map(str::to_owned),
        is_attachment: disposition.is_some_and(mail_parser::ContentType::is_attachment),
        transfer: Transfer::named(part.and_then(|part| part.content_transfer_encoding()).unwrap_or_default()),
        flowed: attribute("format")
            .filter(|format| format.eq_ignore_ascii_case("flowed"))
            .map(|_| attribute("delsp").is_some_and(|deletes| deletes.eq_ignore_ascii_case("yes"))),
        method: attribute("method").map(str::to_owned),
        has_boundary: attribute("boundary").is_some(),
        protocol: attribute("protocol").map(str::to_ascii_lowercase),
    }
}

/// Longest media type taken as it is (RFC 6838 4.2 allows 127 for each half; real ones are shorter).
const MEDIA_TYPE_BYTES_MAX: usize = 150;

fn media_type(kind: &mail_parser::ContentType<'_>) -> String {
    let whole = match kind.subtype() {
        Some(subtype) => format!("{}/{subtype}", kind.ctype()),
        // `Content-Type: text`, as old programs write.
        None if kind.ctype().eq_ignore_ascii_case("text") => "text/plain".to_owned(),
        None => String::new(),
    };
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"/!#$&-^_.+".contains(&byte);
    if whole.is_empty() || whole.len() > MEDIA_TYPE_BYTES_MAX || !whole.bytes().all(is_token) {
        return "application/octet-stream".to_owned();
    }
    whole.to_ascii_lowercase()
}

//! winmail.dat (MS-OXTNEF), in which Outlook hides text and files from others: what it gives to a letter.
//! See README.md in this folder for source, invariants and limits.

mod attributes;
mod properties;
mod rtf;
mod unpack;

use casework::inbound::Automatic;
use mail_parser::decoders::charsets::map::charset_decoder;

use super::decode;
use super::parts::{Head, Letter};
use properties::Property;

/// Streams opened in one letter; there is never more than one in good faith.
const STREAMS_MAX: usize = 3;
/// Files looked at, and taken from one stream; a letter lists no more.
const FILES_MAX: usize = 200;
/// A name or media type longer than this is none, in bytes.
const NAME_BYTES_MAX: usize = 2_000;

const MESSAGE_CLASS: u32 = 0x0007_8008;
const BODY: u32 = 0x0002_800C;
const CODE_PAGE: u32 = 0x0006_9007;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const NEXT_FILE: u32 = 0x0006_9002;
const FILE_TITLE: u32 = 0x0001_8010;
const FILE_BYTES: u32 = 0x0006_800F;
const FILE_PROPERTIES: u32 = 0x0006_9005;

/// A file in the stream.
#[derive(Debug, Default, Clone)]
pub(super) struct Inner {
    /// What it says about itself, as a part of a letter would.
    pub name: Option<String>,
    pub media_type: Option<String>,
    pub content_id: Option<String>,
    pub bytes: Vec<u8>,
}

/// What a stream holds.
#[derive(Debug, Default)]
pub(super) struct Winmail {
    /// The part of the letter that it is.
    pub part: usize,
    /// Kind of message, lower case, such as `ipm.note`.
    pub class: String,
    body: String,
    pub html: Option<String>,
    rtf: String,
    pub files: Vec<Inner>,
    /// Read to its end: the stream itself need not be shown.
    pub is_whole: bool,
    charset: String,
}

impl Winmail {
    /// The streams of a letter, opened.
    pub(super) fn all(letter: &Letter<'_>) -> Vec<Self> {
        let named = letter.files().iter().take(FILES_MAX).filter(|part| is_stream(&letter.head(**part)));
        let opened = named.take(STREAMS_MAX).filter_map(|part| {
            let head = letter.head(*part);
            Some(Self { part: *part, ..Self::open(&letter.content(*part, head.transfer))? })
        });
        opened.collect()
    }

    /// Its text in the plainest form that it has.
    pub(super) fn text(&self) -> String {
        let html = || self.html.as_deref().map(text::html::to_text).unwrap_or_default();
        if !self.body.trim().is_empty() {
            return self.body.clone();
        }
        let html = html();
        if html.trim().is_empty() { self.rtf.clone() } else { html }
    }

    /// What wrote it, when its class is one of a program's own (MS-OXCMSG, MS-OXOCAL, MS-OXOMSG).
    pub(super) fn automatic(&self) -> Option<Automatic> {
        let begins = |start| self.class.starts_with(start);
        if begins("ipm.schedule.meeting") || begins("ipm.microsoft schedule.mtg") {
            return Some(Automatic::Invitation);
        }
        let is_receipt = matches!(self.class.rsplit('.').next(), Some("ipnrn" | "ipnnrn"));
        (begins("report.") && is_receipt).then_some(Automatic::Receipt)
    }

    fn open(stream: &[u8]) -> Option<Self> {
        let (attributes, is_whole) = attributes::attributes(stream)?;
        let mut winmail = Self { is_whole, charset: "windows-1252".to_owned(), ..Self::default() };
        for attribute in &attributes {
            let bytes = attribute.bytes;
            match attribute.id {
                CODE_PAGE => winmail.set_code_page(bytes),
                MESSAGE_CLASS => winmail.class = winmail.plain(bytes).to_ascii_lowercase(),
                BODY if winmail.body.is_empty() => winmail.body = winmail.plain(bytes),
                MESSAGE_PROPERTIES => winmail.add_message(bytes),
                NEXT_FILE if winmail.files.len() < FILES_MAX => winmail.files.push(Inner::default()),
                NEXT_FILE => winmail.is_whole = false,
                FILE_TITLE => {
                    let title = Some(winmail.plain(bytes)).filter(|title| !title.trim().is_empty());
                    winmail.file(|file| file.name = file.name.take().or(title));
                }
                FILE_BYTES => winmail.file(|file| bytes.clone_into(&mut file.bytes)),
                FILE_PROPERTIES => winmail.add_file(bytes),
                _ => {}
            }
        }
        winmail.files.retain(|file| !file.bytes.is_empty() || file.name.is_some());
        Some(winmail)
    }

    fn file(&mut self, set: impl FnOnce(&mut Inner)) {
        if let Some(file) = self.files.last_mut() {
            set(file);
        }
    }

    fn add_message(&mut self, bytes: &[u8]) {
        let (properties, is_whole) = properties::properties(bytes);
        self.is_whole &= is_whole;
        for property in &properties {
            match property.id {
                0x3FDE | 0x3FFD => self.set_code_page(property.bytes),
                0x1000 => self.body = self.string(property),
                0x1009 => {
                    self.rtf = unpack::unpack(property.bytes).map(|rtf| rtf::text(&rtf)).unwrap_or_default();
                }
                0x1013 => self.html = Some(self.string(property)).filter(|html| !html.trim().is_empty()),
                _ => {}
            }
        }
    }

    fn add_file(&mut self, bytes: &[u8]) {
        let (properties, is_whole) = properties::properties(bytes);
        self.is_whole &= is_whole;
        for property in &properties {
            let is_name = matches!(property.id, 0x3707 | 0x3704 | 0x3001 | 0x370E | 0x3712);
            let value = if is_name && property.bytes.len() <= NAME_BYTES_MAX {
                self.string(property)
            } else {
                String::new()
            };
            let value = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
            self.file(|file| match property.id {
                // The long name is the best one.
                0x3707 => file.name = value.or_else(|| file.name.take()),
                0x3704 | 0x3001 => file.name = file.name.take().or(value),
                0x370E => file.media_type = value,
                0x3712 => file.content_id = value,
                0x3701 => file.set_object(property.bytes),
                _ => {}
            });
        }
    }

    fn set_code_page(&mut self, bytes: &[u8]) {
        let number = attributes::number(bytes).map_or(0, |(number, _)| number);
        let named = match number {
            65001 => "utf-8".to_owned(),
            28605 => "iso-8859-15".to_owned(),
            28591..=28599 => format!("iso-8859-{}", number - 28590),
            932 => "shift_jis".to_owned(),
            936 => "gbk".to_owned(),
            949 => "euc-kr".to_owned(),
            950 => "big5".to_owned(),
            874 | 1250..=1258 => format!("windows-{number}"),
            _ => return,
        };
        self.charset = named;
    }

    /// Text up to its closing zero.
    fn plain(&self, bytes: &[u8]) -> String {
        let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
        decode::text(&bytes[..end], Some(&self.charset)).0
    }

    fn string(&self, property: &Property<'_>) -> String {
        if !property.is_utf16 {
            return self.plain(property.bytes);
        }
        let units: Vec<u8> =
            property.bytes.chunks_exact(2).take_while(|unit| *unit != [0, 0]).flatten().copied().collect();
        let decoded = charset_decoder(b"utf-16le").map(|decode| decode(&units)).unwrap_or_default();
        decode::text(decoded.as_bytes(), Some("utf-8")).0
    }
}

impl Inner {
    /// `PR_ATTACH_DATA_OBJ`: the bytes after the number of an interface; a stream within is kept as a file.
    fn set_object(&mut self, bytes: &[u8]) {
        let object = bytes.get(16..).unwrap_or_default();
        if self.bytes.is_empty() {
            object.clone_into(&mut self.bytes);
            if attributes::attributes(object).is_some() {
                self.media_type = Some("application/ms-tnef".to_owned());
            }
        }
    }
}

fn is_stream(head: &Head) -> bool {
    let is_named = head.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"));
    matches!(head.media_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef") || is_named
}

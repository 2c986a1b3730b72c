//! A mail to send, as bytes: the same value always gives the same bytes, so that a second try is the same mail.
//! Everything foreign in it (names, subjects, ids) is made harmless. Nothing is sent here.

use std::borrow::Cow;

use casework::inbound::Mailbox;
use casework::outbound::Outbound;
use data_encoding::HEXLOWER;
use mail_auth::common::to_a_label;
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use sha2::{Digest, Sha256};

use super::limits::{ADDRESS_BYTES_MAX, NAME_CHARS_MAX, REFERENCES_MAX, SUBJECT_CHARS_MAX};

/// The header that carries our own mark.
pub(super) const LOOP_HEADER: &str = "X-Suivi-Loop";
/// Bytes of an id on one line: a line has 998 (RFC 5322 2.1.1), less the header name and brackets.
const WRITTEN_ID_BYTES_MAX: usize = 900;
/// Characters of a file's name.
const FILE_NAME_CHARS_MAX: usize = 200;
/// Characters of the mark.
const MARK_CHARS_MAX: usize = 200;

/// Writes the mail: `multipart/alternative` when there is HTML, else plain text. Lines end in CR LF, have at most
/// 998 octets (RFC 5322 2.1.1) and are 7-bit, unless an address itself is not ASCII (RFC 6532). Automatic mails
/// say so (RFC 3834 5): `auto-replied` when they answer something, else `auto-generated`.
pub fn compose(out: &Outbound) -> Vec<u8> {
    let mut message = MessageBuilder::new()
        .header("From", mailbox(&out.from))
        .header("To", mailbox(&out.to))
        .header("Reply-To", mailbox(&out.reply_to))
        .header("Subject", Text::new(plain_line(&out.subject, SUBJECT_CHARS_MAX)))
        .header("Date", Date::new(out.written_at.as_second()))
        .header("Message-ID", MessageId::new(plain_id(&out.message_id)));
    if let Some(id) = &out.in_reply_to {
        message = message.header("In-Reply-To", MessageId::new(plain_id(id)));
    }
    // The oldest names the thread and the newest what is answered: when there are too many, the middle goes.
    let known = out.references.len();
    let recent = out.references.iter().skip(known.saturating_sub(REFERENCES_MAX - 1).max(1));
    let ids: Vec<String> = out.references.iter().take(1).chain(recent).map(|id| plain_id(id)).collect();
    if !ids.is_empty() {
        message = message.header("References", MessageId::new_list(ids.into_iter()));
    }
    if out.is_automatic {
        let kind = if out.in_reply_to.is_some() { "auto-replied" } else { "auto-generated" };
        message = message
            .header("Auto-Submitted", Raw::new(kind))
            .header("X-Auto-Response-Suppress", Raw::new("All"));
    }
    let mark: String = out.loop_mark.chars().filter(char::is_ascii_graphic).take(MARK_CHARS_MAX).collect();
    let message = message.header(LOOP_HEADER, Raw::new(mark)).header("MIME-Version", Raw::new("1.0"));
    let mut bytes = Vec::new();
    message.body(body(out)).serialize(&mut bytes);
    if !bytes.ends_with(b"\r\n") {
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

fn body(out: &Outbound) -> MimePart<'_> {
    if out.files.is_empty() {
        return words(out);
    }
    let kind = ContentType::new("multipart/mixed")
        .attribute("boundary", boundary(&format!("mixed {}", out.message_id)));
    let files = out.files.iter().map(|file| {
        let media_type = plain_type(&file.media_type);
        let name = plain_line(&file.name, FILE_NAME_CHARS_MAX);
        MimePart::new(media_type, BodyPart::Binary(Cow::Borrowed(&file.bytes))).attachment(name)
    });
    MimePart::new(kind, std::iter::once(words(out)).chain(files).collect::<Vec<_>>())
}

/// A media type that can stand in a header; another one says nothing. Text is sent as bytes: nothing rewrites its lines.
fn plain_type(media_type: &str) -> String {
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    match media_type.split_once('/') {
        Some((kind, sub)) if is_token(kind) && is_token(sub) && kind != "multipart" && kind != "message" => {
            media_type.to_owned()
        }
        _ => "application/octet-stream".to_owned(),
    }
}

fn words(out: &Outbound) -> MimePart<'_> {
    let language = language(out);
    let text = MimePart::new("text/plain", plain_text(&out.text)).language(language);
    let Some(html) = &out.html else { return text };
    let html = MimePart::new("text/html", document(&plain_text(html), &out.subject, language));
    let kind = ContentType::new("multipart/alternative").attribute("boundary", boundary(&out.message_id));
    MimePart::new(kind, vec![text, html.language(language)])
}

/// Derived from the message id, whose 128 random bits no writer of a text can foresee.
fn boundary(message_id: &str) -> String {
    let digest = Sha256::digest(message_id.as_bytes());
    format!("=_suivi_{}", &HEXLOWER.encode(&digest)[..32])
}

fn document(html: &str, subject: &str, language: &str) -> String {
    let title = plain_line(subject, SUBJECT_CHARS_MAX).replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\n\
         <body>\n{html}\n</body>\n</html>\n"
    )
}

/// The language tag, or French when it is none.
fn language(out: &Outbound) -> &str {
    let is_tag = (2..=8).contains(&out.language.len())
        && out.language.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    if is_tag { &out.language } else { "fr" }
}

fn mailbox(mailbox: &Mailbox) -> HeaderType<'static> {
    let is_plain = |c: &char| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>' | ',' | ';');
    let mut address: String = mailbox.address.chars().filter(is_plain).collect();
    // In A-labels (RFC 5891) a domain of any script passes servers that know ASCII only.
    if let Some((local, domain)) = address.rsplit_once('@') {
        address = format!("{local}@{}", to_a_label(domain));
    }
    cut(&mut address, ADDRESS_BYTES_MAX);
    let name = mailbox.name.as_deref().map(|name| plain_line(name, NAME_CHARS_MAX));
    Address::new_address(name.filter(|name| !name.is_empty()), address).into()
}

/// One line without control characters: what would end a header or forge another becomes a space.
fn plain_line(text: &str, chars_max: usize) -> String {
    let spaced =
        text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c });
    let spaced: String = spaced.take(chars_max).collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if looks_encoded(&line) { line.replace("=?", "= ?") } else { line }
}

/// Whether readers would decode a part of it (RFC 2047 2): somebody chose their name so that it becomes another one.
fn looks_encoded(text: &str) -> bool {
    let Some((_, word)) = text.split_once("=?") else { return false };
    let word = word.to_ascii_lowercase();
    (word.contains("?q?") || word.contains("?b?")) && word.contains("?=")
}

fn plain_id(id: &str) -> String {
    let mut id: String = id.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).collect();
    cut(&mut id, WRITTEN_ID_BYTES_MAX);
    id
}

/// Line breaks of any kind become one kind, which the writer turns into CR LF; other control characters go.
fn plain_text(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(text.chars().filter(|c| is_plain(*c)).collect())
}

fn cut(text: &mut String, bytes_max: usize) {
    text.truncate(text.floor_char_boundary(bytes_max));
}

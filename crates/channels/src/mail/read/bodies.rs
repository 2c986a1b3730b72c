//! The text and the HTML of a letter, wherever they are: its text parts, a winmail.dat, a signed passage. Bounded.
//! Whose words they are is read elsewhere.

use casework::inbound::Defect;

use super::parts::Letter;
use super::tnef::Winmail;
use super::{Defects, decode, flowed, sealed};
use crate::mail::limits::{HTML_BYTES_MAX, TEXT_BYTES_MAX};

/// Longest text that may be such a sentence, in bytes.
const POINTER_BYTES_MAX: usize = 300;
/// What programs write into the text part of a letter that is in HTML, folded.
const POINTERS: [&str; 9] = [
    "format html",
    "html format",
    "html-capable",
    "html capable",
    "html-compatible",
    "html compatible",
    "html-enabled",
    "supports html",
    "version html",
];

/// What there is to read.
pub(super) struct Bodies {
    pub html: Option<String>,
    pub text: String,
    /// Streams of Outlook that came with the letter.
    pub winmails: Vec<Winmail>,
}

/// Reads text and HTML.
pub(super) fn read(parts: &Letter<'_>, defects: &mut Defects) -> Bodies {
    let winmails = Winmail::all(parts);
    let html = html(parts, defects).or_else(|| {
        let html = winmails.iter().find_map(|winmail| winmail.html.clone())?;
        Some(bounded(html, HTML_BYTES_MAX, defects))
    });
    let text = text(parts, html.as_deref(), &winmails, defects);
    Bodies { html, text, winmails }
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

/// The plain text parts; the HTML made readable when they say nothing; then what Outlook hid.
fn text(parts: &Letter<'_>, html: Option<&str>, winmails: &[Winmail], defects: &mut Defects) -> String {
    let mut joined = Vec::new();
    for part in parts.texts() {
        if parts.head(part).media_type != "text/html" {
            joined.push(body(parts, part, defects));
        }
    }
    let mut text = joined.join("\n");
    if let Some(html) = html.filter(|_| text.trim().is_empty() || only_points_to_html(&text)) {
        text = text::html::to_text(html);
    }
    if text.trim().is_empty() {
        text = winmails.iter().map(Winmail::text).find(|text| !text.trim().is_empty()).unwrap_or(text);
    }
    let mut text = sealed::without_armour(bounded(text, TEXT_BYTES_MAX, defects));
    text.truncate(text.trim_end().len());
    text
}

/// Whether a text says no more than that the letter is in HTML. The HTML holds all that a person could have said.
fn only_points_to_html(text: &str) -> bool {
    if text.len() > POINTER_BYTES_MAX {
        return false;
    }
    let said = text::fold::folded(text);
    said.contains("html") && POINTERS.iter().any(|words| said.contains(words))
}

fn body(parts: &Letter<'_>, part: usize, defects: &mut Defects) -> String {
    let head = parts.head(part);
    let (text, defect) = decode::text(&parts.content(part, head.transfer), head.charset.as_deref());
    if let Some(defect) = defect {
        defects.add(defect);
    }
    match head.flowed {
        Some(deletes_blank) if head.media_type == "text/plain" => flowed::whole(&text, deletes_blank),
        _ => text,
    }
}

/// The text up to the limit.
pub(super) fn bounded(mut text: String, bytes_max: usize, defects: &mut Defects) -> String {
    if text.len() > bytes_max {
        text.truncate(text.floor_char_boundary(bytes_max));
        defects.add(Defect::TextTooLong);
    }
    text
}

//! The files of a letter: listed when it is read, taken out when somebody opens one. Names are made safe to show and
//! to save; media types stay what the sender claimed. No judgement about contents.

use casework::inbound::InboundFile;

use super::parts::{Head, Letter};
use super::{Defects, FileBytes};
use crate::mail::limits::{FILE_NAME_CHARS_MAX, FILES_MAX};
use casework::inbound::Defect;

/// Lists the files; `seen` is given the bytes of each.
pub(super) fn list(
    letter: &Letter<'_>,
    html: Option<&str>,
    defects: &mut Defects,
    mut seen: impl FnMut(&[u8]),
) -> Vec<InboundFile> {
    if letter.files().len() > FILES_MAX {
        defects.add(Defect::TooMany("files".to_owned()));
    }
    let numbered = (0u32..).zip(letter.files()).take(FILES_MAX);
    let files = numbered.map(|(index, part)| {
        let head = letter.head(*part);
        let bytes = letter.content(*part, head.transfer);
        seen(&bytes);
        let is_shown = |id: &String| html.is_some_and(|html| html.contains(&format!("cid:{id}")));
        InboundFile {
            index,
            name: name(&head, index),
            size_bytes: bytes.len() as u64,
            content_id: head.content_id.filter(is_shown),
            media_type: head.media_type,
        }
    });
    files.collect()
}

/// The file with that index.
pub(super) fn take(letter: &Letter<'_>, index: u32) -> Option<FileBytes> {
    let part = *letter.files().get(index as usize).filter(|_| (index as usize) < FILES_MAX)?;
    let head = letter.head(part);
    let bytes = letter.content(part, head.transfer).into_owned();
    Some(FileBytes { name: name(&head, index), media_type: head.media_type, bytes })
}

/// The index of the file with that `Content-ID`.
pub(super) fn with_content_id(letter: &Letter<'_>, content_id: &str) -> Option<u32> {
    let wanted = content_id.trim().trim_start_matches('<').trim_end_matches('>');
    let mut numbered = (0u32..).zip(letter.files()).take(FILES_MAX);
    numbered
        .find(|(_, part)| letter.head(**part).content_id.as_deref() == Some(wanted))
        .map(|(index, _)| index)
}

/// The sender's name for the file without path, control characters and direction marks; a made one when nothing is left.
/// When it is too long, its beginning and its ending are kept: the ending says what it is.
fn name(head: &Head, index: u32) -> String {
    let given = head.name.as_deref().unwrap_or_default();
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut ignored = Defects::default();
    let name = super::headers::one_line(last, "", usize::MAX, &mut ignored);
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return format!("file-{}{}", index + 1, ending(&head.media_type));
    }
    let characters: Vec<char> = name.chars().collect();
    if characters.len() <= FILE_NAME_CHARS_MAX {
        return name.to_owned();
    }
    let tail = &characters[characters.len() - 20..];
    let dot = tail.iter().rposition(|c| *c == '.').map_or(&[][..], |dot| &tail[dot..]);
    characters[..FILE_NAME_CHARS_MAX - dot.len()].iter().chain(dot).collect()
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "message/rfc822" | "message/global" => ".eml",
        "application/pdf" => ".pdf",
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "image/gif" => ".gif",
        "text/html" => ".html",
        "text/calendar" => ".ics",
        "text/plain" | "message/delivery-status" | "text/rfc822-headers" => ".txt",
        _ => "",
    }
}

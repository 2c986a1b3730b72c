//! The files of a letter: listed when it is read, taken out when somebody opens one. Names are made safe to show and
//! to save; media types stay what the sender claimed. No judgement about contents.

use casework::inbound::{Defect, InboundFile};

use super::parts::Letter;
use super::sealed::is_signature;
use super::tnef::{Inner, Winmail};
use super::{Defects, FileBytes};
use crate::mail::limits::{FILE_NAME_CHARS_MAX, FILES_MAX};

/// Lists the files; `seen` is given the bytes of each. A file's index is its place among the parts; what Outlook hid
/// is counted after them. A signature over other parts and a winmail.dat that was read whole are not shown.
pub(super) fn list(
    letter: &Letter<'_>,
    winmails: &[Winmail],
    html: Option<&str>,
    defects: &mut Defects,
    mut seen: impl FnMut(&[u8]),
) -> Vec<InboundFile> {
    let inside = winmails.iter().map(|winmail| winmail.files.len()).sum::<usize>();
    let is_too_many = letter.files().len() + inside > FILES_MAX;
    if is_too_many {
        defects.add(Defect::TooMany("files".to_owned()));
    }
    let is_shown = |id: &String| html.is_some_and(|html| html.contains(&format!("cid:{id}")));
    let mut listed = Vec::new();
    for (index, part) in (0u32..).zip(letter.files()).take(FILES_MAX) {
        let head = letter.head(*part);
        let is_opened =
            winmails.iter().any(|winmail| winmail.part == *part && winmail.is_whole && !is_too_many);
        if is_opened || is_signature(letter, *part, &head) {
            continue;
        }
        let bytes = letter.content(*part, head.transfer);
        seen(&bytes);
        listed.push(InboundFile {
            index,
            name: name(head.name.as_deref(), &head.media_type, index),
            size_bytes: bytes.len() as u64,
            content_id: head.content_id.filter(is_shown),
            media_type: head.media_type,
        });
    }
    for (index, file) in inner(letter, winmails).take(FILES_MAX - listed.len()) {
        seen(&file.bytes);
        let media_type = media_type(file);
        listed.push(InboundFile {
            index,
            name: name(file.name.as_deref(), &media_type, index),
            size_bytes: file.bytes.len() as u64,
            content_id: file.content_id.clone().filter(is_shown),
            media_type,
        });
    }
    listed
}

/// The file with that index.
pub(super) fn take(letter: &Letter<'_>, index: u32) -> Option<FileBytes> {
    if let Some(part) = letter.files().iter().take(FILES_MAX).nth(index as usize) {
        let head = letter.head(*part);
        let bytes = letter.content(*part, head.transfer).into_owned();
        let name = name(head.name.as_deref(), &head.media_type, index);
        return Some(FileBytes { name, media_type: head.media_type, bytes });
    }
    let winmails = Winmail::all(letter);
    let (_, file) = inner(letter, &winmails).find(|(place, _)| *place == index)?;
    let media_type = media_type(file);
    let name = name(file.name.as_deref(), &media_type, index);
    Some(FileBytes { name, media_type, bytes: file.bytes.clone() })
}

/// The index of the file with that `Content-ID`.
pub(super) fn with_content_id(letter: &Letter<'_>, content_id: &str) -> Option<u32> {
    let wanted = content_id.trim().trim_start_matches('<').trim_end_matches('>');
    let mut numbered = (0u32..).zip(letter.files()).take(FILES_MAX);
    let part = numbered.find(|(_, part)| letter.head(**part).content_id.as_deref() == Some(wanted));
    if let Some((index, _)) = part {
        return Some(index);
    }
    let winmails = Winmail::all(letter);
    let mut inner = inner(letter, &winmails);
    inner.find(|(_, file)| file.content_id.as_deref() == Some(wanted)).map(|(index, _)| index)
}

/// The files that Outlook hid, with their indexes: after those of all parts, so that neither moves the other.
fn inner<'a>(letter: &Letter<'_>, winmails: &'a [Winmail]) -> impl Iterator<Item = (u32, &'a Inner)> {
    let first = letter.files().len().min(FILES_MAX);
    let first = u32::try_from(first).unwrap_or_default();
    (first..).zip(winmails.iter().flat_map(|winmail| &winmail.files)).take(FILES_MAX)
}

/// What the stream says, when it is a media type.
fn media_type(file: &Inner) -> String {
    let given = file.media_type.as_deref().map(str::to_ascii_lowercase).unwrap_or_default();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    let is_type = given.split_once('/').is_some_and(|(kind, sub)| {
        !kind.is_empty() && !sub.is_empty() && kind.bytes().chain(sub.bytes()).all(is_token)
    });
    if is_type && given.len() <= 150 { given } else { "application/octet-stream".to_owned() }
}

/// The sender's name for the file without path, control characters and direction marks; a made one when nothing is left.
/// When it is too long, its beginning and its ending are kept: the ending says what it is.
fn name(given: Option<&str>, media_type: &str, index: u32) -> String {
    let given = given.unwrap_or_default();
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut ignored = Defects::default();
    let name = super::headers::one_line(last, "", usize::MAX, &mut ignored);
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return format!("file-{}{}", index + 1, ending(media_type));
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

//! What is checked of anything that people write before it becomes part of a case.

use jiff::{SignedDuration, Timestamp};

use crate::refusal::Refusal;
use crate::write::{FILES_BYTES_MAX, FILES_MAX, Words};

/// Longest text of one message, in bytes.
pub const TEXT_BYTES_MAX: usize = 200 * 1024;
/// Longest name or reason, in bytes.
pub const LINE_BYTES_MAX: usize = 500;

/// How long ago something may have reached the company before it is written down here.
const RECEIVED_WITHIN: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Words that can be kept: something was written or put with it, and not too much of either.
pub fn checked(words: &Words) -> Result<Words, Refusal> {
    if words.text.trim().is_empty() && words.files.is_empty() {
        return Err(Refusal::Empty);
    }
    let html_bytes = words.html.as_ref().map_or(0, String::len);
    if words.text.len() > TEXT_BYTES_MAX || html_bytes > 4 * TEXT_BYTES_MAX {
        return Err(Refusal::TooLong);
    }
    let bytes = words.files.iter().fold(0, |sum: u64, file| sum.saturating_add(file.size_bytes));
    if words.files.len() > FILES_MAX || bytes > FILES_BYTES_MAX {
        return Err(Refusal::TooManyFiles);
    }
    Ok(words.clone())
}

/// One trimmed line without control characters, cut at the limit; `None` when nothing is left.
pub fn line(typed: &str) -> Option<String> {
    let clean: String = typed.trim().chars().filter(|c| !c.is_control()).collect();
    let end = clean.floor_char_boundary(LINE_BYTES_MAX);
    Some(clean[..end].to_owned()).filter(|line| !line.is_empty())
}

/// A day of receipt that can be true: not to come, and not longer ago than a year.
pub fn checked_day(received_at: Option<Timestamp>, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    match received_at {
        Some(at) if at > now || now.duration_since(at) > RECEIVED_WITHIN => Err(Refusal::NoReceiptDay),
        other => Ok(other),
    }
}

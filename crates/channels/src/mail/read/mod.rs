//! A letter as bytes, read into what the desk decides on. It never fails: it returns what it understood
//! and the list of what was wrong. No decisions, no IO.

use casework::inbound::{Defect, Inbound};

/// A file taken out of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileBytes {
    /// File name, as in `InboundFile`.
    pub name: String,
    /// Media type as declared: never to be believed when serving it.
    pub media_type: String,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
}

/// Reads a letter; signature first, so that others can build against it.
pub fn read(_raw: &[u8], _own_mark: &str) -> (Inbound, Vec<Defect>) {
    (Inbound::default(), vec![Defect::NotAMail])
}

/// The file at `index`, as numbered by `read`.
pub fn file(_raw: &[u8], _index: u32) -> Option<FileBytes> {
    None
}

/// The file with this `Content-ID`.
pub fn inline(_raw: &[u8], _content_id: &str) -> Option<FileBytes> {
    None
}

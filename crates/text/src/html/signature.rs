//! Elements in which mail programs keep their user's signature: Gmail, Outlook, Thunderbird, Apple Mail.
//!
//! Here: which elements those are, and the line `-- ` (RFC 3676, 4.3) that stands for their beginning in plain text.
//! Not here: whether one holds a signature (see `reading::is_signature`): customers type in them as well.

use std::ops::Range;

use super::tokens::Attributes;
use crate::reading::is_signature;

/// Elements of one mail that are looked at; a long thread holds a dozen.
pub(super) const CONTAINERS_MAX: usize = 16;

/// Classes and ids, folded; programs put `x_` before those of a letter that they quote.
const CLASSES: &[&str] = &["gmail_signature", "moz-signature", "protonmail_signature_block"];
const IDS: &[&str] = &["signature", "applemailsignature", "ms-outlook-mobile-signature"];

/// The line above a signature.
const MARK: &str = "-- \n";

/// True for an element that a mail program made for a signature.
pub(super) fn is_container(attributes: &Attributes<'_>) -> bool {
    attributes.iter().any(|(name, value)| {
        let known = if *name == "class" { CLASSES } else { IDS };
        let is_known = |word: &str| {
            let word = word.to_ascii_lowercase();
            known.contains(&word.strip_prefix("x_").unwrap_or(&word))
        };
        matches!(*name, "class" | "id") && value.split_ascii_whitespace().any(is_known)
    })
}

/// The text with the line `-- ` above each of the containers, given in order, that holds a signature and stands where
/// one does.
pub(super) fn marked(text: &str, containers: &[Range<usize>]) -> String {
    let mut marked = String::with_capacity(text.len() + containers.len() * MARK.len());
    let mut from = 0;
    for container in containers {
        let Some(inside) = text.get(container.clone()) else { continue };
        let start = container.start + inside.len() - inside.trim_start_matches('\n').len();
        let (above, below) = (&text[..start], &text[container.end..]);
        if start >= from && above.ends_with('\n') && is_signature(above, &text[start..container.end], below) {
            marked.push_str(&text[from..start]);
            marked.push_str(MARK);
            from = start;
        }
    }
    marked.push_str(&text[from..]);
    marked
}

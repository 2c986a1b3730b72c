//! The API, version 1: cases to read, letters to bring in. Its types are its own, so that screens and store may change beneath it.

mod cases;
mod letters;
mod types;

pub(super) use cases::{case, cases};
pub(super) use letters::{LETTER_BYTES_MAX, letter, take_in};

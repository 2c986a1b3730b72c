//! The API, version 1: cases to read. Its types are its own, so that screens and store may change beneath it.

mod cases;
mod types;

pub(super) use cases::{case, cases};

//! What mail programs write around a letter that they copy into another: lines, names of header fields, separators.
//!
//! Here: the words, read alike by `reading` (what is history?) and `forward` (who wrote it?). Not here: their verdicts.

pub(crate) mod fields;
pub(crate) mod line;
pub(crate) mod one_line;
pub(crate) mod separator;

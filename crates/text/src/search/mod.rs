//! Search: what of a text is indexed, how a typed query is read, and where in a text its words stand.
//!
//! Here: one analysis for what is searched and for what is looked for, so that both always agree: words without accents,
//! French and English stems, references and numbers in any spelling. Not here: where an index is kept.

mod analysis;
mod excerpt;
mod numbers;
mod query;
mod words;

pub use analysis::{Analysis, Passage, analysed};
pub use excerpt::{Piece, excerpt};
pub use query::{Flaw, Query, TERMS_MAX, TYPED_CHARS_MAX, Term, Way};

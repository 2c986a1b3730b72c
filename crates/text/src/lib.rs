//! What does this writing say: which words are the writer's own, in which language, about which subject.
//!
//! May live here: pure functions from text to findings. May not: cases, people, channels, IO, a clock, randomness.
//! Every function takes any input, never panics, and runs in time linear in its (stated, bounded) input.

pub mod cards;
mod copied;
pub mod fold;
pub mod forward;
pub mod html;
pub mod language;
pub mod phone;
pub mod promises;
pub mod reading;
pub mod search;
pub mod similar;
pub mod subject;

pub use forward::Forward;
pub use language::Language;
pub use reading::{Part, PartKind, Reading};

//! Erasure: what goes with a case and with a customer, the list of who asked for it, how long things are kept, and what lies
//! outside the rows. Everything here can be done twice.

mod content;
mod list;
mod remains;
mod rules;

pub(crate) use content::erase_case;
pub use list::{Erasure, ListedErasure, read_erasures};
pub use rules::{Expired, Keeping};

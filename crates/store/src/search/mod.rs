//! Search: filling the index in the transaction that changes what is searched, and asking it. One of the few rooms that may
//! ask which engine it is: each has an index of its own kind (FTS5, tsvector), both hold the tokens of `text::search`.

mod ask;
mod index;
mod refill;

pub use ask::{Hit, HitCase, HitKind, SearchPage, SearchQuery};
pub(crate) use index::{file, forget, forget_case};
pub(crate) use refill::is_derived;

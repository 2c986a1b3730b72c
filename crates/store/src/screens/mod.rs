//! What screens show: lists, a case with all that belongs to it, a customer. A constant number of queries each,
//! and only what the person may see. Sentences are made elsewhere.

mod case;
mod customer;
mod list;

pub use case::{CaseMessage, CasePage, LinkedCase, Names};
pub(crate) use customer::person;
pub use customer::{CustomerPage, KnownBy, Person};
pub use list::{CaseHead, ListPage, ListQuery, ListRow, Seek, View, ViewCounts};

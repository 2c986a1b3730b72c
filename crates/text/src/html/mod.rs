//! Foreign and own HTML: as text to read, as markup to look at, as markup to send.
//!
//! Here: the entrances. Not here: fetching anything, rewriting `cid:` addresses, page templates.

mod bounded;
mod page;
mod plain;
mod policy;
mod signature;
mod tokens;
mod walk;

pub use plain::from_plain;
pub use policy::{RemoteImages, composed, for_viewing, for_viewing_with, has_remote_images};
pub use walk::to_text;

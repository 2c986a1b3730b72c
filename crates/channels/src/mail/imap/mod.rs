//! Reading a mailbox by IMAP (RFC 3501): a table of contents.
//!
//! May live here: the conversation with the server, what it means, how long it may take. May not: which letters are
//! kept, where the reading stands, when to try again. Texts of failures may name people: they are shown, never logged.
//!
//! The protocol is read by our own small reader and not by a library. We need ten kinds of answers; those at hand
//! (async-imap, imap-proto) take a broken line in the middle of an answer for its end, which loses letters without a
//! word, die of a line of opening brackets, and make room for any size that a server announces.

mod after;
mod answer;
mod conversation;
mod failure;
mod fetch;
mod folder;
mod frame;
mod limits;
mod line;
mod login;
mod mailbox;
mod settings;
mod since;
mod sizes;
mod tokens;
mod wait;

pub use failure::ImapFailure;
pub use fetch::Fetched;
pub use mailbox::{Checked, Mailbox, check};
pub use settings::{AfterReading, ImapSettings, Login, Timeouts};
pub use wait::Wait;

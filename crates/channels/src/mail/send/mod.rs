//! Handing a mail to the next server (RFC 5321). A table of contents: retrying is not done here, nothing is stored,
//! and neither addresses nor secrets are logged.
//!
//! The line is our own and not a library's: lettre's ends at the first answer that is not UTF-8 (so that a refusal in
//! Latin-1 looked like a broken line), reads a line of any length, keeps what came before TLS for after it, and forgets
//! the keyword `DSN` of the greeting. Its notion of an address is used.

mod command;
mod conversation;
mod courier;
mod failure;
mod line;
mod pool;
mod reply;
mod settings;
mod tls;

pub use courier::Courier;
pub use failure::{Accepted, SendFailure};
pub use settings::{Login, SmtpSettings, Tls};

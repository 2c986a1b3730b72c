//! Mail, both ways: a table of contents. Nothing is decided here and nothing is stored.

pub mod authentication;
pub mod compose;
pub mod imap;
mod limits;
pub mod mbox;
pub mod oauth;
pub mod read;
pub mod send;
mod sentence;
pub mod server;
pub mod session;
pub mod sign;

//! Mail, both ways: a table of contents. Nothing is decided here and nothing is stored.

pub mod authentication;
pub mod compose;
mod limits;
pub mod read;
pub mod send;
pub mod server;
pub mod session;
pub mod sign;

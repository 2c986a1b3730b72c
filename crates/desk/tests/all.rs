//! The desk's tests, in one binary: walks through its public doors, and proofs on the real process.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so by panicking")]

mod mail;
mod proofs;
mod support;
mod walks;
mod web;

//! The desk's tests, in one binary: walks through its public doors, and proofs on the real process.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so by panicking")]

mod accounts;
mod common_clock;
#[path = "../../channels/tests/all/dovecot.rs"]
mod dovecot;
#[expect(dead_code, reason = "the channels' own tests use the rest of it")]
#[path = "../../channels/tests/support/exim.rs"]
mod exim;
mod mail;
mod proofs;
mod returned;
mod support;
#[path = "../../channels/tests/all/tokens.rs"]
mod tokens;
mod walks;
mod web;

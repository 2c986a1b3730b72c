//! What the store promises, proven on `SQLite` and on `PostgreSQL`: every test below is two tests.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so by panicking")]

mod accounts;
mod admin;
mod backup;
mod bulk;
mod claims;
mod commits;
mod conflicts;
mod decides;
mod engines;
mod feed;
mod fixture;
mod gathers;
mod hostile;
mod junk;
mod letters;
mod lists;
mod mailing;
mod merges;
mod outcomes;
mod screens;
mod search;
mod sign_in;
mod statistics;
mod world;

//! Tests of the screens and the API, through the router as a browser or a program meets it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod api;
mod api_acts;
mod attachments;
pub mod browser;
mod erasure;
mod forms;
mod hand;
mod headers;
mod inert;
mod letters_in;
mod live;
mod matrix;
mod private_link;
mod screens;
mod search;
mod signing;
mod webhooks;

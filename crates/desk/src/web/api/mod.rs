//! The API, version 1. A program proves itself with a token (`program`), asks for what is to be done (`command`), and
//! everything it does passes the same door as at the screens. Its types are its own, so that screens and store may change
//! beneath it; `openapi` describes them.

mod acts;
mod brands;
mod cases;
mod command;
mod customers;
pub mod events;
mod files;
mod letters;
mod openapi;
mod page;
mod program;
mod search;
pub(super) mod types;

pub(super) use acts::{
    assign, change_nature, change_status, commit, confirm, hold, keep, lift_hold, log_call, note, propose,
    reopen, reply, revoke_links, state,
};
pub(super) use brands::brands;
pub(super) use cases::{case, cases, messages, open};
pub(super) use customers::{customer, customers, erase, export, identify};
pub(super) use events::events;
pub(super) use files::{bring_file, file};
pub(super) use letters::{LETTER_BYTES_MAX, letter, take_in};
pub(super) use openapi::document;
pub(super) use page::page;
pub(super) use search::search;

//! The public form: somebody without an account tells what happened, and gets a case with a page to follow it.
//!
//! - what a form asks: `definition` · what was filled in: `answers`, and how it could be clearer: `advice`
//! - who may be a robot: `stamp` · the pages and what is sent: `pages`, `sending`

mod advice;
mod answers;
mod definition;
mod pages;
mod sending;
mod stamp;

pub(super) use pages::{sent, show};
pub(super) use sending::take;

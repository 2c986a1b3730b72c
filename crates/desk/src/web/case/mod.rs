//! One case on screen: the page, its timeline alone, its side panel.

mod entries;
mod events;
mod page;
mod passages;
mod side;

pub(super) use entries::{files_of, rich};
pub(super) use page::{Draft, find, page_with, show, timeline};
pub(super) use side::{case_link, customer_name, known_by};

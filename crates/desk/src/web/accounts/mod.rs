//! Mail accounts on screen, for administrators: the page, the form that connects one, a trial, and granting access.

mod form;
mod grant;
mod page;

pub(super) use form::{connect, remove, set_password};
pub(super) use grant::{ask, granted, take};
pub(super) use page::{needs_a_look, show, try_out};

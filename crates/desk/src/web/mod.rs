//! The screens and the API: requests become acts, what is known becomes pages.
//!
//! - every route with who may use it: [`routes`], enforced by `guard`
//! - what surrounds every answer: `router`, `visit`, `headers`, `error` (which puts `trouble` into words)
//! - what handlers share: `state`, `access`, `bare`, `context`, `cursor`, `forms`, `mail`, `words`

pub mod assets;
pub mod language;
pub mod page;
pub mod routes;
mod search;
pub mod view;

mod access;
mod accounts;
mod acts;
pub mod api;
mod bare;
mod case;
mod cases;
mod context;
mod cursor;
mod customers;
mod error;
mod export;
mod files;
mod follow;
mod form;
mod forms;
mod guard;
mod hand;
mod headers;
mod health;
mod keeping;
mod letters;
mod live;
mod mail;
mod merging;
mod outbox;
mod postbox;
mod preferences;
mod router;
mod sign_in;
mod state;
mod tracking;
mod trouble;
mod upload;
mod visit;
mod volume;
mod webhooks;
mod words;

pub use router::router;

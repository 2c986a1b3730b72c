//! OAuth 2 for mailboxes (RFC 6749, RFC 7636): a table of contents.
//!
//! May live here: what is asked of an authorisation server and what its answers mean. May not: keeping tokens, the
//! clock, randomness, screens. Secrets stand in no failure and in no `Debug`.

mod answer;
mod authorize;
mod client;
mod sasl;
mod settings;

pub use answer::{Granted, OAuthFailure};
pub use authorize::{Authorization, authorize_url};
pub use client::OAuthClient;
pub use sasl::{xoauth2, xoauth2_refusal};
pub use settings::{OAuthSettings, Provider};

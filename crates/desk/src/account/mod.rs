//! Mail accounts that feed inboxes: how each is logged into, reached, tried out. Reading them is a worker's job.
//!
//! - what can go wrong: [`Trouble`]
//! - passwords and tokens: [`login`]
//! - settings of the two protocols: [`reach`]

pub mod login;
pub mod reach;

use channels::mail::imap::ImapFailure;
use channels::mail::oauth::OAuthFailure;
use channels::mail::send::SendFailure;
use store::StoreError;
use thiserror::Error;

use crate::seal::Shut;

/// Why an account cannot be used. Its sentences may hold a server's words: they are for the administrator's screen, not
/// for the log.
#[derive(Debug, Error)]
pub enum Trouble {
    /// Nobody has granted access yet.
    #[error("access has not been granted yet")]
    NotGranted,
    /// Its stored secret does not open.
    #[error(transparent)]
    Shut(#[from] Shut),
    /// No token was given.
    #[error(transparent)]
    OAuth(#[from] OAuthFailure),
    /// The mailbox cannot be read.
    #[error(transparent)]
    Imap(#[from] ImapFailure),
    /// Mails cannot be handed over.
    #[error(transparent)]
    Smtp(#[from] SendFailure),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Trouble {
    /// Whether it stays as it is until a person does something.
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::NotGranted | Self::Shut(_) => true,
            Self::OAuth(failure) => failure.is_lasting(),
            Self::Imap(failure) => failure.is_lasting(),
            Self::Smtp(_) | Self::Store(_) => false,
        }
    }

    /// What kind it is, for the log: without any words from outside.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotGranted => "not granted",
            Self::Shut(_) => "sealed secret",
            Self::OAuth(_) => "oauth",
            Self::Imap(ImapFailure::WrongLogin { .. }) => "login refused",
            Self::Imap(_) => "imap",
            Self::Smtp(_) => "smtp",
            Self::Store(_) => "store",
        }
    }
}

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
    /// Reading broke off by a fault of ours.
    #[error("reading broke off: this is a fault of the desk")]
    OwnFault,
}

/// Between the code and the words of a failure that is kept.
const KEPT_BETWEEN: &str = ": ";

impl Trouble {
    /// Whether it stays as it is until a person does something.
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::NotGranted | Self::Shut(_) | Self::OwnFault => true,
            Self::OAuth(failure) => failure.is_lasting(),
            Self::Imap(failure) => failure.is_lasting(),
            Self::Smtp(_) | Self::Store(_) => false,
        }
    }

    /// What kind it is, for the log and for the words on screen: without any words from outside.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotGranted => "not-granted",
            Self::Shut(_) => "sealed",
            Self::OAuth(_) => "oauth",
            Self::Imap(failure) => match failure {
                ImapFailure::Unreachable { .. } => "unreachable",
                ImapFailure::Tls { .. } => "tls",
                ImapFailure::WrongLogin { .. } => "login",
                ImapFailure::NoSuchFolder { .. } => "folder",
                ImapFailure::BrokenOff { .. } => "broken-off",
                ImapFailure::TooSlow { .. } => "slow",
                ImapFailure::Refused { .. } => "refused",
                ImapFailure::Unreadable { .. } => "unreadable",
            },
            Self::Smtp(SendFailure::Unreachable { .. }) => "unreachable",
            Self::Smtp(_) => "refused",
            Self::Store(_) => "store",
            Self::OwnFault => "own-fault",
        }
    }

    /// As it is kept beside the account: the code, and what was said.
    pub fn to_kept(&self) -> String {
        format!("{}{KEPT_BETWEEN}{self}", self.code())
    }
}

/// The code and the words of a failure that was kept.
pub fn read_kept(kept: &str) -> (&str, &str) {
    kept.split_once(KEPT_BETWEEN).unwrap_or(("", kept))
}

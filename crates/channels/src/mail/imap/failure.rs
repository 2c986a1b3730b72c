//! What can go wrong while reading a mailbox, told apart by who can mend it. No retrying here.

use std::io;

use thiserror::Error;
use tokio_rustls::rustls;

use super::frame::Unreadable;
use crate::mail::sentence::one_line;

/// The mailbox could not be read. Texts are one line of at most 300 characters; the server's own may name people.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImapFailure {
    /// No such name, nobody listens, or no way there.
    #[error("cannot connect: {text}")]
    Unreachable {
        /// What happened.
        text: String,
    },
    /// The line cannot be protected: certificate, name, version, or the server offers no TLS where it must.
    #[error("no protected line: {text}")]
    Tls {
        /// What happened.
        text: String,
    },
    /// The server does not let us in with this name and secret.
    #[error("the login was refused: {text}")]
    WrongLogin {
        /// The server's words.
        text: String,
    },
    /// There is no such folder, or it cannot be opened.
    #[error("no such folder {folder:?}: {text}")]
    NoSuchFolder {
        /// The folder as in the settings.
        folder: String,
        /// The server's words.
        text: String,
    },
    /// The line broke, or the server said good-bye in the middle. The mailbox has to be opened anew.
    #[error("the line broke off: {text}")]
    BrokenOff {
        /// What happened.
        text: String,
    },
    /// No answer in time. The mailbox has to be opened anew.
    #[error("too slow: {during}")]
    TooSlow {
        /// What took too long.
        during: &'static str,
    },
    /// The server understood and refused.
    #[error("the server refused: {text}")]
    Refused {
        /// The server's words.
        text: String,
    },
    /// What came is no IMAP, or more than anybody needs. The mailbox has to be opened anew.
    #[error("the server cannot be understood: {text}")]
    Unreadable {
        /// What was wrong with it, in our words: what came may be a letter.
        text: String,
    },
}

impl ImapFailure {
    /// Whether it stays as it is until a person changes something, so that trying again by itself will not help.
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Tls { .. } | Self::WrongLogin { .. } | Self::NoSuchFolder { .. } => true,
            Self::Unreachable { .. }
            | Self::BrokenOff { .. }
            | Self::TooSlow { .. }
            | Self::Refused { .. }
            | Self::Unreadable { .. } => false,
        }
    }

    /// Whether the line still stands: the server said no, and may say yes to the next command.
    pub fn leaves_line_open(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::NoSuchFolder { .. })
    }

    /// From a line that was open.
    pub(super) fn broken(error: &io::Error) -> Self {
        match rustls_error(error) {
            Some(reason) => Self::BrokenOff { text: one_line(&format!("TLS: {reason}")) },
            None => Self::BrokenOff { text: one_line(&error.to_string()) },
        }
    }

    /// From greeting each other in TLS: what rustls refuses stays refused, a line that breaks is only a line.
    pub(super) fn no_tls(error: &io::Error) -> Self {
        match rustls_error(error) {
            Some(reason) => Self::Tls { text: one_line(&reason.to_string()) },
            None => Self::broken(error),
        }
    }

    pub(super) fn tls(text: &str) -> Self {
        Self::Tls { text: one_line(text) }
    }

    pub(super) fn hung_up() -> Self {
        Self::BrokenOff { text: "the server hung up".to_owned() }
    }

    pub(super) fn refused(text: &str) -> Self {
        Self::Refused { text: one_line(text) }
    }
}

impl From<Unreadable> for ImapFailure {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable { text: unreadable.to_string() }
    }
}

fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

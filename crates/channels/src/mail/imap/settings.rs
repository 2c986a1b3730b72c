//! What it takes to read a mailbox: where, as whom, which folder, how long to wait. No sockets here.

use std::fmt;
use std::time::Duration;

use crate::mail::send::Tls;

/// Who we are to the server.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// Name and password (`AUTHENTICATE PLAIN`, RFC 4616, or `LOGIN`).
    Password {
        /// The account.
        user: String,
        /// Its password.
        password: String,
    },
    /// An OAuth access token (`AUTHENTICATE XOAUTH2`, Google's and Microsoft's).
    XOAuth2 {
        /// The account that is read.
        user: String,
        /// The token, without `Bearer`.
        access_token: String,
    },
}

impl fmt::Debug for Login {
    /// Without names and secrets: settings end up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password { .. } => "Password { .. }",
            Self::XOAuth2 { .. } => "XOAuth2 { .. }",
        })
    }
}

/// What becomes of a letter on the server once it is safe with us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterReading {
    /// Nothing at all: the folder is opened read-only (`EXAMINE`), not even `\Recent` changes.
    Keep,
    /// It gets `\Seen`.
    MarkSeen,
    /// It moves to this folder of the same account, which is made when it is not there.
    MoveTo(String),
    /// It is removed.
    Delete,
}

/// How long the server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name, TCP and TLS together.
    pub connect: Duration,
    /// One command and its answer; while letters come, the longest silence.
    pub command: Duration,
    /// One call of `fetch_after`, letters and all. What has come by then is given back.
    pub fetch: Duration,
}

impl Default for Timeouts {
    /// 20 seconds, 60 seconds and 10 minutes.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(20), command: seconds(60), fetch: seconds(600) }
    }
}

/// A mailbox that is read.
#[derive(Clone, PartialEq, Eq)]
pub struct ImapSettings {
    /// Name or address of the server; the certificate is checked against it.
    pub host: String,
    /// TCP port, 993 with [`Tls::Implicit`] and 143 else.
    pub port: u16,
    /// Protection of the line.
    pub tls: Tls,
    /// Who we are.
    pub login: Login,
    /// The folder as people see it, `INBOX` or `Réclamations/2024`, with the server's own separator.
    pub folder: String,
    /// What becomes of letters that are safe.
    pub after_reading: AfterReading,
    /// Root certificates in PEM that are believed beside Mozilla's; may be empty.
    pub extra_roots: Vec<u8>,
    /// How often to ask a server that cannot tell by itself (`NOOP` where there is no `IDLE`).
    pub poll_every: Duration,
    /// How long the server may take.
    pub timeouts: Timeouts,
}

impl fmt::Debug for ImapSettings {
    /// Without account, secrets and certificates.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, tls, login, after_reading, timeouts, .. } = self;
        write!(f, "ImapSettings {{ host: {host:?}, port: {port}, tls: {tls:?}, login: {login:?}, ")?;
        write!(f, "after_reading: {after_reading:?}, timeouts: {timeouts:?}, .. }}")
    }
}

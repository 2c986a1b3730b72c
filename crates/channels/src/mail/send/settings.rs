//! What has to be known about the server that takes our mails. No connections.

use std::fmt;
use std::time::Duration;

/// How the line to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: for a server on the same machine or a trusted network.
    None,
    /// `STARTTLS` (RFC 3207), required: a server without it gets nothing.
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Implicit,
}

/// How we show who we are (RFC 4954).
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Login {
    /// Not at all.
    #[default]
    None,
    /// User and password, by `PLAIN` (RFC 4616) or, where that is not offered, `LOGIN`.
    Password {
        /// The user.
        user: String,
        /// Their password.
        password: String,
    },
    /// An access token of OAuth 2, by `XOAUTH2`. It lives for an hour or so: see [`Courier::log_in_with`].
    ///
    /// [`Courier::log_in_with`]: super::Courier::log_in_with
    XOAuth2 {
        /// The user, usually the mailbox's address.
        user: String,
        /// The token, as the authorisation server gave it.
        access_token: String,
    },
}

impl fmt::Debug for Login {
    /// Only which kind it is: settings end up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Password { .. } => "Password",
            Self::XOAuth2 { .. } => "XOAuth2",
        })
    }
}

/// The server that takes our mails.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Name or address of the server; the certificate is checked against it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Protection of the line.
    pub tls: Tls,
    /// Certificates in PEM that are trusted besides Mozilla's: a company's own authority. May be empty.
    pub extra_roots: Vec<u8>,
    /// How we log in.
    pub login: Login,
    /// What we call ourselves in `EHLO`.
    pub hello: String,
    /// Longest wait for one answer; a whole mail may take six times as long.
    pub timeout: Duration,
}

impl SmtpSettings {
    /// A server without protection, login or certificates of its own, and half a minute for an answer.
    pub fn new(host: &str, port: u16, hello: &str) -> Self {
        Self {
            host: host.to_owned(),
            port,
            tls: Tls::None,
            extra_roots: Vec::new(),
            login: Login::None,
            hello: hello.to_owned(),
            timeout: Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for SmtpSettings {
    /// Without user, password and certificates: settings end up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, tls, login, timeout, .. } = self;
        write!(
            f,
            "SmtpSettings {{ host: {host:?}, port: {port}, tls: {tls:?}, login: {login:?}, \
             timeout: {timeout:?}, .. }}"
        )
    }
}

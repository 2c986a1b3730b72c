//! Handing a mail to the next server (RFC 5321 through lettre). What cannot be sent is told apart:
//! to be tried again, refused for good, not reached. Retrying is not done here, and no addresses are logged.

use std::fmt;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls as LettreTls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use thiserror::Error as ThisError;

use super::limits::{ANSWER_CHARS_MAX, SENDING_CONNECTIONS_MAX};

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

/// The server that takes our mails.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Name or address of the server; the certificate is checked against it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Protection of the line.
    pub tls: Tls,
    /// User, when the server wants one; used together with `password` only.
    pub username: Option<String>,
    /// Password of the user.
    pub password: Option<String>,
    /// What we call ourselves in `EHLO`.
    pub hello: String,
    /// Longest wait for one answer; a whole mail may take six times as long.
    pub timeout: Duration,
}

impl fmt::Debug for SmtpSettings {
    /// Without user and password: settings end up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, tls, timeout, .. } = self;
        write!(f, "SmtpSettings {{ host: {host:?}, port: {port}, tls: {tls:?}, timeout: {timeout:?}, .. }}")
    }
}

/// The next server took the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What it said, on one line of at most 300 characters; often its queue number.
    pub answer: String,
}

/// The next server did not take the mail. Texts are one line of at most 300 characters.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum SendFailure {
    /// It said "not now" (4xx), or refused *us* rather than the mail: to be tried again.
    #[error("refused for now ({code}): {text}")]
    Temporary {
        /// The SMTP code.
        code: u16,
        /// The sentence that came with it.
        text: String,
    },
    /// It said "never" (5xx), or the address cannot exist (reported as 553): trying again is useless.
    #[error("refused for good ({code}): {text}")]
    Permanent {
        /// The SMTP code.
        code: u16,
        /// The sentence that came with it.
        text: String,
    },
    /// No answer that counts: no connection, no TLS, a broken line, no answer in time. To be tried again;
    /// the mail may have arrived all the same, which is why it keeps its `Message-ID`.
    #[error("server not reached: {text}")]
    Unreachable {
        /// What happened.
        text: String,
    },
}

/// A pooled way to one server.
#[derive(Debug, Clone)]
pub struct Courier {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    mail_timeout: Duration,
}

impl Courier {
    /// Prepares the way; connects at the first mail. Must be called within a tokio runtime.
    /// Fails with [`SendFailure::Unreachable`] when TLS cannot be set up for the host's name.
    pub fn new(settings: SmtpSettings) -> Result<Self, SendFailure> {
        let tls = match settings.tls {
            Tls::None => LettreTls::None,
            Tls::StartTls => LettreTls::Required(TlsParameters::new(settings.host.clone()).map_err(failure)?),
            Tls::Implicit => LettreTls::Wrapper(TlsParameters::new(settings.host.clone()).map_err(failure)?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host)
            .port(settings.port)
            .tls(tls)
            .hello_name(ClientId::Domain(settings.hello))
            .timeout(Some(settings.timeout))
            .pool_config(PoolConfig::new().max_size(SENDING_CONNECTIONS_MAX));
        if let (Some(username), Some(password)) = (settings.username, settings.password) {
            builder = builder.credentials(Credentials::new(username, password));
        }
        // Greeting with EHLO, MAIL, RCPT, DATA, content, and a spare one for TLS and login.
        Ok(Self { transport: builder.build(), mail_timeout: settings.timeout.saturating_mul(6) })
    }

    /// Hands over one mail for one recipient. `from` is the envelope sender, empty for the null sender (RFC 5321 4.5.5).
    pub async fn send(&self, from: &str, to: &str, bytes: &[u8]) -> Result<Accepted, SendFailure> {
        let sender = if from.is_empty() { None } else { Some(address(from)?) };
        let envelope = Envelope::new(sender, vec![address(to)?]).map_err(|_| not_an_address())?;
        // lettre ends the last line itself.
        let bytes = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
        let sending = self.transport.send_raw(&envelope, bytes);
        let answer = tokio::time::timeout(self.mail_timeout, sending).await.map_err(|_| too_slow())?;
        let response = answer.map_err(failure)?;
        let words: Vec<&str> = response.message().collect();
        Ok(Accepted { answer: one_line(&format!("{} {}", response.code(), words.join(" "))) })
    }

    /// Connects, greets and logs in without sending anything.
    pub async fn check(&self) -> Result<(), SendFailure> {
        let testing = self.transport.test_connection();
        let answer = tokio::time::timeout(self.mail_timeout, testing).await.map_err(|_| too_slow())?;
        if answer.map_err(failure)? {
            Ok(())
        } else {
            Err(SendFailure::Unreachable { text: "the server hung up after the greeting".to_owned() })
        }
    }
}

fn address(text: &str) -> Result<Address, SendFailure> {
    text.parse().map_err(|_| not_an_address())
}

fn not_an_address() -> SendFailure {
    SendFailure::Permanent { code: 553, text: "not an address that mail can be sent to".to_owned() }
}

fn too_slow() -> SendFailure {
    SendFailure::Unreachable { text: "no answer in time".to_owned() }
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err calls")]
fn failure(error: Error) -> SendFailure {
    let source = std::error::Error::source(&error).map(ToString::to_string);
    let text = one_line(&source.unwrap_or_else(|| error.to_string()));
    match error.status().map(u16::from) {
        Some(code) if error.is_permanent() && !refuses_us(code) => SendFailure::Permanent { code, text },
        Some(code) => SendFailure::Temporary { code, text },
        None => SendFailure::Unreachable { text },
    }
}

/// Codes that are about our login or the server as a whole (RFC 4954 6, RFC 7504): somebody repairs the settings
/// and the mail is as good as before, so it must not be given up.
fn refuses_us(code: u16) -> bool {
    matches!(code, 521 | 530 | 534 | 535 | 538)
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_control() || c.is_whitespace()).collect();
    let joined = words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ");
    joined.chars().take(ANSWER_CHARS_MAX).collect()
}

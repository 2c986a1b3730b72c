//! The door: a letter in, a [`SenderProof`] out, within a bounded time. The table of what is believed stands in [`super`].

use std::net::SocketAddr;
use std::time::Duration;

use casework::inbound::SenderProof;
use mail_auth::hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, MessageAuthenticator};
use thiserror::Error;
use tokio::runtime::Handle;

use super::alignment::domain_of;
use super::origin::Origin;
use super::own::verify;
use super::results;
use super::stated::{Stated, judge};
use super::trust::is_trusted;
use crate::mail::limits::LETTER_BYTES_MAX;
use crate::mail::read::read;

/// `Authentication-Results` looked at.
const FIELDS_MAX: usize = 10;
/// A header above this size is not looked at, in bytes: servers refuse beyond 100 to 250 KiB.
const HEADER_BYTES_MAX: usize = 256 * 1024;
/// Tries of one question to DNS within the whole time: a packet may be lost once.
const DNS_TRIES: u32 = 2;
/// Share of the whole time that one try may take, so that one dead name server leaves time for others.
const DNS_TRY_SHARE: u32 = 4;

/// DNS cannot be asked: the system's settings could not be read.
#[derive(Debug, Error)]
#[error("DNS cannot be asked: {0}")]
pub struct AuthenticatorError(String);

/// Finds out whether the domain in `From` stands behind a letter. Keeps what DNS said for as long as DNS allows.
#[derive(Clone)]
pub struct Authenticator {
    dns: MessageAuthenticator,
    timeout: Duration,
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authenticator {{ timeout: {:?}, .. }}", self.timeout)
    }
}

impl Authenticator {
    /// Asks one name server (UDP, TCP where an answer is long), or those of the system. `timeout` bounds the whole
    /// proof of one letter. Must be called within a tokio runtime.
    pub fn new(dns: Option<SocketAddr>, timeout: Duration) -> Result<Self, AuthenticatorError> {
        let wrong = |error: &dyn std::fmt::Display| AuthenticatorError(error.to_string());
        let (config, mut options) = match dns {
            Some(server) => (one_server(server), ResolverOpts::default()),
            None => mail_auth::hickory_resolver::system_conf::read_system_conf().map_err(|e| wrong(&e))?,
        };
        options.timeout = timeout / DNS_TRY_SHARE;
        options.attempts = DNS_TRIES as usize;
        let dns = MessageAuthenticator::new(config, options).map_err(|e| wrong(&e))?;
        Ok(Self { dns, timeout })
    }

    /// Judges a letter as it was received; lines that our own listener put in front do no harm. `trusted` are the names
    /// (RFC 8601 authserv-ids, without regard to case; [`NAMELESS`](super::NAMELESS) for none) whose `Authentication-Results` count, and
    /// the domains whose ARC seals do: see [`super`] for what the operator must ensure.
    ///
    /// DNS that is silent, slow or broken leaves a letter unknown, never forged.
    pub async fn prove(&self, raw: &[u8], origin: &Origin, trusted: &[String]) -> SenderProof {
        // What came straight from the sender's server holds nobody's statements but the sender's.
        let believed = if *origin == Origin::Relay { trusted } else { &[] };
        match settled(raw, believed) {
            Ok(proof) => proof,
            Err(author) => self.ask(raw.to_vec(), origin.clone(), author, trusted.to_vec()).await,
        }
    }

    /// The same without DNS, for letters of long ago: keys and servers of then are not those of today.
    pub fn read_statements(raw: &[u8], trusted: &[String]) -> SenderProof {
        settled(raw, trusted).unwrap_or_default()
    }

    /// On a thread of its own: hashing tens of megabytes would hold up everybody else's letters. Should the library
    /// panic over a letter that nobody has seen yet, that letter is unknown and the desk goes on.
    async fn ask(&self, raw: Vec<u8>, origin: Origin, author: String, trusted: Vec<String>) -> SenderProof {
        let (dns, timeout, runtime) = (self.dns.clone(), self.timeout, Handle::current());
        let asking = tokio::task::spawn_blocking(move || {
            let verifying = verify(&dns, &raw, &origin, &author, &trusted);
            runtime.block_on(async { tokio::time::timeout(timeout, verifying).await })
        });
        asking.await.ok().and_then(Result::ok).unwrap_or_default()
    }
}

/// What is said on the letter itself by whom we believe; the author's domain when nothing is, for DNS to be asked.
fn settled(raw: &[u8], believed: &[String]) -> Result<SenderProof, String> {
    let looked = (raw.len() <= LETTER_BYTES_MAX).then(|| header(raw)).flatten();
    let Some((author, stated)) = looked.and_then(|header| look(header, believed)) else {
        return Ok(SenderProof::Unknown);
    };
    match stated {
        Stated::Proven => Ok(SenderProof::Proven),
        Stated::Forged => Ok(SenderProof::Forged),
        Stated::Doubtful => Ok(SenderProof::Doubtful),
        Stated::Open => Ok(SenderProof::Unknown),
        Stated::Nothing => Err(author),
    }
}

fn one_server(server: SocketAddr) -> ResolverConfig {
    let mut connections = vec![ConnectionConfig::udp(), ConnectionConfig::tcp()];
    for connection in &mut connections {
        connection.port = server.port();
    }
    let server = NameServerConfig::new(server.ip(), true, connections);
    ResolverConfig::from_parts(None, Vec::new(), vec![server])
}

/// All above the first empty line, when it is of bearable size.
fn header(raw: &[u8]) -> Option<&[u8]> {
    let searched = &raw[..raw.len().min(HEADER_BYTES_MAX)];
    let is_end = |at: &usize| searched[*at..].starts_with(b"\n\r\n") || searched[*at..].starts_with(b"\n\n");
    let end = (0..searched.len()).find(is_end).map(|at| at + 1);
    end.or((searched.len() == raw.len()).then_some(raw.len())).map(|end| &raw[..end])
}

/// The author's domain and what the topmost field states about it, if its name is trusted. Nothing unless the letter has
/// one author, and the library that verifies sees the same one as the reader whose `From` people are shown.
///
/// Where each filter of a server writes a field of its own, the fields below may be the writer's as well; but nobody
/// testifies against themselves, so a failure told there is believed.
fn look(header: &[u8], trusted: &[String]) -> Option<(String, Stated)> {
    let message = AuthenticatedMessage::parse(header)?;
    let [author] = message.froms() else { return None };
    let shown = read(header, "").0.from?.address;
    let domain = domain_of(author).filter(|_| shown.eq_ignore_ascii_case(author))?;
    let is_it = |name: &[u8]| name.trim_ascii().eq_ignore_ascii_case(b"authentication-results");
    let fields = message.raw_parsed_headers().iter().filter(|(name, _)| is_it(name)).take(FIELDS_MAX);
    let trusted = fields
        .map(|(_, value)| results::read(value))
        .take_while(|results| is_trusted(results.name.as_deref(), trusted));
    let mut verdicts = trusted.map(|results| judge(&results, &domain));
    let first = verdicts.next().unwrap_or(Stated::Nothing);
    let stated = match first {
        Stated::Nothing => verdicts.find(|below| below.is_failure()).unwrap_or(first),
        _ => first,
    };
    Some((domain, stated))
}

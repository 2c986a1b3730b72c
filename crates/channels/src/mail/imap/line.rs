//! The line to the server: TCP, TLS, bytes out and answers in, each in its time. What is said is not known here.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use super::answer::{self, Answer};
use super::failure::ImapFailure;
use super::frame::Framer;
use super::settings::ImapSettings;
use crate::mail::send::Tls;
use crate::mail::sentence::one_line;
use crate::tls;

/// TCP with or without TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

/// An open line.
pub(super) struct Line {
    stream: BufReader<Box<dyn Stream>>,
    framer: Framer,
}

impl Line {
    /// Opens the line, and protects it unless that is done later ([`Tls::StartTls`]) or never.
    pub(super) async fn open(settings: &ImapSettings) -> Result<Self, ImapFailure> {
        let opening = async {
            let tcp = TcpStream::connect((settings.host.as_str(), settings.port)).await;
            let tcp = tcp.map_err(|error| ImapFailure::Unreachable { text: one_line(&error.to_string()) })?;
            // Commands are small and wait for their answers.
            let _ = tcp.set_nodelay(true);
            match settings.tls {
                Tls::Implicit => protect(Box::new(tcp), settings).await,
                Tls::None | Tls::StartTls => Ok(Box::new(tcp) as Box<dyn Stream>),
            }
        };
        let stream = timeout(settings.timeouts.connect, opening)
            .await
            .map_err(|_| ImapFailure::TooSlow { during: "connecting" })??;
        Ok(Self { stream: BufReader::new(stream), framer: Framer::new() })
    }

    /// Goes on under TLS after `STARTTLS` was answered. What came in clear behind that answer was not said by
    /// the server that we are about to check, so the line is given up.
    pub(super) async fn protect(self, settings: &ImapSettings) -> Result<Self, ImapFailure> {
        if !self.stream.buffer().is_empty() {
            return Err(ImapFailure::tls("somebody spoke between STARTTLS and TLS"));
        }
        let stream = timeout(settings.timeouts.connect, protect(self.stream.into_inner(), settings))
            .await
            .map_err(|_| ImapFailure::TooSlow { during: "protecting the line" })??;
        Ok(Self { stream: BufReader::new(stream), framer: Framer::new() })
    }

    /// From here on, keeps letters up to this size; larger ones are passed over.
    pub(super) fn keep_literals(&mut self, bytes_max: u64) {
        self.framer.keep_literals(bytes_max);
    }

    /// Sends one line.
    pub(super) async fn write(&mut self, text: &str, longest: Duration) -> Result<(), ImapFailure> {
        let line = format!("{text}\r\n");
        let writing = async {
            self.stream.write_all(line.as_bytes()).await?;
            self.stream.flush().await
        };
        let written = timeout(longest, writing).await;
        let written = written.map_err(|_| ImapFailure::TooSlow { during: "sending a command" })?;
        written.map_err(|error| ImapFailure::broken(&error))
    }

    /// The next answer; `silence` is the longest that nothing at all may come. May be dropped and asked again:
    /// no byte is lost.
    pub(super) async fn read(&mut self, silence: Duration) -> Result<Answer, ImapFailure> {
        // Ends: each turn takes bytes, and an answer has a largest size.
        loop {
            let filled = timeout(silence, self.stream.fill_buf()).await;
            let filled = filled.map_err(|_| ImapFailure::TooSlow { during: "waiting for an answer" })?;
            let chunk = filled.map_err(|error| ImapFailure::broken(&error))?;
            if chunk.is_empty() {
                return Err(ImapFailure::hung_up());
            }
            let (used, pieces) = self.framer.feed(chunk)?;
            self.stream.consume(used);
            if let Some(pieces) = pieces {
                return Ok(answer::read(pieces));
            }
        }
    }
}

async fn protect(stream: Box<dyn Stream>, settings: &ImapSettings) -> Result<Box<dyn Stream>, ImapFailure> {
    let config: ClientConfig = tls::client_config(&settings.extra_roots)
        .map_err(|failure| ImapFailure::tls(&failure.to_string()))?;
    let name = ServerName::try_from(settings.host.clone())
        .map_err(|_| ImapFailure::tls("the host is no name that a certificate could have"))?;
    let protected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    Ok(Box::new(protected.map_err(|error| ImapFailure::no_tls(&error))?))
}

//! The line to a server: bytes out, answers in, both bounded in size and time; plain at first, TLS on demand.
//! What is said is not decided here.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::failure::{SendFailure, unreachable};
use super::reply::{Reply, parse_line};
use super::tls::TlsClient;
use crate::mail::limits::REPLY_BYTES_MAX;

/// Either kind of stream.
trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// An open line.
pub(super) struct Line {
    stream: Box<dyn Stream>,
    /// What came and was not yet taken as an answer.
    heard: Vec<u8>,
    patience: Duration,
}

impl Line {
    /// Opens a plain line. `patience` bounds each single wait.
    pub async fn open(host: &str, port: u16, patience: Duration) -> Result<Self, SendFailure> {
        let stream = timeout(patience, TcpStream::connect((host, port)))
            .await
            .map_err(|_| too_slow())?
            .map_err(|error| unreachable(&error.to_string()))?;
        // Commands are small and wait for their answers: gathering them would only add delay.
        if let Err(error) = stream.set_nodelay(true) {
            return Err(unreachable(&error.to_string()));
        }
        Ok(Self { stream: Box::new(stream), heard: Vec::new(), patience })
    }

    /// Goes on under TLS. What was said in the clear after the last answer would be taken for an answer under TLS,
    /// though anybody on the way could have written it: then there is no going on.
    pub async fn protect(self, tls: &TlsClient) -> Result<Self, SendFailure> {
        let Self { stream, heard, patience } = self;
        if !heard.is_empty() {
            return Err(unreachable("the server spoke before TLS began"));
        }
        let connecting = TlsConnector::from(tls.config.clone()).connect(tls.name.clone(), stream);
        let stream = timeout(patience, connecting)
            .await
            .map_err(|_| too_slow())?
            .map_err(|error| unreachable(&error.to_string()))?;
        Ok(Self { stream: Box::new(stream), heard, patience })
    }

    /// Sends one command, line end included, and waits for its answer.
    pub async fn ask(&mut self, command: &str) -> Result<Reply, SendFailure> {
        self.say(command.as_bytes()).await?;
        self.hear().await
    }

    /// Sends bytes; each piece must be taken in time.
    pub async fn say(&mut self, bytes: &[u8]) -> Result<(), SendFailure> {
        let broken = |error: std::io::Error| unreachable(&error.to_string());
        for piece in bytes.chunks(64 * 1024) {
            timeout(self.patience, self.stream.write_all(piece))
                .await
                .map_err(|_| too_slow())?
                .map_err(broken)?;
        }
        timeout(self.patience, self.stream.flush()).await.map_err(|_| too_slow())?.map_err(broken)
    }

    /// Waits for one answer, with the usual patience.
    pub async fn hear(&mut self) -> Result<Reply, SendFailure> {
        timeout(self.patience, self.hear_at_leisure()).await.map_err(|_| too_slow())?
    }

    /// Waits for one answer without a bound in time: somebody else must set it.
    pub async fn hear_at_leisure(&mut self) -> Result<Reply, SendFailure> {
        let (mut lines, mut seen) = (Vec::new(), 0);
        loop {
            let line = self.hear_line(REPLY_BYTES_MAX.saturating_sub(seen)).await?;
            seen += line.len();
            let line =
                parse_line(line.trim_ascii_end()).ok_or_else(|| unreachable("this is no SMTP server"))?;
            lines.push(line.text);
            if line.is_last {
                return Ok(Reply { code: line.code, lines });
            }
        }
    }

    /// The next line with its line end, at most so long.
    async fn hear_line(&mut self, bytes_max: usize) -> Result<Vec<u8>, SendFailure> {
        let mut searched = 0;
        loop {
            if let Some(at) = self.heard[searched..].iter().position(|byte| *byte == b'\n') {
                let rest = self.heard.split_off(searched + at + 1);
                return Ok(std::mem::replace(&mut self.heard, rest));
            }
            searched = self.heard.len();
            if searched >= bytes_max {
                return Err(unreachable("an answer without end"));
            }
            match self.stream.read_buf(&mut self.heard).await {
                Ok(0) => return Err(unreachable("the server hung up")),
                Ok(_) => {}
                Err(error) => return Err(unreachable(&error.to_string())),
            }
        }
    }
}

fn too_slow() -> SendFailure {
    unreachable("no answer in time")
}

//! An antivirus, if there is one: the daemon `clamd` at its socket, asked with `INSTREAM`.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use crate::spool::Spool;

/// Longest wait for a verdict.
const PATIENCE: Duration = Duration::from_mins(1);
/// Bytes of one piece.
const PIECE_BYTES: usize = 64 * 1024;
/// Longest answer that is read.
const ANSWER_BYTES_MAX: u64 = 4096;

/// Where the daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// A socket in the file system.
    Unix(PathBuf),
    /// `host:port`.
    Tcp(String),
}

impl Scanner {
    /// Reads a setting: a path, or `host:port`.
    pub fn at(place: &str) -> Self {
        if place.starts_with('/') { Self::Unix(PathBuf::from(place)) } else { Self::Tcp(place.to_owned()) }
    }

    /// What was found in a file; `None` when nothing was.
    pub(crate) async fn look(&self, spool: &mut Spool) -> io::Result<Option<String>> {
        spool.rewind().await?;
        let asking = async {
            match self {
                Self::Unix(path) => ask(UnixStream::connect(path).await?, spool).await,
                Self::Tcp(place) => ask(TcpStream::connect(place).await?, spool).await,
            }
        };
        let answer = timeout(PATIENCE, asking).await.map_err(|_| io::ErrorKind::TimedOut)??;
        verdict(&answer)
    }
}

async fn ask(mut line: impl AsyncRead + AsyncWrite + Unpin, spool: &mut Spool) -> io::Result<String> {
    line.write_all(b"zINSTREAM\0").await?;
    loop {
        let piece = spool.read(PIECE_BYTES).await?;
        let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
        line.write_all(&length.to_be_bytes()).await?;
        if piece.is_empty() {
            break;
        }
        line.write_all(&piece).await?;
    }
    line.flush().await?;
    let mut answer = Vec::new();
    line.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).trim_matches(['\0', '\n', ' ']).to_owned())
}

fn verdict(answer: &str) -> io::Result<Option<String>> {
    let said = answer.strip_prefix("stream: ").unwrap_or(answer);
    match said.strip_suffix(" FOUND") {
        Some(name) => Ok(Some(name.to_owned())),
        None if said == "OK" => Ok(None),
        None => Err(io::Error::other(format!("the antivirus says {said:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_read_and_anything_else_is_a_failure() {
        assert_eq!(verdict("stream: OK").unwrap(), None);
        assert_eq!(verdict("stream: Eicar-Signature FOUND").unwrap().as_deref(), Some("Eicar-Signature"));
        for odd in ["", "INSTREAM size limit exceeded. ERROR", "stream: x ERROR"] {
            assert!(verdict(odd).is_err(), "{odd}");
        }
        assert_eq!(Scanner::at("/run/clamd"), Scanner::Unix("/run/clamd".into()));
        assert_eq!(Scanner::at("av:3310"), Scanner::Tcp("av:3310".to_owned()));
    }
}

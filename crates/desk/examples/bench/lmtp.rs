//! Letters by LMTP over eight connections, each answered before the next: how many are kept durably in a second, and how
//! many are decided on.

use std::time::Instant;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::corpus::{Letter, letter};
use crate::figures::{Figures, as_f64};
use crate::served::Served;

/// Connections at once.
const CONNECTIONS: usize = 8;

/// What was loaded.
#[derive(Debug, Clone, Copy)]
pub struct Loaded {
    /// Bytes of all letters as they came.
    pub raw_bytes: f64,
}

/// Loads letters, and tells how fast.
pub async fn load(served: &Served, letters: usize, figures: &mut Figures) -> anyhow::Result<Loaded> {
    let began = Instant::now();
    let mut lanes = tokio::task::JoinSet::new();
    for lane in 0..CONNECTIONS {
        let address = served.lmtp.clone();
        lanes.spawn(async move { send_all(&address, (lane..letters).step_by(CONNECTIONS)).await });
    }
    let mut bytes = 0;
    while let Some(sent) = lanes.join_next().await {
        bytes += sent??;
    }
    figures.rate("lmtp.accepted", letters, began.elapsed());
    served.wait_read().await?;
    figures.rate("lmtp.committed", letters, began.elapsed());
    served.wait_sent().await?;
    figures.rate("lmtp.answered", letters, began.elapsed());
    Ok(Loaded { raw_bytes: as_f64(bytes / 1_024) * 1_024.0 })
}

async fn send_all(address: &str, numbers: impl Iterator<Item = usize>) -> anyhow::Result<usize> {
    let stream = TcpStream::connect(address).await?;
    // As mail servers do: what is written goes at once, and is not held until the other side has confirmed what came before.
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    expect(&mut stream, "220").await?;
    say(&mut stream, "LHLO bench.example\r\n", "250").await?;
    let mut bytes = 0;
    for number in numbers {
        let letter = letter(number);
        bytes += letter.raw.len();
        send(&mut stream, &letter).await.with_context(|| format!("letter {number}"))?;
    }
    say(&mut stream, "QUIT\r\n", "221").await?;
    Ok(bytes)
}

async fn send(stream: &mut BufReader<TcpStream>, letter: &Letter) -> anyhow::Result<()> {
    say(stream, &format!("MAIL FROM:<{}>\r\n", letter.from), "250").await?;
    say(stream, "RCPT TO:<bonjour@bench.example>\r\n", "250").await?;
    say(stream, "DATA\r\n", "354").await?;
    stream.write_all(&letter.raw).await?;
    say(stream, "\r\n.\r\n", "250").await
}

async fn say(stream: &mut BufReader<TcpStream>, words: &str, code: &str) -> anyhow::Result<()> {
    stream.write_all(words.as_bytes()).await?;
    expect(stream, code).await
}

/// Reads one answer, of one line or several.
async fn expect(stream: &mut BufReader<TcpStream>, code: &str) -> anyhow::Result<()> {
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 || !line.starts_with(code) {
            bail!("{code} was expected and not {line:?}");
        }
        if line.as_bytes().get(3) == Some(&b' ') {
            return Ok(());
        }
    }
}

//! Listening in: a relay between a client and a server that writes down what is said and can cut the line, and a hand
//! that speaks IMAP with a server directly, to see for itself what became of letters.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::dovecot::{Dovecot, PASSWORD};

/// A relay for one connection to a server without TLS.
pub struct Relay {
    pub port: u16,
    asked: watch::Receiver<String>,
    answered: watch::Receiver<String>,
    /// Bytes of answers that have come through.
    through: watch::Receiver<usize>,
    cut: Arc<watch::Sender<bool>>,
}

impl Relay {
    /// Relays to that port; after `bytes_max` bytes of answers nothing more comes through until [`Relay::cut`].
    pub async fn start(to: u16, bytes_max: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (ask, asked) = watch::channel(String::new());
        let (answer, answered) = watch::channel(String::new());
        let (count, through) = watch::channel(0);
        let (cut, mut is_cut) = watch::channel(false);
        tokio::spawn(async move {
            let (client, _) = listener.accept().await.unwrap();
            let server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
            let (client_in, client_out) = client.into_split();
            let (server_in, server_out) = server.into_split();
            let questions = tokio::spawn(pass(client_in, server_out, usize::MAX, ask, watch::channel(0).0));
            let answers = tokio::spawn(pass(server_in, client_out, bytes_max, answer, count));
            let _ = is_cut.wait_for(|is_cut| *is_cut).await;
            questions.abort();
            answers.abort();
        });
        Self { port, asked, answered, through, cut: Arc::new(cut) }
    }

    /// Everything the client said so far.
    pub fn asked(&self) -> String {
        self.asked.borrow().clone()
    }

    /// Waits until the server has said this.
    pub async fn answered(&mut self, words: &str) {
        self.answered.wait_for(|said| said.contains(words)).await.unwrap();
    }

    /// Waits until so many bytes of answers have come through.
    pub async fn through(&mut self, bytes: usize) {
        self.through.wait_for(|count| *count >= bytes).await.unwrap();
    }

    /// Closes both sides.
    pub fn cut(&self) {
        self.cut.send(true).unwrap();
    }
}

async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    bytes_max: usize,
    said: watch::Sender<String>,
    count: watch::Sender<usize>,
) {
    let mut chunk = [0; 4096];
    let mut passed = 0;
    while passed < bytes_max {
        let Ok(read @ 1..) = from.read(&mut chunk).await else { return };
        let read = read.min(bytes_max - passed);
        if to.write_all(&chunk[..read]).await.is_err() {
            return;
        }
        passed += read;
        said.send_modify(|text| text.push_str(&String::from_utf8_lossy(&chunk[..read])));
        let _ = count.send(passed);
    }
    // Neither closed nor read on: for the client the server has stopped in the middle of a word.
    std::future::pending::<()>().await;
}

/// Somebody at the server, by hand.
pub struct Hand {
    stream: BufReader<TcpStream>,
    tags: u32,
}

impl Hand {
    /// Logs in as that user.
    pub async fn of(server: &Dovecot, user: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", server.imap)).await.unwrap();
        let mut hand = Self { stream: BufReader::new(stream), tags: 0 };
        let password = PASSWORD.replace('\\', "\\\\").replace('"', "\\\"");
        hand.ask(&format!("LOGIN {user} \"{password}\"")).await;
        hand
    }

    /// Says a command that must end well; returns all that was answered.
    pub async fn ask(&mut self, words: &str) -> String {
        self.tags += 1;
        let tag = format!("h{}", self.tags);
        self.stream.write_all(format!("{tag} {words}\r\n").as_bytes()).await.unwrap();
        let mut heard = String::new();
        loop {
            let mut line = Vec::new();
            assert!(self.stream.read_until(b'\n', &mut line).await.unwrap() > 0, "{words}: {heard}");
            let line = String::from_utf8_lossy(&line).into_owned();
            heard.push_str(&line);
            if let Some(end) = line.strip_prefix(&format!("{tag} ")) {
                assert!(end.starts_with("OK"), "{words}: {heard}");
                return heard;
            }
        }
    }
}

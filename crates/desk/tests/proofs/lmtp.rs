//! A mail server on the sending side of LMTP (RFC 2033): it sends a letter again until somebody says 250 to it.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};

use super::letters::Mail;

/// Longest wait for one answer.
const ANSWER_WAIT: Duration = Duration::from_secs(40);
/// Pause between two tries of a letter.
const PAUSE: Duration = Duration::from_millis(25);
/// Tries of one letter before the proof gives up.
const TRIES_MAX: u32 = 4000;

/// One connection.
#[derive(Debug)]
pub struct Client(BufReader<TcpStream>);

/// What was counted while sending, by all clients together.
#[derive(Debug, Default)]
pub struct Tally {
    /// Letters answered with 250.
    pub accepted: AtomicU32,
    /// Tries that did not end with 250, whatever the reason.
    pub again: AtomicU32,
    /// Of those: the letter was sent whole and the line broke before the answer.
    pub in_doubt: AtomicU32,
    /// Of those: 4xx was said.
    pub later: AtomicU32,
}

impl Tally {
    /// What one counter says.
    pub fn of(counter: &AtomicU32) -> u32 {
        counter.load(Ordering::Relaxed)
    }
}

fn count(counter: &AtomicU32) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Client {
    /// Connects and says hello.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let mut client = Self::open(address).await?;
        client.expect(220).await?;
        client.command("LHLO mx.example").await?;
        Ok(client)
    }

    /// Connects without a word.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        Ok(Self(BufReader::new(timeout(ANSWER_WAIT, TcpStream::connect(address)).await??)))
    }

    /// Our own port, by which a trace knows this line.
    pub fn port(&self) -> u16 {
        self.0.get_ref().local_addr().unwrap().port()
    }

    /// Sends a command and gives the answer, which may have any code.
    pub async fn command(&mut self, words: &str) -> io::Result<String> {
        self.write(format!("{words}\r\n").as_bytes()).await?;
        self.answer().await
    }

    /// Writes bytes as they are.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        timeout(ANSWER_WAIT, self.0.get_mut().write_all(bytes)).await?
    }

    /// The next answer, all its lines.
    pub async fn answer(&mut self) -> io::Result<String> {
        let mut told = String::new();
        loop {
            let start = told.len();
            if timeout(ANSWER_WAIT, self.0.read_line(&mut told)).await?? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if told.as_bytes().get(start + 3) != Some(&b'-') {
                return Ok(told);
            }
        }
    }

    async fn expect(&mut self, code: u16) -> io::Result<()> {
        let told = self.answer().await?;
        if told.starts_with(&code.to_string()) { Ok(()) } else { Err(io::Error::other(told)) }
    }

    /// Envelope and `DATA`, up to the go-ahead. Any other answer is the answer to the letter.
    pub async fn announce(&mut self, from: &str, to: &[&str]) -> io::Result<Option<String>> {
        let from = self.command(&format!("MAIL FROM:<{from}>")).await?;
        if !from.starts_with("250") {
            return Ok(Some(from));
        }
        for to in to {
            let told = self.command(&format!("RCPT TO:<{to}>")).await?;
            if !told.starts_with("250") {
                return Ok(Some(told));
            }
        }
        let told = self.command("DATA").await?;
        Ok((!told.starts_with("354")).then_some(told))
    }

    /// Sends one letter to one recipient and gives the answer; `on_sent` is told when its last byte is on its way.
    pub async fn send(&mut self, mail: &Mail, on_sent: impl FnOnce()) -> io::Result<String> {
        if let Some(told) = self.announce(&mail.from, &[&mail.to]).await? {
            return Ok(told);
        }
        self.write(&stuffed(&mail.bytes)).await?;
        on_sent();
        self.answer().await
    }
}

/// The way to a desk of one or several nodes. The line is kept from letter to letter.
#[derive(Debug)]
pub struct Route {
    nodes: Vec<SocketAddr>,
    at: usize,
    line: Option<Client>,
}

impl Route {
    /// The way to these nodes, the first one first.
    pub fn to(nodes: &[SocketAddr]) -> Self {
        Self { nodes: nodes.to_vec(), at: 0, line: None }
    }

    /// Goes on with the next node, on a new line.
    pub fn turn(&mut self) {
        self.at = (self.at + 1) % self.nodes.len();
        self.line = None;
    }

    /// Delivers a letter: tries until it is answered with 250. `on_sent` is told each time it was sent whole.
    pub async fn deliver(&mut self, mail: &Mail, tally: &Tally, on_sent: impl Fn()) {
        let mut pause = interval(PAUSE);
        for _ in 0..TRIES_MAX {
            let mut is_sent = false;
            let told = self.try_once(mail, || {
                is_sent = true;
                on_sent();
            });
            match told.await {
                Ok(told) if told.starts_with("250") => return count(&tally.accepted),
                Ok(told) => {
                    assert!(told.starts_with('4'), "{}: {told}", mail.id);
                    count(&tally.later);
                }
                Err(_) if is_sent => count(&tally.in_doubt),
                Err(_) => {}
            }
            count(&tally.again);
            self.turn();
            pause.reset();
            pause.tick().await;
        }
        panic!("{} was never taken", mail.id);
    }

    async fn try_once(&mut self, mail: &Mail, on_sent: impl FnOnce()) -> io::Result<String> {
        let client = match &mut self.line {
            Some(client) => client,
            None => self.line.insert(Client::connect(self.nodes[self.at]).await?),
        };
        client.send(mail, on_sent).await
    }
}

/// The letter as it travels: dots doubled at the start of lines, and the dot that ends it (RFC 5321 4.5.2).
pub fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 8);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    out.extend_from_slice(b".\r\n");
    out
}

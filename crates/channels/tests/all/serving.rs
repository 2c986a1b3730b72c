//! The listener over real sockets: time, shutdown, crowds. What is said is tested in `sessions`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use channels::mail::server::{Answer, Envelope, Kept, Letterbox, Protocol, Rules, serve};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A letterbox in memory that gives the same answer to every letter.
pub struct Memory {
    pub answer: Answer,
    pub kept: Kept,
    pub letters: Mutex<Vec<Envelope>>,
}

impl Letterbox for Memory {
    async fn recipient(&self, _address: &str) -> Answer {
        self.answer
    }

    async fn keep(&self, letter: Envelope) -> Vec<Kept> {
        let kept = vec![self.kept.clone(); letter.recipients.len()];
        self.letters.lock().unwrap().push(letter);
        kept
    }
}

/// A running listener on the loopback.
pub struct Running {
    pub address: SocketAddr,
    pub letterbox: Arc<Memory>,
    pub stop: CancellationToken,
    pub done: JoinHandle<std::io::Result<()>>,
}

pub async fn start(rules: Rules, answer: Answer, kept: Kept) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let letterbox = Arc::new(Memory { answer, kept, letters: Mutex::new(Vec::new()) });
    let stop = CancellationToken::new();
    let done = tokio::spawn(serve(listener, rules, letterbox.clone(), stop.clone()));
    Running { address, letterbox, stop, done }
}

pub fn rules(protocol: Protocol) -> Rules {
    Rules::new(protocol, "desk.suivi.test".to_owned())
}

struct Client(BufReader<TcpStream>);

impl Client {
    async fn connect(running: &Running) -> Self {
        Self(BufReader::new(TcpStream::connect(running.address).await.unwrap()))
    }

    /// The next reply, all its lines; empty when the line is closed.
    async fn hear(&mut self) -> String {
        let mut reply = String::new();
        loop {
            let start = reply.len();
            let read = self.0.read_line(&mut reply).await.unwrap_or(0);
            if read == 0 || reply.as_bytes().get(start + 3) != Some(&b'-') {
                return reply;
            }
        }
    }

    async fn say(&mut self, text: &str) -> String {
        self.0.get_mut().write_all(text.as_bytes()).await.unwrap();
        self.hear().await
    }
}

#[tokio::test]
async fn a_letter_is_kept_with_its_envelope() {
    let running = start(rules(Protocol::Smtp), Answer::Ours, Kept::Yes).await;
    let mut client = Client::connect(&running).await;
    assert!(client.hear().await.starts_with("220 desk.suivi.test"));
    for (said, code) in [
        ("EHLO mx.example\r\n", "250"),
        ("MAIL FROM:<>\r\n", "250"),
        ("RCPT TO:<Aide@suivi.test>\r\n", "250"),
        ("DATA\r\n", "354"),
        ("Subject: x\r\n\r\n..\r\n.\r\n", "250"),
        ("QUIT\r\n", "221"),
    ] {
        assert_eq!(&client.say(said).await[..3], code, "{said}");
    }
    assert_eq!(client.hear().await, "");
    let letters = std::mem::take(&mut *running.letterbox.letters.lock().unwrap());
    let expected = Envelope {
        from: String::new(),
        recipients: vec!["Aide@suivi.test".to_owned()],
        bytes: b"Subject: x\r\n\r\n.\r\n".to_vec(),
        peer: "127.0.0.1".to_owned(),
        helo: "mx.example".to_owned(),
    };
    assert_eq!(letters, vec![expected]);
    assert!(letters[0].delivered().starts_with(b"Return-Path: <>\r\nSubject: x\r\n"));
    running.stop.cancel();
    running.done.await.unwrap().unwrap();
}

#[tokio::test]
async fn slow_clients_are_told_and_cut() {
    let mut rules = rules(Protocol::Lmtp);
    rules.command_timeout = Duration::from_millis(150);
    rules.data_timeout = Duration::from_millis(150);
    let running = start(rules, Answer::Ours, Kept::Yes).await;
    let mut silent = Client::connect(&running).await;
    silent.hear().await;
    assert_eq!(silent.hear().await, "421 4.4.2 Too slow, closing\r\n");
    assert_eq!(silent.hear().await, "");
    let mut dripping = Client::connect(&running).await;
    dripping.hear().await;
    let talk = "LHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@suivi.test>\r\nDATA\r\n";
    dripping.say(talk).await;
    for _ in 0..3 {
        dripping.hear().await;
    }
    // A byte now and then does not move the deadline: it is for the content as a whole.
    let mut pause = tokio::time::interval(Duration::from_millis(40));
    let told = loop {
        tokio::select! {
            _ = pause.tick() => { let _ = dripping.0.get_mut().write_all(b"x").await; }
            () = std::future::ready(()), if !dripping.0.buffer().is_empty() => break dripping.hear().await,
            _ = dripping.0.fill_buf() => break dripping.hear().await,
        }
    };
    assert_eq!(told, "421 4.4.2 Too slow, closing\r\n");
    assert!(running.letterbox.letters.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_crowd_is_asked_to_come_back() {
    let mut rules = rules(Protocol::Smtp);
    rules.connections_max = 1;
    let running = start(rules, Answer::Ours, Kept::Yes).await;
    let mut first = Client::connect(&running).await;
    assert!(first.hear().await.starts_with("220"));
    let mut second = Client::connect(&running).await;
    assert_eq!(second.hear().await, "421 4.3.2 Too many connections, try again later\r\n");
    assert!(first.say("NOOP\r\n").await.starts_with("250"));
}

#[tokio::test]
async fn stopping_lets_a_letter_finish_and_no_other_begin() {
    let running = start(rules(Protocol::Smtp), Answer::Ours, Kept::Yes).await;
    let mut idle = Client::connect(&running).await;
    idle.hear().await;
    let mut busy = Client::connect(&running).await;
    busy.hear().await;
    busy.say("EHLO a\r\n").await;
    busy.say("MAIL FROM:<a@b.fr>\r\n").await;
    running.stop.cancel();
    assert_eq!(idle.hear().await, "421 4.3.2 Shutting down, try again later\r\n");
    assert!(busy.say("RCPT TO:<a@suivi.test>\r\n").await.starts_with("250"));
    assert!(busy.say("DATA\r\n").await.starts_with("354"));
    assert!(busy.say("a\r\n.\r\n").await.starts_with("250 2.0.0"));
    assert!(busy.hear().await.starts_with("421 4.3.2"));
    assert_eq!(busy.hear().await, "");
    running.done.await.unwrap().unwrap();
    assert_eq!(running.letterbox.letters.lock().unwrap().len(), 1);
    assert!(TcpStream::connect(running.address).await.is_err());
}

#[tokio::test]
async fn a_large_letter_comes_through_whole() {
    let running = start(rules(Protocol::Lmtp), Answer::Ours, Kept::Yes).await;
    let mut client = Client::connect(&running).await;
    client.hear().await;
    let letter = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abc\r\n".repeat(40_000);
    client.say("LHLO a\r\n").await;
    client.say("MAIL FROM:<> SIZE=3000000\r\n").await;
    client.say("RCPT TO:<a@suivi.test>\r\n").await;
    client.say("DATA\r\n").await;
    assert!(client.say(&format!("{letter}.\r\n")).await.starts_with("250"));
    assert_eq!(running.letterbox.letters.lock().unwrap()[0].bytes, letter.as_bytes());
}

//! The mail server that takes the desk's mails: it keeps every copy it ever saw, and at times says "not now" or takes a
//! mail and breaks the line before saying so.

use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use channels::mail::read::read;
use channels::mail::server::{Answer, Envelope, Kept, Letterbox, Protocol, Rules, serve};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::dice::Dice;

/// Of a hundred mails that come for the first time: how many are refused for now, how many are taken without an answer.
#[derive(Debug, Clone, Copy)]
pub struct Temper {
    /// "Not now".
    pub refused: u64,
    /// Taken, and the line broken.
    pub cut: u64,
}

/// One copy of a mail.
#[derive(Debug, Clone)]
pub struct Copy {
    /// What came.
    pub bytes: Vec<u8>,
    /// Whether it was answered with 250.
    pub is_taken: bool,
}

/// What a customer's mail program knows of a mail of ours.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Its `Message-ID`.
    pub id: String,
    /// Where answers go.
    pub reply_to: String,
}

#[derive(Debug, Default)]
struct Seen {
    /// Copies by `Message-ID`.
    copies: BTreeMap<String, Vec<Copy>>,
    /// Receipts by the `Message-ID` of the letter they answer.
    receipts: BTreeMap<String, Receipt>,
    /// Recipients.
    recipients: HashSet<String>,
}

#[derive(Debug)]
struct Book {
    seen: Mutex<Seen>,
    temper: Mutex<Temper>,
    dice: Dice,
    count: watch::Sender<usize>,
}

/// A running recorder; it stops when dropped.
#[derive(Debug)]
pub struct Recorder {
    book: Arc<Book>,
    address: SocketAddr,
    _stop: DropGuard,
}

impl Recorder {
    /// Starts on any port.
    pub async fn start(seed: u64, temper: Temper) -> Self {
        Self::start_at(seed, temper, 0).await
    }

    /// Starts on this port.
    pub async fn start_at(seed: u64, temper: Temper, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let book = Arc::new(Book {
            seen: Mutex::default(),
            temper: Mutex::new(temper),
            dice: Dice::new(seed),
            count: watch::Sender::new(0),
        });
        let stop = CancellationToken::new();
        let rules = Rules::new(Protocol::Smtp, "mx.example".to_owned());
        tokio::spawn(serve(listener, rules, Arc::clone(&book), stop.clone()));
        Self { book, address, _stop: stop.drop_guard() }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// From now on everything is taken.
    pub fn calm_down(&self) {
        *self.book.temper.lock().unwrap() = Temper { refused: 0, cut: 0 };
    }

    /// The receipt for a letter, if it has come.
    pub fn receipt_for(&self, first: &str) -> Option<Receipt> {
        self.book.seen.lock().unwrap().receipts.get(first).cloned()
    }

    /// Tells how many copies have come, each time it changes.
    pub fn count(&self) -> watch::Receiver<usize> {
        self.book.count.subscribe()
    }

    /// Every copy, by `Message-ID`.
    pub fn copies(&self) -> BTreeMap<String, Vec<Copy>> {
        self.book.seen.lock().unwrap().copies.clone()
    }

    /// Everybody it got a mail for.
    pub fn recipients(&self) -> HashSet<String> {
        self.book.seen.lock().unwrap().recipients.clone()
    }
}

impl Letterbox for Book {
    async fn recipient(&self, _address: &str) -> Answer {
        Answer::Ours
    }

    async fn keep(&self, letter: Envelope) -> Vec<Kept> {
        let inbound = read(&letter.bytes, "").0;
        let id = inbound.message_id.unwrap_or_default();
        let Temper { refused, cut } = *self.temper.lock().unwrap();
        let mut seen = self.seen.lock().unwrap();
        let is_new = !seen.copies.contains_key(&id);
        let number = self.dice.below(100);
        let is_refused = is_new && number < refused;
        let is_cut = is_new && !is_refused && number < refused + cut;
        let copy = Copy { bytes: letter.bytes, is_taken: !is_refused && !is_cut };
        seen.copies.entry(id.clone()).or_default().push(copy);
        seen.recipients.extend(letter.recipients);
        if let (false, Some(first), Some(reply_to)) = (is_refused, inbound.answers.first(), &inbound.reply_to)
        {
            let receipt = Receipt { id, reply_to: reply_to.address.clone() };
            seen.receipts.insert(first.clone(), receipt);
        }
        drop(seen);
        self.count.send_modify(|count| *count += 1);
        if is_cut {
            // Ends this conversation, and with it the line, without a word to anybody.
            std::panic::resume_unwind(Box::new("the line breaks"));
        }
        vec![if is_refused { Kept::TryLater } else { Kept::Yes }]
    }
}

//! One SMTP or LMTP conversation as a pure machine: bytes in, replies and questions out (RFC 5321, RFC 2033).
//! No socket, no clock, no storage. The answers do not depend on how the bytes were cut on their way.

mod command;
mod content;
mod reply;

use std::sync::Arc;

use content::{Content, Ended};
pub use reply::Reply;

/// Which of the two protocols is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// SMTP (RFC 5321): one answer for the whole letter.
    Smtp,
    /// LMTP (RFC 2033): one answer for each recipient.
    Lmtp,
}

/// Whether an address is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Letters for it are taken.
    Ours,
    /// Nobody here has that address: 550.
    NotOurs,
    /// It cannot be told now: 450.
    TryLater,
}

/// What became of the letter for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is durably kept.
    Yes,
    /// It is not kept; the sender shall try again: 451.
    TryLater,
    /// It is refused for good, with the sentence to say: 550.
    Refused(String),
}

/// A letter as it was handed over, with its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// `MAIL FROM`; empty for the null sender.
    pub from: String,
    /// Accepted recipients, as given, without repeats.
    pub recipients: Vec<String>,
    /// The letter, dots unstuffed, lines ending in CR LF.
    pub bytes: Vec<u8>,
    /// Address of the other side, as the shell knows it.
    pub peer: String,
    /// What the other side called itself.
    pub helo: String,
}

impl Envelope {
    /// The letter as it is to be kept: with the envelope sender in front, as the last server writes it
    /// (`Return-Path`, RFC 5321 4.4). Reading recognises the null sender of delivery reports by it.
    pub fn delivered(&self) -> Vec<u8> {
        [format!("Return-Path: <{}>\r\n", self.from).as_bytes(), &self.bytes].concat()
    }
}

/// The bounds of a session.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Which protocol is spoken.
    pub protocol: Protocol,
    /// Our own name, said in the greeting.
    pub hostname: String,
    /// Largest letter taken, in bytes.
    pub size_bytes_max: usize,
    /// Most recipients of one letter.
    pub recipients_max: usize,
    /// Bad commands before the line is cut.
    pub errors_max: u32,
    /// Longest command line, in bytes with its CR LF (RFC 5321 4.5.3.1.4 asks for 512 and more for extensions).
    pub command_bytes_max: usize,
    /// Longest line of a letter, in bytes with its CR LF. The RFC says 1,000; real senders go beyond.
    pub line_bytes_max: usize,
}

/// What the shell has to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Give more bytes.
    Read,
    /// Send this, then go on.
    Say(Reply),
    /// Find out whether the address is ours, then call [`Session::answer`].
    Ask(String),
    /// Keep the letter, then call [`Session::kept`].
    Keep(Envelope),
    /// Send what is left and close the connection.
    Close,
}

/// How far the conversation is.
#[derive(Debug)]
enum Stage {
    /// Before the greeting of the other side.
    New,
    /// Between letters.
    Ready,
    /// After `MAIL`, recipients being named.
    Addressed,
    /// While the content comes.
    Content(Box<Content>),
    /// While the shell keeps the letter.
    Keeping,
    /// Finished.
    Closed,
}

/// One conversation. Drive it with [`Session::step`].
#[derive(Debug)]
pub struct Session {
    limits: Arc<Limits>,
    peer: String,
    stage: Stage,
    helo: String,
    from: String,
    /// Every accepted `RCPT`: its place in `recipients`. LMTP answers each of them.
    accepted: Vec<usize>,
    recipients: Vec<String>,
    asked: Option<String>,
    has_refused: bool,
    line: Vec<u8>,
    is_line_too_long: bool,
    errors: u32,
}

impl Session {
    /// A new conversation with `peer`. Say [`Session::greeting`] first.
    pub fn new(limits: Arc<Limits>, peer: String) -> Self {
        Self {
            limits,
            peer,
            stage: Stage::New,
            helo: String::new(),
            from: String::new(),
            accepted: Vec::new(),
            recipients: Vec::new(),
            asked: None,
            has_refused: false,
            line: Vec::new(),
            is_line_too_long: false,
            errors: 0,
        }
    }

    /// The first line, said when the connection opens.
    pub fn greeting(&self) -> Reply {
        let protocol = match self.limits.protocol {
            Protocol::Smtp => "ESMTP",
            Protocol::Lmtp => "LMTP",
        };
        Reply::line(220, "", &format!("{} {protocol}", self.limits.hostname))
    }

    /// Takes what it needs from the front of `input` and says what to do next.
    /// It returns [`Step::Read`] only when `input` is used up.
    pub fn step(&mut self, input: &mut &[u8]) -> Step {
        match &mut self.stage {
            Stage::Closed => Step::Close,
            // The shell has not answered yet; nothing else can happen.
            Stage::Keeping => Step::Read,
            Stage::Content(content) => match content.take(input) {
                Ended::No => Step::Read,
                Ended::Complete(bytes) => self.hand_over(bytes),
                Ended::Refused(reply) => self.refuse_content(reply),
                Ended::Hopeless(reply) => self.close(reply),
            },
            Stage::New | Stage::Ready | Stage::Addressed => self.take_line(input),
        }
    }

    /// Tells whether the address last asked for is ours.
    pub fn answer(&mut self, answer: Answer) -> Reply {
        let Some(address) = self.asked.take() else {
            return Reply::line(451, "4.3.0", "Nothing was asked");
        };
        match answer {
            Answer::Ours => {
                let place = self.recipients.iter().position(|known| *known == address);
                let place = place.unwrap_or_else(|| {
                    self.recipients.push(address);
                    self.recipients.len() - 1
                });
                self.accepted.push(place);
                Reply::line(250, "2.1.5", "Recipient is ours")
            }
            Answer::NotOurs => {
                self.has_refused = true;
                Reply::line(550, "5.1.1", "No such address here")
            }
            Answer::TryLater => {
                self.has_refused = true;
                Reply::line(450, "4.3.0", "Cannot tell now, try again later")
            }
        }
    }

    /// Tells what became of the letter, one entry for each recipient of the envelope in its order.
    /// A missing entry counts as [`Kept::TryLater`].
    pub fn kept(&mut self, kept: &[Kept]) -> Reply {
        let reply = match self.limits.protocol {
            Protocol::Lmtp => {
                let each = self.accepted.iter().map(|place| reply::for_one(kept.get(*place)));
                Reply::join(each)
            }
            Protocol::Smtp => reply::for_all(kept, self.recipients.len()),
        };
        self.reset();
        reply
    }

    /// True between letters: nothing is lost when the connection closes now.
    pub fn is_idle(&self) -> bool {
        matches!(self.stage, Stage::New | Stage::Ready)
    }

    /// True while content comes: it has its own, longer time limit.
    pub fn is_in_content(&self) -> bool {
        matches!(self.stage, Stage::Content(_))
    }

    /// Ends the conversation because the other side is too slow (RFC 5321 4.5.3.2).
    pub fn time_out(&mut self) -> Reply {
        self.stage = Stage::Closed;
        Reply::line(421, "4.4.2", "Too slow, closing")
    }

    /// Ends the conversation because this side stops (RFC 5321 3.8).
    pub fn stop(&mut self) -> Reply {
        self.stage = Stage::Closed;
        Reply::line(421, "4.3.2", "Shutting down, try again later")
    }

    fn hand_over(&mut self, bytes: Vec<u8>) -> Step {
        self.stage = Stage::Keeping;
        Step::Keep(Envelope {
            from: self.from.clone(),
            recipients: self.recipients.clone(),
            bytes,
            peer: self.peer.clone(),
            helo: self.helo.clone(),
        })
    }

    /// The content was drained but cannot be taken. LMTP wants an answer for each recipient all the same.
    fn refuse_content(&mut self, reply: Reply) -> Step {
        let times = match self.limits.protocol {
            Protocol::Smtp => 1,
            Protocol::Lmtp => self.accepted.len(),
        };
        self.reset();
        Step::Say(Reply::join(std::iter::repeat_n(reply, times)))
    }

    fn close(&mut self, reply: Reply) -> Step {
        self.stage = Stage::Closed;
        Step::Say(reply)
    }

    /// Forgets the letter at hand (RFC 5321 4.1.1.5).
    fn reset(&mut self) {
        self.stage = Stage::Ready;
        self.from.clear();
        self.accepted.clear();
        self.recipients.clear();
        self.asked = None;
        self.has_refused = false;
    }
}

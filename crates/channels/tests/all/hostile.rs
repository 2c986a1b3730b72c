//! A server that says what a test wants, true or not: one closure that gets each command and gives the bytes to say.

use std::time::Duration;

use channels::mail::imap::{AfterReading, ImapSettings, Login, Timeouts};
use channels::mail::send::Tls;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What to say to a command.
pub enum Reply {
    /// These words, in which `TAG` stands for the command's tag.
    Say(String),
    /// These words again and again, until nobody listens.
    Forever(&'static str),
    /// Nothing, and the line stays open.
    Silence,
    /// These words, and then the line is closed.
    HangUp(String),
}

/// Words of a reply, in which `TAG` stands for the command's tag.
pub fn say(words: &str) -> Reply {
    Reply::Say(words.to_owned())
}

/// What honest servers answer to the commands that every conversation begins with, with 3 letters and the abilities.
pub fn beginning(command: &str, abilities: &str) -> Option<Reply> {
    let words = match command.split(' ').next().unwrap_or_default() {
        "CAPABILITY" => format!("* CAPABILITY IMAP4rev1 {abilities}\r\nTAG OK\r\n"),
        "LOGIN" | "NOOP" => "TAG OK\r\n".to_owned(),
        "SELECT" | "EXAMINE" => {
            "* 3 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 4]\r\nTAG OK\r\n".to_owned()
        }
        "LOGOUT" => "* BYE\r\nTAG OK\r\n".to_owned(),
        _ => return None,
    };
    Some(Reply::Say(words))
}

/// A folder with those sizes: the answer to the two questions that come before contents, if this is one.
pub fn listing(command: &str, sizes: &[(u32, u32)]) -> Option<Reply> {
    let last = sizes.last().map_or(0, |(uid, _)| *uid);
    if command == "UID FETCH * (UID)" {
        return Some(Reply::Say(format!("* 3 FETCH (UID {last})\r\nTAG OK\r\n")));
    }
    let (from, to) =
        command.strip_prefix("UID FETCH ")?.strip_suffix(" (UID RFC822.SIZE)")?.split_once(':')?;
    let window = from.parse().unwrap()..=to.parse().unwrap();
    let listed = sizes.iter().filter(|(uid, _)| window.contains(uid));
    let lines: Vec<String> =
        listed.map(|(uid, size)| format!("* 1 FETCH (UID {uid} RFC822.SIZE {size})\r\n")).collect();
    Some(Reply::Say(format!("{}TAG OK\r\n", lines.concat())))
}

/// A letter as it is given.
pub fn letter(uid: u32, text: &str) -> String {
    format!("* 1 FETCH (UID {uid} BODY[] {{{}}}\r\n{text})\r\n", text.len())
}

/// A running server.
pub struct Hostile {
    pub port: u16,
    commands: watch::Receiver<Vec<String>>,
}

impl Hostile {
    /// Serves one connection after the other.
    pub async fn start(greeting: &str, mut answer: impl FnMut(&str) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (heard, commands) = watch::channel(Vec::new());
        let greeting = greeting.to_owned();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let mut stream = BufReader::new(stream);
                let mut tag = String::new();
                let mut reply = Reply::Say(greeting.clone());
                loop {
                    let goes_on = reply_with(&mut stream, &tag, reply).await;
                    let mut line = String::new();
                    if !goes_on || stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                        break;
                    }
                    let line = line.trim_end_matches("\r\n");
                    // What has no tag of ours goes on with the command before: `DONE`, an answer to a question.
                    let is_tagged = line
                        .strip_prefix('S')
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                    let (new_tag, command) =
                        line.split_once(' ').filter(|_| is_tagged).unwrap_or((&tag, line));
                    let (new_tag, command) = (new_tag.to_owned(), command.to_owned());
                    heard.send_modify(|commands| commands.push(command.clone()));
                    reply = answer(&command);
                    tag = new_tag;
                }
            }
        });
        Self { port, commands }
    }

    /// The commands that were heard, without tags.
    pub fn commands(&self) -> Vec<String> {
        self.commands.borrow().clone()
    }

    /// Waits until a command that begins so was heard.
    pub async fn heard(&mut self, start: &str) {
        self.commands.wait_for(|all| all.iter().any(|command| command.starts_with(start))).await.unwrap();
    }

    /// How to read it, with little patience.
    pub fn settings(&self) -> ImapSettings {
        ImapSettings {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: Tls::None,
            login: Login::Password { user: "aide".to_owned(), password: "hush \"\\".to_owned() },
            folder: "INBOX".to_owned(),
            after_reading: AfterReading::Keep,
            extra_roots: Vec::new(),
            poll_every: Duration::from_millis(1),
            timeouts: Timeouts { connect: LONG, command: LONG, fetch: LONG },
        }
    }

    /// The same with almost none.
    pub fn hurried(&self) -> ImapSettings {
        let short = Duration::from_millis(200);
        ImapSettings {
            timeouts: Timeouts { connect: short, command: short, fetch: short * 2 },
            ..self.settings()
        }
    }
}

/// What no test waits longer for; reaching it is a failure.
const LONG: Duration = Duration::from_secs(30);

/// Whether the line is still open afterwards.
async fn reply_with(stream: &mut BufReader<tokio::net::TcpStream>, tag: &str, reply: Reply) -> bool {
    match reply {
        Reply::Say(words) => stream.write_all(words.replace("TAG", tag).as_bytes()).await.is_ok(),
        Reply::HangUp(words) => {
            let _ = stream.write_all(words.replace("TAG", tag).as_bytes()).await;
            false
        }
        Reply::Silence => true,
        Reply::Forever(words) => {
            // Ends when the client hangs up.
            while stream.write_all(words.as_bytes()).await.is_ok() {}
            false
        }
    }
}

//! The listener: sockets and time around [`Session`]. It knows the protocol only through steps,
//! and asks a [`Letterbox`] for everything else. No addresses are logged.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::limits::{ACCEPT_FAILURES_MAX, REFUSALS_MAX};
pub use super::session::{Answer, Envelope, Kept, Limits, Protocol};
use super::session::{Reply, Session, Step};

/// Bytes read from a socket at once.
const READ_BYTES: usize = 16 * 1024;
/// Pause after a failure to accept, such as no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long a refused connection may take to read its refusal.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(1);

/// Where letters go. The desk implements it; the listener only asks.
pub trait Letterbox: Send + Sync + 'static {
    /// Is this address ours? Asked at `RCPT`; `postmaster` comes without a domain.
    fn recipient(&self, address: &str) -> impl Future<Output = Answer> + Send;

    /// Keeps the letter durably for each recipient; the sender is answered only after this returns.
    /// One entry for each recipient, in order; a missing one counts as [`Kept::TryLater`].
    fn keep(&self, letter: Envelope) -> impl Future<Output = Vec<Kept>> + Send;
}

/// The bounds of a listener.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Bounds of each conversation.
    pub limits: Limits,
    /// Conversations at the same time; beyond it the answer is 421.
    pub connections_max: usize,
    /// Longest wait for one command, for one answer to be read, and for one answer of the letterbox to `RCPT`.
    pub command_timeout: Duration,
    /// Longest time for the content of one letter as a whole, so that a slow drip ends.
    pub data_timeout: Duration,
}

impl Rules {
    /// The usual bounds: 25 MiB, 100 recipients, 200 connections, the times of RFC 5321 4.5.3.2.
    pub fn new(protocol: Protocol, hostname: String) -> Self {
        Self {
            limits: Limits {
                protocol,
                hostname,
                size_bytes_max: 25 * 1024 * 1024,
                recipients_max: 100,
                errors_max: 20,
                command_bytes_max: 2048,
                line_bytes_max: 1024 * 1024,
            },
            connections_max: 200,
            command_timeout: Duration::from_mins(5),
            data_timeout: Duration::from_mins(10),
        }
    }
}

/// Takes letters until `stop` is cancelled, then lets running transactions finish and returns.
/// Fails only when accepting fails again and again.
pub async fn serve<L: Letterbox>(
    listener: TcpListener,
    rules: Rules,
    letterbox: Arc<L>,
    stop: CancellationToken,
) -> io::Result<()> {
    let rules = Arc::new(rules);
    let limits = Arc::new(rules.limits.clone());
    let mut conversations = JoinSet::new();
    let mut refusals = JoinSet::new();
    let mut failures = 0;
    let ended = loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break Ok(()),
            Some(done) = conversations.join_next(), if !conversations.is_empty() => {
                report(done);
                continue;
            }
            Some(_) = refusals.join_next(), if !refusals.is_empty() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) if conversations.len() < rules.connections_max => {
                failures = 0;
                let session = Session::new(limits.clone(), peer.ip().to_string());
                let stop = stop.clone();
                let (rules, letterbox) = (rules.clone(), letterbox.clone());
                conversations.spawn(async move {
                    Line::new(stream, &rules).converse(session, &*letterbox, &stop).await
                });
            }
            Ok((stream, _)) if refusals.len() < REFUSALS_MAX => {
                refusals.spawn(refuse(stream));
            }
            Ok(_) => {}
            Err(error) => {
                failures += 1;
                tracing::warn!(%error, failures, "mail: could not accept a connection");
                if failures >= ACCEPT_FAILURES_MAX {
                    break Err(error);
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    };
    finish(conversations, &rules).await;
    ended
}

/// Waits for running transactions; each is bounded by its own timeouts, and all of them by their sum.
async fn finish(mut conversations: JoinSet<io::Result<()>>, rules: &Rules) {
    let longest = rules.data_timeout + rules.command_timeout * 2;
    let all = async {
        while let Some(done) = conversations.join_next().await {
            report(done);
        }
    };
    if timeout(longest, all).await.is_err() {
        tracing::warn!("mail: conversations were cut at shutdown");
    }
}

fn report(done: Result<io::Result<()>, tokio::task::JoinError>) {
    match done {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "mail: a conversation broke off"),
        Err(error) => tracing::error!(is_panic = error.is_panic(), "mail: a conversation failed"),
    }
}

async fn refuse(mut stream: TcpStream) {
    let text = b"421 4.3.2 Too many connections, try again later\r\n";
    // Whether the refusal is read makes no difference: the connection closes either way.
    let _ = timeout(REFUSAL_TIMEOUT, stream.write_all(text)).await;
}

/// One socket with what is to be written to it.
struct Line<'a> {
    stream: TcpStream,
    rules: &'a Rules,
    out: Vec<u8>,
}

impl<'a> Line<'a> {
    fn new(stream: TcpStream, rules: &'a Rules) -> Self {
        Self { stream, rules, out: Vec::new() }
    }

    async fn converse<L: Letterbox>(
        mut self,
        mut session: Session,
        letterbox: &L,
        stop: &CancellationToken,
    ) -> io::Result<()> {
        let mut buffer = vec![0; READ_BYTES];
        let (mut start, mut end) = (0, 0);
        self.say(&session.greeting());
        // The deadline of the current command or content: it moves when something is answered, not at every byte.
        let mut deadline = self.deadline(&session);
        loop {
            let mut input = &buffer[start..end];
            let next = session.step(&mut input);
            start = end - input.len();
            match next {
                Step::Say(reply) => self.say(&reply),
                Step::Ask(address) => {
                    let asked = timeout(self.rules.command_timeout, letterbox.recipient(&address)).await;
                    self.say(&session.answer(asked.unwrap_or(Answer::TryLater)));
                }
                Step::Keep(letter) => {
                    let kept = letterbox.keep(letter).await;
                    self.say(&session.kept(&kept));
                }
                Step::Close => return self.close().await,
                Step::Read => {
                    if !self.out.is_empty() {
                        self.flush().await?;
                        deadline = self.deadline(&session);
                    }
                    start = 0;
                    end = self.read(&mut buffer, &mut session, deadline, stop).await?;
                    if end == 0 && !matches!(session.step(&mut &[][..]), Step::Close) {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Reads, or ends the session for slowness or shutdown. Zero bytes: the other side hung up, or the session is closed.
    async fn read(
        &mut self,
        buffer: &mut [u8],
        session: &mut Session,
        deadline: Instant,
        stop: &CancellationToken,
    ) -> io::Result<usize> {
        let reply = tokio::select! {
            biased;
            () = stop.cancelled(), if session.is_idle() => session.stop(),
            read = timeout_at(deadline, self.stream.read(buffer)) => match read {
                Ok(read) => return read,
                Err(_) => session.time_out(),
            },
        };
        self.say(&reply);
        Ok(0)
    }

    fn deadline(&self, session: &Session) -> Instant {
        let wait = if session.is_in_content() { self.rules.data_timeout } else { self.rules.command_timeout };
        Instant::now() + wait
    }

    fn say(&mut self, reply: &Reply) {
        self.out.extend_from_slice(reply.as_str().as_bytes());
    }

    async fn flush(&mut self) -> io::Result<()> {
        timeout(self.rules.command_timeout, self.stream.write_all(&self.out)).await??;
        self.out.clear();
        Ok(())
    }

    async fn close(mut self) -> io::Result<()> {
        self.flush().await?;
        timeout(self.rules.command_timeout, self.stream.shutdown()).await?
    }
}

//! What is said over one line: greeting, TLS, login, then one mail after the other (RFC 5321 3). No pool, no retrying.

use data_encoding::BASE64;

use super::command::Mail;
use super::failure::{Accepted, SendFailure, Stage, one_line, refusal, unreachable};
use super::line::Line;
use super::reply::{Offers, Reply};
use super::settings::{Login, SmtpSettings, Tls};
use super::tls::TlsClient;

/// Answers to one login that ask for more. `LOGIN` asks twice; a failed `XOAUTH2` once, with the reason.
const CHALLENGES_MAX: usize = 4;

/// Why a mail did not go, and whether the server may have seen it.
#[derive(Debug)]
pub(super) struct Broken {
    /// What to tell.
    pub failure: SendFailure,
    /// Whether the content was on its way: then only the same bytes, later, are a lawful second try.
    pub had_content: bool,
}

/// An open, greeted and logged-in connection.
pub(super) struct Conversation {
    line: Line,
    offers: Offers,
    /// Whether another mail may follow.
    is_usable: bool,
}

impl Conversation {
    /// Connects, greets, protects the line and logs in. What is refused here is always worth another try.
    pub async fn open(
        settings: &SmtpSettings,
        tls: Option<&TlsClient>,
        login: &Login,
    ) -> Result<Self, SendFailure> {
        let mut line = Line::open(&settings.host, settings.port, settings.timeout).await?;
        if let (Tls::Implicit, Some(tls)) = (settings.tls, tls) {
            line = line.protect(tls).await?;
        }
        expect(line.hear().await?, 2, Stage::Opening)?;
        let mut offers = greet(&mut line, &settings.hello).await?;
        if let (Tls::StartTls, Some(tls)) = (settings.tls, tls) {
            if !offers.starttls {
                return Err(unreachable("the server offers no STARTTLS"));
            }
            expect(line.ask("STARTTLS\r\n").await?, 2, Stage::Opening)?;
            line = line.protect(tls).await?;
            // What was offered in the clear may have been somebody else's word (RFC 3207 4.2).
            offers = greet(&mut line, &settings.hello).await?;
        }
        log_in(&mut line, &offers, login).await?;
        Ok(Self { line, offers, is_usable: true })
    }

    /// Whether another mail may go this way.
    pub fn is_usable(&self) -> bool {
        self.is_usable
    }

    /// Forgets what was said about the last mail, and so finds out whether the server is still there.
    pub async fn reset(&mut self) -> Result<(), SendFailure> {
        expect(self.line.ask("RSET\r\n").await?, 2, Stage::Opening).map(|_| ())
    }

    /// Hands over one mail.
    pub async fn carry(&mut self, mail: &Mail<'_>) -> Result<Accepted, Broken> {
        let before = |failure| Broken { failure, had_content: false };
        let after = |failure| Broken { failure, had_content: true };
        let sender = mail.sender_command(&self.offers).map_err(before)?;
        self.ask(&sender, 2, Stage::Sender).await.map_err(before)?;
        let recipient = mail.recipient_command(&self.offers);
        self.ask(&recipient, 2, Stage::Recipient).await.map_err(before)?;
        self.ask("DATA\r\n", 3, Stage::Content).await.map_err(before)?;
        // From here on a cut line leaves us not knowing, and the connection is only good again with an answer.
        self.is_usable = false;
        self.line.say(&mail.content()).await.map_err(after)?;
        // A server may think long about a mail (RFC 5321 4.5.3.2.6), and giving up early means sending it twice.
        let reply = self.line.hear_at_leisure().await.map_err(after)?;
        self.is_usable = stays_open(&reply);
        let reply = expect(reply, 2, Stage::Content).map_err(after)?;
        Ok(Accepted { answer: one_line(&format!("{} {}", reply.code, reply.text())) })
    }

    /// Takes leave; whether the server answers does not matter any more.
    pub async fn quit(mut self) {
        let _ = self.line.ask("QUIT\r\n").await;
    }

    async fn ask(&mut self, command: &str, hundred: u16, stage: Stage) -> Result<Reply, SendFailure> {
        self.is_usable = false;
        let reply = self.line.ask(command).await?;
        self.is_usable = stays_open(&reply);
        expect(reply, hundred, stage)
    }
}

/// After 421 the server hangs up (RFC 5321 3.8); an answer of no known kind is no ground to stand on.
fn stays_open(reply: &Reply) -> bool {
    reply.code != 421 && (200..600).contains(&reply.code)
}

fn expect(reply: Reply, hundred: u16, stage: Stage) -> Result<Reply, SendFailure> {
    if reply.is(hundred) { Ok(reply) } else { Err(refusal(&reply, stage)) }
}

/// `EHLO`, or `HELO` for a server that does not know it.
async fn greet(line: &mut Line, hello: &str) -> Result<Offers, SendFailure> {
    let name: String = hello.chars().filter(char::is_ascii_graphic).collect();
    let reply = line.ask(&format!("EHLO {name}\r\n")).await?;
    if matches!(reply.code, 500 | 502) {
        expect(line.ask(&format!("HELO {name}\r\n")).await?, 2, Stage::Opening)?;
        return Ok(Offers::default());
    }
    Ok(expect(reply, 2, Stage::Opening)?.offers())
}

/// Shows who we are, in one of the ways that the server offers.
async fn log_in(line: &mut Line, offers: &Offers, login: &Login) -> Result<(), SendFailure> {
    let offered = |name: &str| offers.logins.iter().any(|word| word == name);
    let (command, mut answers) = match login {
        Login::None => return Ok(()),
        Login::Password { user, password } if offered("PLAIN") => {
            (format!("AUTH PLAIN {}", BASE64.encode(format!("\0{user}\0{password}").as_bytes())), vec![])
        }
        Login::Password { user, password } if offered("LOGIN") => {
            ("AUTH LOGIN".to_owned(), vec![user.clone(), password.clone()])
        }
        Login::XOAuth2 { user, access_token } if offered("XOAUTH2") => {
            let words = format!("user={user}\x01auth=Bearer {access_token}\x01\x01");
            (format!("AUTH XOAUTH2 {}", BASE64.encode(words.as_bytes())), vec![])
        }
        Login::Password { .. } | Login::XOAuth2 { .. } => {
            return Err(unreachable("the server offers no way to log in that we know"));
        }
    };
    answers.reverse();
    let mut reply = line.ask(&format!("{command}\r\n")).await?;
    for _ in 0..CHALLENGES_MAX {
        if !reply.is(3) {
            break;
        }
        // With no answer left an empty one is given: the server then says what it has against us.
        let answer = answers.pop().unwrap_or_default();
        reply = line.ask(&format!("{}\r\n", BASE64.encode(answer.as_bytes()))).await?;
    }
    expect(reply, 2, Stage::Opening).map(|_| ())
}

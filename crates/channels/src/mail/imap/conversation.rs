//! Commands and their answers: tags, ends, good-byes, and how many letters the folder has by the server's last word.
//! Which commands make sense is not known here.

use std::time::Duration;

use tokio::time::timeout;

use super::answer::{Answer, Said, Status};
use super::failure::ImapFailure;
use super::frame::Unreadable;
use super::limits::{ANSWERS_MAX, CHALLENGES_MAX};
use super::line::Line;
use super::settings::ImapSettings;

/// A conversation with a server.
pub(super) struct Conversation {
    line: Line,
    tags: u32,
    /// The longest wait for a whole answer, and the longest silence in one that may take long.
    command_timeout: Duration,
    /// A command was begun and its end not heard: what comes next would be taken for the answer to another one.
    is_unfinished: bool,
    /// Letters in the folder.
    pub exists: u32,
    /// How many of them, from the first, the last fetch could see.
    pub known: u32,
}

impl Conversation {
    /// Opens the line and hears the greeting.
    pub(super) async fn open(settings: &ImapSettings) -> Result<(Self, Said), ImapFailure> {
        let mut line = Line::open(settings).await?;
        let command_timeout = settings.timeouts.command;
        let greeting = timeout(command_timeout, line.read(command_timeout)).await;
        let greeting =
            greeting.map_err(|_| ImapFailure::TooSlow { during: "waiting for the greeting" })??;
        let said = match greeting {
            Answer::Status(said) if matches!(said.status, Status::Ok | Status::PreAuth) => said,
            Answer::Status(said) if said.status == Status::Bye => {
                return Err(ImapFailure::refused(&said.text));
            }
            _ => return Err(Unreadable::NoGreeting.into()),
        };
        let conversation = Self { line, tags: 0, command_timeout, is_unfinished: false, exists: 0, known: 0 };
        Ok((conversation, said))
    }

    /// Goes on under TLS.
    pub(super) async fn protect(mut self, settings: &ImapSettings) -> Result<Self, ImapFailure> {
        let done = self.command("STARTTLS", |_| ()).await?;
        if done.status != Status::Ok {
            return Err(ImapFailure::tls(&format!("STARTTLS was refused: {}", done.text)));
        }
        Ok(Self { line: self.line.protect(settings).await?, ..self })
    }

    /// Says a command and hears everything up to its end, within the time for one command.
    pub(super) async fn command(
        &mut self,
        words: &str,
        each: impl FnMut(Answer),
    ) -> Result<Said, ImapFailure> {
        let longest = self.command_timeout;
        let talking = async {
            let tag = self.begin(words).await?;
            self.end(&tag, &[], each).await
        };
        timeout(longest, talking).await.map_err(|_| ImapFailure::TooSlow { during: "a command" })?
    }

    /// The same for what may take long because much is said: only silence is bounded, the caller bounds the whole.
    pub(super) async fn long_command(
        &mut self,
        words: &str,
        each: impl FnMut(Answer),
    ) -> Result<Said, ImapFailure> {
        let tag = self.begin(words).await?;
        self.end(&tag, &[], each).await
    }

    /// Says a command whose questions are answered in this order (RFC 3501 6.2.2); further ones with an empty line.
    /// Returns how it ended, and the last question.
    pub(super) async fn dialogue(
        &mut self,
        words: &str,
        replies: &[String],
    ) -> Result<(Said, String), ImapFailure> {
        let longest = self.command_timeout;
        let mut last = String::new();
        let talking = async {
            let tag = self.begin(words).await?;
            self.end(&tag, replies, |answer| {
                if let Answer::Continue(question) = answer {
                    last = question;
                }
            })
            .await
        };
        let said =
            timeout(longest, talking).await.map_err(|_| ImapFailure::TooSlow { during: "the login" })??;
        Ok((said, last))
    }

    /// Says a command that must end well; otherwise the server's words are the failure.
    pub(super) async fn must(&mut self, words: &str) -> Result<Said, ImapFailure> {
        let said = self.command(words, |_| ()).await?;
        if said.status == Status::Ok { Ok(said) } else { Err(ImapFailure::refused(&said.text)) }
    }

    /// Begins a command and returns its tag.
    pub(super) async fn begin(&mut self, words: &str) -> Result<String, ImapFailure> {
        if self.is_unfinished {
            return Err(ImapFailure::BrokenOff { text: "the command before was not finished".to_owned() });
        }
        self.is_unfinished = true;
        self.tags += 1;
        let tag = format!("S{}", self.tags);
        self.line.write(&format!("{tag} {words}"), self.command_timeout).await?;
        Ok(tag)
    }

    /// Hears everything up to the end of a command.
    pub(super) async fn end(
        &mut self,
        tag: &str,
        replies: &[String],
        mut each: impl FnMut(Answer),
    ) -> Result<Said, ImapFailure> {
        let mut questions = 0;
        for _ in 0..ANSWERS_MAX {
            match self.hear(self.command_timeout).await? {
                Answer::Done(ended, said) if ended == tag => {
                    self.is_unfinished = false;
                    return Ok(said);
                }
                Answer::Continue(question) if questions < CHALLENGES_MAX => {
                    let reply = replies.get(questions).map_or("", String::as_str);
                    self.line.write(reply, self.command_timeout).await?;
                    questions += 1;
                    each(Answer::Continue(question));
                }
                answer => each(answer),
            }
        }
        Err(Unreadable::ManyAnswers.into())
    }

    /// The end of the command was heard by who began it.
    pub(super) fn finish(&mut self) {
        self.is_unfinished = false;
    }

    /// Hears one answer, whatever it belongs to.
    pub(super) async fn hear(&mut self, silence: Duration) -> Result<Answer, ImapFailure> {
        let answer = self.line.read(silence).await?;
        match &answer {
            Answer::Exists(count) => {
                self.exists = *count;
                self.known = self.known.min(*count);
            }
            Answer::Expunge(place) => {
                self.exists = self.exists.saturating_sub(1);
                if *place <= self.known {
                    self.known = self.known.saturating_sub(1);
                }
            }
            Answer::Status(Said { status: Status::Bye, text, .. }) => {
                return Err(ImapFailure::BrokenOff { text: format!("the server said good-bye: {text}") });
            }
            _ => {}
        }
        Ok(answer)
    }

    /// Says a line that is no command, such as `DONE`.
    pub(super) async fn say(&mut self, words: &str) -> Result<(), ImapFailure> {
        self.line.write(words, self.command_timeout).await
    }

    /// From here on, keeps letters up to this size; larger ones are passed over.
    pub(super) fn keep_literals(&mut self, bytes_max: u64) {
        self.line.keep_literals(bytes_max);
    }

    /// The longest wait for an answer.
    pub(super) fn command_timeout(&self) -> Duration {
        self.command_timeout
    }
}

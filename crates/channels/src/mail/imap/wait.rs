//! Waiting for new mail: told by the server (`IDLE`, RFC 2177), or asking now and then. Nothing is fetched here.

use std::ops::ControlFlow;
use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::time::{Sleep, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::failure::ImapFailure;
use super::limits::{GOODBYE, IDLE_REISSUE, POLL_MIN, WAIT_ROUNDS_MAX};
use super::mailbox::Mailbox;

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The folder has more letters than the last fetch could see.
    NewMail,
    /// The time is up. Fetch all the same: servers forget to tell.
    TimedOut,
    /// We were asked to stop.
    Stopped,
}

impl Mailbox {
    /// Waits until the folder has more letters than the last [`Mailbox::fetch_after`] could see, at most `longest`.
    /// With `IDLE` where the server has it, else by asking every `poll_every` of the settings.
    pub async fn wait(&mut self, longest: Duration, stop: &CancellationToken) -> Result<Wait, ImapFailure> {
        let mut over = pin!(sleep(longest));
        for _ in 0..WAIT_ROUNDS_MAX {
            if self.has_news() {
                return Ok(Wait::NewMail);
            }
            let round = if self.has_idle() {
                self.idle(over.as_mut(), stop).await?
            } else {
                self.poll(over.as_mut(), stop).await?
            };
            if let ControlFlow::Break(wait) = round {
                return Ok(wait);
            }
        }
        Ok(Wait::TimedOut)
    }

    fn has_news(&self) -> bool {
        self.conversation.exists > self.conversation.known
    }

    /// One round of `IDLE`.
    async fn idle(
        &mut self,
        over: Pin<&mut Sleep>,
        stop: &CancellationToken,
    ) -> Result<ControlFlow<Wait>, ImapFailure> {
        let tag = self.conversation.begin("IDLE").await?;
        let longest = self.conversation.command_timeout();
        let beginning = timeout(longest, self.idle_begins(&tag)).await;
        if !beginning.map_err(|_| ImapFailure::TooSlow { during: "beginning to wait" })?? {
            // It says that it can and then does not: from here on we ask.
            self.capabilities.remove("IDLE");
            return Ok(ControlFlow::Continue(()));
        }
        let ended = self.idle_goes_on(&tag, over, stop).await?;
        let Some(ended) = ended else { return Ok(ControlFlow::Continue(())) };
        let grace = if ended == ControlFlow::Break(Wait::Stopped) { GOODBYE.min(longest) } else { longest };
        let ending = async {
            self.conversation.say("DONE").await?;
            self.conversation.end(&tag, &[], |_| ()).await
        };
        match timeout(grace, ending).await {
            // Whether the server heard it makes no difference to who stops.
            _ if ended == ControlFlow::Break(Wait::Stopped) => Ok(ended),
            Ok(said) => said.map(|_| ended),
            Err(_) => Err(ImapFailure::TooSlow { during: "ending to wait" }),
        }
    }

    /// Whether the server waits with us.
    async fn idle_begins(&mut self, tag: &str) -> Result<bool, ImapFailure> {
        let silence = self.conversation.command_timeout();
        // Ends: the caller bounds the time.
        loop {
            match self.conversation.hear(silence).await? {
                Answer::Continue(_) => return Ok(true),
                Answer::Done(ended, _) if ended == tag => {
                    self.conversation.finish();
                    return Ok(false);
                }
                _ => {}
            }
        }
    }

    /// Hears what the server tells until there is a reason to end; `None` when the server ended by itself.
    async fn idle_goes_on(
        &mut self,
        tag: &str,
        mut over: Pin<&mut Sleep>,
        stop: &CancellationToken,
    ) -> Result<Option<ControlFlow<Wait>>, ImapFailure> {
        let mut anew = pin!(sleep(IDLE_REISSUE));
        // Ends: the caller's time runs out.
        loop {
            if self.has_news() {
                return Ok(Some(ControlFlow::Break(Wait::NewMail)));
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(Some(ControlFlow::Break(Wait::Stopped))),
                () = over.as_mut() => return Ok(Some(ControlFlow::Break(Wait::TimedOut))),
                () = anew.as_mut() => return Ok(Some(ControlFlow::Continue(()))),
                answer = self.conversation.hear(IDLE_REISSUE * 2) => match answer? {
                    Answer::Done(ended, _) if ended == tag => {
                        // Nobody asked it to end: one that does so each time would keep us busy.
                        self.conversation.finish();
                        self.capabilities.remove("IDLE");
                        return Ok(None);
                    }
                    _ => {}
                },
            }
        }
    }

    /// Waits a while and asks once.
    async fn poll(
        &mut self,
        over: Pin<&mut Sleep>,
        stop: &CancellationToken,
    ) -> Result<ControlFlow<Wait>, ImapFailure> {
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(ControlFlow::Break(Wait::Stopped)),
            () = over => return Ok(ControlFlow::Break(Wait::TimedOut)),
            () = sleep(self.poll_every.max(POLL_MIN)) => {}
        }
        self.conversation.must("NOOP").await?;
        Ok(ControlFlow::Continue(()))
    }
}

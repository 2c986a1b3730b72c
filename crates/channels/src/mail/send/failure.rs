//! What became of a mail that was handed over, and which refusals are worth another try. No connections.

use thiserror::Error as ThisError;

use super::reply::Reply;
use crate::mail::limits::ANSWER_CHARS_MAX;

/// The next server took the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What it said, on one line of at most 300 characters; often its queue number.
    pub answer: String,
}

/// The next server did not take the mail. Texts are one line of at most 300 characters.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum SendFailure {
    /// It said "not now" (4xx), or refused *us* rather than the mail: to be tried again.
    #[error("refused for now ({code}): {text}")]
    Temporary {
        /// The SMTP code.
        code: u16,
        /// The enhanced status code (RFC 3463), such as `4.7.1`, where it gave one.
        status: Option<String>,
        /// The sentence that came with it.
        text: String,
    },
    /// It said "never" (5xx), or the address cannot exist (reported as 553): trying again is useless.
    #[error("refused for good ({code}): {text}")]
    Permanent {
        /// The SMTP code.
        code: u16,
        /// The enhanced status code (RFC 3463), such as `5.1.1`, where it gave one.
        status: Option<String>,
        /// The sentence that came with it.
        text: String,
        /// True when it refused the recipient, false when it refused our sender or the mail itself.
        is_of_recipient: bool,
    },
    /// No answer that counts: no connection, no TLS, a broken line, no answer in time. To be tried again with the
    /// same bytes; the mail may have arrived all the same, which is why it keeps its `Message-ID`.
    #[error("server not reached: {text}")]
    Unreachable {
        /// What happened.
        text: String,
    },
}

/// How far the conversation was when the server answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Greeting, `EHLO`, `STARTTLS`, login: whatever is refused here, it is us and not the mail.
    Opening,
    /// `MAIL`.
    Sender,
    /// `RCPT`.
    Recipient,
    /// `DATA` and the content.
    Content,
}

/// Judges a refusal.
///
/// | answer | at | verdict |
/// |---|---|---|
/// | 4xx (421, greylisting 450/451, 452 full for now) | anywhere | temporary |
/// | 5xx | opening | temporary: settings are repaired, addresses unblocked, the mail is as good as before |
/// | 521, 530, 534, 535, 538 | anywhere | temporary, for the same reason (RFC 4954 6, RFC 7504) |
/// | 552 | `RCPT` | temporary (RFC 5321 4.5.3.1.10), unless the mail itself is too big (RFC 3463 `x.2.3`, `x.3.4`) |
/// | 5xx | else | permanent |
pub(super) fn refusal(reply: &Reply, stage: Stage) -> SendFailure {
    let (code, status, text) = (reply.code, reply.status(), one_line(&reply.text()));
    let is_us = stage == Stage::Opening || matches!(code, 521 | 530 | 534 | 535 | 538);
    let is_too_big = status.as_deref().is_some_and(|status| matches!(status, "5.2.3" | "5.3.4"));
    let is_full = stage == Stage::Recipient && code == 552 && !is_too_big;
    match code {
        500..=599 if !is_us && !is_full => {
            SendFailure::Permanent { code, status, text, is_of_recipient: stage == Stage::Recipient }
        }
        400..=599 => SendFailure::Temporary { code, status, text },
        _ => unreachable(&format!("an answer that does not fit: {code} {text}")),
    }
}

/// The mail cannot go by this server, whatever is tried (RFC 5321 4.2.3, RFC 6531 3.5).
pub(super) fn impossible(code: u16, status: &str, text: &str) -> SendFailure {
    let (status, text) = (Some(status.to_owned()), text.to_owned());
    SendFailure::Permanent { code, status, text, is_of_recipient: false }
}

/// No answer that counts.
pub(super) fn unreachable(text: &str) -> SendFailure {
    SendFailure::Unreachable { text: one_line(text) }
}

/// One line, without control characters, of bounded length.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_control() || c.is_whitespace()).collect();
    let joined = words.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" ");
    joined.chars().take(ANSWER_CHARS_MAX).collect()
}

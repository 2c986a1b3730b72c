//! What the listener says: codes, enhanced codes (RFC 3463) and sentences, one line or several.
//! No state and no decisions about when to say it.

use super::Kept;
use crate::mail::limits::ANSWER_CHARS_MAX;

/// One or more complete reply lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply(String);

impl Reply {
    /// One line: a code, an enhanced code (may be empty) and a sentence, which is bounded and stripped of control characters.
    pub(super) fn line(code: u16, enhanced: &str, sentence: &str) -> Self {
        let gap = if enhanced.is_empty() { "" } else { " " };
        Self(format!("{code} {enhanced}{gap}{}\r\n", one_line(sentence)))
    }

    /// Several lines of one reply: all but the last carry a dash (RFC 5321 4.2.1).
    pub(super) fn lines(code: u16, sentences: &[String]) -> Self {
        let last = sentences.len().saturating_sub(1);
        let mark = |at: usize| if at == last { ' ' } else { '-' };
        let line = |(at, text): (usize, &String)| Self(format!("{code}{}{}\r\n", mark(at), one_line(text)));
        Self::join(sentences.iter().enumerate().map(line))
    }

    /// Replies one after the other.
    pub(super) fn join(replies: impl Iterator<Item = Reply>) -> Self {
        Self(replies.map(|reply| reply.0).collect())
    }

    /// The reply as it goes over the line, CR LF included.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code of its first line.
    pub fn code(&self) -> u16 {
        self.0.get(..3).and_then(|code| code.parse().ok()).unwrap_or(0)
    }
}

/// The answer for one recipient (RFC 2033 4.2).
pub(super) fn for_one(kept: Option<&Kept>) -> Reply {
    match kept {
        Some(Kept::Yes) => Reply::line(250, "2.0.0", "Kept"),
        Some(Kept::Refused(sentence)) => Reply::line(550, "5.7.1", sentence),
        Some(Kept::TryLater) | None => Reply::line(451, "4.3.0", "Not kept, try again later"),
    }
}

/// SMTP has one answer for all recipients. One that is not kept makes it temporary: the sender comes again,
/// and who has the letter already recognises it. Only what everybody refuses is refused for good.
pub(super) fn for_all(kept: &[Kept], recipients: usize) -> Reply {
    let kept = &kept[..recipients.min(kept.len())];
    let is_complete = kept.len() == recipients && recipients > 0;
    if is_complete && kept.iter().all(|one| *one == Kept::Yes) {
        return for_one(Some(&Kept::Yes));
    }
    if is_complete && kept.iter().all(|one| matches!(one, Kept::Refused(_))) {
        return for_one(kept.first());
    }
    for_one(Some(&Kept::TryLater))
}

fn one_line(sentence: &str) -> String {
    let clean = |c: char| if c.is_ascii_graphic() || c == ' ' { c } else { '?' };
    sentence.chars().take(ANSWER_CHARS_MAX).map(clean).collect()
}

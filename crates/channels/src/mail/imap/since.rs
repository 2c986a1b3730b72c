//! Which letters came since an instant, by the server's own dates: asked once, before any letter is fetched.

use jiff::Timestamp;

use super::answer::{Answer, Status};
use super::failure::ImapFailure;
use super::limits::{WINDOW_MIN, WINDOWS_MAX};
use super::mailbox::Mailbox;
use super::sizes::last_uid;

impl Mailbox {
    /// The number up to which letters came before `at`: those above it came since. 0 when all did.
    ///
    /// Numbers grow with arrival (RFC 3501 2.3.1.1), so we look back from the newest letter until one is older. A letter
    /// whose date the server does not tell counts as older. No `SEARCH SINCE`: it knows days only.
    pub async fn last_before(&mut self, at: Timestamp) -> Result<u32, ImapFailure> {
        if self.messages() == 0 {
            return Ok(self.uid_next().map_or(0, |next| next.saturating_sub(1)));
        }
        let mut boundary = last_uid(&mut self.conversation).await?;
        let (mut to, mut width) = (boundary, WINDOW_MIN);
        for _ in 0..WINDOWS_MAX {
            if to == 0 {
                break;
            }
            let from = to.saturating_sub(width - 1).max(1);
            let seen = self.look_for((from, to), at).await?;
            boundary = seen.oldest_since.map_or(boundary, |uid| uid - 1);
            if seen.has_older {
                break;
            }
            to = from - 1;
            width = width.saturating_mul(2);
        }
        Ok(boundary)
    }

    async fn look_for(&mut self, (from, to): (u32, u32), at: Timestamp) -> Result<Seen, ImapFailure> {
        let mut seen = Seen::default();
        let words = format!("UID FETCH {from}:{to} (UID INTERNALDATE)");
        let look = |answer: Answer| {
            let Answer::Fetch(about) = answer else { return };
            let Some(uid) = about.uid.filter(|uid| (from..=to).contains(uid)) else { return };
            if about.internal_date.is_some_and(|date| date >= at) {
                seen.oldest_since = Some(seen.oldest_since.map_or(uid, |oldest: u32| oldest.min(uid)));
            } else {
                seen.has_older = true;
            }
        };
        let said = self.conversation.long_command(&words, look).await?;
        if said.status == Status::Ok { Ok(seen) } else { Err(ImapFailure::refused(&said.text)) }
    }
}

/// What a look at some letters found.
#[derive(Default)]
struct Seen {
    oldest_since: Option<u32>,
    has_older: bool,
}

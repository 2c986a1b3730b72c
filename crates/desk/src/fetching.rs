//! New letters of a mail account into the letterbox, oldest first, each batch together with how far it goes.
//! Who may read, and when, is not decided here.

use std::sync::Arc;

use casework::proof::without_tag;
use casework::{LetterId, Mint as _};
use channels::mail::imap::{Fetched, ImapFailure, Mailbox};
use channels::mail::read::delivered_to;
use jiff::{SignedDuration, Timestamp};
use store::{AfterReading, Lease, MailAccount, NewLetter, StoreError, Upto};

use crate::account::Trouble;
use crate::desk::Desk;

/// Letters asked for at once.
const BATCH: usize = 50;
/// Largest letter taken, in bytes: what the mail reader reads at most.
const LETTER_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// By how much the clocks of two machines may differ: a letter too many is a case too many, one too few is lost.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(1);
/// Tries of one letter that the server does not give, before it is passed over and told. Some refuse, others hang up
/// (Dovecot does when it cannot read a file); a server that is down does not come as far as one letter.
const TRIES_MAX: u32 = 5;

/// How far an account has been read.
#[derive(Debug, Clone)]
pub struct Progress {
    uid_validity: u32,
    last_uid: u32,
    history_uid: u32,
    stuck: Stuck,
    /// Something failed the last time: letters are asked for one by one, so that the bad one is found.
    is_careful: bool,
}

/// The letter that the server does not give, and how often it was asked for. It outlives the connection.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stuck {
    uid: u32,
    tries: u32,
    has_failed: bool,
}

impl Stuck {
    /// Remembers that letters could not be had, whichever it was.
    fn note_failure(&mut self) {
        self.has_failed = true;
    }

    /// Counts one more try in vain. True once it is time to pass the letter over.
    fn gives_up_on(&mut self, uid: u32) -> bool {
        let tries = if self.uid == uid { self.tries + 1 } else { 1 };
        *self = Self { uid, tries, has_failed: true };
        tries >= TRIES_MAX
    }
}

impl Progress {
    /// Where reading goes on, or begins: behind what came before the account was connected, unless that is wanted too.
    /// A folder that was made anew has new numbers for old letters; then only their dates tell which were there.
    pub async fn begin(account: &MailAccount, mailbox: &mut Mailbox, stuck: Stuck) -> Result<Self, Trouble> {
        let state = &account.state;
        let is_careful = stuck.has_failed;
        let uid_validity = mailbox.validity();
        if let Some(history_uid) = state.history_uid.filter(|_| state.uid_validity == Some(uid_validity)) {
            return Ok(Self { uid_validity, last_uid: state.last_uid, history_uid, stuck, is_careful });
        }
        let connected_at = account.created_at.saturating_sub(CLOCKS_DIFFER).unwrap_or(account.created_at);
        let history_uid = mailbox.last_before(connected_at).await?;
        let last_uid = if account.set_up.takes_history { 0 } else { history_uid };
        Ok(Self { uid_validity, last_uid, history_uid, stuck, is_careful })
    }

    /// The letter that the server did not give at last.
    pub fn stuck(&self) -> Stuck {
        self.stuck
    }

    fn upto(&self, lease: Lease, at: Timestamp) -> Upto {
        Upto {
            lease,
            uid_validity: self.uid_validity,
            last_uid: self.last_uid,
            history_uid: self.history_uid,
            at,
        }
    }
}

/// What came of taking what is new.
#[derive(Debug, Default)]
pub struct Taken {
    /// Letters that were kept.
    pub count: usize,
    /// Why letters that were kept could not be marked, moved or removed, if so. They are safe all the same.
    pub left_lying: Option<ImapFailure>,
}

/// Takes everything that is new.
pub async fn take_new(
    desk: &Desk,
    account: &MailAccount,
    lease: Lease,
    (mailbox, progress): (&mut Mailbox, &mut Progress),
) -> Result<Taken, Trouble> {
    // Also where there is nothing: what was there before, and the folder's own number, must be known from the first look on.
    desk.store.keep_fetched(Vec::new(), progress.upto(lease, desk.clock.now())).await?;
    let mut all = Taken::default();
    loop {
        let fetching = if progress.is_careful {
            mailbox.fetch_next(progress.last_uid, LETTER_BYTES_MAX).await
        } else {
            mailbox.fetch_after(progress.last_uid, BATCH, LETTER_BYTES_MAX).await
        };
        let fetched = fetching.inspect_err(|_| progress.stuck.note_failure())?;
        if fetched.is_empty() {
            progress.stuck = Stuck::default();
            return Ok(all);
        }
        let taken = take_batch(desk, account, lease, (mailbox, progress), fetched).await?;
        all.count += taken.count;
        all.left_lying = all.left_lying.or(taken.left_lying);
    }
}

async fn take_batch(
    desk: &Desk,
    account: &MailAccount,
    lease: Lease,
    (mailbox, progress): (&mut Mailbox, &mut Progress),
    fetched: Vec<Fetched>,
) -> Result<Taken, Trouble> {
    let mut letters = Vec::with_capacity(fetched.len());
    let mut taken = Vec::with_capacity(fetched.len());
    let mut broken = None;
    for one in fetched {
        let uid = one.uid();
        match one {
            Fetched::Letter { bytes, .. } => {
                letters.push(letter(desk, account, bytes, uid <= progress.history_uid).await?);
                taken.push(uid);
            }
            Fetched::TooLarge { size_bytes, .. } => {
                let notice = left_behind(&format!("{} Mo", size_bytes / 1_000_000), uid);
                letters.push(letter(desk, account, notice, false).await?);
            }
            Fetched::NotGiven { why, .. } if progress.stuck.gives_up_on(uid) => {
                let notice = left_behind(&why.to_string(), uid);
                letters.push(letter(desk, account, notice, false).await?);
            }
            Fetched::NotGiven { why, .. } => {
                broken = Some(why);
                break;
            }
        }
        progress.last_uid = uid;
    }
    let count = letters.len();
    desk.store.keep_fetched(letters, progress.upto(lease, desk.clock.now())).await?;
    desk.letter_came.notify_one();
    let left_lying = match tidy_up(account, mailbox, &taken).await {
        Err(failure) if failure.leaves_line_open() => Some(failure),
        tidied => tidied.map(|()| None)?,
    };
    match broken {
        Some(why) => Err(why.into()),
        None => Ok(Taken { count, left_lying }),
    }
}

/// Does with the letters in the account what the administrator asked for. They are safe here by now.
async fn tidy_up(account: &MailAccount, mailbox: &mut Mailbox, taken: &[u32]) -> Result<(), ImapFailure> {
    if account.set_up.after_reading == AfterReading::Keep {
        return Ok(());
    }
    for uid in taken {
        mailbox.after_reading(*uid).await?;
    }
    Ok(())
}

/// A letter for the inbox of the address it was sent to, as far as the account's brand has one; else for the account's own.
async fn letter(
    desk: &Desk,
    account: &MailAccount,
    bytes: Vec<u8>,
    is_history: bool,
) -> Result<NewLetter, StoreError> {
    let set_up = &account.set_up;
    let mut place = (set_up.inbox, set_up.connection.username.to_lowercase());
    for address in delivered_to(&bytes) {
        let inbox = desk.store.inbox_at(&without_tag(&address)).await?;
        if let Some(inbox) = inbox.filter(|inbox| inbox.brand == set_up.brand) {
            place = (inbox.id, address);
            break;
        }
    }
    Ok(NewLetter {
        id: LetterId(desk.mint().uuid()),
        brand: set_up.brand,
        inbox: place.0,
        recipient: place.1,
        sender: String::new(),
        received_at: desk.clock.now(),
        peer: None,
        is_history,
        bytes: Arc::from(bytes),
    })
}

/// A notice in the place of a letter that could not be fetched: it names no sender, so it is kept aside where people look.
fn left_behind(why: &str, uid: u32) -> Vec<u8> {
    let why: String = why.chars().filter(|c| !c.is_control()).take(200).collect();
    format!(
        "Subject: =?utf-8?q?Courrier_laiss=C3=A9_dans_la_bo=C3=AEte?= / Letter left in the mailbox ({uid})\r\n\
         Message-ID: <left-{uid}@suivi.invalid>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{why}\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_behind_names_no_sender_and_says_why() {
        let (inbound, _) = channels::mail::read::read(&left_behind("83 Mo\r\nFrom: x@y.fr", 7), "");
        assert_eq!(inbound.from, None);
        assert!(inbound.subject.contains("boîte") && inbound.subject.contains('7'), "{}", inbound.subject);
        assert_eq!(inbound.text, "83 MoFrom: x@y.fr");
    }
}

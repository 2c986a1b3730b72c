//! Letters, oldest first and without gaps: what is given back is always a beginning of what was there.
//! Nothing is marked as read (`BODY.PEEK[]`). Where the reading stands is kept elsewhere.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tokio::time::timeout;

use super::answer::{About, Answer, Body, Status};
use super::failure::ImapFailure;
use super::limits::{BATCH_BYTES_MAX, GROUP_BYTES_MAX, GROUP_LETTERS_MAX};
use super::mailbox::Mailbox;
use super::sizes::{Asked, sizes_after};

/// One letter of a mailbox, or why it is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A letter, as the server has it.
    Letter {
        /// Its number (RFC 3501 2.3.1.1).
        uid: u32,
        /// The whole letter.
        bytes: Vec<u8>,
        /// When the server got it.
        internal_date: Option<Timestamp>,
    },
    /// It is larger than was asked for, and was not fetched.
    TooLarge {
        /// Its number.
        uid: u32,
        /// Its size, by the server's word.
        size_bytes: u64,
    },
    /// It is there, and could not be had. Always the last of a batch: nothing after it was fetched, so that nothing is
    /// lost when it is asked for again. The caller decides how often, and goes past it by asking after its number.
    NotGiven {
        /// Its number.
        uid: u32,
        /// Why. After [`ImapFailure::Refused`] the mailbox can still be used.
        why: ImapFailure,
    },
}

impl Fetched {
    /// The number that the letter has in its folder.
    pub fn uid(&self) -> u32 {
        match self {
            Self::Letter { uid, .. } | Self::TooLarge { uid, .. } | Self::NotGiven { uid, .. } => *uid,
        }
    }
}

/// What is known of the letters of a batch; `None` for those that are gone.
#[derive(Default)]
struct Batch {
    found: BTreeMap<u32, Option<Fetched>>,
    bytes: u64,
    /// The largest letter that is wanted.
    bytes_max: u64,
}

impl Batch {
    fn add(&mut self, uid: u32, about: About) {
        let fetched = match about.body {
            // Small literals are kept whatever the limit, since other answers have them too.
            Body::Letter(bytes) if bytes.len() as u64 > self.bytes_max => {
                Fetched::TooLarge { uid, size_bytes: bytes.len() as u64 }
            }
            Body::Letter(bytes) => {
                self.bytes += bytes.len() as u64;
                Fetched::Letter { uid, bytes, internal_date: about.internal_date }
            }
            Body::Skipped(size_bytes) => Fetched::TooLarge { uid, size_bytes },
            Body::None => return,
        };
        self.found.insert(uid, Some(fetched));
    }

    /// Everything up to the first letter that is missing, which is named when something went wrong.
    fn into_letters(mut self, sizes: &BTreeMap<u32, u64>, failure: Option<ImapFailure>) -> Vec<Fetched> {
        let mut letters = Vec::new();
        for uid in sizes.keys() {
            let Some(fetched) = self.found.remove(uid) else {
                letters.extend(failure.map(|why| Fetched::NotGiven { uid: *uid, why }));
                break;
            };
            letters.extend(fetched);
        }
        letters
    }
}

impl Mailbox {
    /// The oldest letters whose numbers are above `uid`, at most `count_max`, each of at most `bytes_max` bytes.
    ///
    /// An empty list means that nothing newer is there; a short one means nothing, since a batch also ends at 64 MiB and
    /// when the time for it is up. Fails only when not even the list of letters could be had: once letters come, they
    /// are given back, with [`Fetched::NotGiven`] behind them when the line broke.
    pub async fn fetch_after(
        &mut self,
        uid: u32,
        count_max: usize,
        bytes_max: u64,
    ) -> Result<Vec<Fetched>, ImapFailure> {
        self.fetch_listed(uid, (count_max, Asked::Sizes), bytes_max).await
    }

    /// The oldest letter whose number is above `uid`, without a word about any other: for after a failure, to find out
    /// which letter it is that the server cannot give.
    pub async fn fetch_next(&mut self, uid: u32, bytes_max: u64) -> Result<Vec<Fetched>, ImapFailure> {
        self.fetch_listed(uid, (1, Asked::Nothing), bytes_max).await
    }

    async fn fetch_listed(
        &mut self,
        uid: u32,
        (count_max, asked): (usize, Asked),
        bytes_max: u64,
    ) -> Result<Vec<Fetched>, ImapFailure> {
        let mut batch = Batch { bytes_max, ..Batch::default() };
        let mut sizes = None;
        let longest = self.timeouts.fetch;
        let fetching = async {
            let listed = sizes.insert(sizes_after(&mut self.conversation, uid, count_max, asked).await?);
            self.fetch(listed, &mut batch).await
        };
        let ended = timeout(longest, fetching).await;
        let ended = ended.unwrap_or(Err(ImapFailure::TooSlow { during: "fetching letters" }));
        match (sizes, ended) {
            (None, Err(failure)) => Err(failure),
            (None, Ok(())) => Ok(Vec::new()),
            (Some(sizes), ended) => Ok(batch.into_letters(&sizes, ended.err())),
        }
    }

    async fn fetch(&mut self, sizes: &BTreeMap<u32, u64>, batch: &mut Batch) -> Result<(), ImapFailure> {
        let bytes_max = batch.bytes_max;
        self.conversation.keep_literals(bytes_max);
        for group in groups(sizes, bytes_max) {
            let planned = group.iter().fold(0, |sum: u64, (_, size)| sum.saturating_add(*size));
            if batch.bytes > 0 && batch.bytes.saturating_add(planned) > BATCH_BYTES_MAX {
                break;
            }
            if let [(uid, size_bytes)] = group[..]
                && size_bytes > bytes_max
            {
                batch.found.insert(uid, Some(Fetched::TooLarge { uid, size_bytes }));
                continue;
            }
            self.fetch_group(&group, batch).await?;
            for (uid, _) in &group {
                if !batch.found.contains_key(uid) {
                    self.fetch_one(*uid, batch).await?;
                }
                if batch.bytes > BATCH_BYTES_MAX {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Asks for several letters at once. What does not come, for whatever reason, is asked for singly afterwards.
    async fn fetch_group(&mut self, group: &[(u32, u64)], batch: &mut Batch) -> Result<(), ImapFailure> {
        let uids: Vec<String> = group.iter().map(|(uid, _)| uid.to_string()).collect();
        let words = format!("UID FETCH {} (UID INTERNALDATE BODY.PEEK[])", uids.join(","));
        // Sizes may be lies: beyond what one group may cost, letters wait for their turn.
        let bytes_until = batch.bytes.saturating_add(batch.bytes_max.max(GROUP_BYTES_MAX));
        self.conversation
            .long_command(&words, |answer| {
                let Answer::Fetch(about) = answer else { return };
                let asked = about.uid.filter(|uid| group.iter().any(|(asked, _)| asked == uid));
                let Some(uid) = asked.filter(|uid| !batch.found.contains_key(uid)) else { return };
                if batch.bytes <= bytes_until {
                    batch.add(uid, about);
                }
            })
            .await?;
        Ok(())
    }

    async fn fetch_one(&mut self, uid: u32, batch: &mut Batch) -> Result<(), ImapFailure> {
        let words = format!("UID FETCH {uid} (UID INTERNALDATE BODY.PEEK[])");
        let said = self
            .conversation
            .long_command(&words, |answer| match answer {
                Answer::Fetch(about) if about.uid == Some(uid) && !batch.found.contains_key(&uid) => {
                    batch.add(uid, about);
                }
                _ => {}
            })
            .await?;
        if batch.found.contains_key(&uid) {
            return Ok(());
        }
        if said.status != Status::Ok {
            return Err(ImapFailure::refused(&said.text));
        }
        // Well answered, and nothing said: somebody else removed it, or the server has it and cannot read it.
        let mut is_there = false;
        let listing = format!("UID FETCH {uid} (UID)");
        let look = |answer: Answer| {
            is_there |= matches!(answer, Answer::Fetch(about) if about.uid == Some(uid));
        };
        let said = self.conversation.command(&listing, look).await?;
        if is_there || said.status != Status::Ok {
            return Err(ImapFailure::refused("the server lists the letter and does not give it"));
        }
        batch.found.insert(uid, None);
        Ok(())
    }
}

/// Letters to be asked for together, in order; one that is too large stands alone.
fn groups(sizes: &BTreeMap<u32, u64>, bytes_max: u64) -> Vec<Vec<(u32, u64)>> {
    let mut groups: Vec<Vec<(u32, u64)>> = Vec::new();
    let mut bytes = u64::MAX;
    for (uid, size) in sizes {
        bytes = bytes.saturating_add(*size);
        let is_full = groups.last().is_none_or(|group| group.len() == GROUP_LETTERS_MAX);
        if is_full || bytes > GROUP_BYTES_MAX || *size > bytes_max {
            groups.push(Vec::new());
            // Nothing joins a letter that is too large.
            bytes = if *size > bytes_max { u64::MAX } else { *size };
        }
        if let Some(group) = groups.last_mut() {
            group.push((*uid, *size));
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_order_and_bounds() {
        let mib = 1024 * 1024;
        let sizes: BTreeMap<u32, u64> =
            [(1, 10), (2, 3 * mib), (3, 2 * mib), (5, 30 * mib), (6, 1), (8, 9 * mib), (9, 0), (10, 0)]
                .into();
        let shown: Vec<Vec<u32>> = groups(&sizes, 25 * mib)
            .iter()
            .map(|group| group.iter().map(|(uid, _)| *uid).collect())
            .collect();
        assert_eq!(shown, [vec![1, 2], vec![3], vec![5], vec![6], vec![8], vec![9, 10]]);
        let many: BTreeMap<u32, u64> = (1..=250).map(|uid| (uid, 1)).collect();
        assert_eq!(groups(&many, 9).iter().map(Vec::len).collect::<Vec<_>>(), [100, 100, 50]);
    }
}

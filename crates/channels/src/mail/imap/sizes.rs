//! Which letters come next and how large they are, before any is fetched. No contents here.

use std::collections::BTreeMap;

use super::answer::{Answer, Status};
use super::conversation::Conversation;
use super::failure::ImapFailure;
use super::limits::{WINDOW_MIN, WINDOWS_MAX};

/// What is asked of letters before any is fetched.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    /// Their sizes.
    Sizes,
    /// Only whether they are there: some servers hang up when they must tell the size of a letter they cannot read.
    Nothing,
}

/// Numbers and sizes in bytes of the oldest `count_max` letters whose numbers are above `uid`.
///
/// No `SEARCH`: its answer is one line of any length. And no `n:*`, which means the last letter when there is none
/// from `n` on (RFC 3501 6.4.8). We ask for the largest number, then look through windows up to it.
pub(super) async fn sizes_after(
    conversation: &mut Conversation,
    uid: u32,
    count_max: usize,
    asked: Asked,
) -> Result<BTreeMap<u32, u64>, ImapFailure> {
    // Servers tell of new letters when something is said to them.
    conversation.must("NOOP").await?;
    conversation.known = conversation.exists;
    let mut sizes = BTreeMap::new();
    if conversation.exists == 0 || count_max == 0 {
        return Ok(sizes);
    }
    let last = last_uid(conversation).await?;
    let mut from = uid.saturating_add(1);
    let mut width = WINDOW_MIN;
    for _ in 0..WINDOWS_MAX {
        if from > last || uid == u32::MAX {
            break;
        }
        let to = from.saturating_add(width - 1).min(last);
        look(conversation, (from, to), (count_max, asked), &mut sizes).await?;
        if !sizes.is_empty() || to == last {
            break;
        }
        from = to + 1;
        width = width.saturating_mul(2);
    }
    Ok(sizes)
}

/// The largest number in the folder; 0 when there is no letter.
pub(super) async fn last_uid(conversation: &mut Conversation) -> Result<u32, ImapFailure> {
    let mut last = 0;
    let said = conversation
        .command("UID FETCH * (UID)", |answer| {
            if let Answer::Fetch(about) = answer {
                last = about.uid.unwrap_or_default().max(last);
            }
        })
        .await?;
    if said.status == Status::Ok { Ok(last) } else { Err(ImapFailure::refused(&said.text)) }
}

async fn look(
    conversation: &mut Conversation,
    (from, to): (u32, u32),
    (count_max, asked): (usize, Asked),
    sizes: &mut BTreeMap<u32, u64>,
) -> Result<(), ImapFailure> {
    let items = match asked {
        Asked::Sizes => "UID RFC822.SIZE",
        Asked::Nothing => "UID",
    };
    let said = conversation
        .long_command(&format!("UID FETCH {from}:{to} ({items})"), |answer| {
            let Answer::Fetch(about) = answer else { return };
            let Some(uid) = about.uid.filter(|uid| (from..=to).contains(uid)) else { return };
            // A letter whose size is not told is asked for all the same; larger ones are passed over as they come.
            let size = sizes.entry(uid).or_default();
            *size = about.size_bytes.unwrap_or_default().max(*size);
            if sizes.len() > count_max {
                sizes.pop_last();
            }
        })
        .await?;
    if said.status == Status::Ok { Ok(()) } else { Err(ImapFailure::refused(&said.text)) }
}

//! Several letters on their way at once. Those of one conversation go one after the other, in the order in which they
//! were read, so that an answer finds what it answers. Memory is bounded however large the letters are.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use anyhow::Context;
use axum::body::Bytes;
use indicatif::ProgressBar;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::desk_line::{DeskLine, Trouble};
use super::sources::{Letter, Source};
use super::summary::Summary;

/// Letters on their way at once. The desk writes one after the other; a few keep it busy.
const LANES: usize = 4;
/// Letters that wait for a lane: small ones must not keep the others waiting.
const LANE_LETTERS_MAX: usize = 64;
/// What letters on their way may weigh together, in KiB: the largest one twice.
const HELD_KIB_MAX: u32 = 128 * 1024;
/// So much of a letter is searched for its header, in bytes.
const HEADER_BYTES_MAX: usize = 64 * 1024;

/// A letter on its way, with its share of the memory.
struct Travelling {
    place: String,
    bytes: Bytes,
    weight: u64,
    _share: OwnedSemaphorePermit,
}

/// Brings all letters in. Gives what became of them, and why it ended early if it did.
pub(super) async fn bring(
    sources: Vec<Source>,
    line: DeskLine,
    bar: &ProgressBar,
) -> anyhow::Result<(Summary, Option<String>)> {
    let line = Arc::new(line);
    let mut lanes = JoinSet::new();
    let mut senders = Vec::with_capacity(LANES);
    for _ in 0..LANES {
        let (sender, receiver) = mpsc::channel(LANE_LETTERS_MAX);
        senders.push(sender);
        lanes.spawn(drive(receiver, Arc::clone(&line), bar.clone()));
    }
    let handle = Handle::current();
    let reading = tokio::task::spawn_blocking(move || read_all(&sources, &senders, &handle));
    let (mut summary, mut trouble) = (Summary::default(), None);
    while let Some(driven) = lanes.join_next().await {
        let (part, ended) = driven.context("a lane ended by itself")?;
        summary = summary.and(part);
        trouble = trouble.or(ended);
    }
    let unread = reading.await.context("reading ended by itself")?;
    Ok((summary.and(unread), trouble))
}

/// Reads every source into the lanes. Gives the letters that could not even be read.
fn read_all(sources: &[Source], lanes: &[Sender<Travelling>], handle: &Handle) -> Summary {
    let memory = Arc::new(Semaphore::new(HELD_KIB_MAX as usize));
    let mut unread = Summary::default();
    for source in sources {
        let goes_on = source.read(&mut |Letter { place, bytes, weight }| match bytes {
            Ok(bytes) => {
                let kib = u32::try_from(bytes.len() / 1024 + 1).unwrap_or(HELD_KIB_MAX).min(HELD_KIB_MAX);
                let Ok(share) = handle.block_on(Arc::clone(&memory).acquire_many_owned(kib)) else {
                    return false;
                };
                let lane = &lanes[lane_of(&bytes)];
                lane.blocking_send(Travelling { place, bytes: bytes.into(), weight, _share: share }).is_ok()
            }
            Err(why) => {
                unread.fail(place, why);
                true
            }
        });
        // A lane that has ended says that the desk takes no more.
        if !goes_on {
            break;
        }
    }
    unread
}

async fn drive(
    mut letters: Receiver<Travelling>,
    line: Arc<DeskLine>,
    bar: ProgressBar,
) -> (Summary, Option<String>) {
    let mut summary = Summary::default();
    while let Some(letter) = letters.recv().await {
        match line.bring(letter.bytes).await {
            Ok(taken) => summary.count(&taken),
            Err(Trouble::Letter(why)) => summary.fail(letter.place, why),
            Err(Trouble::Desk(why)) => return (summary, Some(why)),
        }
        bar.inc(letter.weight);
    }
    (summary, None)
}

/// The lane of a letter: that of all which name the same beginning of their conversation.
fn lane_of(letter: &[u8]) -> usize {
    let mut hash = DefaultHasher::new();
    conversation(letter).hash(&mut hash);
    usize::try_from(hash.finish() % LANES as u64).unwrap_or_default()
}

/// The `Message-ID` that a conversation began with, as far as one letter of it tells (RFC 5322 3.6.4).
fn conversation(letter: &[u8]) -> &[u8] {
    let head = &letter[..letter.len().min(HEADER_BYTES_MAX)];
    let fields = [&b"references:"[..], b"in-reply-to:", b"message-id:"];
    fields.into_iter().find_map(|field| first_id(head, field)).unwrap_or_default()
}

/// The first id in a field, which may be folded.
fn first_id<'a>(head: &'a [u8], field: &[u8]) -> Option<&'a [u8]> {
    let mut is_inside = false;
    for line in head.split(|byte| *byte == b'\n') {
        if line.trim_ascii_end().is_empty() {
            return None;
        }
        let is_folded = line.starts_with(b" ") || line.starts_with(b"\t");
        is_inside = if is_folded { is_inside } else { begins_with(line, field) };
        if !is_inside {
            continue;
        }
        let begin = line.iter().position(|byte| *byte == b'<');
        let id = begin.and_then(|begin| line[begin + 1..].split(|byte| *byte == b'>').next());
        if let Some(id) = id.filter(|id| !id.is_empty()) {
            return Some(id);
        }
    }
    None
}

fn begins_with(line: &[u8], field: &[u8]) -> bool {
    line.get(..field.len()).is_some_and(|start| start.eq_ignore_ascii_case(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_known_by_its_beginning() {
        for (letter, expect) in [
            ("Message-ID: <1@x>\n\n", "1@x"),
            ("Message-Id:\r\n <2@x>\r\nIn-Reply-To: <1@x>\r\n\r\n", "1@x"),
            ("IN-REPLY-TO: your mail <2@x>\nReferences:\n\t<1@x>\n\t<2@x>\n\n", "1@x"),
            ("References: none\nX: <9@x>\nMessage-ID: <1@x>\n\n", "1@x"),
            ("Subject: x\n\nMessage-ID: <1@x>\n", ""),
            ("Message-ID: <>\n\n", ""),
            ("Message-ID: <1@x", "1@x"),
            ("", ""),
        ] {
            assert_eq!(String::from_utf8_lossy(conversation(letter.as_bytes())), expect, "{letter:?}");
        }
    }
}

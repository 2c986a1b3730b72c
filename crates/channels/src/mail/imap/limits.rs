//! Every bound of reading by IMAP, with its reason. No code.

use std::time::Duration;

/// One answer without its literals, in bytes. The longest that honest servers send are lists of flags and abilities.
pub(super) const LINE_BYTES_MAX: usize = 64 * 1024;
/// Literals of one answer that is no letter, together, in bytes; beyond it they are passed over.
pub(super) const LITERAL_BYTES_MAX: usize = 64 * 1024;
/// Pieces (text, literal, text, …) of one answer; a letter's has three.
pub(super) const PIECES_MAX: usize = 64;
/// Answers to one command; a window of sizes in a very large mailbox has as many as letters.
pub(super) const ANSWERS_MAX: usize = 4_000_000;
/// Abilities kept; servers have about fifty.
pub(super) const CAPABILITIES_MAX: usize = 300;
/// Questions that a server may ask during one login; two are the most that make sense.
pub(super) const CHALLENGES_MAX: usize = 4;
/// Name of a folder, in characters; servers allow about 250.
pub(super) const FOLDER_CHARS_MAX: usize = 500;
/// Numbers looked at in the first window after the last letter; an empty window doubles the next.
pub(super) const WINDOW_MIN: u32 = 500;
/// Windows until the largest number is reached, doubled each time (2^32 and a margin).
pub(super) const WINDOWS_MAX: usize = 40;
/// Letters asked for in one command: saves waiting for each, and is still little to ask again.
pub(super) const GROUP_LETTERS_MAX: usize = 100;
/// Letters asked for in one command, in bytes by the server's word.
pub(super) const GROUP_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Letters in one batch, in bytes; the first comes whatever its size.
pub(super) const BATCH_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// `IDLE` is begun anew after this long. RFC 2177 asks for it within 29 minutes; routers forget quiet lines far earlier.
pub(super) const IDLE_REISSUE: Duration = Duration::from_mins(9);
/// Times that one wait begins `IDLE` anew or polls: 29 minutes of polling each second, or ten days of `IDLE`.
pub(super) const WAIT_ROUNDS_MAX: usize = 2_000;
/// What a server gets to answer our good-bye when we have to stop.
pub(super) const GOODBYE: Duration = Duration::from_secs(2);
/// The shortest pause between two polls, whatever the settings say.
pub(super) const POLL_MIN: Duration = Duration::from_millis(100);

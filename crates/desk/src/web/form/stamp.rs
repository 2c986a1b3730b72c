//! Who may be a robot, without asking anybody else: when the form was shown, a field that people do not see, a little work
//! that a browser does by itself, and how much came from one network.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::super::state::Web;
use crate::desk::Desk;

/// Nobody fills a form in within this time.
const SHOWN_FOR_MIN: SignedDuration = SignedDuration::from_secs(3);
/// A form that was open for longer is shown once more before it is sent.
const SHOWN_FOR_MAX: SignedDuration = SignedDuration::from_hours(24);
/// Leading zero bits of the hash that a browser looks for: about 16,000 tries, well below a second.
pub(super) const WORK_BITS: u32 = 14;
/// Longest word that solves the work, in bytes.
const WORK_BYTES_MAX: usize = 40;

/// What tells one showing of a form from every other: when, and a random word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    /// As it stands in the form.
    pub text: String,
    shown_at: Timestamp,
}

/// Why a form is not taken yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It came faster than anybody writes.
    TooFast,
    /// It was open for too long.
    TooOld,
    /// A field that people do not see was filled in.
    Trap,
    /// Too many came from there; until when.
    TooMany(Timestamp),
}

impl Stamp {
    /// A new one.
    pub fn new(desk: &Desk) -> Self {
        let shown_at = desk.clock.now();
        let word = data_encoding::HEXLOWER.encode(&desk.chance.bytes()[..16]);
        Self { text: format!("{}.{word}", shown_at.as_second()), shown_at }
    }

    /// Reads one that came back; its signature has been checked by the guard.
    pub fn read(text: &str) -> Option<Self> {
        let (seconds, word) = text.split_once('.')?;
        let is_word = word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let shown_at = Timestamp::from_second(seconds.parse().ok()?).ok()?;
        is_word.then(|| Self { text: text.to_owned(), shown_at })
    }

    /// What is doubtful about a form that is sent under this stamp. One that is taken is counted for its network.
    pub fn doubt(&self, web: &Web, sender: &Sender<'_>) -> Option<Doubt> {
        let now = web.desk.clock.now();
        let shown_for = now.duration_since(self.shown_at);
        if !sender.trap.is_empty() {
            return Some(Doubt::Trap);
        }
        if shown_for < SHOWN_FOR_MIN {
            return Some(Doubt::TooFast);
        }
        if shown_for > SHOWN_FOR_MAX {
            return Some(Doubt::TooOld);
        }
        let peer = sender.peer?;
        let counter = if is_work(&self.text, sender.work) { &web.worked_forms } else { &web.plain_forms };
        if let Some(until) = counter.waits_until(peer, now) {
            return Some(Doubt::TooMany(until));
        }
        counter.count(peer, now);
        None
    }
}

/// What is known of whoever sends a form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender<'a> {
    /// Their network address.
    pub peer: Option<std::net::IpAddr>,
    /// What stands in the field that people do not see.
    pub trap: &'a str,
    /// The word their browser found.
    pub work: &'a str,
}

/// Whether the hash of stamp and word begins with enough zero bits.
fn is_work(stamp: &str, word: &str) -> bool {
    if word.is_empty() || word.len() > WORK_BYTES_MAX {
        return false;
    }
    let hash: [u8; 32] = Sha256::digest(format!("{stamp}:{word}").as_bytes()).into();
    let first = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    first.leading_zeros() >= WORK_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_found_by_trying_and_belongs_to_one_stamp() {
        let stamp = "1772528400.00112233445566778899aabbccddeeff";
        let word = (0_u32..1 << 24).map(|n| n.to_string()).find(|word| is_work(stamp, word)).unwrap();
        assert!(!is_work("1772528400.ff112233445566778899aabbccddeeff", &word));
        assert!(!is_work(stamp, "") && !is_work(stamp, &"9".repeat(1000)));
    }

    #[test]
    fn only_what_we_wrote_reads_as_a_stamp() {
        assert!(Stamp::read("1772528400.00112233445566778899aabbccddeeff").is_some());
        for wrong in [
            "",
            "x.y",
            "1772528400",
            "1772528400.xyz",
            "99999999999999999999.00112233445566778899aabbccddeeff",
        ] {
            assert_eq!(Stamp::read(wrong), None, "{wrong}");
        }
    }
}

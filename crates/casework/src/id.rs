//! Names of things as types: an id of one kind can never be passed for another. Ids are minted by the shell.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// One problem of one customer.
    CaseId;
    /// A person who writes in.
    CustomerId;
    /// One address, number or handle of a customer.
    IdentityId;
    /// A person who works at the desk.
    AgentId;
    /// A group of agents that owns cases.
    TeamId;
    /// A configured source on a channel, such as one mail address.
    InboxId;
    /// One communication in a case.
    MessageId;
    /// A piece of personal text that can be erased while the event that names it stays.
    ContentId;
    /// A piece of work to be carried out after a decision.
    OrderId;
    /// One raw letter as it was received.
    LetterId;
    /// A file that somebody handed in with what they wrote.
    FileId;
    /// A promise made to a customer.
    CommitmentId;
}

/// The brand a row belongs to; part of every key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BrandId(pub i64);

impl std::fmt::Display for BrandId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Where new ids and random numbers come from. The shell gives time-ordered UUIDs and true randomness,
/// tests and simulations give a seeded sequence, so that one seed is one run.
pub trait Mint: Send {
    /// A new unique id.
    fn uuid(&mut self) -> Uuid;
    /// 128 bits that nobody can guess.
    fn random(&mut self) -> u128;
}

/// The public reference of a case: what people say on the phone. Eight characters without look-alikes, such as `K7M2-4Q8P`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

/// Digits and letters that are not taken for one another when read aloud or by hand (no 0/O, 1/I/L, 5/S, 8/B, U/V).
const ALPHABET: &[u8; 24] = b"2346789ACDEFGHJKMNPQRTWX";

impl Reference {
    /// Draws a reference from random bits: 24^8 (1.1e11) of them.
    pub fn draw(mint: &mut dyn Mint) -> Self {
        let mut bits = mint.random();
        let mut text = String::with_capacity(9);
        for place in 0..8 {
            if place == 4 {
                text.push('-');
            }
            let digit = usize::try_from(bits % 24).unwrap_or_default();
            text.push(char::from(ALPHABET[digit]));
            bits /= 24;
        }
        Self(text)
    }

    /// Reads a reference as people type it: any case, with or without the dash, with spaces.
    pub fn parse(typed: &str) -> Option<Self> {
        let letters: Vec<char> = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .take(9)
            .collect();
        let is_known = |c: &char| u8::try_from(*c).is_ok_and(|byte| ALPHABET.contains(&byte));
        if letters.len() != 8 || !letters.iter().all(is_known) {
            return None;
        }
        let (left, right) = letters.split_at(4);
        Some(Self(format!("{}-{}", left.iter().collect::<String>(), right.iter().collect::<String>())))
    }

    /// All references that a subject line cites between brackets, such as `[K7M2-4Q8P]`; at most five.
    pub fn cited_in(subject: &str) -> Vec<Self> {
        let inside = subject.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
        inside.filter_map(|(word, _)| Self::parse(word)).take(5).collect()
    }

    /// The reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

//! Where ids and random numbers come from: the machine's randomness, or a seed that makes a run repeatable.

use std::sync::atomic::{AtomicU64, Ordering};

use casework::Mint;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::time::Clock;

/// A source of randomness.
#[derive(Debug)]
pub enum Chance {
    /// The machine's.
    System,
    /// SHA-256 over a seed and a counter: the same seed draws the same numbers in the same order.
    Seeded {
        /// The seed.
        seed: u64,
        /// Numbers drawn so far.
        drawn: AtomicU64,
    },
}

impl Chance {
    /// A repeatable source.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded { seed, drawn: AtomicU64::new(0) }
    }

    /// Thirty-two random bytes.
    ///
    /// Without the machine's randomness nothing can be signed or named safely, so failing to get it ends the process.
    pub fn bytes(&self) -> [u8; 32] {
        match self {
            Self::System => {
                let mut bytes = [0; 32];
                if let Err(error) = getrandom::fill(&mut bytes) {
                    tracing::error!(%error, "the machine gives no random numbers");
                    std::process::abort();
                }
                bytes
            }
            Self::Seeded { seed, drawn } => {
                let number = drawn.fetch_add(1, Ordering::Relaxed);
                let mut hash = Sha256::new();
                hash.update(seed.to_be_bytes());
                hash.update(number.to_be_bytes());
                hash.finalize().into()
            }
        }
    }
}

/// Mints ids in order of time.
#[derive(Debug)]
pub struct TimedMint<'a> {
    /// Randomness.
    pub chance: &'a Chance,
    /// Time.
    pub clock: &'a Clock,
}

impl Mint for TimedMint<'_> {
    fn uuid(&mut self) -> Uuid {
        let random = self.chance.bytes();
        let mut tail = [0; 10];
        tail.copy_from_slice(&random[..10]);
        let millis = u64::try_from(self.clock.now().as_millisecond()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }

    fn random(&mut self) -> u128 {
        let random = self.chance.bytes();
        let mut half = [0; 16];
        half.copy_from_slice(&random[..16]);
        u128::from_be_bytes(half)
    }
}

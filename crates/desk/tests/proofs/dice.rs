//! Chance that a seed repeats, as far as processes can be repeated: `SplitMix64` (Steele, Lea, Flood 2014).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A source of numbers that several tasks may draw from.
#[derive(Debug)]
pub struct Dice(AtomicU64);

impl Dice {
    /// The numbers of this seed.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// A number below `end`.
    pub fn below(&self, end: u64) -> u64 {
        self.draw() % end.max(1)
    }

    /// True in so many of a hundred draws.
    pub fn percent(&self, share: u64) -> bool {
        self.below(100) < share
    }

    fn draw(&self) -> u64 {
        let step = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.0.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// The seed of this run: `SUIVI_PROOF_SEED`, or one of its own that is told.
pub fn seed(proof: &str) -> u64 {
    let given = std::env::var("SUIVI_PROOF_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::from(since.subsec_nanos()) ^ since.as_secs()
    });
    println!("{proof}: seed {seed} (again with SUIVI_PROOF_SEED={seed})");
    seed
}

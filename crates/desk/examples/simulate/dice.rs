//! The one source of choice: `SplitMix64` (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").

use jiff::SignedDuration;

/// Dice that fall the same way for the same seed.
pub struct Dice(u64);

impl Dice {
    /// Dice for a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.next() % span).unwrap_or_default()
    }

    /// Yes, so many times out of a hundred.
    pub fn says(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    /// An index below `len`; 0 when there is nothing to choose from.
    pub fn index(&mut self, len: usize) -> usize {
        let last = u32::try_from(len.saturating_sub(1)).unwrap_or(u32::MAX);
        usize::try_from(self.between(0, last)).unwrap_or_default()
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let index = self.index(from.len());
        from.get(index).copied()
    }

    /// A time from `low` to `high` minutes, to the second.
    pub fn minutes(&mut self, low: u32, high: u32) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.between(low * 60, high * 60)))
    }
}

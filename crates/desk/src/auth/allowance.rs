//! How often each program asks, in memory of this node: so many requests in each minute of the clock.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// Requests a minute for a token that says nothing else: far above honest use, below what a loop gone wild does.
pub const USUAL_PER_MINUTE: u32 = 60_000;
/// Tokens remembered at most; those of minutes past are forgotten first.
const TOKENS_MAX: usize = 10_000;

/// What each token has used up.
#[derive(Debug, Default)]
pub struct Allowances(Mutex<HashMap<[u8; 32], (i64, u32)>>);

/// What is left to a program, as the headers tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Requests a minute.
    pub limit: u32,
    /// Requests left in this minute.
    pub remaining: u32,
    /// Seconds until the next minute.
    pub resets_in: u32,
    /// Whether this request is one too many.
    pub is_exhausted: bool,
}

impl Allowances {
    /// Counts one request.
    pub fn count(&self, token: [u8; 32], limit: u32, now: Timestamp) -> Allowance {
        let minute = now.as_second().div_euclid(60);
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= TOKENS_MAX {
            used.retain(|_, (at, _)| *at == minute);
        }
        let entry = used.entry(token).or_insert((minute, 0));
        if entry.0 != minute {
            *entry = (minute, 0);
        }
        let is_exhausted = entry.1 >= limit;
        entry.1 = entry.1.saturating_add(1).min(limit);
        let resets_in = 60 - now.as_second().rem_euclid(60);
        Allowance {
            limit,
            remaining: limit - entry.1,
            resets_in: u32::try_from(resets_in).unwrap_or(60),
            is_exhausted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_has_its_own_number_in_each_minute() {
        let allowances = Allowances::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let count = |token: u8, second| allowances.count([token; 32], 2, at(second));
        let told = |allowance: Allowance| (allowance.remaining, allowance.resets_in, allowance.is_exhausted);
        assert_eq!(told(count(1, 0)), (1, 60, false));
        assert_eq!(told(count(1, 30)), (0, 30, false));
        assert_eq!(told(count(1, 59)), (0, 1, true));
        assert_eq!(told(count(2, 59)), (1, 1, false), "another token has its own");
        assert_eq!(told(count(1, 60)), (1, 60, false), "a new minute");
    }
}

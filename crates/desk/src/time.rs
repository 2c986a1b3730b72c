//! The desk's clock: the only place where the time of day is read. In tests and simulations it stands until it is moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Gives the current instant, to the microsecond that the store keeps.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock in somebody's hand: microseconds since 1970.
    Hand(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at an instant until it is moved.
    pub fn standing_at(at: Timestamp) -> Self {
        Self::Hand(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        let micros = match self {
            Self::System => Timestamp::now().as_microsecond(),
            Self::Hand(micros) => micros.load(Ordering::Relaxed),
        };
        Timestamp::from_microsecond(micros).unwrap_or_default()
    }

    /// Moves a clock in somebody's hand; the machine's clock is not moved.
    pub fn move_to(&self, at: Timestamp) {
        if let Self::Hand(micros) = self {
            micros.store(at.as_microsecond(), Ordering::Relaxed);
        }
    }
}

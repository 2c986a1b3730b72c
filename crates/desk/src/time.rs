//! The desk's clock: the only place where the time of day is read. In tests and simulations it stands until it is moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// Less than this is the way to the database's machine and back, not a difference of clocks.
const TOLERANCE: SignedDuration = SignedDuration::from_millis(100);

/// Gives the current instant, to the microsecond that the store keeps.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The clock of the database's machine, which all nodes of a desk share, as far as it was heard last.
    Shared(Arc<Heard>),
    /// A clock in somebody's hand: microseconds since 1970.
    Hand(Arc<AtomicI64>),
}

/// What was heard of another machine's clock. Between two hearings time goes on by a count that nobody can set.
#[derive(Debug)]
pub struct Heard {
    since: Instant,
    /// What its clock said at `since`: microseconds since 1970.
    said: AtomicI64,
}

impl Heard {
    fn passed(&self) -> i64 {
        i64::try_from(self.since.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    fn now(&self) -> i64 {
        self.said.load(Ordering::Relaxed).saturating_add(self.passed())
    }
}

impl Clock {
    /// A clock that stands at an instant until it is moved.
    pub fn standing_at(at: Timestamp) -> Self {
        Self::Hand(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// A clock that goes as the database's machine says.
    pub fn shared(heard: Timestamp) -> Self {
        Self::Shared(Arc::new(Heard { since: Instant::now(), said: AtomicI64::new(heard.as_microsecond()) }))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        let micros = match self {
            Self::System => Timestamp::now().as_microsecond(),
            Self::Shared(heard) => heard.now(),
            Self::Hand(micros) => micros.load(Ordering::Relaxed),
        };
        Timestamp::from_microsecond(micros).unwrap_or_default()
    }

    /// Sets a shared clock to what the database's machine said just now, and gives by how much it went wrong, if it did.
    /// `on_the_way` is how long question and answer took.
    pub fn hear(&self, said: Timestamp, on_the_way: Duration) -> Option<SignedDuration> {
        let Self::Shared(heard) = self else { return None };
        let way_back = SignedDuration::try_from(on_the_way / 2).unwrap_or_default();
        let now = said.saturating_add(way_back).unwrap_or(said);
        let wrong_by = now.duration_since(self.now());
        if wrong_by.abs() < TOLERANCE {
            return None;
        }
        heard.said.store(now.as_microsecond().saturating_sub(heard.passed()), Ordering::Relaxed);
        Some(wrong_by)
    }

    /// Moves a clock in somebody's hand; no other clock is moved.
    pub fn move_to(&self, at: Timestamp) {
        if let Self::Hand(micros) = self {
            micros.store(at.as_microsecond(), Ordering::Relaxed);
        }
    }
}

/// Begins to measure how long something takes.
pub fn stopwatch() -> impl Fn() -> Duration {
    let since = Instant::now();
    move || since.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_shared_clock_goes_as_it_heard_whatever_this_machine_says() {
        let said = at("2001-03-04T05:06:07Z");
        let clock = Clock::shared(said);
        let first = clock.now();
        assert!(first >= said && first < at("2001-03-05T00:00:00Z"));
        assert!(clock.now() >= first, "it goes on");
        let wrong_by = clock.hear(at("2001-03-06T05:06:07Z"), Duration::from_secs(2)).unwrap();
        assert!(wrong_by > SignedDuration::from_hours(47));
        assert!(clock.now() >= at("2001-03-06T05:06:08Z"), "half of the way belongs to the answer");
        assert!(clock.now() < at("2001-03-07T00:00:00Z"));
    }

    #[test]
    fn small_differences_and_other_clocks_are_left_alone() {
        let clock = Clock::shared(at("2001-03-04T05:06:07Z"));
        assert_eq!(clock.hear(clock.now(), Duration::from_millis(4)), None);
        let standing = Clock::standing_at(at("2001-03-04T05:06:07Z"));
        assert_eq!(standing.hear(at("2026-01-01T00:00:00Z"), Duration::ZERO), None);
        assert_eq!(standing.now(), at("2001-03-04T05:06:07Z"));
    }
}

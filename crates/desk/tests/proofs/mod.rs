//! Proofs of durability on the real binary: processes that are killed, databases that go away, letters that want harm.
//! Everything goes through sockets and `suivi admin`; the store is opened as a library only to look at what became of it.
//! They end by printing their figures; run with `cargo xtask proof --no-capture` to read them.

mod database;
mod dice;
mod inspect;
mod letters;
mod lmtp;
mod node;
mod recorder;
mod stage;
mod trace;

mod api;
mod away;
mod down;
mod full;
mod hostile;
mod kill;
mod nodes;
mod sync;
mod take_in;

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often something outside is asked whether it has happened.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// Waits until `has_happened`, at most `longest`. For what other processes do and nobody tells.
pub async fn until(what: &str, longest: Duration, mut has_happened: impl AsyncFnMut() -> bool) {
    let mut ticks = interval(ASK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let asking = async {
        loop {
            ticks.tick().await;
            if has_happened().await {
                return;
            }
        }
    };
    assert!(timeout(longest, asking).await.is_ok(), "waited {longest:?} in vain for: {what}");
}

/// Lets some time go by: for traffic that is spread, and for kills at random instants. Nothing is awaited by it.
async fn pass(time: Duration) {
    let mut clock = interval(time.max(Duration::from_micros(1)));
    clock.tick().await;
    clock.tick().await;
}

/// Runs a proof on both engines, as two tests named `proof_…`.
macro_rules! prove_on_both_engines {
    ($name:ident, $sqlite:ident, $postgres:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $sqlite() {
            $name($crate::support::Engine::Sqlite).await;
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $postgres() {
            $name($crate::support::Engine::Postgres).await;
        }
    };
}
use prove_on_both_engines;

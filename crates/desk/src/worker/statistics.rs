//! Has the database look at tables that have grown, so that a desk that fills fast stays fast: without it, a server
//! plans the first minutes of a new desk as if it were empty.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::desk::Desk;

/// How often it is asked for: a fast import writes a few hundred cases in that time.
const EVERY: Duration = Duration::from_secs(2);

/// Asks until `stop` is cancelled.
pub async fn run(desk: Desk, stop: CancellationToken) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        match desk.store.look_at_grown_tables().await {
            Ok(0) => {}
            Ok(tables) => tracing::debug!(tables, "the database has looked at tables that have grown"),
            Err(error) => tracing::warn!(%error, "the database looks at its tables later"),
        }
    }
}

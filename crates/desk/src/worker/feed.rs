//! The sequencer of the feed: gives events their places once they are committed. Nodes take turns.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::FAILURE_PAUSE;
use crate::desk::Desk;

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// Places events until `stop` is cancelled.
pub async fn run(desk: Desk, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match desk.store.place_events().await {
            Ok(0) => LOOK_EVERY,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::warn!(%error, "events are placed later");
                FAILURE_PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

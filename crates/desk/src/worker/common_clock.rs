//! Keeps the clock of this node with the others': they all go by the clock of the database's machine, so that a lease ends
//! for all at once, whatever the machines themselves believe.

use std::time::Duration;

use jiff::SignedDuration;
use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;
use crate::time::stopwatch;

/// How often it is asked.
const EVERY: Duration = Duration::from_secs(15);

/// Asks until `stop` is cancelled; a database of our own file has no other clock than ours.
pub async fn run(desk: Desk, stop: CancellationToken) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        match compare(&desk).await {
            Ok(None) => {}
            Ok(Some(moved)) => {
                tracing::warn!(seconds = moved.as_secs_f64(), "the clock was set to the database's");
            }
            Err(error) => tracing::warn!(%error, "the database does not tell its time; the clock goes on"),
        }
    }
}

/// Asks once. Gives by how much our clock was set, if it was.
pub async fn compare(desk: &Desk) -> Result<Option<SignedDuration>, StoreError> {
    let on_the_way = stopwatch();
    let said = desk.store.server_time().await?;
    Ok(said.and_then(|said| desk.clock.hear(said, on_the_way())))
}

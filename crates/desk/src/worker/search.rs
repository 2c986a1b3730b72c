//! Fills the index of the search where an older version left it empty, or where its analysis has changed: batch by batch,
//! while the desk is open. Nodes take turns.

use std::time::Duration;

use store::StoreError;
use tokio_util::sync::CancellationToken;

use super::FAILURE_PAUSE;
use crate::desk::Desk;

/// Between two batches others write.
const PAUSE: Duration = Duration::from_millis(20);

/// Fills until all is filled, or `stop` is cancelled.
pub async fn run(desk: Desk, stop: CancellationToken) {
    let mut filled = 0;
    while !stop.is_cancelled() {
        let pause = match desk.store.fill_search().await {
            Ok(None) => break,
            Ok(Some(more)) => {
                filled += more;
                PAUSE
            }
            Err(error) => {
                tracing::warn!(%error, "the search is filled later");
                FAILURE_PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
    if filled > 0 {
        tracing::info!(documents = filled, "the search is filled");
    }
}

/// Fills the index from the start. Gives how many documents it holds.
pub async fn refill(desk: &Desk) -> Result<u64, StoreError> {
    desk.store.refill_search().await?;
    let mut filled = 0;
    while let Some(more) = desk.store.fill_search().await? {
        filled += more;
    }
    Ok(filled)
}

//! Forgets what has served its time: acts remembered against being done twice, forms that were not sent. Several nodes may do it at once.

use std::time::Duration;

use jiff::SignedDuration;
use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;

/// How often it is done.
const EVERY: Duration = Duration::from_hours(1);
/// How long an act is remembered: a page that stood open over a weekend may still be sent twice.
const ACTS_KEPT: SignedDuration = SignedDuration::from_hours(72);

/// Sweeps until `stop` is cancelled.
pub async fn run(desk: Desk, stop: CancellationToken) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = sweep(&desk).await {
            tracing::warn!(%error, "sweeping is put off by an hour");
        }
    }
}

/// Sweeps once. Gives how much was forgotten.
pub async fn sweep(desk: &Desk) -> Result<u64, StoreError> {
    let now = desk.clock.now();
    let before = now.saturating_sub(ACTS_KEPT).unwrap_or(jiff::Timestamp::MIN);
    Ok(desk.store.forget_acts(before).await? + desk.store.forget_drafts(now).await?)
}

//! Forgets what has served its time: acts remembered against being done twice, forms that were not sent,
//! files that no message has. Several nodes may do it at once.

use std::time::Duration;

use files::Hash;
use jiff::SignedDuration;
use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;

/// How often it is done.
const EVERY: Duration = Duration::from_hours(1);
/// How long an act is remembered: a page that stood open over a weekend may still be sent twice.
const ACTS_KEPT: SignedDuration = SignedDuration::from_hours(72);
/// How long a file waits for the message it was brought for.
const FILES_KEPT: Duration = Duration::from_hours(24);

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
    let forgotten = desk.store.forget_acts(before).await? + desk.store.forget_drafts(now).await?;
    Ok(forgotten + sweep_files(desk).await?)
}

/// Forgets files that no message has: first their rows, then the bytes that no row needs, unless somebody has just
/// brought the same ones again.
async fn sweep_files(desk: &Desk) -> Result<u64, StoreError> {
    let before =
        desk.clock.now().saturating_sub(SignedDuration::try_from(FILES_KEPT).unwrap_or(SignedDuration::MAX));
    let free = desk.store.forget_files(before.unwrap_or(jiff::Timestamp::MIN)).await?;
    for hash in &free {
        if let Err(error) = desk.vault.forget(Hash(*hash), FILES_KEPT).await {
            tracing::warn!(%error, "the bytes of a file that nobody needs stay");
        }
    }
    Ok(free.len() as u64)
}

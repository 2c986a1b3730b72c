//! Carries out what is to be erased: who asked for it, what was kept long enough, and what that leaves on disk. Several
//! nodes may do it at once; whatever is cut off goes on at the next start.

use std::time::Duration;

use files::Hash;
use store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;
use crate::door::{DoorError, erasure};

/// How often is looked for erasures that another node or a restart left behind.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often the rules are applied, and what stood in the way is looked at again.
const RULES_EVERY: Duration = Duration::from_hours(1);
/// Cases of one look that the rules let go.
const EXPIRED_MAX: u32 = 100;
/// How long a file's bytes rest untouched before they go: the same ones may be on their way in once more.
const FILE_GRACE: Duration = Duration::from_mins(20);

/// Erases until `stop` is cancelled.
pub async fn run(desk: Desk, stop: CancellationToken) {
    let mut hour = tokio::time::interval(RULES_EVERY);
    loop {
        let is_hour = tokio::select! {
            () = stop.cancelled() => return,
            _ = hour.tick() => true,
            () = desk.erasure_asked.notified() => false,
            () = tokio::time::sleep(LOOK_EVERY) => false,
        };
        if let Err(error) = erase_due(&desk, is_hour, FILE_GRACE).await {
            tracing::warn!(%error, "erasing goes on later");
        }
    }
}

/// Erases what is due now; with `is_hour` also by the rules. Bytes of files go once nobody touched them for `grace`.
pub async fn erase_due(desk: &Desk, is_hour: bool, grace: Duration) -> Result<(), StoreError> {
    if is_hour {
        desk.store.retry_erasures().await?;
        expire(desk).await?;
    }
    for asked in desk.store.erasures_due().await? {
        erasure::carry_out(desk, &asked).await?;
    }
    while desk.store.remove_erased_letters().await? > 0 {}
    for (file, hash, is_shared) in desk.store.erased_files().await? {
        let is_gone =
            is_shared || desk.vault.forget(Hash(hash), grace).await.map_err(std::io::Error::other)?;
        if is_gone {
            desk.store.forget_erased_file(file).await?;
        }
    }
    desk.store.scrub().await
}

async fn expire(desk: &Desk) -> Result<(), StoreError> {
    loop {
        let expired = desk.store.expired_cases(desk.clock.now(), EXPIRED_MAX).await?;
        let mut done = 0;
        for one in &expired {
            match erasure::expire(desk, (one.brand, one.case), one.customer).await {
                Ok(()) => done += 1,
                Err(DoorError::Store(error)) => return Err(error),
                // It was opened again meanwhile, or one that was merged into it is held.
                Err(other) => tracing::info!(%other, case = %one.case, "a case is kept longer"),
            }
        }
        if done == 0 {
            return Ok(());
        }
    }
}

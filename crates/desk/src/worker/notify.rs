//! Tells screens what has changed: one look at the store each tenth of a second, for all screens of this node.

use std::collections::HashMap;
use std::time::Duration;

use casework::CaseId;
use jiff::{SignedDuration, Timestamp};
use store::{Change, StoreError};
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;

/// How often the store is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How far back each look goes: commits overtake each other, and the clocks of several nodes differ.
const LOOK_BACK: SignedDuration = SignedDuration::from_secs(5);

/// What has been told already.
#[derive(Debug, Default)]
pub struct Told {
    versions: HashMap<CaseId, (u32, Timestamp)>,
}

/// Looks and tells until `stop` is cancelled. Looks only while somebody listens.
pub async fn run(desk: Desk, stop: CancellationToken) {
    let mut told = Told::default();
    let mut tick = tokio::time::interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        if desk.changes.receiver_count() == 0 {
            continue;
        }
        if let Err(error) = tell(&desk, &mut told).await {
            tracing::debug!(%error, "screens are told later");
        }
    }
}

/// Tells every change that was not told yet. Gives how many.
pub async fn tell(desk: &Desk, told: &mut Told) -> Result<usize, StoreError> {
    let since = desk.clock.now().checked_sub(LOOK_BACK).unwrap_or(Timestamp::MIN);
    let changes = desk.store.changes_since(since).await?;
    let mut count = 0;
    for change in &changes {
        if told.is_new(change) {
            count += 1;
            // Nobody listening any more is no failure.
            drop(desk.changes.send(change.clone()));
        }
    }
    told.forget_before(since);
    Ok(count)
}

impl Told {
    fn is_new(&mut self, change: &Change) -> bool {
        let before = self.versions.insert(change.case, (change.seq, change.changed_at));
        before.is_none_or(|(seq, _)| seq != change.seq)
    }

    fn forget_before(&mut self, at: Timestamp) {
        self.versions.retain(|_, (_, changed_at)| *changed_at >= at);
    }
}

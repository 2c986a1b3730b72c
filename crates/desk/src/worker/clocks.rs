//! Rings the clocks whose time has come. Every ring enters by the one door.

use store::StoreError;

use crate::desk::Desk;
use crate::door::{DoorError, ring};

/// Clocks claimed at once.
const CLAIM_MAX: u32 = 100;

/// Rings what is due, up to one claim. Gives how many were claimed.
pub async fn ring_due(desk: &Desk) -> Result<usize, StoreError> {
    let due = desk.store.claim_clocks(desk.clock.now(), CLAIM_MAX).await?;
    let count = due.len();
    for clock in due {
        match ring::ring(desk, clock).await {
            Ok(()) => {}
            Err(DoorError::Store(error)) if error.is_passing() => return Err(error),
            Err(error) => tracing::error!(case = %clock.case, %error, "a clock could not ring"),
        }
    }
    Ok(count)
}

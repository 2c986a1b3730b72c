//! Reads the letters that wait in the letterbox. A letter that fails again and again is kept aside, visible, never lost,
//! and never holds up those behind it.

use casework::{BrandId, LetterId};
use futures::StreamExt;
use jiff::SignedDuration;
use store::StoreError;

use crate::desk::Desk;
use crate::door::{DoorError, intake};

/// Letters claimed at once.
const CLAIM_MAX: u32 = 64;
/// Letters decided on at once: they share commits.
const AT_ONCE: usize = 8;
/// Tries before a letter is kept aside. Failures of the world (database away) do not count.
const TRIES_MAX: u32 = 5;
/// Pause after a failure of the world.
const PAUSE: SignedDuration = SignedDuration::from_secs(5);

/// Reads all letters that are due, up to one claim. Gives how many were claimed.
pub async fn read_due(desk: &Desk) -> Result<usize, StoreError> {
    let letters = desk.store.claim_letters(desk.clock.now(), CLAIM_MAX).await?;
    let count = letters.len();
    futures::stream::iter(letters)
        .map(|id| read_one(desk.clone(), id))
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<()>>()
        .await;
    Ok(count)
}

/// A panic while reading is a bug; it must not end the worker, so each letter has a task of its own.
async fn read_one(desk: Desk, id: LetterId) {
    let reading = tokio::spawn({
        let desk = desk.clone();
        async move { intake::take_in(&desk, id).await }
    });
    let failure = match reading.await {
        Ok(Ok(())) => return,
        Ok(Err(DoorError::Store(error))) if error.is_passing() => {
            tracing::warn!(letter = %id, %error, "a letter waits: the store is not ready");
            postpone(&desk, id).await;
            return;
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "reading it panicked".to_owned(),
    };
    tracing::error!(letter = %id, failure, "a letter could not be decided on");
    match desk.store.letter_tries(id).await {
        Ok(Some((brand, tries))) if tries >= TRIES_MAX => keep_aside(&desk, brand, id).await,
        Ok(_) => give_back(&desk, id).await,
        Err(error) => tracing::warn!(letter = %id, %error, "the letter's lease will run out by itself"),
    }
}

async fn keep_aside(desk: &Desk, brand: BrandId, id: LetterId) {
    if let Err(error) = intake::keep_aside(desk, brand, id).await {
        tracing::warn!(letter = %id, %error, "a letter could not be kept aside yet");
    }
}

async fn postpone(desk: &Desk, id: LetterId) {
    let now = desk.clock.now();
    let again_at = now.saturating_add(PAUSE).unwrap_or(now);
    if let Err(error) = desk.store.postpone_letter(id, again_at).await {
        tracing::warn!(letter = %id, %error, "the letter's lease will run out by itself");
    }
}

async fn give_back(desk: &Desk, id: LetterId) {
    if let Err(error) = desk.store.return_letter(id).await {
        tracing::warn!(letter = %id, %error, "the letter's lease will run out by itself");
    }
}

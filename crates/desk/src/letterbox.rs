//! The letterbox at the desk's door: which addresses are ours, and keeping a letter before its sender is answered.

use std::sync::Arc;

use casework::LetterId;
use casework::Mint as _;
use casework::proof::without_tag;
use channels::mail::server::{Answer, Envelope, Kept, Letterbox};
use store::{NewLetter, StoreError};

use crate::desk::Desk;

/// Takes letters from the mail listeners into the store.
pub struct DeskLetterbox(pub Desk);

impl Letterbox for DeskLetterbox {
    async fn recipient(&self, address: &str) -> Answer {
        match self.0.store.inbox_at(&inbox_address(address)).await {
            Ok(Some(_)) => Answer::Ours,
            Ok(None) => Answer::NotOurs,
            Err(error) => {
                tracing::warn!(%error, "letterbox: cannot tell whether an address is ours");
                Answer::TryLater
            }
        }
    }

    async fn keep(&self, envelope: Envelope) -> Vec<Kept> {
        let count = envelope.recipients.len();
        match keep(&self.0, envelope).await {
            Ok(kept) => {
                self.0.letter_came.notify_one();
                kept
            }
            Err(error) => {
                tracing::warn!(%error, "letterbox: a letter could not be kept; its sender will try again");
                vec![Kept::TryLater; count]
            }
        }
    }
}

/// One letter for each inbox. Two recipients that are the same inbox (two tags) are two letters: each may prove another case.
async fn keep(desk: &Desk, envelope: Envelope) -> Result<Vec<Kept>, StoreError> {
    let bytes: Arc<[u8]> = envelope.delivered().into();
    let now = desk.clock.now();
    let mut kept = Vec::with_capacity(envelope.recipients.len());
    let mut letters = Vec::new();
    for recipient in &envelope.recipients {
        let Some(inbox) = desk.store.inbox_at(&inbox_address(recipient)).await? else {
            kept.push(Kept::Refused("nobody here has that address".to_owned()));
            continue;
        };
        letters.push(NewLetter {
            id: LetterId(desk.mint().uuid()),
            brand: inbox.brand,
            inbox: inbox.id,
            recipient: recipient.to_ascii_lowercase(),
            sender: envelope.from.clone(),
            received_at: now,
            bytes: Arc::clone(&bytes),
        });
        kept.push(Kept::Yes);
    }
    desk.store.keep_letters(letters).await?;
    Ok(kept)
}

fn inbox_address(recipient: &str) -> String {
    without_tag(&recipient.to_ascii_lowercase())
}

//! Acts that are done once however often they are asked for, and what they leave behind for whoever asks again.

use casework::event::What;
use casework::{BrandId, Decision, Reference, decision};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::Lookup;

use super::DoorError;

/// An act that is done once however often it is asked for: who asks, and a word of their choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The hash under which the act is remembered.
    pub key: [u8; 32],
    /// The hash of what is asked, where the same word may not ask for anything else.
    pub asked: Option<[u8; 32]>,
}

/// What came of an act: plain values that stay true, whatever happens to the case afterwards.
#[derive(Debug, Serialize)]
struct Receipt {
    case: String,
    seq: u32,
    at: Timestamp,
    message: Option<String>,
    commitment: Option<String>,
}

impl Once {
    /// An act of this person under this word; an empty word is not remembered.
    pub fn new(who: &str, word: &str) -> Option<Self> {
        let key = Sha256::digest(format!("{who}\n{word}")).into();
        (!word.is_empty()).then_some(Self { key, asked: None })
    }

    /// The decision that stands in for an act that was done before: it writes nothing and carries the receipt.
    /// The same word for something else is refused.
    pub(super) async fn before(
        once: Option<&Self>,
        lookup: &mut Lookup<'_>,
        (brand, now): (BrandId, Timestamp),
    ) -> Result<Option<Decision>, DoorError> {
        let Some(once) = once else { return Ok(None) };
        let Some(done) = lookup.done_before(once.key).await? else { return Ok(None) };
        if once.asked.is_some() && done.asked != once.asked {
            return Err(DoorError::OtherBefore);
        }
        Ok(Some(Decision { before: Some(done), ..Decision::empty(brand, now) }))
    }

    /// The receipt of an act that has been done, now or before.
    pub fn receipt_of(decision: Decision) -> Option<String> {
        decision.once.or(decision.before).and_then(|once| once.receipt)
    }

    /// Writes into a decision under what it is remembered, with its receipt.
    pub(super) fn remember(once: Option<&Self>, mut decision: Decision) -> Decision {
        decision.once = once.map(|once| decision::Once {
            key: once.key,
            asked: once.asked,
            receipt: once.asked.and_then(|_| receipt(&decision)),
        });
        decision
    }
}

/// The receipt of a decision about a case, as JSON.
fn receipt(decision: &Decision) -> Option<String> {
    let change = decision.cases.first()?;
    let commitment = change.events.iter().find_map(|event| match event.what {
        What::Committed { commitment, .. } | What::CommitmentKept { commitment } => Some(commitment),
        _ => None,
    });
    // The receipts and notices that the desk adds by itself come after what was asked for.
    let message = decision.messages.first();
    serde_json::to_string(&Receipt {
        case: change.after.reference.to_string(),
        seq: change.after.seq,
        at: decision.at,
        message: message.map(|message| message.id.to_string()),
        commitment: commitment.map(|id| id.to_string()),
    })
    .ok()
}

/// The case that a receipt is about.
pub(super) fn reference_in(receipt: &str) -> Option<Reference> {
    let receipt: serde_json::Value = serde_json::from_str(receipt).ok()?;
    Reference::parse(receipt["case"].as_str()?)
}

//! One number for a whole run: SHA-256 over every timeline, every letter's end and every mail that left, in a fixed order.

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::laws::CASES_MAX;
use crate::world::World;

/// The digest of everything that happened.
pub async fn digest(world: &World) -> anyhow::Result<String> {
    let store = &world.desk().store;
    let mut hash = Sha256::new();
    for case in store.all_cases(CASES_MAX).await? {
        add(&mut hash, case.reference.as_str().as_bytes());
        for event in store.timeline(case.brand, case.id).await? {
            add(&mut hash, &serde_json::to_vec(&event).context("an event")?);
        }
    }
    for letter in &world.letters {
        add(&mut hash, format!("{} {:?}", letter.id, letter.end).as_bytes());
    }
    for mail in &world.mails {
        add(&mut hash, mail.recipient.as_bytes());
        add(&mut hash, &mail.bytes);
    }
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

/// Each part with its length, so that no two runs read the same.
fn add(hash: &mut Sha256, part: &[u8]) {
    hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(part);
}

//! Values that stand in columns in place of others: chosen here, because those who write and those who read must agree.

use sha2::{Digest, Sha256};

/// What stands in `act_by` for a case on which the desk need not act.
pub(crate) const NEVER: i64 = i64::MAX;

/// The key under which a `Message-ID` is stored: the ids are long, and only equality is ever asked.
pub(crate) fn thread_hash(mail_id: &str) -> Vec<u8> {
    let hash: [u8; 32] = Sha256::digest(mail_id.as_bytes()).into();
    hash.iter().copied().take(16).collect()
}

//! Mails as they leave: kept before the first try, so that every try sends the same bytes, and kept sealed, because they
//! carry private links and signed addresses.

use casework::proof::Secret;
use casework::{BrandId, MessageId};
use store::StoreError;

use crate::desk::Desk;
use crate::seal::{self, Shut};

/// A mail ready to send: always the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The envelope's sender; empty for mails that nobody answers.
    pub sender: String,
    /// The one recipient.
    pub recipient: String,
    /// The mail.
    pub bytes: Vec<u8>,
}

/// The mail that was kept for a message, if it was written out before.
pub async fn kept(desk: &Desk, brand: BrandId, message: MessageId) -> Result<Option<Outgoing>, StoreError> {
    let sealed = desk.store.outgoing(brand, message).await?;
    let opened = sealed.map(|sealed| open(&desk.secret, message, &sealed)).transpose();
    opened.map_err(|Shut| StoreError::Corrupt("outgoing"))
}

/// Keeps a mail before its first try. If another node was faster, its bytes stand and are given back.
pub async fn keep(
    desk: &Desk,
    brand: BrandId,
    message: MessageId,
    mail: &Outgoing,
) -> Result<Outgoing, StoreError> {
    let head = serde_json::to_vec(&(&mail.sender, &mail.recipient));
    let head = head.map_err(|_| StoreError::Corrupt("outgoing"))?;
    let plain = [head.as_slice(), b"\n", &mail.bytes].concat();
    let sealed = seal::seal(&desk.secret, &desk.chance, &place(message), &plain);
    let sealed = sealed.map_err(|Shut| StoreError::Corrupt("outgoing"))?;
    let stands = desk.store.keep_outgoing(brand, message, sealed).await?;
    open(&desk.secret, message, &stands).map_err(|Shut| StoreError::Corrupt("outgoing"))
}

/// Opens what is kept for a message.
pub fn open(secret: &Secret, message: MessageId, sealed: &[u8]) -> Result<Outgoing, Shut> {
    let plain = seal::open(secret, &place(message), sealed)?;
    // The head is one line of JSON, in which a line end cannot stand by itself.
    let end = plain.iter().position(|byte| *byte == b'\n').ok_or(Shut)?;
    let (sender, recipient) = serde_json::from_slice(&plain[..end]).map_err(|_| Shut)?;
    Ok(Outgoing { sender, recipient, bytes: plain[end + 1..].to_vec() })
}

fn place(message: MessageId) -> String {
    format!("outgoing/{message}")
}

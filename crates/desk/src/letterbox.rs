//! The letterbox at the desk's door: which addresses are ours, and keeping a letter before its sender is answered.

use std::net::IpAddr;
use std::sync::Arc;

use casework::LetterId;
use casework::Mint as _;
use casework::proof::without_tag;
use channels::mail::server::{Answer, Envelope, Kept, Letterbox, Protocol};
use store::{NewLetter, Peer, StoreError};

use crate::desk::Desk;

/// Takes letters from a mail listener into the store.
pub struct DeskLetterbox {
    /// The desk.
    pub desk: Desk,
    /// What the listener speaks: by LMTP only servers of ours deliver.
    pub protocol: Protocol,
}

impl Letterbox for DeskLetterbox {
    async fn recipient(&self, address: &str) -> Answer {
        match self.desk.store.inbox_at(&inbox_address(address)).await {
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
        match keep(self, envelope).await {
            Ok(kept) => {
                self.desk.letter_came.notify_one();
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
async fn keep(letterbox: &DeskLetterbox, envelope: Envelope) -> Result<Vec<Kept>, StoreError> {
    let bytes: Arc<[u8]> = envelope.delivered().into();
    let desk = &letterbox.desk;
    let peer = stranger(letterbox.protocol, &envelope);
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
            peer: peer.clone(),
            is_history: false,
            bytes: Arc::clone(&bytes),
        });
        kept.push(Kept::Yes);
    }
    desk.store.keep_letters(letters).await?;
    Ok(kept)
}

/// The machine that handed the letter over, unless it is a server of ours: one that speaks LMTP, or sits in our own network.
fn stranger(protocol: Protocol, envelope: &Envelope) -> Option<Peer> {
    let ip: IpAddr = envelope.peer.parse().ok()?;
    let is_near = match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    };
    let is_stranger = protocol == Protocol::Smtp && !is_near;
    is_stranger.then(|| Peer { ip: ip.to_canonical().to_string(), greeting: envelope.helo.clone() })
}

fn inbox_address(recipient: &str) -> String {
    without_tag(&recipient.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_comes_by_smtp_from_elsewhere() {
        let from = |protocol, peer: &str| {
            let envelope = Envelope {
                from: String::new(),
                recipients: Vec::new(),
                bytes: Vec::new(),
                peer: peer.to_owned(),
                helo: "mx.client.example".to_owned(),
            };
            stranger(protocol, &envelope).map(|peer| peer.ip)
        };
        assert_eq!(from(Protocol::Smtp, "203.0.113.9").as_deref(), Some("203.0.113.9"));
        assert_eq!(from(Protocol::Smtp, "::ffff:203.0.113.9").as_deref(), Some("203.0.113.9"));
        for near in ["127.0.0.1", "10.1.2.3", "192.168.1.9", "::1", "fd00::1", "::ffff:127.0.0.1", "nowhere"]
        {
            assert_eq!(from(Protocol::Smtp, near), None, "{near}");
        }
        assert_eq!(from(Protocol::Lmtp, "203.0.113.9"), None, "by LMTP a server of ours delivers");
    }
}

//! Carries out orders to send mail. The bytes are stored before the first try, so every try sends the same;
//! the result returns by the door.

use std::time::Duration;

use casework::delivery::Answer;
use casework::outbound::OutboundFile;
use casework::{Mint as _, Purpose};
use channels::mail::compose::compose;
use channels::mail::sign::{DkimKey, sign};
use files::{Hash, Object};
use futures::StreamExt;
use store::{DueOrder, StoreError};

use crate::desk::Desk;
use crate::door::{DoorError, delivery};
use crate::outgoing::Outgoing;
use crate::sending::hand_over;
use crate::{outgoing, seal, writing};

/// Orders claimed at once, lane by lane, and all under way together: as many as one courier has places, so that none
/// waits for another while its lease runs. Few, so that a person's reply never waits behind many reminders.
const CLAIM_MAX: u32 = 4;
/// Longest that handing one mail over takes, whatever it waits for (a token, a place, a slow server): the lease of five
/// minutes outlasts it, so that no other node sends the same mail meanwhile.
const HAND_OVER_MAX: Duration = Duration::from_mins(4);

/// Sends the mails that are due, up to one claim. Gives how many were claimed.
pub async fn send_due(desk: &Desk) -> Result<usize, StoreError> {
    let lease = desk.mint().uuid();
    let orders = desk.store.claim_orders(desk.clock.now(), lease, CLAIM_MAX).await?;
    let count = orders.len();
    futures::stream::iter(orders)
        .map(|order| carry_out(desk.clone(), order))
        .buffer_unordered(CLAIM_MAX as usize)
        .collect::<Vec<()>>()
        .await;
    Ok(count)
}

/// A panic while writing or sending is a bug; it must not end the worker nor be hidden, so each mail has a task of its own
/// and waits, with that reason, where people look.
async fn carry_out(desk: Desk, order: DueOrder) {
    let sending = tokio::spawn({
        let (desk, order) = (desk.clone(), order.clone());
        async move {
            let mail = match prepare(&desk, &order).await? {
                Ok(mail) => mail,
                Err(why) => return Ok(Answer::Later(why)),
            };
            let handed_over = tokio::time::timeout(HAND_OVER_MAX, hand_over(&desk, &order, &mail)).await;
            handed_over.unwrap_or_else(|_| Ok(Answer::Later("no answer in time".to_owned())))
        }
    });
    let answer = sending.await.unwrap_or_else(|error| {
        tracing::error!(order = %order.id, %error, "sending a mail ended by itself");
        Ok(Answer::Later("sending it broke off: this is a fault of the desk".to_owned()))
    });
    let recorded = match answer {
        Ok(answer) => delivery::record(&desk, &order, answer).await,
        Err(error) => Err(DoorError::Store(error)),
    };
    // Nothing is lost: the lease runs out, and the same bytes are sent again.
    if let Err(error) = recorded {
        tracing::warn!(order = %order.id, %error, "an order will be taken up again");
    }
}

/// The bytes to send: those stored before, or newly written and then stored; or why they cannot be made yet.
pub async fn prepare(desk: &Desk, order: &DueOrder) -> Result<Result<Outgoing, String>, StoreError> {
    if let Some(mail) = outgoing::kept(desk, order.brand, order.message).await? {
        return Ok(Ok(mail));
    }
    let from = desk.store.to_write(order.brand, order.message).await?;
    let from = from.ok_or(StoreError::Corrupt("message to send"))?;
    let mut outbound = writing::write_out(desk, &from).await?;
    for file in desk.store.files_of_message(order.brand, order.message).await? {
        match desk.vault.bytes(Object::File(Hash(file.hash))).await {
            Ok(bytes) => outbound.files.push(OutboundFile {
                name: file.name,
                media_type: file.media_type,
                bytes: bytes.into(),
            }),
            Err(error) => {
                tracing::error!(order = %order.id, %error, "a file of a mail cannot be read");
                return Ok(Err(format!("a file of it cannot be read: {error}")));
            }
        }
    }
    // Reports about the mail come back to the signed address, which proves the case they belong to.
    // A receipt answers a mail by itself, so it has no sender at all and no machine answers it (RFC 3834, 3.3). A reminder
    // does have one: a case must not lapse because nobody heard that it did not arrive.
    let is_receipt = from.message.purpose == Some(Purpose::Acknowledgement);
    let sender = if is_receipt { String::new() } else { outbound.reply_to.address.clone() };
    let keys = signing_keys(desk, &outbound.from.address).await?;
    let bytes = sign(&compose(&outbound), &keys, desk.clock.now());
    let mail = Outgoing { sender, recipient: outbound.to.address.clone(), bytes };
    outgoing::keep(desk, order.brand, order.message, &mail).await.map(Ok)
}

/// The key that signs for the domain of an address (DKIM). One that cannot be used is told, and the mail leaves unsigned:
/// a customer who hears from us matters more.
async fn signing_keys(desk: &Desk, from: &str) -> Result<Vec<DkimKey>, StoreError> {
    let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
    let rows = desk.store.dkim_keys().await?;
    let Some(row) = rows.iter().find(|row| row.domain == domain) else { return Ok(Vec::new()) };
    let opened = seal::open(&desk.secret, &dkim_place(&row.domain), &row.sealed_key);
    let key = opened.ok().and_then(|pem| DkimKey::new(&row.domain, &row.selector, &pem).ok());
    if key.is_none() {
        tracing::error!(domain, "the key that signs for this domain cannot be used: mails leave unsigned");
    }
    Ok(key.into_iter().collect())
}

/// Where the key of a domain is sealed.
pub fn dkim_place(domain: &str) -> String {
    format!("dkim/{domain}")
}

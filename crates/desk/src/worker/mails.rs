//! Carries out orders to send mail. The bytes are stored before the first try, so every try sends the same;
//! the result returns by the door.

use casework::Mint as _;
use casework::delivery::Answer;
use channels::mail::compose::compose;
use channels::mail::send::SendFailure;
use futures::StreamExt;
use store::{DueOrder, Outgoing, PostboxMail, StoreError};

use crate::desk::{Desk, Postman};
use crate::door::{DoorError, delivery};
use crate::writing;

/// Orders claimed at once, lane by lane, and all under way together: each may take three minutes, which the lease of
/// five outlasts. Few, so that a person's reply never waits behind many reminders.
const CLAIM_MAX: u32 = 8;

/// Sends the mails that are due, up to one claim. Gives how many were claimed.
pub async fn send_due(desk: &Desk) -> Result<usize, StoreError> {
    let lease = desk.mint().uuid();
    let orders = desk.store.claim_orders(desk.clock.now(), lease, CLAIM_MAX).await?;
    let count = orders.len();
    futures::stream::iter(orders)
        .map(|order| carry_out(desk, order))
        .buffer_unordered(CLAIM_MAX as usize)
        .collect::<Vec<()>>()
        .await;
    Ok(count)
}

async fn carry_out(desk: &Desk, order: DueOrder) {
    let answer = match prepare(desk, &order).await {
        Ok(mail) => hand_over(desk, &order, &mail).await,
        Err(error) => Err(error),
    };
    let recorded = match answer {
        Ok(answer) => delivery::record(desk, &order, answer).await,
        Err(error) => Err(DoorError::Store(error)),
    };
    // Nothing is lost: the lease runs out, and the same bytes are sent again.
    if let Err(error) = recorded {
        tracing::warn!(order = %order.id, %error, "an order will be taken up again");
    }
}

/// The bytes to send: those stored before, or newly written and then stored.
async fn prepare(desk: &Desk, order: &DueOrder) -> Result<Outgoing, StoreError> {
    if let Some(mail) = desk.store.outgoing(order.brand, order.message).await? {
        return Ok(mail);
    }
    let from = desk.store.to_write(order.brand, order.message).await?;
    let from = from.ok_or(StoreError::Corrupt("message to send"))?;
    let outbound = writing::write_out(desk, &from).await?;
    // Reports about the mail come back to the signed address, which proves the case they belong to.
    // An automatic mail has no sender at all, so that no machine answers it (RFC 3834, 3.3).
    let sender = if outbound.is_automatic { String::new() } else { outbound.reply_to.address.clone() };
    let mail = Outgoing { sender, recipient: outbound.to.address.clone(), bytes: compose(&outbound) };
    desk.store.keep_outgoing(order.brand, order.message, mail).await
}

async fn hand_over(desk: &Desk, order: &DueOrder, mail: &Outgoing) -> Result<Answer, StoreError> {
    match &desk.postman {
        Postman::Postbox => {
            let mail = PostboxMail {
                id: order.message.0,
                at: desk.clock.now(),
                sender: mail.sender.clone(),
                recipient: mail.recipient.clone(),
                bytes: mail.bytes.clone(),
            };
            desk.store.put_in_postbox(mail).await?;
            Ok(Answer::Taken)
        }
        Postman::Smtp(courier) => Ok(match courier.send(&mail.sender, &mail.recipient, &mail.bytes).await {
            Ok(_) => Answer::Taken,
            Err(SendFailure::Permanent { code, text, .. }) => Answer::Refused(format!("{code} {text}")),
            Err(SendFailure::Temporary { code, text, .. }) => Answer::Later(format!("{code} {text}")),
            Err(SendFailure::Unreachable { text }) => Answer::Later(text),
        }),
    }
}

//! Handing a mail over: by which way it leaves, and what the other side said. Retrying and recording are not done here.

use casework::delivery::Answer;
use channels::mail::send::{Courier, SendFailure};
use store::{DueOrder, MailAccount, PostboxMail, StoreError};

use crate::account::Trouble;
use crate::account::reach::{smtp_login, smtp_settings};
use crate::desk::Desk;
use crate::outgoing::Outgoing;
use crate::postman::{Couriers, Postman};

/// Hands a mail over. An account that does not let us in is a reason to try later: somebody repairs it.
pub async fn hand_over(desk: &Desk, order: &DueOrder, mail: &Outgoing) -> Result<Answer, StoreError> {
    let couriers = match &desk.postman {
        Postman::Postbox => return put_in_postbox(desk, order, mail).await,
        Postman::Smtp(couriers) => couriers,
    };
    let courier = match desk.store.sending_account(order.brand, order.case).await? {
        None => couriers.usual(),
        Some(account) => match own_courier(desk, couriers, &account).await {
            Ok(courier) => courier,
            Err(Trouble::Store(error)) => return Err(error),
            Err(trouble) => return Ok(Answer::Later(trouble.to_string())),
        },
    };
    Ok(match courier.send(&mail.sender, &mail.recipient, &mail.bytes).await {
        Ok(_) => Answer::Taken,
        Err(SendFailure::Permanent { code, status, text, is_of_recipient }) => {
            Answer::Refused { words: format!("{code} {text}"), status, is_of_recipient }
        }
        Err(SendFailure::Temporary { code, text, .. }) => Answer::Later(format!("{code} {text}")),
        Err(SendFailure::Unreachable { text }) => Answer::Later(text),
    })
}

async fn put_in_postbox(desk: &Desk, order: &DueOrder, mail: &Outgoing) -> Result<Answer, StoreError> {
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

/// The way to an account's own server, logged in with what holds now.
async fn own_courier(desk: &Desk, couriers: &Couriers, account: &MailAccount) -> Result<Courier, Trouble> {
    let Some(smtp) = &account.set_up.smtp else { return Ok(couriers.usual()) };
    if let Some(courier) = couriers.known(account.set_up.id, smtp).await {
        courier.log_in_with(smtp_login(desk, account).await?);
        return Ok(courier);
    }
    let courier = Courier::new(smtp_settings(desk, account, smtp).await?)?;
    couriers.keep(account.set_up.id, smtp, &courier).await;
    Ok(courier)
}

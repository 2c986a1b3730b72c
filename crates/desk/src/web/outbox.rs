//! Mails that have not left: what is stuck, why, and another try.

use askama::Template;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::{OrderId, Role};
use store::Stuck;
use uuid::Uuid;

use super::context::{Here, Signed};
use super::trouble::Trouble;
use super::visit::{flash, set_cookie};
use super::words::one_line;
use crate::web::page::Page;
use crate::web::view::frame::Place;
use crate::web::view::letters::{Outbox, OutboxMail};
use crate::web::view::{Delivery, Reader};

/// Mails shown.
const SHOWN_MAX: u32 = 100;

/// GET `/outbox`.
pub(super) async fn list(signed: Signed) -> Result<Html<String>, Trouble> {
    let agent = &signed.agent;
    let stuck = signed.desk.store.stuck(agent.id, agent.role == Role::Admin, SHOWN_MAX).await?;
    let screen = signed.screen(Here::Place(Place::Outbox)).await?;
    let page = Page { title: Place::Outbox.words(signed.visit.language), ..screen.page };
    let mails = stuck.iter().map(|mail| line(mail, &screen.reader)).collect();
    Ok(Html(Outbox { page, frame: screen.frame, mails, next_url: None }.render()?))
}

/// POST `/outbox/{order}/retries`.
pub(super) async fn retry(signed: Signed, Path(order): Path<Uuid>) -> Result<Response, Trouble> {
    let (desk, agent) = (&signed.desk, &signed.agent);
    let is_everywhere = agent.role == Role::Admin;
    let now = desk.clock.now();
    if !desk.store.retry_order(OrderId(order), agent.id, is_everywhere, now).await? {
        return Err(Trouble::NotFound);
    }
    desk.order_came.notify_one();
    let mut response = Redirect::to("/outbox").into_response();
    set_cookie(&mut response, &flash(desk, "done-retry"));
    Ok(response)
}

fn line(mail: &Stuck, reader: &Reader) -> OutboxMail {
    let reason = mail.reason.clone();
    OutboxMail {
        id: mail.order.to_string(),
        to: mail.recipient.clone(),
        subject: one_line(&mail.subject, 120),
        reference: mail.reference.to_string(),
        written_at: reader.ago(mail.ordered_at),
        delivery: if mail.is_given_up {
            Delivery::Refused { reason }
        } else {
            Delivery::Delayed { retry_at: reader.at(mail.due_at), reason }
        },
        tries: mail.attempts,
        can_retry: true,
    }
}

//! Webhooks: who is told of events, how it goes, and being told again.

use askama::Template;
use axum::extract::Form;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::Mint as _;
use channels::webhook::{SECRET_BYTES, address, written};
use jiff::Timestamp;
use serde::Deserialize;
use store::{StoreError, Webhook, WebhookTry};

use super::api::events::WORDS;
use super::context::{Here, Signed};
use super::trouble::Trouble;
use super::visit::{flash, set_cookie};
use super::words::one_line;
use crate::seal;
use crate::web::page::Page;
use crate::web::view::Reader;
use crate::web::view::frame::Place;
use crate::web::view::webhooks::{TryLine, WebhookLine, Webhooks, Written};

/// Tries shown of one address.
const TRIES: u32 = 10;
/// Longest name.
const NAME_CHARS_MAX: usize = 60;

/// GET `/webhooks`.
pub(super) async fn list(signed: Signed) -> Result<Html<String>, Trouble> {
    page(&signed, Written::default(), None).await
}

/// A new address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct New {
    name: String,
    url: String,
    /// Words of events, separated by spaces or commas.
    events: String,
}

/// POST `/webhooks`. Its secret is shown once, on the page that comes back.
pub(super) async fn add(signed: Signed, Form(new): Form<New>) -> Result<Response, Trouble> {
    let name = one_line(&new.name, NAME_CHARS_MAX);
    let words: Vec<&str> =
        new.events.split([' ', ',', '\n']).map(str::trim).filter(|w| !w.is_empty()).collect();
    let problem = match address(&new.url, &signed.desk.webhooks) {
        _ if name.is_empty() => Some("webhook-problem-name"),
        Err(_) => Some("webhook-problem-url"),
        Ok(_) if words.iter().any(|word| !WORDS.contains(word)) => Some("webhook-problem-events"),
        Ok(_) => None,
    };
    let written =
        Written { name: name.clone(), url: new.url.clone(), events: words.join(" "), ..Written::default() };
    if let Some(key) = problem {
        return come_back(&signed, written, key).await;
    }
    match keep(&signed, &written).await {
        Ok(secret) => Ok(page(&signed, Written::default(), Some((name, secret))).await?.into_response()),
        Err(Trouble::Conflict) => come_back(&signed, written, "webhook-problem-taken").await,
        Err(error) => Err(error),
    }
}

async fn keep(signed: &Signed, new: &Written) -> Result<String, Trouble> {
    let desk = &signed.desk;
    let secret = desk.chance.bytes()[..SECRET_BYTES].to_vec();
    let sealed = seal::seal(&desk.secret, &desk.chance, &seal::webhook_place(&new.name), &secret);
    let now = desk.clock.now();
    let webhook = Webhook {
        id: desk.mint().uuid(),
        name: new.name.clone(),
        url: new.url.trim().to_owned(),
        sealed_secret: sealed.map_err(|error| Trouble::Failure(error.to_string()))?,
        agent: signed.agent.id,
        events: new.events.clone(),
        position: desk.store.feed_head().await?,
        is_on: true,
        failing_since: None,
        attempts: 0,
        due_at: now,
    };
    desk.store.add_webhook(webhook, now).await?;
    Ok(written(&secret))
}

/// What is to become of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Switched {
    name: String,
    /// `on`, `off` or `remove`.
    to: String,
    /// The place of the feed from which it is told again.
    from: String,
}

/// POST `/webhooks/switching`.
pub(super) async fn switch(signed: Signed, Form(asked): Form<Switched>) -> Result<Response, Trouble> {
    let (store, now) = (&signed.desk.store, signed.desk.clock.now());
    let from = match asked.from.trim() {
        "" => None,
        // The first one told again is the one that was named.
        typed => Some(typed.parse::<i64>().map_err(|_| Trouble::Unreadable)?.max(1) - 1),
    };
    let is_done = match asked.to.as_str() {
        "on" => store.set_webhook(asked.name, (true, from), now).await?,
        "off" => store.set_webhook(asked.name, (false, None), now).await?,
        "remove" => store.remove_webhook(asked.name).await?,
        _ => return Err(Trouble::Unreadable),
    };
    if !is_done {
        return Err(Trouble::NotFound);
    }
    let mut response = Redirect::to("/webhooks").into_response();
    set_cookie(&mut response, &flash(&signed.desk, "done-webhook"));
    Ok(response)
}

async fn come_back(signed: &Signed, written: Written, key: &str) -> Result<Response, Trouble> {
    let problem = Some(signed.visit.language.t(key));
    let html = page(signed, Written { problem, ..written }, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

async fn page(
    signed: &Signed,
    written: Written,
    secret: Option<(String, String)>,
) -> Result<Html<String>, Trouble> {
    let store = &signed.desk.store;
    let screen = signed.screen(Here::Place(Place::Webhooks)).await?;
    let head = store.feed_head().await?;
    let mut lines = Vec::new();
    for webhook in store.webhooks().await? {
        let tries = store.webhook_tries(webhook.id, TRIES).await?;
        lines.push(line(&webhook, &tries, (head, signed.desk.clock.now()), &screen.reader));
    }
    let title = Place::Webhooks.words(signed.visit.language);
    let page = Page { title, here: "/webhooks".to_owned(), ..screen.page };
    let view = Webhooks { page, frame: screen.frame, lines, written, secret, words: WORDS.join(" ") };
    Ok(Html(view.render()?))
}

fn line(
    webhook: &Webhook,
    tries: &[WebhookTry],
    (head, now): (i64, Timestamp),
    reader: &Reader,
) -> WebhookLine {
    WebhookLine {
        name: webhook.name.clone(),
        url: webhook.url.clone(),
        events: webhook.events.clone(),
        is_on: webhook.is_on,
        is_failing: webhook.failing_since.is_some(),
        behind: u32::try_from((head - webhook.position).max(0)).unwrap_or(u32::MAX),
        again_at: (webhook.is_on && webhook.due_at > now).then(|| reader.at(webhook.due_at)),
        tries: tries
            .iter()
            .map(|tried| TryLine {
                position: tried.position,
                at: reader.at(tried.at),
                status: tried.status,
                took_ms: tried.took_ms,
                detail: tried.detail.clone(),
            })
            .collect(),
    }
}

/// How many were switched off because they failed for days.
pub(super) async fn switched_off(desk: &crate::desk::Desk) -> Result<u32, StoreError> {
    let all = desk.store.webhooks().await?;
    let failed = all.iter().filter(|webhook| webhook.failing_since.is_some());
    Ok(u32::try_from(failed.count()).unwrap_or(u32::MAX))
}

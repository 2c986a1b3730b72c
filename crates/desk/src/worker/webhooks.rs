//! Tells other programs of events, each address in the order of the feed. What fails is told again, later and later; an
//! address that has failed for days is switched off, and people are shown that it is.

use std::time::Duration;

use casework::Mint as _;
use channels::webhook::{Message, WebhookFailure, tell};
use jiff::{SignedDuration, Timestamp};
use store::{AfterTry, FeedEvent, FeedQuery, HeldWebhook, StoreError, Webhook, WebhookTry};
use tokio_util::sync::CancellationToken;

use super::FAILURE_PAUSE;
use crate::desk::Desk;
use crate::seal;
use crate::web::api::events::{told, word};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Events read at once for one address.
const EVENTS: u32 = 100;
/// How long one address is told without a pause: well within its lease.
const TURN: SignedDuration = SignedDuration::from_secs(45);
/// Pauses after the first failure, the second and so on, in minutes; the last one from then on.
const PAUSES_MINUTES: [i64; 8] = [1, 2, 5, 15, 30, 60, 120, 240];
/// An address that has failed for so long is switched off.
const SWITCHED_OFF_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);

/// Tells until `stop` is cancelled.
pub async fn run(desk: Desk, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let pause = match tell_next(&desk).await {
            Ok(true) => Duration::ZERO,
            Ok(false) => LOOK_EVERY,
            Err(error) => {
                tracing::warn!(%error, "webhooks are told later");
                FAILURE_PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Tells one address what is due. False when none has anything due.
pub async fn tell_next(desk: &Desk) -> Result<bool, StoreError> {
    let lease = desk.mint().uuid();
    let Some(held) = desk.store.claim_webhook(desk.clock.now(), lease).await? else { return Ok(false) };
    let begun = desk.clock.now();
    let query =
        FeedQuery { agent: &held.agent, token: None, after: held.webhook.position, events_max: EVENTS };
    let page = desk.store.feed(&query).await?;
    let mut stands = AfterTry {
        position: held.webhook.position,
        failing_since: held.webhook.failing_since,
        attempts: held.webhook.attempts,
        due_at: desk.clock.now(),
        is_on: true,
    };
    for event in page.events.iter().filter(|event| is_wanted(&held.webhook, event)) {
        let (tried, after) = try_one(desk, &held, event, stands).await;
        let has_failed = !tried.detail.is_empty();
        stands = after;
        let logged = Some((desk.mint().uuid(), tried));
        if !record(desk, &held, logged, (stands, has_failed)).await? || has_failed {
            return Ok(true);
        }
        if desk.clock.now().duration_since(begun) > TURN || desk.stopping.is_cancelled() {
            return record(desk, &held, None, (stands, true)).await.map(|_| true);
        }
    }
    // What was passed over need not be looked at again.
    record(desk, &held, None, (AfterTry { position: page.upto, ..stands }, true)).await?;
    Ok(true)
}

async fn record(
    desk: &Desk,
    held: &HeldWebhook,
    tried: Option<(uuid::Uuid, WebhookTry)>,
    (stands, lets_go): (AfterTry, bool),
) -> Result<bool, StoreError> {
    desk.store.record_try((held.webhook.id, held.lease), tried, stands, lets_go).await
}

/// Whether an address wants to hear of an event.
fn is_wanted(webhook: &Webhook, event: &FeedEvent) -> bool {
    webhook.events.is_empty() || webhook.events.split(' ').any(|wanted| wanted == word(event))
}

async fn try_one(
    desk: &Desk,
    held: &HeldWebhook,
    event: &FeedEvent,
    before: AfterTry,
) -> (WebhookTry, AfterTry) {
    let now = desk.clock.now();
    let message =
        Message { id: format!("evt_{}", event.position), at: now.as_second(), body: told(event).to_string() };
    let place = seal::webhook_place(&held.webhook.name);
    let answer = match seal::open(&desk.secret, &place, &held.webhook.sealed_secret) {
        Ok(secret) => tell(&held.webhook.url, &secret, &message, &desk.webhooks).await,
        Err(_) => Err(WebhookFailure::BadUrl("its secret cannot be opened: make it anew")),
    };
    let took_ms = u32::try_from(desk.clock.now().duration_since(now).as_millis()).unwrap_or_default();
    let (status, detail) = match &answer {
        Ok(status) => (Some(u32::from(*status)), String::new()),
        Err(failure) => (failure.status().map(u32::from), failure.to_string()),
    };
    let after = match answer {
        Ok(_) => {
            AfterTry { position: event.position, failing_since: None, attempts: 0, due_at: now, ..before }
        }
        Err(_) => after_failure(before, now),
    };
    if before.is_on && !after.is_on {
        tracing::warn!(webhook = %held.webhook.id, detail, "a webhook has failed for days and is switched off");
    }
    (WebhookTry { position: event.position, at: now, status, took_ms, detail }, after)
}

/// Where an address stands after a failure.
fn after_failure(before: AfterTry, now: Timestamp) -> AfterTry {
    let since = before.failing_since.unwrap_or(now);
    let nth = usize::try_from(before.attempts).unwrap_or(usize::MAX).min(PAUSES_MINUTES.len() - 1);
    let pause = SignedDuration::from_mins(PAUSES_MINUTES.get(nth).copied().unwrap_or(1));
    AfterTry {
        failing_since: Some(since),
        attempts: before.attempts.saturating_add(1),
        due_at: now.saturating_add(pause).unwrap_or(Timestamp::MAX),
        is_on: now.duration_since(since) < SWITCHED_OFF_AFTER,
        ..before
    }
}

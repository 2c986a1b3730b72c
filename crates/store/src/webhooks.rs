//! Who is told of events: addresses with the place of the feed that they have been told up to, and how each try went.

use casework::{Agent, AgentId, Role};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::Store;
use crate::conn::{Conn, Row, values};
use crate::error::StoreError;
use crate::sign_in::agent_of;

/// How long a node may be at one address before another takes over.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// Addresses listed at most.
const LISTED_MAX: i64 = 200;
/// Tries kept of one address.
const TRIES_KEPT: i64 = 500;

/// An address that is told of events.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// The secret that signs, sealed.
    pub sealed_secret: Vec<u8>,
    /// On whose behalf.
    pub agent: AgentId,
    /// Words of events, separated by spaces; empty for all.
    pub events: String,
    /// The last place of the feed that it was told.
    pub position: i64,
    /// Whether it is told.
    pub is_on: bool,
    /// Since when telling it fails.
    pub failing_since: Option<Timestamp>,
    /// Failures in a row.
    pub attempts: u32,
    /// When it is tried again.
    pub due_at: Timestamp,
}

/// An address that a node holds, with the person on whose behalf it is told.
#[derive(Debug, Clone)]
pub struct HeldWebhook {
    /// The address.
    pub webhook: Webhook,
    /// The person.
    pub agent: Agent,
    /// The lease.
    pub lease: Uuid,
}

/// How one try went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookTry {
    /// The place of the event that was told.
    pub position: i64,
    /// When.
    pub at: Timestamp,
    /// What was answered, if anything.
    pub status: Option<u32>,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// Why it failed; empty when it did not.
    pub detail: String,
}

/// Where an address stands after a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AfterTry {
    /// The last place of the feed that it was told.
    pub position: i64,
    /// Since when telling it fails.
    pub failing_since: Option<Timestamp>,
    /// Failures in a row.
    pub attempts: u32,
    /// When it is tried again.
    pub due_at: Timestamp,
    /// Whether it is told at all.
    pub is_on: bool,
}

impl Store {
    /// Adds an address. It is told from the newest event on.
    pub async fn add_webhook(&self, new: Webhook, now: Timestamp) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into webhooks (id, name, url, sealed_secret, agent_id, events, position, is_on, created_at, \
                           failing_since, attempts, due_at, lease, lease_until) \
                           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, null, 0, $9, null, 0) on conflict do nothing";
                let (name, url, events) = (new.name.as_str(), new.url.as_str(), new.events.as_str());
                let values =
                    values![new.id, name, url, new.sealed_secret, new.agent, events, new.position, new.is_on, now];
                if conn.run(sql, values).await? == 1 { Ok(()) } else { Err(StoreError::Conflict) }
            })
        }))
        .await
    }

    /// All addresses, by name.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>, StoreError> {
        let sql = "select * from webhooks order by name limit $1";
        self.reader().await?.rows(sql, values![LISTED_MAX]).await?.iter().map(webhook).collect()
    }

    /// Removes an address and the log of its tries. False when there is none of that name.
    pub async fn remove_webhook(&self, name: String) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql =
                    "delete from webhook_tries where webhook_id in (select id from webhooks where name = $1)";
                conn.run(sql, values![name.as_str()]).await?;
                Ok(conn.run("delete from webhooks where name = $1", values![name.as_str()]).await? == 1)
            })
        }))
        .await
    }

    /// Switches an address on or off, and lets it be told again from a place on. Whoever holds it lets go.
    pub async fn set_webhook(
        &self,
        name: String,
        (is_on, from): (bool, Option<i64>),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update webhooks set is_on = $2, position = coalesce($3, position), failing_since = null, \
                           attempts = 0, due_at = $4, lease = null, lease_until = 0 where name = $1";
                Ok(conn.run(sql, values![name.as_str(), is_on, from, now]).await? == 1)
            })
        }))
        .await
    }

    /// The newest tries of an address, newest first.
    pub async fn webhook_tries(&self, webhook: Uuid, max: u32) -> Result<Vec<WebhookTry>, StoreError> {
        let sql = "select position, at, status, took_ms, detail from webhook_tries where webhook_id = $1 \
                   order by at desc, id desc limit $2";
        let rows = self.reader().await?.rows(sql, values![webhook, max]).await?;
        let tried = |row: &Row| {
            Ok(WebhookTry {
                position: row.get("position")?,
                at: row.at("at")?,
                status: row.get::<Option<i64>>("status")?.and_then(|status| u32::try_from(status).ok()),
                took_ms: row.count("took_ms")?,
                detail: row.get("detail")?,
            })
        };
        rows.iter().map(tried).collect()
    }

    /// Takes one address that is due and has something to be told, for a while.
    pub async fn claim_webhook(
        &self,
        now: Timestamp,
        lease: Uuid,
    ) -> Result<Option<HeldWebhook>, StoreError> {
        let sql = "select 1 as one from webhooks where is_on and due_at <= $1 and lease_until <= $1 and position < $2 limit 1";
        let head = self.feed_head().await?;
        if self.reader().await?.row(sql, values![now, head]).await?.is_none() {
            return Ok(None);
        }
        self.write(Box::new(move |conn| Box::pin(claim(conn, (now, head), lease)))).await
    }

    /// Records a try, and where the address stands after it. False when somebody else holds it by now: then nothing is
    /// recorded.
    pub async fn record_try(
        &self,
        (webhook, lease): (Uuid, Uuid),
        tried: Option<(Uuid, WebhookTry)>,
        after: AfterTry,
        lets_go: bool,
    ) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update webhooks set position = $3, failing_since = $4, attempts = $5, due_at = $6, is_on = $7, \
                           lease_until = case when $8 then 0 else lease_until end where id = $1 and lease = $2";
                let AfterTry { position, failing_since, attempts, due_at, is_on } = after;
                let values =
                    values![webhook, lease, position, failing_since, attempts, due_at, is_on, lets_go];
                if conn.run(sql, values).await? == 0 {
                    return Ok(false);
                }
                if let Some((id, tried)) = tried {
                    log(conn, webhook, id, &tried).await?;
                }
                Ok(true)
            })
        }))
        .await
    }
}

async fn claim(
    conn: &mut Conn,
    (now, head): (Timestamp, i64),
    lease: Uuid,
) -> Result<Option<HeldWebhook>, StoreError> {
    let until = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
    // Whoever comes second at the same instant finds the lease taken, on both engines.
    let sql = "update webhooks set lease = $3, lease_until = $4 where id in (select id from webhooks where is_on \
               and due_at <= $1 and lease_until <= $1 and position < $2 order by due_at, id limit 1) \
               and lease_until <= $1 returning *";
    let Some(row) = conn.row(sql, values![now, head, lease, until]).await? else { return Ok(None) };
    let webhook = webhook(&row)?;
    let sql = "select id, name, role from agents where id = $1 and is_active";
    let row = conn.row(sql, values![webhook.agent]).await?;
    // Somebody who has left may see nothing any more.
    let nobody = Agent { id: webhook.agent, name: String::new(), role: Role::Agent, teams: Vec::new() };
    let agent = agent_of(conn, row).await?.unwrap_or(nobody);
    Ok(Some(HeldWebhook { webhook, agent, lease }))
}

async fn log(conn: &mut Conn, webhook: Uuid, id: Uuid, tried: &WebhookTry) -> Result<(), StoreError> {
    let sql = "insert into webhook_tries (id, webhook_id, position, at, status, took_ms, detail) \
               values ($1, $2, $3, $4, $5, $6, $7)";
    let status = tried.status.map(i64::from);
    let values = values![id, webhook, tried.position, tried.at, status, tried.took_ms, tried.detail.as_str()];
    conn.run(sql, values).await?;
    let sql = "delete from webhook_tries where webhook_id = $1 and id not in \
               (select id from webhook_tries where webhook_id = $1 order by at desc, id desc limit $2)";
    // Now and then is often enough.
    if tried.position % 50 == 0 {
        conn.run(sql, values![webhook, TRIES_KEPT]).await?;
    }
    Ok(())
}

fn webhook(row: &Row) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: row.get("id")?,
        name: row.get("name")?,
        url: row.get("url")?,
        sealed_secret: row.get("sealed_secret")?,
        agent: row.id("agent_id")?,
        events: row.get("events")?,
        position: row.get("position")?,
        is_on: row.get("is_on")?,
        failing_since: row.at_opt("failing_since")?,
        attempts: row.count("attempts")?,
        due_at: row.at("due_at")?,
    })
}

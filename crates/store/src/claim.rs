//! Claiming work: orders, clocks and letters are taken under a lease, so that several nodes share them and any may die.
//! One of the few files that may ask which engine it is: PostgreSQL skips rows that another node is taking.

use casework::{BrandId, CaseId, Clock, LetterId, MessageId, MessageState, OrderId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::Store;
use crate::conn::{Conn, values};
use crate::error::StoreError;
use crate::rows;

/// How long a claim holds. Longer than any attempt takes; after it another node may take the work.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// An order to carry out now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueOrder {
    /// The order.
    pub id: OrderId,
    /// Its brand.
    pub brand: BrandId,
    /// Its case.
    pub case: CaseId,
    /// The message to send.
    pub message: MessageId,
    /// How far the message had come.
    pub state: MessageState,
    /// The lease it is held under.
    pub lease: Uuid,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// When the order was given.
    pub ordered_at: Timestamp,
}

/// A clock that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueClock {
    /// Its brand.
    pub brand: BrandId,
    /// Its case.
    pub case: CaseId,
    /// The clock.
    pub clock: Clock,
}

impl Store {
    /// Takes up to `max` due orders, lane by lane; those whose lease ran out are taken again.
    pub async fn claim_orders(
        &self,
        now: Timestamp,
        lease: Uuid,
        max: u32,
    ) -> Result<Vec<DueOrder>, StoreError> {
        let sql = match self.reader().await? {
            Conn::Sqlite(_) => CLAIM_ORDERS,
            Conn::Postgres(_) => CLAIM_ORDERS_SKIPPING,
        };
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let values = values![now, later(now), lease, max];
                let rows = conn.rows(sql, values).await?;
                let mut orders = Vec::with_capacity(rows.len());
                for row in &rows {
                    let (brand, message) = (BrandId(row.get("brand_id")?), row.id("message_id")?);
                    let sql = "select state from messages where brand_id = $1 and id = $2";
                    let found = conn.row(sql, values![brand, message]).await?;
                    let found = found.ok_or(StoreError::Corrupt("message"))?;
                    orders.push(DueOrder {
                        id: row.id("id")?,
                        brand,
                        case: row.id("case_id")?,
                        message,
                        state: found.word("state", MessageState::parse)?,
                        lease,
                        attempt: row.count("attempts")?,
                        ordered_at: row.at("ordered_at")?,
                    });
                }
                Ok(orders)
            })
        }))
        .await
    }

    /// Takes up to `max` clocks whose time has come.
    pub async fn claim_clocks(&self, now: Timestamp, max: u32) -> Result<Vec<DueClock>, StoreError> {
        let sql = match self.reader().await? {
            Conn::Sqlite(_) => CLAIM_CLOCKS,
            Conn::Postgres(_) => CLAIM_CLOCKS_SKIPPING,
        };
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let rows = conn.rows(sql, values![now, later(now), max]).await?;
                rows.iter()
                    .map(|row| {
                        let clock = Clock { kind: rows::clock_kind(row)?, due_at: row.at("due_at")? };
                        Ok(DueClock { brand: BrandId(row.get("brand_id")?), case: row.id("case_id")?, clock })
                    })
                    .collect()
            })
        }))
        .await
    }

    /// Takes up to `max` letters to read, oldest first.
    pub async fn claim_letters(&self, now: Timestamp, max: u32) -> Result<Vec<LetterId>, StoreError> {
        let sql = match self.reader().await? {
            Conn::Sqlite(_) => CLAIM_LETTERS,
            Conn::Postgres(_) => CLAIM_LETTERS_SKIPPING,
        };
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let rows = conn.rows(sql, values![now, later(now), max]).await?;
                let mut letters = Vec::with_capacity(rows.len());
                for row in &rows {
                    letters.push(row.id::<LetterId>("id")?);
                }
                letters.sort();
                Ok(letters)
            })
        }))
        .await
    }
}

fn later(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}

macro_rules! claim_orders {
    ($skip:literal) => {
        concat!(
            "update orders set state = 'leased', lease = $3, lease_until = $2, attempts = attempts + 1 where id in \
             (select id from orders where (state = 'ready' and due_at <= $1) \
             or (state = 'leased' and lease_until <= $1) order by lane, due_at, id limit $4",
            $skip,
            ") returning id, brand_id, case_id, message_id, attempts, ordered_at"
        )
    };
}
const CLAIM_ORDERS: &str = claim_orders!("");
const CLAIM_ORDERS_SKIPPING: &str = claim_orders!(" for update skip locked");

macro_rules! claim_clocks {
    ($skip:literal) => {
        concat!(
            "update clocks set lease_until = $2 where (brand_id, case_id, kind) in \
             (select brand_id, case_id, kind from clocks where due_at <= $1 and lease_until <= $1 \
             order by due_at limit $3",
            $skip,
            ") returning brand_id, case_id, kind, due_at"
        )
    };
}
const CLAIM_CLOCKS: &str = claim_clocks!("");
const CLAIM_CLOCKS_SKIPPING: &str = claim_clocks!(" for update skip locked");

macro_rules! claim_letters {
    ($skip:literal) => {
        concat!(
            "update letters set lease_until = $2, attempts = attempts + 1 where id in \
             (select id from letters where state in ('unread', 'insisted') and lease_until <= $1 \
             order by received_at, id limit $3",
            $skip,
            ") returning id"
        )
    };
}
const CLAIM_LETTERS: &str = claim_letters!("");
const CLAIM_LETTERS_SKIPPING: &str = claim_letters!(" for update skip locked");

//! Claiming work: orders, clocks and letters are taken under a lease, so that several nodes share them and any may die.
//! One of the few files that may ask which engine it is: `PostgreSQL` skips rows that another node is taking.

use casework::{BrandId, CaseId, Clock, IdentityId, LetterId, MessageId, MessageState, OrderId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::Store;
use crate::accounts::Lease;
use crate::conn::{Row, values};
use crate::error::StoreError;
use crate::rows;

/// How long an order is held: longer than any attempt at sending takes. After it another node may take the work.
const ORDER_LEASE: SignedDuration = SignedDuration::from_mins(5);
/// How long letters and clocks are held: they are decided on in milliseconds, and deciding twice does nothing twice.
const QUICK_LEASE: SignedDuration = SignedDuration::from_mins(1);

/// How long an account is held. Its holder renews it three times as often.
const ACCOUNT_LEASE: SignedDuration = SignedDuration::from_mins(1);

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
    /// To which of the customer's addresses it goes.
    pub to: Option<IdentityId>,
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
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = if conn.is_to_server() { CLAIM_ORDERS_SKIPPING } else { CLAIM_ORDERS };
                let rows = conn.rows(sql, values![now, later(now, ORDER_LEASE), lease, max]).await?;
                let orders = rows.iter().map(|row| {
                    let place = (row.get::<i64>("lane")?, row.at("due_at")?, row.id::<OrderId>("id")?);
                    Ok((place, due_order(row, lease)?))
                });
                in_order(orders)
            })
        }))
        .await
    }

    /// What the clock of the server says, by which all nodes go; none for a file of our own.
    pub async fn server_time(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut conn = self.reader().await?;
        if !conn.is_to_server() {
            return Ok(None);
        }
        let sql = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint as at";
        let row = conn.row(sql, values![]).await?.ok_or(StoreError::Corrupt("clock"))?;
        row.at("at").map(Some)
    }

    /// Gives back everything that was claimed and not finished, for a desk that starts and knows that no other node
    /// works on its store: what a killed process held is taken up at once.
    pub async fn release_claims(&self) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                conn.run("update orders set lease_until = 0 where state = 'leased'", Vec::new()).await?;
                conn.run("update clocks set lease_until = 0 where lease_until > 0", Vec::new()).await?;
                conn.run("update mail_accounts set lease = null, lease_until = 0", Vec::new()).await?;
                let sql = "update letters set lease_until = 0 where state in ('unread', 'insisted')";
                conn.run(sql, Vec::new()).await.map(drop)
            })
        }))
        .await
    }

    /// Takes the reading of an account, or keeps it when `holder` has it already. `None` while another node reads it.
    /// On a server the time is the server's own: the clocks of several nodes differ.
    pub async fn lease_account(
        &self,
        (brand, account): (BrandId, Uuid),
        holder: Uuid,
        now: Timestamp,
    ) -> Result<Option<Lease>, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = if conn.is_to_server() { LEASE_ACCOUNT_ON_SERVER } else { LEASE_ACCOUNT };
                let span = i64::try_from(ACCOUNT_LEASE.as_micros()).unwrap_or(i64::MAX);
                let row = conn.row(sql, values![brand, account, holder, now, span]).await?;
                row.map(|row| Ok(Lease { brand, account, fence: row.get("fence")? })).transpose()
            })
        }))
        .await
    }

    /// Gives an account back, so that another node need not wait for the lease to run out.
    pub async fn release_account(&self, lease: Lease) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update mail_accounts set lease = null, lease_until = 0 \
                           where brand_id = $1 and id = $2 and fence = $3";
                conn.run(sql, values![lease.brand, lease.account, lease.fence]).await.map(drop)
            })
        }))
        .await
    }

    /// Takes up to `max` clocks whose time has come, the first due first.
    pub async fn claim_clocks(&self, now: Timestamp, max: u32) -> Result<Vec<DueClock>, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = if conn.is_to_server() { CLAIM_CLOCKS_SKIPPING } else { CLAIM_CLOCKS };
                let rows = conn.rows(sql, values![now, later(now, QUICK_LEASE), max]).await?;
                let clocks = rows.iter().map(|row| {
                    let clock = Clock { kind: rows::clock_kind(row)?, due_at: row.at("due_at")? };
                    let case = row.id("case_id")?;
                    let due = DueClock { brand: BrandId(row.get("brand_id")?), case, clock };
                    Ok(((clock.due_at, case, clock.kind), due))
                });
                in_order(clocks)
            })
        }))
        .await
    }

    /// Takes up to `max` letters to read, oldest first.
    pub async fn claim_letters(&self, now: Timestamp, max: u32) -> Result<Vec<LetterId>, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = if conn.is_to_server() { CLAIM_LETTERS_SKIPPING } else { CLAIM_LETTERS };
                let rows = conn.rows(sql, values![now, later(now, QUICK_LEASE), max]).await?;
                let letters = rows.iter().map(|row| {
                    let id: LetterId = row.id("id")?;
                    Ok(((row.at("received_at")?, id), id))
                });
                in_order(letters)
            })
        }))
        .await
    }
}

fn later(now: Timestamp, lease: SignedDuration) -> Timestamp {
    now.checked_add(lease).unwrap_or(Timestamp::MAX)
}

/// `returning` gives rows in any order.
fn in_order<P: Ord, T>(
    found: impl Iterator<Item = Result<(P, T), StoreError>>,
) -> Result<Vec<T>, StoreError> {
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    found.sort_by(|(left, _), (right, _)| left.cmp(right));
    Ok(found.into_iter().map(|(_, value)| value).collect())
}

fn due_order(row: &Row, lease: Uuid) -> Result<DueOrder, StoreError> {
    Ok(DueOrder {
        id: row.id("id")?,
        brand: BrandId(row.get("brand_id")?),
        case: row.id("case_id")?,
        message: row.id("message_id")?,
        state: row.word("message_state", MessageState::parse)?,
        lease,
        attempt: row.count("attempts")?,
        ordered_at: row.at("ordered_at")?,
        to: row.id_opt("identity_id")?,
    })
}

// What is claimed is chosen in a query of its own, run once: as a mere subquery PostgreSQL may run it again for every
// row and take more than was asked for.

/// The same holder keeps its fence; a new one gets the next.
macro_rules! lease_account {
    ($now:literal) => {
        concat!(
            "update mail_accounts set fence = case when lease = $3 then fence else fence + 1 end, lease = $3, \
             lease_until = ",
            $now,
            " + $5 where brand_id = $1 and id = $2 and (lease = $3 or lease is null or lease_until <= ",
            $now,
            ") returning fence"
        )
    };
}
const LEASE_ACCOUNT: &str = lease_account!("$4");
// The node's own time is named and not used: both texts take the same values.
const LEASE_ACCOUNT_ON_SERVER: &str =
    lease_account!("(cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) + 0 * $4)");

macro_rules! claim_orders {
    ($skip:literal) => {
        concat!(
            "with due as materialized (select id from orders where state in ('ready', 'leased') and due_at <= $1 \
             and (state = 'ready' or lease_until <= $1) order by lane, due_at, id limit $4",
            $skip,
            ") update orders set state = 'leased', lease = $3, lease_until = $2, attempts = attempts + 1 \
             where id in (select id from due) \
             returning id, brand_id, case_id, message_id, lane, due_at, attempts, ordered_at, \
             (select m.state from messages m where m.brand_id = orders.brand_id and m.id = orders.message_id) \
             as message_state, \
             (select m.identity_id from messages m where m.brand_id = orders.brand_id and m.id = orders.message_id) \
             as identity_id"
        )
    };
}
const CLAIM_ORDERS: &str = claim_orders!("");
const CLAIM_ORDERS_SKIPPING: &str = claim_orders!(" for update skip locked");

macro_rules! claim_clocks {
    ($skip:literal) => {
        concat!(
            "with due as materialized (select brand_id, case_id, kind from clocks \
             where due_at <= $1 and lease_until <= $1 order by due_at, case_id, kind limit $3",
            $skip,
            ") update clocks set lease_until = $2 \
             where (brand_id, case_id, kind) in (select brand_id, case_id, kind from due) \
             returning brand_id, case_id, kind, due_at"
        )
    };
}
const CLAIM_CLOCKS: &str = claim_clocks!("");
const CLAIM_CLOCKS_SKIPPING: &str = claim_clocks!(" for update skip locked");

macro_rules! claim_letters {
    ($skip:literal) => {
        concat!(
            "with due as materialized (select id from letters where state in ('unread', 'insisted') \
             and lease_until <= $1 order by received_at, id limit $3",
            $skip,
            ") update letters set lease_until = $2, attempts = attempts + 1 where id in (select id from due) \
             returning id, received_at"
        )
    };
}
const CLAIM_LETTERS: &str = claim_letters!("");
const CLAIM_LETTERS_SKIPPING: &str = claim_letters!(" for update skip locked");

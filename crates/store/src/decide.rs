//! Gather → think → commit, again when something changed meanwhile. Twice without locks; then with the contested rows
//! locked first, so that the third try cannot lose the race.

use std::sync::Arc;

use casework::{BrandId, CaseId, Decision};
use futures::future::BoxFuture;
use jiff::Timestamp;

use crate::Store;
use crate::commit::commit;
use crate::conn::{Conn, values};
use crate::error::StoreError;

/// Tries before the contested rows are locked.
const FREE_TRIES: u32 = 2;
/// Tries in all. A locked try can still lose to a row that did not exist yet when it locked; a few are plenty.
const TRIES_MAX: u32 = 10;

/// What is locked when a decision has lost the race twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// One case.
    Case(BrandId, CaseId),
    /// The customer who has this address.
    Address(BrandId, String),
}

/// The answer of a thinker: what it gathered led to this decision, or to a refusal of its own.
pub type Thought<'c, E> = BoxFuture<'c, Result<Decision, E>>;

impl Store {
    /// Lets `think` gather on a connection and decide, and commits what it decided.
    /// `think` runs again whenever what it relied on has changed; it must have no effect of its own.
    pub async fn decide<E, F>(&self, lock: Lock, think: F) -> Result<Decision, E>
    where
        E: From<StoreError> + Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> Thought<'c, E> + Send + Sync + 'static,
    {
        let think = Arc::new(think);
        for _ in 0..FREE_TRIES {
            let mut conn = self.reader().await?;
            let decision = think(&mut conn).await?;
            drop(conn);
            match self.commit(decision).await {
                Err(StoreError::Conflict) => {}
                done => return Ok(done?),
            }
        }
        for _ in FREE_TRIES..TRIES_MAX {
            match self.decide_locked(lock.clone(), Arc::clone(&think)).await {
                Err(StoreError::Conflict) => {}
                Err(other) => return Err(other.into()),
                Ok(done) => return done,
            }
        }
        Err(StoreError::Conflict.into())
    }

    /// Commits one decision.
    pub async fn commit(&self, decision: Decision) -> Result<Decision, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                commit(conn, &decision).await?;
                Ok(decision)
            })
        }))
        .await
    }

    /// Forgets the acts done before an instant: asking for one of them again would do it again. Gives how many.
    pub async fn forget_acts(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move { conn.run("delete from acts_done where at < $1", values![before]).await })
        }))
        .await
    }

    async fn decide_locked<E, F>(&self, lock: Lock, think: Arc<F>) -> Result<Result<Decision, E>, StoreError>
    where
        E: From<StoreError> + Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> Thought<'c, E> + Send + Sync + 'static,
    {
        self.write_unless_refused(Box::new(move |conn| {
            Box::pin(async move {
                take(conn, &lock).await?;
                let decision = match think(conn).await {
                    Ok(decision) => decision,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                commit(conn, &decision).await?;
                Ok(Ok(decision))
            })
        }))
        .await
    }
}

/// Takes the row locks until the end of the transaction: an update that changes nothing, which both engines understand.
async fn take(conn: &mut Conn, lock: &Lock) -> Result<(), StoreError> {
    match lock {
        Lock::Case(brand, case) => {
            let sql = "update cases set seq = seq where brand_id = $1 and id = $2";
            conn.run(sql, values![*brand, *case]).await?;
        }
        Lock::Address(brand, address) => {
            let sql = "update customers set version = version where brand_id = $1 and id in \
                       (select customer_id from identities where brand_id = $1 and address = $2)";
            conn.run(sql, values![*brand, address.as_str()]).await?;
        }
    }
    Ok(())
}

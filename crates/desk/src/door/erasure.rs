//! Somebody is to be erased: asked for by a person with the right, or due by the company's rules. What stands in the way
//! (a case that is not settled, one that is held) is found here, and again when it is carried out.

use casework::{Actor, Agent, BrandId, CaseId, CustomerId, Decision, Ground, Mint as _, erasure};
use store::{Erasure, Lock, Lookup, StoreError};

use super::DoorError;
use crate::desk::Desk;

/// Writes down that all of a customer is to go. From now on it is certain, whatever happens to this desk.
pub async fn ask(
    desk: &Desk,
    agent: &Agent,
    (brand, customer): (BrandId, CustomerId),
) -> Result<(), DoorError> {
    desk.store.person(brand, customer).await?.ok_or(DoorError::Gone)?;
    erasure::may_erase(agent, &desk.store.cases_left(brand, customer).await?)?;
    if desk.store.is_erasure_due(brand, customer).await? {
        return Ok(());
    }
    let (id, asked_at) = (desk.mint().uuid(), desk.clock.now());
    desk.store.ask_erasure(Erasure { id, brand, customer, agent: Some(agent.id), asked_at }).await?;
    desk.erasure_asked.notify_one();
    Ok(())
}

/// Carries an erasure out. What stands in its way is written down, and it is tried again.
pub async fn carry_out(desk: &Desk, asked: &Erasure) -> Result<(), StoreError> {
    let by = asked.agent.map_or(Actor::Desk, Actor::Agent);
    let obstacle = match erase_all(desk, (asked.brand, asked.customer), by, Ground::Asked).await {
        Ok(()) => None,
        Err(DoorError::Refused(refusal)) => Some(refusal.key()),
        Err(DoorError::Store(error)) => return Err(error),
        Err(DoorError::Gone | DoorError::Changed | DoorError::OtherBefore) => {
            return Err(StoreError::Conflict);
        }
    };
    let done_at = obstacle.is_none().then(|| desk.clock.now());
    desk.store.end_erasure(asked.id, done_at, obstacle).await
}

/// Erases once more what had been erased before a backup that is older was restored.
pub async fn replay(desk: &Desk, asked: &Erasure) -> Result<(), DoorError> {
    desk.store.list_erasures(vec![asked.clone()]).await?;
    erase_all(desk, (asked.brand, asked.customer), Actor::Desk, Ground::Restored).await?;
    Ok(desk.store.end_erasure(asked.id, Some(desk.clock.now()), None).await?)
}

async fn erase_all(
    desk: &Desk,
    (brand, customer): (BrandId, CustomerId),
    by: Actor,
    ground: Ground,
) -> Result<(), DoorError> {
    loop {
        for case in desk.store.cases_left(brand, customer).await? {
            erase(desk, (brand, case.id), by, ground).await?;
        }
        if desk.store.forget_customer(brand, customer, desk.clock.now()).await? {
            return Ok(());
        }
    }
}

/// Erases a case that was kept as long as the rules say, with those that were merged into it; and who the customer was,
/// when it was their last one.
pub async fn expire(
    desk: &Desk,
    (brand, case): (BrandId, CaseId),
    customer: CustomerId,
) -> Result<(), DoorError> {
    for merged in desk.store.merged_into(brand, case).await? {
        erase(desk, (brand, merged), Actor::Desk, Ground::Expired).await?;
    }
    erase(desk, (brand, case), Actor::Desk, Ground::Expired).await?;
    desk.store.forget_customer(brand, customer, desk.clock.now()).await?;
    Ok(())
}

async fn erase(
    desk: &Desk,
    (brand, case): (BrandId, CaseId),
    by: Actor,
    ground: Ground,
) -> Result<(), DoorError> {
    let at_the_door = desk.clone();
    let decided = desk.store.decide(Lock::Case(brand, case), move |conn| {
        let desk = at_the_door.clone();
        Box::pin(async move {
            let mut lookup = Lookup(conn);
            let case = lookup.case(brand, case).await?.ok_or(DoorError::Gone)?;
            let situation = lookup.situation(case, None).await?;
            Ok::<Decision, DoorError>(erasure::erase(&situation, (by, ground), desk.clock.now())?)
        })
    });
    decided.await.map(drop)
}

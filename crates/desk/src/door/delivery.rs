//! The result of sending a mail comes back by the same door.

use casework::Decision;
use casework::delivery::{self, Answer, Attempt};
use store::{DueOrder, Lock, Lookup, StoreError};

use super::DoorError;
use crate::desk::Desk;

/// Records how an attempt ended. A lease that was lost meanwhile records nothing: whoever holds it now will.
pub async fn record(desk: &Desk, order: &DueOrder, answer: Answer) -> Result<(), DoorError> {
    let attempt = Attempt {
        order: order.id,
        lease: order.lease,
        message: order.message,
        to: order.to,
        state: order.state,
        number: order.attempt,
        ordered_at: order.ordered_at,
        answer,
    };
    let (brand, case) = (order.brand, order.case);
    let at_the_door = desk.clone();
    let decided = desk.store.decide(Lock::Case(brand, case), move |conn| {
        let (desk, attempt) = (at_the_door.clone(), attempt.clone());
        Box::pin(async move {
            let mut lookup = Lookup(conn);
            let case = lookup.case(brand, case).await?.ok_or(DoorError::Gone)?;
            let home = lookup.home_of(case.clone()).await?;
            let situation = lookup.situation(case, None).await?;
            let home =
                if home.id == situation.case.id { None } else { Some(lookup.situation(home, None).await?) };
            Ok::<Decision, DoorError>(delivery::decide(
                &attempt,
                (&situation, home.as_ref()),
                &mut desk.mint(),
                desk.clock.now(),
            ))
        })
    });
    match decided.await {
        Err(DoorError::Store(StoreError::Conflict)) => {
            tracing::warn!(order = %order.id, "the lease of an order was lost; its result is not recorded");
            Ok(())
        }
        other => other.map(drop),
    }
}

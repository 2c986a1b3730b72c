//! A clock rings: it enters like everything else.

use casework::{Decision, ring};
use store::{DueClock, Lock, Lookup};

use super::DoorError;
use crate::desk::Desk;

/// Lets one clock ring. A clock that no longer stands does nothing.
pub async fn ring(desk: &Desk, due: DueClock) -> Result<(), DoorError> {
    let at_the_door = desk.clone();
    let decided = desk.store.decide(Lock::Case(due.brand, due.case), move |conn| {
        let desk = at_the_door.clone();
        Box::pin(async move {
            let mut lookup = Lookup(conn);
            let case = lookup.case(due.brand, due.case).await?.ok_or(DoorError::Gone)?;
            let situation = lookup.situation(case, None).await?;
            Ok::<Decision, DoorError>(ring::decide(due.clock, &situation, &mut desk.mint(), desk.clock.now()))
        })
    });
    decided.await?;
    desk.order_came.notify_one();
    Ok(())
}

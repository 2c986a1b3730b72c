//! A customer asks for a new private link. Whoever asks learns nothing: the link goes to an address that is known, or
//! nowhere.

use casework::{BrandId, Decision, IdentityKind, Reference, relink};
use store::{Lock, Lookup};

use super::DoorError;
use crate::desk::Desk;

/// Sends a new link to this address, if it belongs to somebody who takes part in the case.
pub async fn send(desk: &Desk, reference: &Reference, address: &str) -> Result<(), DoorError> {
    for brand in desk.store.brands().await? {
        send_of(desk, brand.id, reference, address).await?;
    }
    desk.order_came.notify_one();
    Ok(())
}

async fn send_of(desk: &Desk, brand: BrandId, reference: &Reference, address: &str) -> Result<(), DoorError> {
    let mut conn = desk.store.reader().await?;
    let Some(case) = Lookup(&mut conn).case_by_reference(brand, reference).await? else { return Ok(()) };
    drop(conn);
    let (at_the_door, address, id) = (desk.clone(), address.to_lowercase(), case.id);
    let decided = desk.store.decide(Lock::Case(brand, id), move |conn| {
        let (desk, address) = (at_the_door.clone(), address.clone());
        Box::pin(async move {
            let now = desk.clock.now();
            let nothing = Decision::empty(brand, now);
            let mut lookup = Lookup(conn);
            let Some(case) = lookup.case(brand, id).await? else { return Ok(nothing) };
            let case = lookup.home_of(case).await?;
            let Some((customer, identity)) = lookup.sender(brand, &address).await? else {
                return Ok(nothing);
            };
            if identity.kind != IdentityKind::Mail || !lookup.takes_part(&case, customer.id).await? {
                return Ok(nothing);
            }
            let sent = lookup.automatic_sent(brand, identity.id, now).await?;
            let inbox = lookup.inbox(brand, case.inbox).await?;
            let host = inbox.as_ref().and_then(|(_, address)| address.rsplit_once('@'));
            let host = host.map_or_else(String::new, |(_, host)| host.to_owned());
            let situation = lookup.situation(case, None).await?;
            let decision = relink::decide(&situation, (identity.id, sent), &host, &mut desk.mint(), now);
            Ok::<Decision, DoorError>(decision)
        })
    });
    decided.await.map(drop)
}

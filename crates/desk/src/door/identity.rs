//! A customer is known by one more sign.

use casework::{BrandId, CustomerId, Decision, IdentityKind, identify};
use store::{Lock, Lookup};

use super::DoorError;
use crate::desk::Desk;

/// Adds a sign, in its normal form, to a customer.
pub async fn identify(
    desk: &Desk,
    (brand, customer): (BrandId, CustomerId),
    (kind, address): (IdentityKind, String),
) -> Result<(), DoorError> {
    let at_the_door = desk.clone();
    let decided = desk.store.decide(Lock::Address(brand, address.clone()), move |conn| {
        let (desk, address) = (at_the_door.clone(), address.clone());
        Box::pin(async move {
            let mut lookup = Lookup(conn);
            let known = lookup.customer(brand, customer).await?.ok_or(DoorError::Gone)?;
            let owner = lookup.sender(brand, &address).await?.map(|(owner, _)| owner.id);
            let now = desk.clock.now();
            let sign = (kind, address);
            Ok::<Decision, DoorError>(identify::decide((brand, &known), sign, owner, &mut desk.mint(), now)?)
        })
    });
    decided.await.map(drop)
}

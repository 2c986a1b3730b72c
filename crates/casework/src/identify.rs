//! Somebody whom the desk knows is also known by another sign. (customer, sign, now) → decision or refusal.

use jiff::Timestamp;

use crate::decision::{Decision, NewIdentity};
use crate::id::{BrandId, CustomerId, IdentityId, Mint};
use crate::people::{Customer, IdentityKind};
use crate::refusal::Refusal;

/// Adds a sign, in its normal form, to a customer. `owner` is who is known by it already: the customer themselves, which
/// changes nothing, or somebody else, whose it stays.
pub fn decide(
    (brand, customer): (BrandId, &Customer),
    (kind, address): (IdentityKind, String),
    owner: Option<CustomerId>,
    mint: &mut dyn Mint,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let mut decision = Decision::empty(brand, now);
    match owner {
        Some(owner) if owner == customer.id => return Ok(decision),
        Some(_) => return Err(Refusal::IdentityTaken),
        None => {}
    }
    decision.customer = Some((customer.id, customer.version));
    let id = IdentityId(mint.uuid());
    decision.new_identities.push(NewIdentity { id, customer: customer.id, kind, address, is_proved: true });
    Ok(decision)
}

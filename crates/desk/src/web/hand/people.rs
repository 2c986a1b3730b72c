//! Finding the customer who calls, by whatever they say: a number in any spelling, an address, a reference, a case.

use casework::{Agent, BrandId, IdentityKind, Reference, Role};
use store::Person;
use text::phone::Country;

use super::super::case::{customer_name, known_by};
use super::super::trouble::Trouble;
use crate::desk::Desk;
use crate::door::report::sign;
use crate::web::language::Language;
use crate::web::view::hand::Found;

/// People shown at most.
const FOUND_MAX: usize = 10;

/// Customers of the brands that an agent works for who are known by what was typed.
pub(super) async fn find(
    desk: &Desk,
    agent: &Agent,
    typed: &str,
    language: Language,
) -> Result<Vec<Found>, Trouble> {
    let typed = typed.trim();
    if typed.is_empty() || typed.chars().count() > 200 {
        return Ok(Vec::new());
    }
    let mut found: Vec<(BrandId, Person)> = Vec::new();
    for brand in desk.store.brands().await?.iter().filter(|brand| works_for(agent, brand.id)) {
        for address in signs(typed, Country::of_zone(&brand.zone)) {
            found.extend(
                desk.store.person_known_by(brand.id, &address).await?.map(|person| (brand.id, person)),
            );
        }
    }
    if let Some(reference) = Reference::parse(typed)
        && let Some(case) = desk.store.find_case(&reference, agent).await?
    {
        found.extend(desk.store.person(case.brand, case.customer).await?.map(|person| (case.brand, person)));
    }
    let mut shown: Vec<Found> = Vec::new();
    for (brand, person) in found {
        let id = format!("{brand}/{}", person.id);
        if shown.len() < FOUND_MAX && !shown.iter().any(|known| known.id == id) {
            let name = customer_name(&person, language);
            let signs =
                known_by(&person).into_iter().map(|known| known.shown).collect::<Vec<_>>().join(" · ");
            shown.push(Found { id, name, signs });
        }
    }
    Ok(shown)
}

/// What was typed, as every kind of sign that it may be.
fn signs(typed: &str, country: Country) -> Vec<String> {
    let kinds = [IdentityKind::Phone, IdentityKind::Mail, IdentityKind::Reference, IdentityKind::Handle];
    kinds.into_iter().filter_map(|kind| sign(kind, typed, country).ok()).map(|(_, address)| address).collect()
}

/// A brand is that of its teams' people, and of administrators.
pub(super) fn works_for(agent: &Agent, brand: BrandId) -> bool {
    agent.role == Role::Admin || agent.teams.iter().any(|(own, _)| *own == brand)
}

//! Somebody acts on a case: an agent at the desk or by the API, a customer by their private link. An act that was done
//! before under the same word gives a decision that writes nothing.

use casework::act::{self, Act, CustomerAct};
use casework::{Agent, BrandId, Case, CaseId, Decision};
use jiff::Timestamp;
use store::{Lock, Lookup};

use super::DoorError;
use super::once::Once;
use crate::desk::Desk;

/// On what terms somebody acts.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The act is done once.
    pub once: Option<Once>,
    /// How far the case's timeline must stand for the act to make sense.
    pub at_seq: Option<u32>,
}

impl From<Option<Once>> for Terms {
    fn from(once: Option<Once>) -> Self {
        Self { once, at_seq: None }
    }
}

impl Terms {
    fn hold(&self, case: &Case) -> Result<(), DoorError> {
        match self.at_seq {
            Some(seq) if seq != case.seq => Err(DoorError::Changed),
            _ => Ok(()),
        }
    }
}

/// An agent acts.
pub async fn by_agent(
    desk: &Desk,
    agent: &Agent,
    (brand, case): (BrandId, CaseId),
    act: Act,
    terms: impl Into<Terms>,
) -> Result<Decision, DoorError> {
    let (at_the_door, agent, terms) = (desk.clone(), agent.clone(), terms.into());
    let decided = desk.store.decide(Lock::Case(brand, case), move |conn| {
        let (desk, agent, act, terms) = (at_the_door.clone(), agent.clone(), act.clone(), terms.clone());
        Box::pin(async move {
            let now = desk.clock.now();
            let mut lookup = Lookup(conn);
            if let Some(before) = Once::before(terms.once.as_ref(), &mut lookup, (brand, now)).await? {
                return Ok(before);
            }
            let case = lookup.case(brand, case).await?.ok_or(DoorError::Gone)?;
            terms.hold(&case)?;
            let to_team = match &act {
                Act::Assign { team, .. } => Some(*team),
                _ => None,
            };
            if let Some(team) = to_team
                && !lookup.has_team(brand, team).await?
            {
                return Err(casework::Refusal::NotInTeam.into());
            }
            let situation = lookup.situation(case, to_team).await?;
            let decision = act::by_agent(&agent, &act, &situation, &mut desk.mint(), now)?;
            Ok::<Decision, DoorError>(Once::remember(terms.once.as_ref(), decision))
        })
    });
    let decision = decided.await?;
    desk.order_came.notify_one();
    Ok(decision)
}

/// A customer acts by a private link; the caller has checked the link.
pub async fn by_customer(
    desk: &Desk,
    (brand, case): (BrandId, CaseId),
    act: CustomerAct,
    terms: impl Into<Terms>,
) -> Result<Decision, DoorError> {
    let (at_the_door, terms) = (desk.clone(), terms.into());
    let decided = desk.store.decide(Lock::Case(brand, case), move |conn| {
        let (desk, act, terms) = (at_the_door.clone(), act.clone(), terms.clone());
        Box::pin(async move {
            let now: Timestamp = desk.clock.now();
            let mut lookup = Lookup(conn);
            if let Some(before) = Once::before(terms.once.as_ref(), &mut lookup, (brand, now)).await? {
                return Ok(before);
            }
            let case = lookup.case(brand, case).await?.ok_or(DoorError::Gone)?;
            terms.hold(&case)?;
            let situation = lookup.situation(case, None).await?;
            let decision = act::by_customer(&act, &situation, &mut desk.mint(), now)?;
            Ok::<Decision, DoorError>(Once::remember(terms.once.as_ref(), decision))
        })
    });
    decided.await
}

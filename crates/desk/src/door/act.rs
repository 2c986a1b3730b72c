//! Somebody acts on a case: an agent at the desk or by the API, a customer by their private link.

use casework::act::{self, Act, CustomerAct};
use casework::{Agent, BrandId, CaseId, Decision};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use store::{Lock, Lookup};

use super::DoorError;
use crate::desk::Desk;

/// An act that is done once however often it is asked for: who asks and a word of their choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The hash under which the act is remembered.
    pub key: [u8; 32],
}

impl Once {
    /// An act of this person under this word; an empty word is not remembered.
    pub fn new(who: &str, word: &str) -> Option<Self> {
        (!word.is_empty()).then(|| Self { key: Sha256::digest(format!("{who}\n{word}")).into() })
    }
}

/// An agent acts.
pub async fn by_agent(
    desk: &Desk,
    agent: &Agent,
    (brand, case): (BrandId, CaseId),
    act: Act,
    once: Option<Once>,
) -> Result<Decision, DoorError> {
    let (at_the_door, agent) = (desk.clone(), agent.clone());
    let decided = desk.store.decide(Lock::Case(brand, case), move |conn| {
        let (desk, agent, act, once) = (at_the_door.clone(), agent.clone(), act.clone(), once.clone());
        Box::pin(async move {
            let now = desk.clock.now();
            let mut lookup = Lookup(conn);
            if is_done(&mut lookup, once.as_ref()).await? {
                return Ok(Decision::empty(brand, now));
            }
            let case = lookup.case(brand, case).await?.ok_or(DoorError::Gone)?;
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
            Ok::<Decision, DoorError>(remember(decision, once.as_ref()))
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
    once: Option<Once>,
) -> Result<Decision, DoorError> {
    let at_the_door = desk.clone();
    let decided = desk.store.decide(Lock::Case(brand, case), move |conn| {
        let (desk, act, once) = (at_the_door.clone(), act.clone(), once.clone());
        Box::pin(async move {
            let now: Timestamp = desk.clock.now();
            let mut lookup = Lookup(conn);
            if is_done(&mut lookup, once.as_ref()).await? {
                return Ok(Decision::empty(brand, now));
            }
            let case = lookup.case(brand, case).await?.ok_or(DoorError::Gone)?;
            let situation = lookup.situation(case, None).await?;
            let decision = act::by_customer(&act, &situation, &mut desk.mint(), now)?;
            Ok::<Decision, DoorError>(remember(decision, once.as_ref()))
        })
    });
    decided.await
}

async fn is_done(lookup: &mut Lookup<'_>, once: Option<&Once>) -> Result<bool, DoorError> {
    match once {
        Some(once) => Ok(lookup.is_done(once.key).await?),
        None => Ok(false),
    }
}

fn remember(mut decision: Decision, once: Option<&Once>) -> Decision {
    decision.once = once.map(|once| once.key);
    decision
}

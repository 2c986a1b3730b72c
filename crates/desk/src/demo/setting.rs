//! The stage of the demonstration: brand, teams with their hours, inboxes, people of the desk.

use std::collections::HashMap;

use anyhow::Context;
use calendar::{Calendar, CalendarSpec, HolidaySet};
use casework::{AgentId, BrandId, InboxId, Mint as _, Policy, Role, TeamId};
use jiff::SignedDuration;
use store::{Brand, Inbox, NewAgent, Team};

use super::story::{Story, StoryTeam};
use crate::auth;
use crate::desk::Desk;

/// The one password of the demonstration's people.
pub const PASSWORD: &str = auth::password::OF_DEMONSTRATION;
/// The time zone of the story.
pub const ZONE: &str = "Europe/Paris";
/// The demonstration's brand.
pub const BRAND: BrandId = BrandId(1);

/// The stage, by the words that steps use.
#[derive(Debug, Default)]
pub struct Setting {
    /// Inbox addresses by team name, in the order of the story.
    pub inboxes: Vec<(String, String)>,
    /// Agents by key.
    pub agents: HashMap<String, casework::Agent>,
}

/// Sets the stage in an empty store.
pub async fn set(desk: &Desk, story: &Story) -> anyhow::Result<Setting> {
    let mut setting = Setting::default();
    let brand = &story.brand;
    desk.store
        .add_brand(Brand {
            id: BRAND,
            slug: brand.slug.clone(),
            name: brand.name.clone(),
            language: "fr".to_owned(),
            zone: ZONE.to_owned(),
        })
        .await?;
    let mut teams = HashMap::new();
    for written in &story.team {
        let id = add_team(desk, written, &brand.name).await?;
        teams.insert(written.name.clone(), id);
        setting.inboxes.push((written.name.clone(), written.inbox.clone()));
    }
    let password_hash = auth::password::hash(PASSWORD, &desk.chance)?;
    for written in &story.agent {
        let id = AgentId(desk.mint().uuid());
        let role = Role::parse(&written.role).with_context(|| format!("story: role {}", written.role))?;
        let agent = NewAgent {
            id,
            email: written.email.clone(),
            name: written.name.clone(),
            role,
            password_hash: password_hash.clone(),
        };
        desk.store.add_agent(agent, desk.clock.now()).await?;
        let mut member_of = Vec::new();
        for name in &written.teams {
            let team = *teams.get(name).with_context(|| format!("story: team {name}"))?;
            desk.store.join_team(id, BRAND, team).await?;
            member_of.push((BRAND, team));
        }
        let agent = casework::Agent { id, name: written.name.clone(), role, teams: member_of };
        setting.agents.insert(written.key.clone(), agent);
    }
    Ok(setting)
}

async fn add_team(desk: &Desk, written: &StoryTeam, brand: &str) -> anyhow::Result<TeamId> {
    let id = TeamId(desk.mint().uuid());
    let policy = Policy {
        first_reply: SignedDuration::from_hours(written.first_reply_hours),
        next_reply: SignedDuration::from_hours(written.first_reply_hours),
        ..Policy::default()
    };
    let team = Team { brand: BRAND, id, name: written.name.clone(), policy, calendar: office_hours(ZONE)? };
    desk.store.add_team(team).await?;
    let inbox = Inbox {
        brand: BRAND,
        id: InboxId(desk.mint().uuid()),
        address: written.inbox.clone(),
        name: brand.to_owned(),
        team: id,
    };
    desk.store.add_inbox(inbox).await?;
    Ok(id)
}

/// Monday to Friday, 9 to 12:30 and 13:30 to 18, closed on French public holidays.
pub fn office_hours(zone: &str) -> anyhow::Result<Calendar> {
    Ok(Calendar::new(CalendarSpec {
        zone: zone.to_owned(),
        hours: "Mo-Fr 09:00-12:30,13:30-18:00".to_owned(),
        holidays: HolidaySet::FRANCE,
        closures: Vec::new(),
    })?)
}

//! The stage: a fresh store on either engine, a brand with two teams and six agents, and the nodes that work on it.
//! The targets are short, so that reminders, lapses and long-closed cases happen within days.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};
use casework::proof::Secret;
use casework::{Agent, AgentId, BrandId, InboxId, Mint as _, Policy, Role, TeamId};
use desk::chance::Chance;
use desk::demo::setting::office_hours;
use desk::desk::{Desk, Setup};
use desk::time::Clock;
use jiff::{SignedDuration, Timestamp};
use store::{Brand, Inbox, Location, NewAgent, Store, Team};
use tempfile::TempDir;

/// The brand of the stage.
pub const BRAND: BrandId = BrandId(1);
/// The time zone everybody lives in.
pub const ZONE: &str = "Europe/Paris";
/// The inboxes, one a team.
pub const INBOXES: [&str; 2] = ["bonjour@atelier.example", "magasin@atelier.example"];
/// Where customers reach the desk.
const PUBLIC_URL: &str = "https://desk.example";
/// Memory disk: power cuts are not what is simulated here.
const MEMORY_DISK: &str = "/dev/shm";

/// Name, role and teams of each agent.
const AGENTS: [(&str, Role, &[usize]); 7] = [
    ("Camille Moreau", Role::Agent, &[0]),
    ("Hugo Petit", Role::Agent, &[0]),
    ("Sophie Lemaire", Role::Lead, &[0]),
    ("Idriss Benali", Role::Agent, &[1]),
    ("Lea Fontaine", Role::Agent, &[1]),
    ("Nour Haddad", Role::Agent, &[0, 1]),
    ("Alex Roche", Role::Admin, &[]),
];

/// Where the desk keeps its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// The embedded file.
    Sqlite,
    /// A fresh database on the server of `cargo xtask postgres`.
    Postgres,
}

/// The stage with its people.
pub struct Stage {
    /// Every agent; the last one is the administrator.
    pub agents: Vec<Agent>,
    /// The two teams, in the order of their inboxes.
    pub teams: Vec<TeamId>,
    /// The clock in hand, the same for every node.
    pub clock: Clock,
    /// What signs addresses and links.
    pub secret: Secret,
    location: Location,
    database: Option<String>,
    _folder: TempDir,
}

impl Stage {
    /// Sets the stage in a fresh store. Gives it with its first node.
    pub async fn set(engine: Engine, start: Timestamp, chance_seed: u64) -> anyhow::Result<(Self, Desk)> {
        let memory = PathBuf::from(MEMORY_DISK);
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? };
        let (location, database) = match engine {
            Engine::Sqlite => (Location::Folder(folder.path().to_owned()), None),
            Engine::Postgres => {
                let (url, name) = fresh_database()?;
                (Location::Server { url, folder: folder.path().to_owned() }, Some(name))
            }
        };
        let mut stage = Self {
            agents: Vec::new(),
            teams: Vec::new(),
            clock: Clock::standing_at(start),
            secret: Secret::new(vec![7; 32])?,
            location,
            database,
            _folder: folder,
        };
        let desk = stage.node(chance_seed).await?;
        stage.furnish(&desk).await?;
        stage.hire(&desk).await?;
        Ok((stage, desk))
    }

    /// Starts a node on the store.
    pub async fn node(&self, chance_seed: u64) -> anyhow::Result<Desk> {
        Ok(Desk::new(Setup {
            public_url: PUBLIC_URL.to_owned(),
            ..Setup::secluded(
                Store::open(&self.location).await?,
                self.clock.clone(),
                Chance::seeded(chance_seed),
                self.secret.clone(),
            )
        }))
    }

    /// The administrator.
    pub fn admin(&self) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.role == Role::Admin)
    }

    /// Takes the stage down.
    pub fn strike(&self) -> anyhow::Result<()> {
        match &self.database {
            Some(name) => psql(&format!("drop database if exists {name} with (force)")),
            None => Ok(()),
        }
    }

    async fn furnish(&mut self, desk: &Desk) -> anyhow::Result<()> {
        let (slug, name) = ("atelier".to_owned(), "L'Atelier".to_owned());
        let brand =
            Brand { id: BRAND, slug, name: name.clone(), language: "fr".to_owned(), zone: ZONE.to_owned() };
        desk.store.add_brand(brand).await?;
        let hours = SignedDuration::from_hours;
        let policy = Policy {
            first_reply: hours(4),
            next_reply: hours(4),
            next_update: hours(6),
            confirm_reminder: hours(9),
            confirm_lapse: hours(9),
            reopen_within: hours(20),
        };
        for address in INBOXES {
            let id = TeamId(desk.mint().uuid());
            let calendar = office_hours(ZONE)?;
            let team = Team { brand: BRAND, id, name: address.to_owned(), policy: policy.clone(), calendar };
            desk.store.add_team(team).await?;
            let inbox = InboxId(desk.mint().uuid());
            let address = address.to_owned();
            let inbox = Inbox { brand: BRAND, id: inbox, address, name: name.clone(), team: id };
            desk.store.add_inbox(inbox).await?;
            self.teams.push(id);
        }
        Ok(())
    }

    async fn hire(&mut self, desk: &Desk) -> anyhow::Result<()> {
        for (number, (name, role, teams)) in AGENTS.into_iter().enumerate() {
            let id = AgentId(desk.mint().uuid());
            let email = format!("agent{number}@atelier.example");
            // Nobody signs in here.
            let new = NewAgent { id, email, name: name.to_owned(), role, password_hash: String::new() };
            desk.store.add_agent(new, desk.clock.now()).await?;
            let teams: Vec<_> =
                teams.iter().filter_map(|team| Some((BRAND, *self.teams.get(*team)?))).collect();
            for (brand, team) in &teams {
                desk.store.join_team(id, *brand, *team).await?;
            }
            self.agents.push(Agent { id, name: name.to_owned(), role, teams });
        }
        Ok(())
    }
}

fn server() -> anyhow::Result<String> {
    std::env::var("SUIVI_TEST_POSTGRES").context(
        "no PostgreSQL: run it as `cargo xtask postgres -- cargo run -p desk --example simulate -- …`",
    )
}

fn fresh_database() -> anyhow::Result<(String, String)> {
    let server = server()?;
    let name = format!("simulate_{}", std::process::id());
    psql(&format!("create database {name}"))?;
    let (base, _) = server.rsplit_once('/').context("SUIVI_TEST_POSTGRES names no database")?;
    Ok((format!("{base}/{name}"), name))
}

fn psql(command: &str) -> anyhow::Result<()> {
    let done =
        Command::new("psql").args([&server()?, "-qX", "-v", "ON_ERROR_STOP=1", "-c", command]).output()?;
    ensure!(done.status.success(), "psql: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

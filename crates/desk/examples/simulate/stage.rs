//! The stage: a fresh store on either engine, two brands with three teams and their agents, and the nodes that work on it.
//! The targets are short, so that reminders, lapses and long-closed cases happen within days.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use casework::intake::JunkRule;
use casework::proof::Secret;
use casework::{Agent, AgentId, BrandId, InboxId, Mint as _, Policy, Role, TeamId};
use channels::mail::authentication::Authenticator;
use desk::chance::Chance;
use desk::demo::setting::office_hours;
use desk::desk::{Desk, Setup};
use desk::prover::Prover;
use desk::time::Clock;
use jiff::{SignedDuration, Timestamp};
use store::{Brand, Inbox, JunkField, Location, NewAgent, Store, StoredJunkRule, Team};
use tempfile::TempDir;

/// The brands of the stage: slug, name, and the inboxes, one a team.
const BRANDS: [(BrandId, &str, &str, &[&str]); 2] = [
    (BrandId(1), "atelier", "L'Atelier", &[INBOXES[0], INBOXES[1]]),
    (BrandId(2), "fabrique", "La Fabrique", &[INBOXES[2]]),
];
/// The time zone everybody lives in.
pub const ZONE: &str = "Europe/Paris";
/// The inboxes: two of the first brand, one of the second.
pub const INBOXES: [&str; 3] =
    ["bonjour@atelier.example", "magasin@atelier.example", "bonjour@fabrique.example"];
/// An alias of the first one.
pub const ALIAS: &str = "contact@atelier.example";
/// The mail server whose statements about senders count.
pub const MX: &str = "mx.atelier.example";
/// A name server that never answers: every letter carries a statement, so that nobody is asked.
const NAME_SERVER: &str = "127.0.0.1:9";
const NAME_SERVER_WAIT: Duration = Duration::from_millis(50);
/// The desk's own rules about junk.
const JUNK_RULES: [(JunkRule, JunkField, &str); 3] = [
    (JunkRule::Junk, JunkField::Subject, "gagnez"),
    (JunkRule::Junk, JunkField::Domain, "reclame.example"),
    (JunkRule::Accept, JunkField::Domain, "fournisseur.example"),
];
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
    ("Lea Fontaine", Role::Agent, &[1, 2]),
    ("Nour Haddad", Role::Agent, &[0, 1, 2]),
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
    /// The teams with their brands, in the order of their inboxes.
    pub teams: Vec<(BrandId, TeamId)>,
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
            prover: Prover::On {
                authenticator: Box::new(Authenticator::new(Some(NAME_SERVER.parse()?), NAME_SERVER_WAIT)?),
                trusted: vec![MX.to_owned()],
            },
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
        for (id, slug, name, inboxes) in BRANDS {
            let (slug, language, zone) = (slug.to_owned(), "fr".to_owned(), ZONE.to_owned());
            desk.store.add_brand(Brand { id, slug, name: name.to_owned(), language, zone }).await?;
            for address in inboxes {
                self.open_inbox(desk, (id, name), address).await?;
            }
            for (verdict, field, pattern) in JUNK_RULES {
                let (rule, pattern) = (desk.mint().uuid(), pattern.to_owned());
                let rule = StoredJunkRule { id: rule, brand: id, verdict, field, pattern };
                desk.store.set_junk_rule(rule, desk.clock.now()).await?;
            }
        }
        Ok(())
    }

    async fn open_inbox(
        &mut self,
        desk: &Desk,
        (brand, name): (BrandId, &str),
        address: &str,
    ) -> anyhow::Result<()> {
        let (team, inbox) = (TeamId(desk.mint().uuid()), InboxId(desk.mint().uuid()));
        let calendar = office_hours(ZONE)?;
        desk.store
            .add_team(Team { brand, id: team, name: address.to_owned(), policy: policy(), calendar })
            .await?;
        let name = name.to_owned();
        desk.store.add_inbox(Inbox { brand, id: inbox, address: address.to_owned(), name, team }).await?;
        if address == INBOXES[0] {
            desk.store.add_alias(ALIAS.to_owned(), brand, inbox).await?;
        }
        self.teams.push((brand, team));
        Ok(())
    }

    async fn hire(&mut self, desk: &Desk) -> anyhow::Result<()> {
        for (number, (name, role, teams)) in AGENTS.into_iter().enumerate() {
            let id = AgentId(desk.mint().uuid());
            let email = format!("agent{number}@atelier.example");
            // Nobody signs in here.
            let new = NewAgent { id, email, name: name.to_owned(), role, password_hash: String::new() };
            desk.store.add_agent(new, desk.clock.now()).await?;
            let teams: Vec<_> = teams.iter().filter_map(|team| self.teams.get(*team).copied()).collect();
            for (brand, team) in &teams {
                desk.store.join_team(id, *brand, *team).await?;
            }
            self.agents.push(Agent { id, name: name.to_owned(), role, teams });
        }
        Ok(())
    }
}

/// The brand that an address of ours belongs to.
pub fn brand_at(address: &str) -> BrandId {
    let host = |address: &str| address.rsplit_once('@').map(|(_, host)| host.to_owned());
    let is_theirs = |inboxes: &&[&str]| inboxes.iter().any(|inbox| host(inbox) == host(address));
    BRANDS.iter().find(|(_, _, _, inboxes)| is_theirs(inboxes)).map_or(BRANDS[0].0, |(id, ..)| *id)
}

fn policy() -> Policy {
    let hours = SignedDuration::from_hours;
    Policy {
        first_reply: hours(4),
        next_reply: hours(4),
        next_update: hours(6),
        confirm_reminder: hours(9),
        confirm_lapse: hours(9),
        reopen_within: hours(20),
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

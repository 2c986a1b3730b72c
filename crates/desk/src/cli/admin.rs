//! `suivi admin`: brands, teams, users, inboxes, tokens. Works on the store directly, also beside a running desk:
//! each verb is one short transaction.

use std::io::Read;

use anyhow::{Context, bail};
use casework::{AgentId, BrandId, InboxId, Mint as _, Policy, Role, TeamId};
use clap::Subcommand;
use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use store::{Brand, Inbox, NewAgent, StoreError, Team};

use super::Settings;
use super::serve::open;
use crate::auth;
use crate::demo::setting::office_hours;
use crate::desk::Desk;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Adds a brand.
    AddBrand {
        /// Short name, such as `garance`.
        slug: String,
        /// The name customers know.
        #[arg(long)]
        name: String,
        /// The language it answers in when it cannot tell the customer's.
        #[arg(long, default_value = "fr")]
        language: String,
        /// Its time zone.
        #[arg(long, default_value = "Europe/Paris")]
        zone: String,
    },
    /// Adds a team: Monday to Friday, 9 to 12:30 and 13:30 to 18, French public holidays.
    AddTeam {
        /// Its name.
        name: String,
        /// The brand's short name.
        #[arg(long)]
        brand: String,
        /// Opening hours until the first answer of a person.
        #[arg(long, default_value_t = 8)]
        first_reply_hours: i64,
    },
    /// Adds a user. Prints a new password, unless one is given on standard input.
    AddUser {
        /// Mail address, used to sign in.
        email: String,
        /// The name colleagues and customers see.
        #[arg(long)]
        name: String,
        /// agent, lead or admin.
        #[arg(long, default_value = "agent")]
        role: String,
        /// Teams, as `brand/team`; may be given several times.
        #[arg(long = "team")]
        teams: Vec<String>,
        /// Reads the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Gives a user a new password and ends their sessions.
    SetPassword {
        /// Mail address of the user.
        email: String,
        /// Reads the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Adds an inbox: letters to this address open cases of this team.
    AddInbox {
        /// The mail address.
        address: String,
        /// The team, as `brand/team`.
        #[arg(long)]
        team: String,
        /// The sender's name customers see [default: the brand's name].
        #[arg(long)]
        name: Option<String>,
    },
    /// Makes an API token that acts on behalf of a user. Prints it once.
    AddToken {
        /// What it is for.
        name: String,
        /// Mail address of the user.
        #[arg(long)]
        user: String,
    },
    /// Revokes an API token.
    RevokeToken {
        /// What it was for.
        name: String,
    },
    /// Lists brands, teams, inboxes and users.
    List,
}

/// Shortest password taken.
const PASSWORD_CHARS_MIN: usize = 10;

/// Longest local part of an inbox: 64 (RFC 5321, 4.5.3.1.1) less the signed tag of reply addresses.
const LOCAL_BYTES_MAX: usize = 64 - 43;

pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let desk = open(&options.settings.read()?).await?;
    let done = carry_out(&desk, &options.verb).await;
    desk.store.close().await;
    done
}

async fn carry_out(desk: &Desk, verb: &Verb) -> anyhow::Result<()> {
    match verb {
        Verb::AddBrand { slug, name, language, zone } => add_brand(desk, slug, name, language, zone).await,
        Verb::AddTeam { name, brand, first_reply_hours } => {
            add_team(desk, name, brand, *first_reply_hours).await
        }
        Verb::AddUser { email, name, role, teams, password_stdin } => {
            let role =
                Role::parse(role).with_context(|| format!("{role:?} is none of: agent, lead, admin"))?;
            add_user(desk, (email, name, role), teams, *password_stdin).await
        }
        Verb::SetPassword { email, password_stdin } => {
            let password = password(desk, *password_stdin)?;
            let hash = auth::password::hash(&password, &desk.chance)?;
            if !desk.store.set_password(lower(email), hash).await? {
                bail!("no user has the address {email}");
            }
            tell_password(*password_stdin, &password);
            Ok(())
        }
        Verb::AddInbox { address, team, name } => add_inbox(desk, address, team, name.as_deref()).await,
        Verb::AddToken { name, user } => add_token(desk, name, user).await,
        Verb::RevokeToken { name } => {
            if !desk.store.revoke_token(name.clone(), desk.clock.now()).await? {
                bail!("no valid token is called {name:?}");
            }
            println!("Revoked.");
            Ok(())
        }
        Verb::List => list(desk).await,
    }
}

async fn add_brand(desk: &Desk, slug: &str, name: &str, language: &str, zone: &str) -> anyhow::Result<()> {
    if !matches!(language, "fr" | "en") {
        bail!("the desk writes fr or en, not {language:?}");
    }
    office_hours(zone).with_context(|| format!("{zone:?} is no time zone"))?;
    let ids = desk.store.brands().await?;
    let id = BrandId(ids.iter().map(|brand| brand.id.0).max().unwrap_or(0) + 1);
    let brand = Brand {
        id,
        slug: slug.to_owned(),
        name: name.to_owned(),
        language: language.to_owned(),
        zone: zone.to_owned(),
    };
    taken(desk.store.add_brand(brand).await, "brand", slug)?;
    println!("Brand {slug} added.");
    Ok(())
}

async fn add_team(desk: &Desk, name: &str, brand: &str, first_reply_hours: i64) -> anyhow::Result<()> {
    let brand = find_brand(desk, brand).await?;
    let target = SignedDuration::from_hours(first_reply_hours.clamp(1, 1000));
    let policy = Policy { first_reply: target, next_reply: target, ..Policy::default() };
    let team = Team {
        brand: brand.id,
        id: TeamId(desk.mint().uuid()),
        name: name.to_owned(),
        policy,
        calendar: office_hours(&brand.zone)?,
    };
    taken(desk.store.add_team(team).await, "team", name)?;
    println!("Team {}/{name} added.", brand.slug);
    Ok(())
}

async fn add_user(
    desk: &Desk,
    (email, name, role): (&str, &str, Role),
    teams: &[String],
    is_from_stdin: bool,
) -> anyhow::Result<()> {
    let mut found = Vec::new();
    for team in teams {
        found.push(find_team(desk, team).await?);
    }
    let password = password(desk, is_from_stdin)?;
    let id = AgentId(desk.mint().uuid());
    let password_hash = auth::password::hash(&password, &desk.chance)?;
    let agent = NewAgent { id, email: lower(email), name: name.to_owned(), role, password_hash };
    taken(desk.store.add_agent(agent, desk.clock.now()).await, "user", email)?;
    for (brand, team) in found {
        desk.store.join_team(id, brand, team).await?;
    }
    println!("User {email} added.");
    tell_password(is_from_stdin, &password);
    Ok(())
}

async fn add_inbox(desk: &Desk, address: &str, team: &str, name: Option<&str>) -> anyhow::Result<()> {
    let address = lower(address);
    let is_plain = address.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !local.contains('+')
            && !host.is_empty()
            && !address.contains(char::is_whitespace)
    });
    if !is_plain {
        bail!("{address:?} is not a plain mail address (without +tag)");
    }
    if address.split_once('@').is_some_and(|(local, _)| local.len() > LOCAL_BYTES_MAX) {
        bail!(
            "{address:?}: signed reply addresses add 43 characters to the part before the @, and it may have 64 in all: at most {LOCAL_BYTES_MAX} here"
        );
    }
    let (brand_id, team) = find_team(desk, team).await?;
    let brands = desk.store.brands().await?;
    let brand = brands.iter().find(|brand| brand.id == brand_id).context("the brand is gone")?;
    let inbox = Inbox {
        brand: brand_id,
        id: InboxId(desk.mint().uuid()),
        address: address.clone(),
        name: name.unwrap_or(&brand.name).to_owned(),
        team,
    };
    taken(desk.store.add_inbox(inbox).await, "inbox", &address)?;
    println!("Inbox {address} added.");
    Ok(())
}

async fn add_token(desk: &Desk, name: &str, user: &str) -> anyhow::Result<()> {
    let credentials = desk.store.credentials(&lower(user)).await?;
    let agent = credentials.with_context(|| format!("no user has the address {user}"))?.agent;
    let token = format!("suivi_{}", BASE64URL_NOPAD.encode(&desk.chance.bytes()));
    let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    taken(desk.store.add_token(hash, name.to_owned(), agent, desk.clock.now()).await, "token", name)?;
    println!("{token}");
    Ok(())
}

async fn list(desk: &Desk) -> anyhow::Result<()> {
    let teams = desk.store.teams().await?;
    let inboxes = desk.store.inboxes().await?;
    for brand in desk.store.brands().await? {
        println!("brand {}  {} ({}, {})", brand.slug, brand.name, brand.language, brand.zone);
        for (_, id, name) in teams.iter().filter(|(of, _, _)| *of == brand.id) {
            println!("  team {}/{name}", brand.slug);
            for inbox in inboxes.iter().filter(|inbox| inbox.team == *id) {
                println!("    inbox {}", inbox.address);
            }
        }
    }
    for (_, email, name, role) in desk.store.agents().await? {
        println!("user {email}  {name} ({})", role.as_str());
    }
    Ok(())
}

async fn find_brand(desk: &Desk, slug: &str) -> anyhow::Result<Brand> {
    let brands = desk.store.brands().await?;
    brands.into_iter().find(|brand| brand.slug == slug).with_context(|| format!("there is no brand {slug:?}"))
}

async fn find_team(desk: &Desk, path: &str) -> anyhow::Result<(BrandId, TeamId)> {
    let (brand, name) = path.split_once('/').with_context(|| format!("{path:?}: write it as brand/team"))?;
    let brand = find_brand(desk, brand).await?;
    let teams = desk.store.teams().await?;
    let team = teams.into_iter().find(|(of, _, known)| *of == brand.id && known == name);
    team.map(|(brand, id, _)| (brand, id)).with_context(|| format!("there is no team {path:?}"))
}

fn taken(result: Result<(), StoreError>, what: &str, name: &str) -> anyhow::Result<()> {
    match result {
        Err(StoreError::Conflict) => bail!("there is a {what} {name:?} already"),
        other => Ok(other?),
    }
}

fn lower(address: &str) -> String {
    address.trim().to_lowercase()
}

fn password(desk: &Desk, is_from_stdin: bool) -> anyhow::Result<String> {
    if !is_from_stdin {
        return Ok(BASE64URL_NOPAD.encode(&desk.chance.bytes()[..15]));
    }
    let mut typed = String::new();
    std::io::stdin().take(1024).read_to_string(&mut typed)?;
    let typed = typed.trim_end_matches(['\r', '\n']);
    if typed.chars().count() < PASSWORD_CHARS_MIN {
        bail!("a password needs at least {PASSWORD_CHARS_MIN} characters");
    }
    Ok(typed.to_owned())
}

fn tell_password(is_from_stdin: bool, password: &str) {
    if !is_from_stdin {
        println!("Password: {password}");
    }
}

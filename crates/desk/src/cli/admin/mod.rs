//! `suivi admin`: brands, teams, users, inboxes, tokens. Works on the store directly, also beside a running desk:
//! each verb is one short transaction.

mod forms;
mod mail;
mod tokens;

use std::io::Read;

use anyhow::{Context, bail};
use casework::{AgentId, BrandId, InboxId, Mint as _, Policy, Role, TeamId};
use clap::Subcommand;
use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use store::{Brand, Inbox, NewAgent, StoreError, Team};

use super::serve::open;
use super::{Settings, say};
use crate::auth;
use crate::demo::setting::office_hours;
use crate::desk::Desk;
use crate::worker;

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
    /// Adds a user. Prints a new password, unless `--password-stdin` brings one.
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
    /// Makes a public form, or changes the one with this name; see docs/forms.md for what the file may hold.
    SetForm {
        /// The form, as `brand/name`: it is at `/f/brand/name`.
        form: String,
        /// The inbox that answers, by its address.
        #[arg(long)]
        inbox: String,
        /// The nature of its cases: request, complaint, report or dispute.
        #[arg(long, default_value = "complaint")]
        nature: String,
        /// What it says and asks, as JSON [default: the usual questions].
        #[arg(long)]
        file: Option<std::path::PathBuf>,
        /// Shuts it: its address leads nowhere.
        #[arg(long)]
        shut: bool,
    },
    #[command(flatten)]
    Mail(mail::Verb),
    /// Makes an API token that acts on behalf of a user. Prints it once.
    AddToken {
        /// What it is for.
        name: String,
        /// Mail address of the user.
        #[arg(long)]
        user: String,
        #[command(flatten)]
        limits: tokens::Limits,
    },
    /// Lists the API tokens that are valid.
    Tokens,
    /// Revokes an API token.
    RevokeToken {
        /// What it was for.
        name: String,
    },
    /// Fills the index of the search again from all messages and customers, beside a running desk or without one.
    Reindex,
    /// Lists brands, teams, inboxes and users.
    List,
}

/// Shortest password taken.
const PASSWORD_CHARS_MIN: usize = 10;

/// Longest name of a brand, team, user, inbox or token.
const NAME_CHARS_MAX: usize = 100;

/// Longest short name of a brand.
const SLUG_CHARS_MAX: usize = 40;

/// Longest mail address (RFC 5321, 4.5.3.1.3, less the angle brackets).
const ADDRESS_BYTES_MAX: usize = 254;

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
            tell_password(*password_stdin, &password)
        }
        Verb::AddInbox { address, team, name } => add_inbox(desk, address, team, name.as_deref()).await,
        Verb::SetForm { form, inbox, nature, file, shut } => {
            forms::set(desk, form, (inbox, nature), file.as_deref(), *shut).await
        }
        Verb::Mail(verb) => mail::carry_out(desk, verb).await,
        Verb::AddToken { name, user, limits } => tokens::add(desk, name, user, limits).await,
        Verb::Tokens => tokens::list(desk).await,
        Verb::RevokeToken { name } => {
            if !desk.store.revoke_token(name.clone(), desk.clock.now()).await? {
                bail!("no valid token is called {name:?}");
            }
            say(format_args!("Revoked."))?;
            Ok(())
        }
        Verb::Reindex => {
            let documents = worker::search::refill(desk).await?;
            say(format_args!("{documents} messages and customers can be searched."))?;
            Ok(())
        }
        Verb::List => list(desk).await,
    }
}

async fn add_brand(desk: &Desk, slug: &str, name: &str, language: &str, zone: &str) -> anyhow::Result<()> {
    let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if slug.is_empty() || slug.len() > SLUG_CHARS_MAX || !slug.chars().all(is_slug) {
        bail!(
            "{slug:?}: a short name is 1 to {SLUG_CHARS_MAX} small letters without accents, digits or hyphens"
        );
    }
    let name = proper(name)?;
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
    taken(desk.store.add_brand(brand).await, "brand", "short name", slug)?;
    say(format_args!("Brand {slug} added."))?;
    Ok(())
}

async fn add_team(desk: &Desk, name: &str, brand: &str, first_reply_hours: i64) -> anyhow::Result<()> {
    let name = proper(name)?;
    if name.contains('/') {
        bail!("{name:?}: a team's name has no slash, which stands between brand and team");
    }
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
    taken(desk.store.add_team(team).await, "team", "name", name)?;
    say(format_args!("Team {}/{name} added.", brand.slug))?;
    Ok(())
}

async fn add_user(
    desk: &Desk,
    (email, name, role): (&str, &str, Role),
    teams: &[String],
    is_from_stdin: bool,
) -> anyhow::Result<()> {
    let (email, name) = (&plain_address(email)?, proper(name)?);
    let mut found = Vec::new();
    for team in teams {
        found.push(find_team(desk, team).await?);
    }
    let password = password(desk, is_from_stdin)?;
    let id = AgentId(desk.mint().uuid());
    let password_hash = auth::password::hash(&password, &desk.chance)?;
    let agent = NewAgent { id, email: email.clone(), name: name.to_owned(), role, password_hash };
    taken(desk.store.add_agent(agent, desk.clock.now()).await, "user", "address", email)?;
    for (brand, team) in found {
        desk.store.join_team(id, brand, team).await?;
    }
    say(format_args!("User {email} added."))?;
    tell_password(is_from_stdin, &password)
}

async fn add_inbox(desk: &Desk, address: &str, team: &str, name: Option<&str>) -> anyhow::Result<()> {
    let address = plain_address(address)?;
    if address.contains('+') {
        bail!("{address:?}: an inbox has no +tag, which the desk adds itself");
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
        name: proper(name.unwrap_or(&brand.name))?.to_owned(),
        team,
    };
    taken(desk.store.add_inbox(inbox).await, "inbox", "address", &address)?;
    say(format_args!("Inbox {address} added."))?;
    Ok(())
}

async fn list(desk: &Desk) -> anyhow::Result<()> {
    let teams = desk.store.teams().await?;
    let inboxes = desk.store.inboxes().await?;
    let aliases = desk.store.aliases().await?;
    for brand in desk.store.brands().await? {
        say(format_args!("brand {}  {} ({}, {})", brand.slug, brand.name, brand.language, brand.zone))?;
        for (_, id, name) in teams.iter().filter(|(of, _, _)| *of == brand.id) {
            say(format_args!("  team {}/{name}", brand.slug))?;
            for inbox in inboxes.iter().filter(|inbox| inbox.team == *id) {
                say(format_args!("    inbox {}", inbox.address))?;
                for (alias, _) in aliases.iter().filter(|(_, of)| *of == inbox.id) {
                    say(format_args!("      alias {alias}"))?;
                }
            }
        }
    }
    for (_, email, name, role) in desk.store.agents().await? {
        say(format_args!("user {email}  {name} ({})", role.as_str()))?;
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

fn taken(result: Result<(), StoreError>, thing: &str, what: &str, name: &str) -> anyhow::Result<()> {
    match result {
        Err(StoreError::Conflict) => bail!("the {what} {name:?} is taken by another {thing}"),
        other => Ok(other?),
    }
}

/// A name that people can read on one line.
fn proper(name: &str) -> anyhow::Result<&str> {
    let name = name.trim();
    if name.is_empty() {
        bail!("a name must not be empty");
    }
    if name.chars().count() > NAME_CHARS_MAX {
        bail!("{name:?}: a name has at most {NAME_CHARS_MAX} characters");
    }
    if name.contains(char::is_control) {
        bail!("{name:?}: a name holds no control characters, such as line breaks");
    }
    Ok(name)
}

/// A mail address without a name, brackets or quotes around it, in small letters.
fn plain_address(address: &str) -> anyhow::Result<String> {
    let address = lower(address);
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"/".contains(c);
    let is_plain = address.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && !address.contains(is_odd)
    });
    if !is_plain || address.len() > ADDRESS_BYTES_MAX {
        bail!("{address:?} is not a plain mail address, such as bonjour@brand.fr");
    }
    Ok(address)
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

fn tell_password(is_from_stdin: bool, password: &str) -> anyhow::Result<()> {
    if !is_from_stdin {
        say(format_args!("Password: {password}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_on_a_line() {
        assert_eq!(proper(" Service client ").unwrap(), "Service client");
        for name in ["", "  ", "a\nb", "a\u{7}b", &"x".repeat(101)] {
            assert!(proper(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn addresses_are_plain() {
        assert_eq!(plain_address(" Bonjour@Brand.fr ").unwrap(), "bonjour@brand.fr");
        for address in
            ["", "x", "@brand.fr", "x@", "x@y@z", "x y@z", "<x@z>", "X <x@z>", "x@z,y@z", "x@z\u{0}"]
        {
            assert!(plain_address(address).is_err(), "{address:?}");
        }
    }
}

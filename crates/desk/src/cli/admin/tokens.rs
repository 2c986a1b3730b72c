//! `suivi admin add-token`: API tokens, with what they are good for.

use anyhow::{Context, bail};
use data_encoding::BASE64URL_NOPAD;
use jiff::SignedDuration;
use store::NewToken;

use super::{lower, proper, say, taken};
use crate::auth::scope::{ALL, Scope};
use crate::auth::session;
use crate::desk::Desk;

/// Longest time that a token may be made for, in days: ten years.
const DAYS_MAX: u32 = 3650;

/// What a token is good for.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Limits {
    /// What it may do, such as `cases:read`; may be given several times [default: everything its user may].
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// A brand it is for, by its short name; may be given several times [default: all of its user's].
    #[arg(long, value_name = "BRAND")]
    brand: Vec<String>,
    /// Days until it expires [default: never].
    #[arg(long, value_name = "DAYS")]
    expires_in: Option<u32>,
    /// Requests a minute on one node [default: 60000].
    #[arg(long, value_name = "REQUESTS")]
    per_minute: Option<u32>,
}

/// Makes a token and prints it, once.
pub(super) async fn add(desk: &Desk, name: &str, user: &str, limits: &Limits) -> anyhow::Result<()> {
    let name = proper(name)?;
    let credentials = desk.store.credentials(&lower(user)).await?;
    let agent = credentials.with_context(|| format!("no user has the address {user}"))?.agent;
    let now = desk.clock.now();
    let expires_at = match limits.expires_in {
        Some(days) if days == 0 || days > DAYS_MAX => bail!("a token is made for 1 to {DAYS_MAX} days"),
        Some(days) => Some(now.checked_add(SignedDuration::from_hours(24 * i64::from(days)))?),
        None => None,
    };
    if limits.per_minute == Some(0) {
        bail!("a token that may ask nothing is of no use: give at least one request a minute");
    }
    let token = format!("suivi_{}", BASE64URL_NOPAD.encode(&desk.chance.bytes()));
    let new = NewToken {
        hash: session::hash_of(&token),
        name: name.to_owned(),
        agent,
        scopes: scopes(&limits.scope)?,
        brands: brands(desk, &limits.brand).await?,
        expires_at,
        per_minute: limits.per_minute,
    };
    taken(desk.store.add_token(new, now).await, "token", "name", name)?;
    say(format_args!("{token}"))?;
    Ok(())
}

/// Lists the tokens that are valid.
pub(super) async fn list(desk: &Desk) -> anyhow::Result<()> {
    for token in desk.store.tokens(desk.clock.now()).await? {
        let end = token.expires_at.map_or_else(String::new, |at| format!(", until {at}"));
        say(format_args!("{}  for {}: {}{end}", token.name, token.user, token.scopes))?;
    }
    Ok(())
}

fn scopes(words: &[String]) -> anyhow::Result<String> {
    if words.is_empty() {
        return Ok(ALL.to_owned());
    }
    for word in words {
        if Scope::parse(word).is_none() {
            let known: Vec<&str> = Scope::EVERY.iter().map(|scope| scope.as_str()).collect();
            bail!("{word:?} is no scope; there are {}", known.join(", "));
        }
    }
    Ok(words.join(" "))
}

async fn brands(desk: &Desk, slugs: &[String]) -> anyhow::Result<Option<Vec<casework::BrandId>>> {
    if slugs.is_empty() {
        return Ok(None);
    }
    let known = desk.store.brands().await?;
    let id = |slug: &String| {
        let brand = known.iter().find(|brand| brand.slug == *slug);
        brand.map(|brand| brand.id).with_context(|| format!("there is no brand {slug:?}"))
    };
    slugs.iter().map(id).collect::<anyhow::Result<Vec<_>>>().map(Some)
}

//! How an account is logged into: a password, or an access token that a grant keeps giving. Tokens live for an hour or so
//! and are kept in memory only; what renews them is sealed in the store.

use std::time::Duration;

use channels::mail::oauth::{Granted, OAuthClient, OAuthSettings, Provider};
use jiff::{SignedDuration, Timestamp};
use store::{Grant, MailAccount};
use uuid::Uuid;

use super::Trouble;
use crate::desk::Desk;
use crate::seal;

/// A token is renewed when it has less than this left: a slow fetch must not outlive it.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_mins(5);
/// How long a token is believed in when the provider does not say.
const USUAL_LIFE: SignedDuration = SignedDuration::from_mins(30);
/// Longest wait for a provider's answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// How an account is logged into.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// By password.
    Password(String),
    /// By access token.
    Token(String),
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Password(_) => "Password(…)",
            Self::Token(_) => "Token(…)",
        })
    }
}

/// Where an account's secret of this kind is sealed: it opens nowhere else.
pub fn place(account: Uuid, kind: &str) -> String {
    format!("account/{account}/{kind}")
}

/// The way into an account. Asks the provider when a token is due; what it gives anew is stored at once.
pub async fn login(desk: &Desk, account: &MailAccount) -> Result<Login, Trouble> {
    let Some(grant) = &account.set_up.grant else {
        let sealed = account.set_up.sealed_password.as_deref().unwrap_or_default();
        let password = seal::open_text(&desk.secret, &place(account.set_up.id, "password"), sealed)?;
        return Ok(Login::Password(password));
    };
    let key = (account.set_up.brand, account.set_up.id);
    // Held while the provider is asked: two tasks never use the same refresh token at once.
    let mut token = desk.tokens.hold(key).await;
    let now = desk.clock.now();
    if let Some(good) = token.good_at(now) {
        return Ok(Login::Token(good));
    }
    // Another node may have renewed the grant since this account was read.
    let stored = desk.store.account(key.0, key.1).await?;
    let account = stored.as_ref().unwrap_or(account);
    let granted = ask(desk, account, grant).await?;
    keep(desk, account, &granted, now).await?;
    let life = granted.expires_in.and_then(|life| SignedDuration::try_from(life).ok()).unwrap_or(USUAL_LIFE);
    let until = now.saturating_add(life.saturating_sub(RENEW_BEFORE)).unwrap_or(Timestamp::MAX);
    token.keep(granted.access_token.clone(), until);
    Ok(Login::Token(granted.access_token))
}

/// Asks for a token: with what renews the grant, or as an application that has access by itself.
async fn ask(desk: &Desk, account: &MailAccount, grant: &Grant) -> Result<Granted, Trouble> {
    let client = OAuthClient::new(settings(desk, account, grant)?)?;
    match &account.sealed_refresh_token {
        Some(sealed) => {
            let token = seal::open_text(&desk.secret, &place(account.set_up.id, "refresh"), sealed)?;
            Ok(client.refresh(&token).await?)
        }
        None if grant.authorize_url.is_none() => Ok(client.client_credentials().await?),
        None => Err(Trouble::NotGranted),
    }
}

/// Keeps a refresh token that was given anew, and when the grant ends.
pub async fn keep(
    desk: &Desk,
    account: &MailAccount,
    granted: &Granted,
    now: Timestamp,
) -> Result<(), Trouble> {
    let id = account.set_up.id;
    let ends_in = granted.grant_ends_in.and_then(|ends_in| SignedDuration::try_from(ends_in).ok());
    let ends_at = ends_in.and_then(|ends_in| now.checked_add(ends_in).ok());
    let sealed = match (&granted.refresh_token, &account.sealed_refresh_token) {
        (Some(token), _) => seal::seal(&desk.secret, &desk.chance, &place(id, "refresh"), token.as_bytes())?,
        (None, Some(kept)) if ends_at.is_some() => kept.clone(),
        (None, _) => return Ok(()),
    };
    desk.store.renew_grant((account.set_up.brand, id), sealed, ends_at).await?;
    Ok(())
}

/// Whom to ask for an account's tokens.
pub fn settings(desk: &Desk, account: &MailAccount, grant: &Grant) -> Result<OAuthSettings, Trouble> {
    let sealed = account.set_up.sealed_client_secret.as_deref();
    let place = place(account.set_up.id, "client");
    let client_secret = sealed.map(|sealed| seal::open_text(&desk.secret, &place, sealed)).transpose()?;
    let provider = match grant.provider.as_str() {
        // Google wants two words of its own when access is asked for.
        "google" => Provider::Google,
        _ => Provider::Other {
            authorize_url: grant.authorize_url.clone().unwrap_or_default(),
            token_url: grant.token_url.clone(),
            scope: grant.scope.clone(),
        },
    };
    Ok(OAuthSettings {
        provider,
        client_id: grant.client_id.clone(),
        client_secret,
        extra_roots: desk.extra_roots.clone(),
        timeout: PATIENCE,
    })
}

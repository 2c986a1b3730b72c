//! Connecting an account, a new password for one, disconnecting one. What cannot work is told beside what was typed.

use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::{BrandId, InboxId, Mint as _};
use channels::mail::oauth::Provider;
use serde::Deserialize;
use store::{AfterReading, Connection, Grant, NewAccount, OwnSmtp, StoreError};
use uuid::Uuid;

use super::super::context::Signed;
use super::super::trouble::Trouble;
use super::super::visit::{flash, set_cookie};
use super::page::{find, page, trial};
use crate::account::login::place;
use crate::account::reach::tls;
use crate::seal;
use crate::web::view::accounts::AccountForm;

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Typed {
    inbox: String,
    kind: String,
    host: String,
    port: String,
    tls: String,
    username: String,
    password: String,
    folder: String,
    after: String,
    move_to: String,
    start: String,
    smtp_host: String,
    smtp_port: String,
    smtp_tls: String,
    tenant: String,
    client_id: String,
    client_secret: String,
    authorize_url: String,
    token_url: String,
    scope: String,
}

/// POST `/accounts`: connects an account, tries it, and shows what came of it.
pub(in crate::web) async fn connect(signed: Signed, Form(typed): Form<Typed>) -> Result<Response, Trouble> {
    let new = match account(&signed, &typed).await? {
        Ok(new) => new,
        Err(problem) => return come_back(&signed, typed, problem).await,
    };
    let (brand, id, waits) =
        (new.brand, new.id, new.grant.as_ref().is_some_and(|g| g.authorize_url.is_some()));
    match signed.desk.store.add_account(new, signed.desk.clock.now()).await {
        Err(StoreError::Conflict) => return come_back(&signed, typed, "account-wrong-inbox").await,
        other => other?,
    }
    signed.desk.tell_account_changed((brand, id));
    if waits {
        return Ok(Redirect::to(&format!("/accounts/{}/{id}/grant", brand.0)).into_response());
    }
    let found = find(&signed, brand.0, id).await?;
    let trial = trial(&signed, &found).await?;
    Ok(page(&signed, Some(trial), AccountForm::default()).await?.into_response())
}

/// A new password.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct NewPassword {
    #[serde(default)]
    password: String,
}

/// POST `/accounts/{brand}/{account}/password`.
pub(in crate::web) async fn set_password(
    signed: Signed,
    Path((brand, id)): Path<(i64, Uuid)>,
    Form(new): Form<NewPassword>,
) -> Result<Response, Trouble> {
    if new.password.is_empty() {
        return Err(Trouble::Unreadable);
    }
    let sealed = sealed(&signed, id, "password", &new.password)?;
    if !signed.desk.store.set_account_password((BrandId(brand), id), sealed).await? {
        return Err(Trouble::NotFound);
    }
    signed.desk.tell_account_changed((BrandId(brand), id));
    Ok(back(&signed, "done-account-password"))
}

/// POST `/accounts/{brand}/{account}/removal`: the letters that were read stay.
pub(in crate::web) async fn remove(
    signed: Signed,
    Path((brand, id)): Path<(i64, Uuid)>,
) -> Result<Response, Trouble> {
    if !signed.desk.store.remove_account(BrandId(brand), id).await? {
        return Err(Trouble::NotFound);
    }
    signed.desk.tokens.forget((BrandId(brand), id)).await;
    signed.desk.tell_account_changed((BrandId(brand), id));
    Ok(back(&signed, "done-account-removed"))
}

/// The account that was typed, or the key of what is wrong with it.
async fn account(signed: &Signed, typed: &Typed) -> Result<Result<NewAccount, &'static str>, Trouble> {
    let Some((brand, inbox)) = place_of(&typed.inbox) else { return Ok(Err("account-wrong-inbox")) };
    let inboxes = signed.desk.store.inboxes().await?;
    if !inboxes.iter().any(|known| (known.brand, known.id) == (brand, inbox)) {
        return Ok(Err("account-wrong-inbox"));
    }
    let connection = match connection(typed) {
        Ok(connection) => connection,
        Err(problem) => return Ok(Err(problem)),
    };
    let parts = (after_reading(typed), own_smtp(typed), grant(typed));
    let (after_reading, smtp, grant) = match parts {
        (Ok(after), Ok(smtp), Ok(grant)) => (after, smtp, grant),
        (Err(problem), _, _) | (_, Err(problem), _) | (_, _, Err(problem)) => return Ok(Err(problem)),
    };
    let id = signed.desk.mint().uuid();
    if grant.is_none() && typed.password.is_empty() {
        return Ok(Err("account-wrong-password"));
    }
    let seal_given =
        |kind: &str, secret: &str| (!secret.is_empty()).then(|| sealed(signed, id, kind, secret)).transpose();
    Ok(Ok(NewAccount {
        id,
        brand,
        inbox,
        connection,
        after_reading,
        sealed_password: if grant.is_none() { seal_given("password", &typed.password)? } else { None },
        sealed_client_secret: seal_given("client", typed.client_secret.trim())?,
        grant,
        smtp,
        takes_history: typed.start == "all",
    }))
}

fn place_of(inbox: &str) -> Option<(BrandId, InboxId)> {
    let (brand, id) = inbox.split_once('/')?;
    Some((BrandId(brand.parse().ok()?), InboxId(Uuid::try_parse(id).ok()?)))
}

/// Where an account is read; the two large providers need not be spelled out.
fn connection(typed: &Typed) -> Result<Connection, &'static str> {
    let host = match (typed.host.trim(), typed.kind.as_str()) {
        ("", "microsoft") => "outlook.office365.com",
        ("", "google") => "imap.gmail.com",
        (host, _) => host,
    };
    let username = typed.username.trim();
    let folder = Some(typed.folder.trim()).filter(|folder| !folder.is_empty()).unwrap_or("INBOX");
    if !is_host(host) {
        return Err("account-wrong-host");
    }
    if username.is_empty() || username.contains(char::is_control) {
        return Err("account-wrong-username");
    }
    Ok(Connection {
        host: host.to_lowercase(),
        port: port(&typed.port)?,
        tls: protection(&typed.tls)?,
        username: username.to_owned(),
        folder: folder.to_owned(),
    })
}

fn own_smtp(typed: &Typed) -> Result<Option<OwnSmtp>, &'static str> {
    let host = typed.smtp_host.trim();
    if host.is_empty() {
        return Ok(None);
    }
    if !is_host(host) {
        return Err("account-wrong-host");
    }
    let (port, tls) = (port(&typed.smtp_port)?, protection(&typed.smtp_tls)?);
    Ok(Some(OwnSmtp { host: host.to_lowercase(), port, tls }))
}

fn after_reading(typed: &Typed) -> Result<AfterReading, &'static str> {
    let folder = typed.move_to.trim();
    match typed.after.as_str() {
        "seen" => Ok(AfterReading::MarkSeen),
        "delete" => Ok(AfterReading::Delete),
        "move" if folder.is_empty() || folder.eq_ignore_ascii_case(typed.folder.trim()) => {
            Err("account-wrong-move")
        }
        "move" => Ok(AfterReading::MoveTo(folder.to_owned())),
        _ => Ok(AfterReading::Keep),
    }
}

/// How access is granted; none for a password.
fn grant(typed: &Typed) -> Result<Option<Grant>, &'static str> {
    let provider = match typed.kind.as_str() {
        "microsoft" => {
            let tenant = Some(typed.tenant.trim()).filter(|tenant| !tenant.is_empty()).unwrap_or("common");
            Provider::Microsoft { tenant: tenant.to_owned() }
        }
        "google" => Provider::Google,
        "other" => Provider::Other {
            authorize_url: typed.authorize_url.trim().to_owned(),
            token_url: typed.token_url.trim().to_owned(),
            scope: typed.scope.trim().to_owned(),
        },
        _ => return Ok(None),
    };
    if typed.client_id.trim().is_empty() {
        return Err("account-wrong-client");
    }
    if provider.token_url().is_empty() {
        return Err("account-wrong-token-url");
    }
    Ok(Some(Grant {
        provider: typed.kind.clone(),
        authorize_url: Some(provider.authorize_url()).filter(|url| !url.is_empty()),
        token_url: provider.token_url(),
        client_id: typed.client_id.trim().to_owned(),
        scope: provider.scope().to_owned(),
    }))
}

fn port(typed: &str) -> Result<u16, &'static str> {
    typed.trim().parse().ok().filter(|port| *port > 0).ok_or("account-wrong-port")
}

fn protection(typed: &str) -> Result<String, &'static str> {
    tls(typed).map(|_| typed.to_owned()).ok_or("account-wrong-port")
}

fn is_host(host: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    !host.is_empty() && host.len() <= 253 && host.chars().all(is_plain)
}

fn sealed(signed: &Signed, account: Uuid, kind: &str, secret: &str) -> Result<Vec<u8>, Trouble> {
    let desk = &signed.desk;
    let sealed = seal::seal(&desk.secret, &desk.chance, &place(account, kind), secret.as_bytes());
    sealed.map_err(|error| Trouble::Failure(error.to_string()))
}

fn back(signed: &Signed, word: &str) -> Response {
    let mut response = Redirect::to("/accounts").into_response();
    set_cookie(&mut response, &flash(&signed.desk, word));
    response
}

async fn come_back(signed: &Signed, typed: Typed, problem: &str) -> Result<Response, Trouble> {
    let form = AccountForm {
        problem: Some(signed.visit.language.t(problem)),
        inbox: typed.inbox,
        kind: typed.kind,
        host: typed.host,
        port: typed.port,
        tls: typed.tls,
        username: typed.username,
        folder: typed.folder,
        after: typed.after,
        move_to: typed.move_to,
        start: typed.start,
        smtp_host: typed.smtp_host,
        smtp_port: typed.smtp_port,
        smtp_tls: typed.smtp_tls,
        tenant: typed.tenant,
        client_id: typed.client_id,
        authorize_url: typed.authorize_url,
        token_url: typed.token_url,
        scope: typed.scope,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(signed, None, form).await?).into_response())
}

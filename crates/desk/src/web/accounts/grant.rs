//! Granting access (OAuth 2, authorization code with PKCE): the way to the provider, and back. What comes back is shown
//! first and taken at a press of a button: following a link never acts. Nothing is stored in between; what was sent along is
//! signed, and leads back to one administrator, one account, for a quarter of an hour.

use askama::Template;
use axum::extract::{Form, Path, Query};
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::{AgentId, BrandId};
use channels::mail::oauth::{Authorization, OAuthClient, authorize_url};
use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use store::MailAccount;
use uuid::Uuid;

use super::super::context::{Here, Signed};
use super::super::trouble::Trouble;
use super::super::visit::{flash, set_cookie};
use super::super::words::one_line;
use super::page::find;
use crate::account::login::{keep, settings};
use crate::desk::Desk;
use crate::web::page::Page;
use crate::web::view::accounts::{GrantStep, Granting};
use crate::web::view::frame::Place;

/// How long a person may take at the provider.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);
/// Bytes of a signature.
const SIGNATURE_BYTES: usize = 16;
/// Bytes of what is signed: brand, account, instant, randomness.
const CLAIM_BYTES: usize = 8 + 16 + 8 + 16;

/// Where providers send people back to.
pub(super) fn redirect_url(desk: &Desk) -> String {
    format!("{}/accounts/granted", desk.public_url)
}

/// GET `/accounts/{brand}/{account}/grant`: the way to the provider.
pub(in crate::web) async fn ask(
    signed: Signed,
    Path((brand, id)): Path<(i64, Uuid)>,
) -> Result<Html<String>, Trouble> {
    let desk = &signed.desk;
    let account = find(&signed, brand, id).await?;
    let grant = account.set_up.grant.as_ref().ok_or(Trouble::NotFound)?;
    let settings = settings(desk, &account, grant).map_err(|error| Trouble::Failure(error.to_string()))?;
    let state = state(desk, signed.agent.id, &account, desk.clock.now());
    let request = Authorization {
        redirect_uri: &redirect_url(desk),
        state: &state,
        verifier: &verifier(desk, &state),
        login_hint: Some(&account.set_up.connection.username),
    };
    let step = match authorize_url(&settings, &request) {
        Ok(url) => GrantStep::Leave { url, username: account.set_up.connection.username.clone() },
        Err(failure) => GrantStep::Refused(failure.to_string()),
    };
    page(&signed, step).await
}

/// What a provider sends people back with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Answer {
    code: String,
    state: String,
    error: String,
    error_description: String,
}

/// GET `/accounts/granted`: back from the provider.
pub(in crate::web) async fn granted(
    signed: Signed,
    Query(answer): Query<Answer>,
) -> Result<Html<String>, Trouble> {
    let step = if answer.code.is_empty() {
        let words = format!("{} {}", answer.error, answer.error_description);
        GrantStep::Refused(one_line(words.trim(), 300))
    } else {
        GrantStep::Take { code: answer.code, state: answer.state }
    };
    page(&signed, step).await
}

/// POST `/accounts/grants`: takes the grant.
pub(in crate::web) async fn take(signed: Signed, Form(answer): Form<Answer>) -> Result<Response, Trouble> {
    let desk = &signed.desk;
    let now = desk.clock.now();
    let (brand, id) = claim(desk, signed.agent.id, &answer.state, now).ok_or(Trouble::ExpiredForm)?;
    let account = find(&signed, brand.0, id).await?;
    let grant = account.set_up.grant.as_ref().ok_or(Trouble::NotFound)?;
    let settings = settings(desk, &account, grant).map_err(|error| Trouble::Failure(error.to_string()))?;
    let verifier = verifier(desk, &answer.state);
    let asked = match OAuthClient::new(settings) {
        Ok(client) => client.exchange(&answer.code, &redirect_url(desk), &verifier).await,
        Err(failure) => Err(failure),
    };
    let granted = match asked {
        Ok(granted) if granted.refresh_token.is_some() => granted,
        // Access for an hour is no access: without what renews it, it would end before anybody notices.
        Ok(_) => {
            let words = signed.visit.language.t("granted-no-refresh");
            return Ok(page(&signed, GrantStep::Refused(words)).await?.into_response());
        }
        Err(failure) => {
            return Ok(page(&signed, GrantStep::Refused(failure.to_string())).await?.into_response());
        }
    };
    let kept = keep(desk, &account, &granted, now).await;
    kept.map_err(|error| Trouble::Failure(error.to_string()))?;
    desk.tokens.forget((brand, id)).await;
    desk.tell_account_changed((brand, id));
    let mut response = Redirect::to("/accounts").into_response();
    set_cookie(&mut response, &flash(desk, "done-account-granted"));
    Ok(response)
}

async fn page(signed: &Signed, step: GrantStep) -> Result<Html<String>, Trouble> {
    let screen = signed.screen(Here::Place(Place::Accounts)).await?;
    let title = signed.visit.language.t("granted-title");
    let view = Granting { page: Page { title, ..screen.page }, frame: screen.frame, step };
    Ok(Html(view.render()?))
}

/// What is sent along: which account, until when, and that this administrator asked.
fn state(desk: &Desk, agent: AgentId, account: &MailAccount, now: Timestamp) -> String {
    let until = now.saturating_add(PATIENCE).unwrap_or(Timestamp::MAX);
    let mut claim = account.set_up.brand.0.to_be_bytes().to_vec();
    claim.extend(account.set_up.id.as_bytes());
    claim.extend(until.as_microsecond().to_be_bytes());
    claim.extend(&desk.chance.bytes()[..16]);
    let signature = signature(desk, agent, &claim);
    claim.extend(signature);
    BASE64URL_NOPAD.encode(&claim)
}

fn signature(desk: &Desk, agent: AgentId, claim: &[u8]) -> Vec<u8> {
    desk.secret.sign("grant", &[agent.0.as_bytes(), claim])[..SIGNATURE_BYTES].to_vec()
}

/// The account that came back, when this administrator asked for it a moment ago.
fn claim(desk: &Desk, agent: AgentId, state: &str, now: Timestamp) -> Option<(BrandId, Uuid)> {
    let bytes = BASE64URL_NOPAD.decode(state.as_bytes()).ok()?;
    let (claim, given) = bytes.split_at_checked(CLAIM_BYTES)?;
    let expected = signature(desk, agent, claim);
    let differs = given.iter().zip(&expected).fold(0, |seen, (a, b)| seen | (a ^ b));
    if given.len() != SIGNATURE_BYTES || differs != 0 {
        return None;
    }
    let brand = BrandId(i64::from_be_bytes(claim[..8].try_into().ok()?));
    let account = Uuid::from_slice(&claim[8..24]).ok()?;
    let until = i64::from_be_bytes(claim[24..32].try_into().ok()?);
    (now.as_microsecond() <= until).then_some((brand, account))
}

/// The PKCE verifier that goes with what was sent along (RFC 7636): 43 characters that only this desk can make.
fn verifier(desk: &Desk, state: &str) -> String {
    BASE64URL_NOPAD.encode(&desk.secret.sign("pkce", &[state.as_bytes()]))
}

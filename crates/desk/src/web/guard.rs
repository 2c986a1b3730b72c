//! The guard before every handler: is this visitor admitted, and is this form ours? Refuses by default.

use axum::RequestPartsExt;
use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use casework::proof::Secret;
use casework::{Agent, Case, Role};
use store::Lookup;

use super::access::{Access, Admitted, Held, Linked};
use super::state::Web;
use super::trouble::Trouble;
use super::upload::{self, Form};
use super::visit::Visit;
use crate::auth::allowance::{Allowance, USUAL_PER_MINUTE};
use crate::auth::form::{self, Basis};
use crate::auth::scope::Scope;
use crate::auth::session;

/// Puts the guard before a route.
pub(super) fn guard(methods: MethodRouter<Web>, post: Post, web: &Web) -> MethodRouter<Web> {
    methods.route_layer(middleware::from_fn_with_state((web.clone(), post), check))
}

/// What the guard stands before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Post {
    /// Who may pass.
    pub access: Access,
    /// Whether forms may bring files.
    pub takes_files: bool,
}

async fn check(
    State((web, post)): State<(Web, Post)>,
    request: Request,
    next: Next,
) -> Result<Response, Trouble> {
    let (mut parts, body) = request.into_parts();
    let visit = parts.extensions.get::<Visit>().cloned();
    let visit = visit.ok_or_else(|| Trouble::Failure("a request came in without a visit".to_owned()))?;
    let admitted = admit(&web, post.access, &visit, &mut parts).await;
    let allowance = parts.extensions.get::<Allowance>().copied();
    let answered = match admitted {
        Ok(()) => answer((web, post), &visit, Request::from_parts(parts, body), next).await,
        Err(trouble) => Err(trouble),
    };
    // A program is told what is left of its requests with every answer, also with one that refuses.
    let mut response = answered.unwrap_or_else(IntoResponse::into_response);
    if let Some(allowance) = allowance {
        response.extensions_mut().insert(allowance);
    }
    Ok(response)
}

/// What the handler answers to somebody who was admitted, once their form has been found to be ours.
async fn answer(
    (web, post): (Web, Post),
    visit: &Visit,
    request: Request,
    next: Next,
) -> Result<Response, Trouble> {
    let (mut parts, body) = request.into_parts();
    let only_shows = parts.method == Method::GET || parts.method == Method::HEAD;
    // A program proves itself with each request: no browser adds its token by itself, so there is no form to prove.
    let is_program = post.access.is_for_programs();
    let body = match only_shows {
        true => Body::empty(),
        false if is_program => body,
        false => own_form(&web, post, visit, &mut parts, body).await?,
    };
    Ok(next.run(Request::from_parts(parts, body)).await)
}

async fn admit(web: &Web, access: Access, visit: &Visit, parts: &mut Parts) -> Result<(), Trouble> {
    match access {
        Access::Public | Access::Preference | Access::Form => {}
        Access::Demo if !web.desk.is_demo => return Err(Trouble::NotFound),
        Access::Demo => {
            if let Some(agent) = signed_in(web, visit).await? {
                parts.extensions.insert(Admitted(agent));
            }
        }
        Access::PrivateLink => {
            let linked = linked(web, parts).await?;
            parts.extensions.insert(linked);
        }
        Access::SignedIn | Access::Lead | Access::Admin => {
            let agent = signed_in(web, visit).await?.ok_or(Trouble::SignIn)?;
            let needed = match access {
                Access::Admin => Role::Admin,
                Access::Lead => Role::Lead,
                _ => Role::Agent,
            };
            if agent.role < needed {
                return Err(Trouble::Forbidden);
            }
            parts.extensions.insert(Admitted(agent));
        }
        Access::Token(scope) => admit_program(web, scope, visit, parts).await.map(drop)?,
        Access::LeadToken(scope) => {
            let agent = admit_program(web, scope, visit, parts).await?;
            if agent.role < Role::Lead {
                return Err(Trouble::Forbidden);
            }
        }
    }
    Ok(())
}

/// A program with a token that is good for this, within its allowance.
async fn admit_program(web: &Web, scope: Scope, visit: &Visit, parts: &mut Parts) -> Result<Agent, Trouble> {
    let token = bearer(parts).ok_or(Trouble::NoToken)?;
    let now = web.desk.clock.now();
    if let Some(until) = visit.peer.and_then(|peer| web.bad_tokens.waits_until(peer, now)) {
        let wait = until.duration_since(now).as_secs();
        return Err(Trouble::TooMany(u32::try_from(wait).unwrap_or(60)));
    }
    let Some(held) = session::holder_of_token(&web.desk, token).await? else {
        if let Some(peer) = visit.peer {
            web.bad_tokens.count(peer, now);
        }
        return Err(Trouble::NoToken);
    };
    let token = session::hash_of(token);
    let allowance = web.allowances.count(token, held.per_minute.unwrap_or(USUAL_PER_MINUTE), now);
    parts.extensions.insert(allowance);
    if allowance.is_exhausted {
        return Err(Trouble::TooMany(allowance.resets_in));
    }
    if !scope.is_in(&held.scopes) {
        return Err(Trouble::NoScope(scope));
    }
    parts.extensions.insert(Held { token, brands: held.brands });
    parts.extensions.insert(Admitted(held.agent.clone()));
    Ok(held.agent)
}

async fn signed_in(web: &Web, visit: &Visit) -> Result<Option<Agent>, Trouble> {
    match &visit.session {
        Some(token) => Ok(session::agent_of_session(&web.desk, token).await?),
        None => Ok(None),
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let line = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = line.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn linked(web: &Web, parts: &mut Parts) -> Result<Linked, Trouble> {
    let params = parts.extract::<RawPathParams>().await.map_err(|_| Trouble::ExpiredLink(None))?;
    let token = params.iter().find_map(|(name, value)| (name == "token").then(|| value.to_owned()));
    let token = token.ok_or(Trouble::ExpiredLink(None))?;
    let (brand, case) = Secret::claim_of_link(&token).ok_or(Trouble::ExpiredLink(None))?;
    let mut conn = web.desk.store.reader().await?;
    let mut lookup = Lookup(&mut conn);
    let found = lookup.case(brand, case).await?;
    let now = web.desk.clock.now();
    let is_link = |case: &Case| web.desk.secret.is_link(&token, case, now);
    let case = found.filter(is_link).ok_or(Trouble::ExpiredLink(Some(brand)))?;
    // The link of a case that was merged leads to the one that goes on, as long as that is the same person's.
    let home = lookup.home_of(case.clone()).await?;
    let case = if home.customer == case.customer { home } else { case };
    Ok(Linked { token, case })
}

/// Reads a form that comes from a page of ours, and gives its words on; its files stand beside them.
async fn own_form(
    web: &Web,
    Post { access, takes_files }: Post,
    visit: &Visit,
    parts: &mut Parts,
    body: Body,
) -> Result<Body, Trouble> {
    if !comes_from_here(parts, &web.desk.public_url) {
        return Err(Trouble::ExpiredForm);
    }
    let link = parts.extensions.get::<Linked>().map(|linked| linked.token.clone());
    let is_ours = |form: &Form| {
        let csrf = form.field("csrf");
        let is_ours = |basis| form::is_valid(&web.desk.secret, basis, csrf);
        let link = match access {
            Access::PrivateLink => link.as_deref(),
            Access::Preference => form.field("back").strip_prefix("/c/"),
            _ => None,
        };
        match access {
            Access::PrivateLink => link.is_some_and(|link| is_ours(Basis::Link(link))),
            Access::Form => is_ours(Basis::Stamp(form.field("stamp"))),
            _ => is_ours(visit.basis()) || link.is_some_and(|link| is_ours(Basis::Link(link))),
        }
    };
    // Strangers may fill no disk: from one network so many forms with files an hour.
    let now = web.desk.clock.now();
    let is_stranger = !matches!(access, Access::SignedIn | Access::Lead | Access::Admin);
    let until = visit.peer.filter(|_| is_stranger && takes_files && upload::may_hold_files(parts));
    if let Some(until) = until.and_then(|peer| web.uploads.waits_until(peer, now)) {
        return Err(Trouble::TooMany(u32::try_from(until.duration_since(now).as_secs()).unwrap_or(60)));
    }
    let form = upload::read(&web.desk, parts, body, (takes_files, is_ours)).await?;
    if let Some(peer) = visit.peer
        && !form.handed.files.is_empty()
        && is_stranger
    {
        web.uploads.count(peer, now);
    }
    Ok(form.into_body(parts))
}

/// What browsers say of where a form stood (Fetch Metadata, else `Origin`). Those that say nothing are left to the token.
fn comes_from_here(parts: &Parts, public_url: &str) -> bool {
    let text = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return true };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == public_url || (host.is_some() && host == text("host"))
}

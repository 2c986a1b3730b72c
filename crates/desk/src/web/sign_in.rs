//! Signing in and out.

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::bare::plain_page;
use super::context::{Anyone, Signed, house, reader, role_words};
use super::state::Web;
use super::trouble::Trouble;
use super::visit::{begin_session, end_session, set_cookie};
use super::words::is_own_path;
use crate::auth::password;
use crate::auth::session::{self, Attempt, SignInError};
use crate::web::page::Page;
use crate::web::view::sign_in::{DemoLogin, SignIn, SignInProblem};

/// Where somebody lands who came from nowhere.
const HOME: &str = "/cases?view=mine";

/// Logins of a demonstration that are shown.
const DEMO_LOGINS_MAX: usize = 10;

/// The query of the form.
#[derive(Debug, Deserialize)]
pub(super) struct From {
    #[serde(default)]
    next: String,
}

/// The form.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// GET `/sign-in`.
pub(super) async fn show(anyone: Anyone, Query(from): Query<From>) -> Result<Response, Trouble> {
    form(&anyone, String::new(), &from.next, None).await
}

/// POST `/sign-in`.
pub(super) async fn sign_in(
    State(web): State<Web>,
    anyone: Anyone,
    Form(typed): Form<Typed>,
) -> Result<Response, Trouble> {
    let Typed { email, password, next } = typed;
    let attempt = Attempt { email: email.clone(), password, peer: anyone.visit.peer };
    let problem = match session::sign_in(&web.desk, &web.peers, attempt).await {
        Ok(token) => {
            if let Some(old) = &anyone.visit.session {
                session::sign_out(&web.desk, old).await?;
            }
            let mut response = Redirect::to(own_or_home(&next)).into_response();
            set_cookie(&mut response, &begin_session(&web.desk, &token));
            return Ok(response);
        }
        Err(SignInError::Wrong) => SignInProblem::Wrong,
        Err(SignInError::Locked(until)) => SignInProblem::Locked(wait(&anyone, until)),
        Err(SignInError::Store(error)) => return Err(error.into()),
        Err(SignInError::Hashing(error)) => return Err(error.into()),
    };
    form(&anyone, email, &next, Some(problem)).await
}

/// POST `/sign-out`.
pub(super) async fn sign_out(signed: Signed) -> Result<Response, Trouble> {
    if let Some(token) = &signed.visit.session {
        session::sign_out(&signed.desk, token).await?;
    }
    let mut response = Redirect::to("/sign-in").into_response();
    set_cookie(&mut response, &end_session(&signed.desk));
    Ok(response)
}

async fn form(
    anyone: &Anyone,
    email: String,
    next: &str,
    problem: Option<SignInProblem>,
) -> Result<Response, Trouble> {
    let (brand, _) = house(&anyone.desk, None).await?;
    let plain = plain_page(&anyone.desk, &anyone.visit);
    let next = own_or_home(next).to_owned();
    let status = match problem {
        None => StatusCode::OK,
        Some(SignInProblem::Locked(_)) => StatusCode::TOO_MANY_REQUESTS,
        Some(SignInProblem::Wrong) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let here = format!("/sign-in?next={}", super::words::in_query(&next));
    let page = Page { title: plain.t("sign-in-button"), brand, here, ..plain };
    let email = email.chars().take(254).collect();
    let demo_logins = demo_logins(anyone).await?;
    let view = SignIn { page, email, next, problem, demo_logins };
    Ok((status, Html(view.render()?)).into_response())
}

/// Who may be played in a demonstration; nobody elsewhere.
async fn demo_logins(anyone: &Anyone) -> Result<Vec<DemoLogin>, Trouble> {
    if !anyone.desk.is_demo {
        return Ok(Vec::new());
    }
    let language = anyone.visit.language;
    let login = |(_, email, name, role)| DemoLogin {
        name: format!("{name} · {}", role_words(role, language)),
        email,
        password: password::OF_DEMONSTRATION.to_owned(),
    };
    Ok(anyone.desk.store.agents().await?.into_iter().take(DEMO_LOGINS_MAX).map(login).collect())
}

fn own_or_home(next: &str) -> &str {
    if is_own_path(next) { next } else { HOME }
}

/// How long to wait, in words; at least a minute.
fn wait(anyone: &Anyone, until: Timestamp) -> String {
    let reader = reader(&anyone.desk, &anyone.visit, "");
    let seconds = until.as_second() - reader.now.as_second();
    reader.duration((seconds / 60 + 1).max(1))
}

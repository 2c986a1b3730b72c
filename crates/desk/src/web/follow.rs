//! Somebody has lost their private link: a new one goes to their address. The answer is the same, and comes as late,
//! whether or not anything is known of them.

use std::time::Duration;

use askama::Template;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use casework::Reference;
use serde::Deserialize;

use super::bare::plain_page;
use super::context::{Anyone, house};
use super::state::Web;
use super::trouble::Trouble;
use crate::door::relink;
use crate::web::page::Page;
use crate::web::view::tracking::Follow;

/// How long the answer takes at least: longer than finding a case and writing an order does.
const ANSWER_AFTER: Duration = Duration::from_millis(400);

/// What is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    reference: String,
    #[serde(default)]
    email: String,
}

/// GET `/follow`.
pub(super) async fn show(anyone: Anyone) -> Result<Response, Trouble> {
    page(&anyone, false, None).await
}

/// POST `/follow`.
pub(super) async fn ask(
    State(web): State<Web>,
    anyone: Anyone,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Trouble> {
    let now = web.desk.clock.now();
    if let Some(peer) = anyone.visit.peer {
        if web.link_requests.waits_until(peer, now).is_some() {
            return page(&anyone, false, Some("follow-too-many")).await;
        }
        web.link_requests.count(peer, now);
    }
    let Some(reference) = Reference::parse(&wanted.reference) else {
        return page(&anyone, false, Some("follow-no-reference")).await;
    };
    let address = wanted.email.trim();
    let (sent, ()) =
        tokio::join!(relink::send(&web.desk, &reference, address), tokio::time::sleep(ANSWER_AFTER));
    sent?;
    page(&anyone, true, None).await
}

async fn page(anyone: &Anyone, is_asked: bool, problem: Option<&str>) -> Result<Response, Trouble> {
    let (brand, _) = house(&anyone.desk, None).await?;
    let plain = plain_page(&anyone.desk, &anyone.visit);
    let page = Page { title: plain.t("follow-title"), brand, here: "/follow".to_owned(), ..plain };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let problem = problem.map(|key| page.t(key));
    Ok((status, Html(Follow { page, is_asked, problem }.render()?)).into_response())
}

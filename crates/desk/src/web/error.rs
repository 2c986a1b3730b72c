//! How what went wrong is told: a page in the reader's language, or problem details (RFC 9457) for programs.
//! The only place where errors become answers. What happened is logged under the number that the page shows.

use std::panic::AssertUnwindSafe;

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use futures::FutureExt;
use serde_json::json;

use super::bare::plain_page;
use super::state::Web;
use super::trouble::Trouble;
use super::visit::Visit;
use crate::auth::allowance::Allowance;
use crate::web::view::message::Message;

/// Gives every trouble its words, in the language of the visit. A panic is a failure like another.
pub(super) async fn dress(State(web): State<Web>, request: Request, next: Next) -> Response {
    let visit = request.extensions().get::<Visit>().cloned();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| Trouble::Failure("a panic".to_owned()).into_response());
    let allowance = response.extensions_mut().remove::<Allowance>();
    let told = response.extensions_mut().remove::<Trouble>();
    let trouble = told.or_else(|| Trouble::of_rejection(&response));
    let (Some(trouble), Some(visit)) = (trouble, visit) else { return counted(response, allowance) };
    let allowed = response.headers_mut().remove(header::ALLOW);
    let mut response = counted(words(&web, &visit, &trouble, (&method, &path)).await, allowance);
    let headers = response.headers_mut();
    match trouble {
        Trouble::Unavailable => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        Trouble::TooMany(seconds) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        _ => {}
    }
    if let Some(allowed) = allowed {
        headers.insert(header::ALLOW, allowed);
    }
    if visit.is_part {
        // A part of a page stays as it is rather than turn into a message.
        headers.insert("hx-reswap", HeaderValue::from_static("none"));
    }
    response
}

/// Tells a program what is left of its requests.
fn counted(mut response: Response, allowance: Option<Allowance>) -> Response {
    let Some(Allowance { limit, remaining, resets_in, .. }) = allowance else { return response };
    let headers = response.headers_mut();
    headers.insert("ratelimit-limit", HeaderValue::from(limit));
    headers.insert("ratelimit-remaining", HeaderValue::from(remaining));
    headers.insert("ratelimit-reset", HeaderValue::from(resets_in));
    response
}

async fn words(web: &Web, visit: &Visit, trouble: &Trouble, (method, path): (&Method, &str)) -> Response {
    let trace = match trouble {
        Trouble::Failure(error) => {
            let trace = HEXLOWER.encode(&web.desk.chance.bytes()[..6]);
            tracing::error!(trace, error, "a request failed");
            trace
        }
        _ => String::new(),
    };
    let is_api = path.starts_with("/api/");
    let is_page = !is_api && !visit.is_part && path != "/live";
    match trouble {
        Trouble::SignIn if is_page => {
            let is_shown = method == Method::GET || method == Method::HEAD;
            let next = if is_shown { visit.here.as_str() } else { way_back(path) };
            return Redirect::to(&format!("/sign-in?next={}", super::words::in_query(next))).into_response();
        }
        Trouble::ExpiredLink(brand) => return super::tracking::expired(&web.desk, visit, *brand).await,
        _ => {}
    }
    let mut page = plain_page(&web.desk, visit);
    let kind = trouble.kind(&page);
    way_back(path).clone_into(&mut page.here);
    let back_url = (!path.starts_with("/c/") || path != way_back(path)).then(|| page.here.clone());
    let mut message = Message { page, kind, back_url, trace };
    message.page.title = message.title_words();
    if is_api { problem(&web.desk.public_url, trouble, &message) } else { page_of(trouble, &message) }
}

fn page_of(trouble: &Trouble, message: &Message) -> Response {
    match message.render() {
        Ok(html) => (trouble.status(), Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a message cannot be written");
            trouble.status().into_response()
        }
    }
}

fn problem(public_url: &str, trouble: &Trouble, message: &Message) -> Response {
    let status = trouble.status();
    let mut body = json!({
        "type": format!("{public_url}/api#problem-{}", trouble.code()),
        "code": trouble.code(),
        "title": message.title_words(),
        "status": status.as_u16(),
        "detail": message.detail_words(),
    });
    if !message.trace.is_empty() {
        body["trace"] = json!(message.trace);
    }
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Where a refused act leads back to: the page that its form stood on.
pub(super) fn way_back(path: &str) -> &str {
    let mut slashes = path.match_indices('/').map(|(at, _)| at);
    match (path.split('/').nth(1), slashes.nth(2)) {
        (Some("cases" | "c"), Some(third)) => &path[..third],
        (Some("cases" | "c"), None) => path,
        (Some("outbox"), _) => "/outbox",
        (Some("letters"), _) => "/letters",
        (Some("postbox"), _) => "/postbox",
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use casework::Refusal;

    use super::*;
    use crate::web::language::Language;

    #[test]
    fn every_refusal_has_its_sentence() {
        let keys = [
            (Refusal::NotAllowed, "refusal-not-allowed"),
            (Refusal::Empty, "refusal-empty"),
            (Refusal::TooLong, "refusal-too-long"),
            (Refusal::NoAddress, "refusal-no-address"),
            (Refusal::Closed, "refusal-closed"),
            (Refusal::NothingProposed, "refusal-nothing-proposed"),
            (Refusal::NoChaseDate, "refusal-no-chase-date"),
            (Refusal::NoMerge, "refusal-no-merge"),
            (Refusal::OtherCustomer, "refusal-other-customer"),
            (Refusal::NotMerged, "refusal-not-merged"),
            (Refusal::MergedAway, "refusal-merged-away"),
            (Refusal::NotInTeam, "refusal-not-in-team"),
            (Refusal::NoReason, "refusal-no-reason"),
            (Refusal::TooManyFiles, "refusal-too-many-files"),
            (Refusal::NoCallDate, "refusal-no-call-date"),
            (Refusal::NoDueDate, "refusal-no-due-date"),
            (Refusal::TooManyCommitments, "refusal-too-many-commitments"),
            (Refusal::NoReceiptDay, "refusal-no-receipt-day"),
            (Refusal::NoIdentity, "refusal-no-identity"),
            (Refusal::IdentityTaken, "refusal-identity-taken"),
            (Refusal::NotSettled, "refusal-not-settled"),
            (Refusal::Held, "refusal-held"),
            (Refusal::Erased, "refusal-erased"),
        ];
        assert_eq!(keys.len(), Refusal::ALL.len());
        for (refusal, key) in keys {
            assert_eq!(refusal.key(), key);
            for language in Language::ALL {
                assert_ne!(language.t(key), key);
            }
        }
    }

    #[test]
    fn acts_lead_back_to_the_page_they_stood_on() {
        for (path, expect) in [
            ("/cases/K7M2-4Q8P/replies", "/cases/K7M2-4Q8P"),
            ("/cases/K7M2-4Q8P", "/cases/K7M2-4Q8P"),
            ("/cases", "/cases"),
            ("/c/token/confirmation", "/c/token"),
            ("/outbox/1/retries", "/outbox"),
            ("/nowhere/at/all", "/"),
            ("", "/"),
        ] {
            assert_eq!(way_back(path), expect, "{path}");
        }
    }
}

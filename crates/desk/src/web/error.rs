//! How what went wrong is told: a page in the reader's language, or problem details (RFC 9457) for programs.
//! The only place where errors become answers. What happened is logged under the number that the page shows.

use std::panic::AssertUnwindSafe;

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::{BrandId, Refusal};
use data_encoding::HEXLOWER;
use futures::FutureExt;
use serde_json::json;
use store::StoreError;

use super::context;
use super::router::Web;
use super::visit::Visit;
use crate::auth::password::HashingFailed;
use crate::door::DoorError;
use crate::web::page::Page;
use crate::web::view::message::{Message, MessageKind};

/// Why an answer is not what was asked for.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// There is no such thing, or none they may know of.
    NotFound,
    /// Their role does not allow it.
    Forbidden,
    /// They must sign in first.
    SignIn,
    /// A program brought no valid token.
    NoToken,
    /// The form is not one that we showed to this visitor lately.
    ExpiredForm,
    /// The private link does not hold; the brand it claims.
    ExpiredLink(Option<BrandId>),
    /// More was sent than is read.
    TooLarge,
    /// What was sent cannot be understood.
    Unreadable,
    /// Somebody else was faster, again and again.
    Conflict,
    /// The desk says no.
    Refused(Refusal),
    /// The database is away.
    Unavailable,
    /// Our own failure, in words for the log.
    Failure(String),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict,
            passing if passing.is_passing() => {
                tracing::warn!(error = %chain(&passing), "the database does not answer");
                Self::Unavailable
            }
            other => Self::Failure(chain(&other)),
        }
    }
}

impl From<DoorError> for Trouble {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Refused(refusal) => refusal.into(),
            DoorError::Gone => Self::NotFound,
            DoorError::Store(error) => error.into(),
        }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        if refusal == Refusal::NotAllowed { Self::Forbidden } else { Self::Refused(refusal) }
    }
}

impl From<HashingFailed> for Trouble {
    fn from(error: HashingFailed) -> Self {
        Self::Failure(error.to_string())
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Self {
        Self::Failure(chain(&error))
    }
}

impl IntoResponse for Trouble {
    /// A bare answer that [`dress`] makes readable.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl Trouble {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::ExpiredLink(_) => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::ExpiredForm => StatusCode::FORBIDDEN,
            Self::SignIn | Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failure(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What axum and the time limit answer by themselves, as plain text or nothing at all.
    fn of_rejection(response: &Response) -> Option<Self> {
        let media_type = response.headers().get(header::CONTENT_TYPE);
        if media_type.is_some_and(|value| !value.as_bytes().starts_with(b"text/plain")) {
            return None;
        }
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(Self::NotFound),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::SERVICE_UNAVAILABLE => Some(Self::Unavailable),
            status if status.is_client_error() => Some(Self::Unreadable),
            status if status.is_server_error() => Some(Self::Failure(status.to_string())),
            _ => None,
        }
    }

    fn kind(&self, page: &Page) -> MessageKind {
        match self {
            Self::NotFound | Self::ExpiredLink(_) => MessageKind::NotFound,
            Self::Forbidden => MessageKind::Forbidden,
            Self::SignIn | Self::NoToken => MessageKind::Refused(page.t("refusal-not-signed-in")),
            Self::ExpiredForm => MessageKind::ExpiredForm,
            Self::TooLarge => MessageKind::TooLarge,
            Self::Unreadable => MessageKind::Refused(page.t("refusal-unreadable")),
            Self::Conflict => MessageKind::Refused(page.t("refusal-conflict")),
            Self::Refused(refusal) => MessageKind::Refused(page.t(refusal.key())),
            Self::Unavailable => MessageKind::Unavailable,
            Self::Failure(_) => MessageKind::Failure,
        }
    }
}

/// Gives every trouble its words, in the language of the visit. A panic is a failure like another.
pub(super) async fn dress(State(web): State<Web>, request: Request, next: Next) -> Response {
    let visit = request.extensions().get::<Visit>().cloned();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| Trouble::Failure("a panic".to_owned()).into_response());
    let told = response.extensions_mut().remove::<Trouble>();
    let Some(trouble) = told.or_else(|| Trouble::of_rejection(&response)) else { return response };
    let Some(visit) = visit else { return response };
    let mut response = words(&web, &visit, &trouble, (&method, &path)).await;
    let headers = response.headers_mut();
    if trouble.status() == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    if visit.is_part {
        // A part of a page stays as it is rather than turn into a message.
        headers.insert("hx-reswap", HeaderValue::from_static("none"));
    }
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
    let mut page = context::plain_page(&web.desk, visit);
    let kind = trouble.kind(&page);
    way_back(path).clone_into(&mut page.here);
    let back_url = (!path.starts_with("/c/") || path != way_back(path)).then(|| page.here.clone());
    let mut message = Message { page, kind, back_url, trace };
    message.page.title = message.title_words();
    if is_api { problem(trouble, &message) } else { page_of(trouble, &message) }
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

fn problem(trouble: &Trouble, message: &Message) -> Response {
    let status = trouble.status();
    let mut body = json!({
        "type": "about:blank",
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

/// An error with all its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    for _ in 0..10 {
        let Some(cause) = source else { break };
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}

#[cfg(test)]
mod tests {
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
            (Refusal::NotInTeam, "refusal-not-in-team"),
            (Refusal::NoReason, "refusal-no-reason"),
        ];
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

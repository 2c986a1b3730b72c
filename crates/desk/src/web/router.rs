//! The router: built from the table of routes and from nothing else, inside what surrounds every answer.

use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::middleware;
use axum::response::Response;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use super::state::Web;
use super::trouble::Trouble;
use super::{error, guard, headers, routes, visit};
use crate::desk::Desk;

/// Longest time until an answer begins. The stream of live changes begins at once and may go on.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// The same where files are sent: a phone on a slow line takes its time.
const FILES_WITHIN: Duration = Duration::from_mins(15);

/// The whole web side of a desk. What is not in the table of routes does not exist.
pub fn router(desk: Desk) -> Router {
    let web = Web::new(desk);
    let mut router = Router::new();
    for route in routes::table() {
        let post = guard::Post { access: route.access, takes_files: route.takes_files };
        let within = if route.takes_files { FILES_WITHIN } else { ANSWER_WITHIN };
        let limit = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, within);
        router = router.route(route.path, guard::guard(route.methods, post, &web).layer(limit));
    }
    router
        .fallback(nowhere)
        .method_not_allowed_fallback(otherwise)
        .layer(middleware::from_fn_with_state(web.clone(), error::dress))
        .layer(middleware::from_fn_with_state(web.clone(), visit::greet))
        .layer(middleware::from_fn_with_state(web.clone(), headers::protect))
        .layer(CompressionLayer::new())
        .with_state(web)
}

/// Programs are told that what is there is asked for in another way; to browsers it is nowhere.
async fn otherwise(uri: Uri) -> Trouble {
    if uri.path().starts_with("/api/") { Trouble::WrongMethod } else { Trouble::NotFound }
}

async fn nowhere() -> Result<Response, Trouble> {
    Err(Trouble::NotFound)
}

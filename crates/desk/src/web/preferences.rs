//! Language and theme, kept in cookies of the browser.

use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::visit::{choice, set_cookie};
use super::words::is_own_path;
use crate::desk::Desk;
use crate::web::language::Language;
use crate::web::page::{LANGUAGE_COOKIE, THEME_COOKIE, Theme};

/// What was chosen, and where to go back to.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    language: Option<String>,
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

/// POST `/preferences`.
pub(super) async fn choose(State(desk): State<Desk>, Form(chosen): Form<Chosen>) -> Response {
    let back = if is_own_path(&chosen.back) { chosen.back.as_str() } else { "/" };
    let mut response = Redirect::to(back).into_response();
    if let Some(language) = chosen.language.as_deref().and_then(Language::from_code) {
        set_cookie(&mut response, &choice(&desk, LANGUAGE_COOKIE, language.code()));
    }
    if let Some(theme) = &chosen.theme {
        set_cookie(&mut response, &choice(&desk, THEME_COOKIE, Theme::from_code(theme).code()));
    }
    response
}

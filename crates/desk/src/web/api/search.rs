//! `/api/v1/search`: messages in which words stand, newest first.

use axum::Json;
use axum::extract::Query as Params;
use casework::MessageState;
use serde::Deserialize;
use store::{Hit, HitKind, SearchQuery};
use text::search::{Query, TERMS_MAX, TYPED_CHARS_MAX};
use utoipa::IntoParams;

use super::super::cursor;
use super::super::trouble::Trouble;
use super::command::limit;
use super::program::Program;
use super::types::search::{Found, SearchList};

/// Hits on one page, unless less is asked for.
const LIMIT_MAX: u32 = 100;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Asked {
    /// Words that must all stand in a message, `"phrases"`, `-words` that may not; numbers and references in any spelling.
    /// At most 16 terms, of which one at least is not excluded.
    #[param(max_length = 200)]
    q: String,
    /// What the page before gave as `next`.
    after: Option<String>,
    /// Hits on a page, at most; a page may hold fewer and still have a next one.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// Messages in which all of it stands, newest first. Accents, capitals and endings make no difference.
#[utoipa::path(get, path = "/api/v1/search", tag = "cases", params(Asked), responses((status = 200, body = SearchList)))]
pub(in crate::web) async fn search(
    program: Program,
    Params(asked): Params<Asked>,
) -> Result<Json<SearchList>, Trouble> {
    let query = Query::read(&asked.q).map_err(|flaw| {
        Trouble::Invalid(format!(
            "q: {flaw:?}; at most {TYPED_CHARS_MAX} characters and {TERMS_MAX} terms, one not excluded"
        ))
    })?;
    let after = match asked.after.as_deref() {
        None => None,
        Some(word) => Some(cursor::read(word).ok_or(Trouble::Unreadable)?.0),
    };
    let asking = SearchQuery {
        agent: &program.agent,
        token: program.limiting_token(),
        query: &query,
        after,
        hits_max: limit(asked.limit, LIMIT_MAX)?,
    };
    let page = program.desk.store.search(&asking).await?;
    // Customers are asked for elsewhere, with a scope of their own; notes stay inside.
    let is_told = |hit: &&Hit| matches!(hit.kind, HitKind::Message(_, state) if state != MessageState::Note);
    Ok(Json(SearchList {
        hits: page.hits.iter().filter(is_told).filter_map(|hit| Found::of(hit, &query)).collect(),
        next: page.next.map(|key| cursor::write(key, uuid::Uuid::nil())),
    }))
}

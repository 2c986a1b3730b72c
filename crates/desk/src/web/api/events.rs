//! `/api/v1/events`: all that happened, in one order, without gaps; and the same as webhooks tell it.

use axum::Json;
use axum::extract::Query;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{FeedEvent, FeedQuery};
use utoipa::IntoParams;

use super::super::trouble::Trouble;
use super::command::limit;
use super::program::Program;
use super::types::case::Happening;
use super::types::event::{EventList, HappeningInCase};

/// Events of one answer, unless less is asked for.
const LIMIT_MAX: u32 = 500;

/// From where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Asked {
    /// What the answer before gave as `next`; from the first event on where it is absent.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// Events of one answer.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// All that happened in the cases that the program may see, oldest first. Whoever asks again with `next` misses nothing and is
/// told nothing twice. Positions grow; some belong to cases of others. A new event is here within a second.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(Asked), responses((status = 200, body = EventList)))]
pub(in crate::web) async fn events(
    program: Program,
    Query(asked): Query<Asked>,
) -> Result<Json<EventList>, Trouble> {
    let after = asked.after.unwrap_or(0);
    if after < 0 {
        return Err(Trouble::Invalid("after: 0 or more".to_owned()));
    }
    let query = FeedQuery {
        agent: &program.agent,
        token: program.limiting_token(),
        after,
        events_max: limit(asked.limit, LIMIT_MAX)?,
    };
    let page = program.desk.store.feed(&query).await?;
    Ok(Json(EventList { events: page.events.iter().map(of).collect(), next: page.upto }))
}

fn of(told: &FeedEvent) -> HappeningInCase {
    HappeningInCase {
        position: told.position,
        brand: told.brand.clone(),
        case: told.reference.to_string(),
        happening: Happening::of(&told.event, told.agent.clone()),
    }
}

/// The word of an event, as it stands in `event`.
pub fn word(told: &FeedEvent) -> &'static str {
    super::types::case::word(&told.event.what)
}

/// Every such word.
pub(in crate::web) use super::types::case::WORDS;

/// What a webhook tells of an event.
pub fn told(event: &FeedEvent) -> Value {
    json!({ "type": format!("case.{}", word(event)), "timestamp": event.event.at, "data": of(event) })
}

//! `/api/v1/cases`: lists by view, one case with its messages, and new ones.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use casework::report::{Receipt as Acknowledgement, Report, Teller};
use casework::{CustomerId, Nature};
use jiff::Timestamp;
use serde::Deserialize;
use store::{Brand, Inbox, ListQuery, Seek};
use text::phone::Country;
use utoipa::IntoParams;
use uuid::Uuid;

use super::super::cases::stored;
use super::super::cursor;
use super::super::trouble::Trouble;
use super::acts::with_files;
use super::command::{Command, answer, limit, seq_of, tag};
use super::program::Program;
use super::types::act::Receipt;
use super::types::case::{CaseDetail, CaseList, CaseSummary, Message, MessageList, NewCase};
use crate::auth::session;
use crate::door::report::{Telling, open as let_in, sign};
use crate::web::view::frame::CaseView;

/// Rows on one page, unless less is asked for.
const LIMIT_MAX: u32 = 100;

/// Which list, and which page of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Asked {
    /// `mine`, `team`, `unassigned`, `waiting`, `all` (all that are open) or `closed`.
    #[serde(default)]
    #[param(inline)]
    view: Option<ListView>,
    /// What the page before gave as `next`.
    after: Option<String>,
    /// Cases on a page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// A list that people work by.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum ListView {
    Mine,
    Team,
    Unassigned,
    Waiting,
    All,
    Closed,
}

impl From<ListView> for CaseView {
    fn from(view: ListView) -> Self {
        match view {
            ListView::Mine => Self::Mine,
            ListView::Team => Self::Team,
            ListView::Unassigned => Self::Unassigned,
            ListView::Waiting => Self::Waiting,
            ListView::All => Self::All,
            ListView::Closed => Self::Closed,
        }
    }
}

/// Cases that the program may see, most urgent first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(Asked), responses((status = 200, body = CaseList)))]
pub(in crate::web) async fn cases(
    program: Program,
    Query(asked): Query<Asked>,
) -> Result<Json<CaseList>, Trouble> {
    let view = asked.view.map_or(CaseView::All, CaseView::from);
    let seek = match asked.after.as_deref() {
        None => Seek::Start,
        Some(word) => cursor::read(word).map(|(key, id)| Seek::After(key, id)).ok_or(Trouble::Unreadable)?,
    };
    let rows_max = limit(asked.limit, LIMIT_MAX)?;
    let token = program.limiting_token();
    let query = ListQuery { agent: &program.agent, token, view: stored(view), seek, rows_max };
    let page = program.desk.store.list(&query).await?;
    let last = page.rows.last().filter(|_| page.has_next);
    Ok(Json(CaseList {
        cases: page.rows.iter().map(CaseSummary::of).collect(),
        next: last.map(|row| cursor::write(row.key, row.case.id.0)),
    }))
}

/// One case with its messages and its timeline. `ETag` names the event that it stands at.
#[utoipa::path(get, path = "/api/v1/cases/{reference}", tag = "cases", params(("reference" = String, Path)),
    responses((status = 200, body = CaseDetail), (status = 304, description = "It stands where `If-None-Match` says.")))]
pub(in crate::web) async fn case(
    program: Program,
    Path(reference): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let case = program.find(&reference).await?;
    let tag = HeaderValue::from_str(&tag(case.seq)).map_err(|error| Trouble::Failure(error.to_string()))?;
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|tags| tags.split(',').any(|tag| seq_of(tag.trim()) == Some(case.seq))) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let page = program.desk.store.case_page(case, Some(&program.agent)).await?;
    Ok(([(header::ETAG, tag)], Json(CaseDetail::of(&page))).into_response())
}

/// Which page of the messages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct AskedMessages {
    /// What the page before gave as `next`.
    after: Option<String>,
    /// Messages on a page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

/// The messages of a case, oldest first, without internal notes.
#[utoipa::path(get, path = "/api/v1/cases/{reference}/messages", tag = "cases",
    params(("reference" = String, Path), AskedMessages), responses((status = 200, body = MessageList)))]
pub(in crate::web) async fn messages(
    program: Program,
    Path(reference): Path<String>,
    Query(asked): Query<AskedMessages>,
) -> Result<Json<MessageList>, Trouble> {
    let after = match asked.after.as_deref() {
        None => (i64::MIN, Uuid::nil()),
        Some(word) => cursor::read(word).ok_or(Trouble::Unreadable)?,
    };
    let case = program.find(&reference).await?;
    let page = program.desk.store.case_page(case, Some(&program.agent)).await?;
    let mut all: Vec<Message> = page.messages.iter().filter_map(Message::of).collect();
    all.sort_by_key(|message| (message.at, message.id));
    let limit = limit(asked.limit, LIMIT_MAX)? as usize;
    let key = |message: &Message| (message.at.as_microsecond(), message.id);
    let mut messages: Vec<Message> = all.into_iter().filter(|message| key(message) > after).collect();
    let has_next = messages.len() > limit;
    messages.truncate(limit);
    let last = messages.last().filter(|_| has_next).map(key);
    Ok(Json(MessageList { messages, next: last.map(|(at, id)| cursor::write(at, id)) }))
}

/// Opens a case.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = NewCase,
    responses((status = 201, body = Receipt)))]
pub(in crate::web) async fn open(program: Program, command: Command<NewCase>) -> Result<Response, Trouble> {
    let Command { body, terms } = command;
    let brand =
        program.brand(&body.brand).await.map_err(|_| Trouble::Invalid("brand: unknown".to_owned()))?;
    let telling = Telling { once: terms.once, ..telling(&program, &brand, body).await? };
    let opened = let_in(&program.desk, telling).await?;
    let mut response = answer(StatusCode::CREATED, opened.receipt)?;
    let place = HeaderValue::from_str(&format!("/api/v1/cases/{}", opened.case.reference));
    response.headers_mut().extend(place.ok().map(|place| (header::LOCATION, place)));
    Ok(response)
}

async fn telling(program: &Program, brand: &Brand, new: NewCase) -> Result<Telling, Trouble> {
    let country = Country::of_zone(&brand.zone);
    let mut signs = Vec::new();
    for identity in &new.customer.identities {
        signs.push(sign(identity.kind, &identity.value, country)?);
    }
    let said = with_files(program, &new.text, &new.files).await?;
    let guessed = || text::language::of(&said.text).map(|language| language.code().to_owned());
    let language = new.language.map(|language| language.to_lowercase()).or_else(guessed);
    Ok(Telling {
        brand: brand.id,
        inbox: inbox(program, brand, new.inbox.as_deref()).await?.id,
        report: Report {
            channel: new.channel.into(),
            subject: new.subject.unwrap_or_default(),
            words: said,
            nature: new.nature.unwrap_or(Nature::Complaint),
            language,
            received_at: new.received_at.map(|at: Timestamp| at),
            receipt: if new.acknowledge { Acknowledgement::Sent } else { Acknowledgement::None },
        },
        teller: Teller::Agent(program.agent.clone()),
        customer: new.customer.id.map(CustomerId),
        name: new.customer.name.filter(|name| !name.trim().is_empty()),
        signs,
        // What makes it one is the key of the command; the report itself has a word of its own.
        key: format!("api {}", session::new_token(&program.desk)),
        once: None,
    })
}

/// The inbox that was named, else the first one of the brand whose team its user works in.
async fn inbox(program: &Program, brand: &Brand, named: Option<&str>) -> Result<Inbox, Trouble> {
    let agent = &program.agent;
    let inboxes = program.desk.store.inboxes().await?;
    let own = inboxes.into_iter().filter(|inbox| inbox.brand == brand.id);
    let is_users = |inbox: &Inbox| {
        agent.role == casework::Role::Admin || agent.teams.contains(&(inbox.brand, inbox.team))
    };
    let mut own = own.filter(is_users);
    match named.map(str::to_lowercase) {
        Some(address) => own.find(|inbox| inbox.address == address).ok_or(Trouble::NoInbox),
        None => own.next().ok_or(Trouble::NoInbox),
    }
}

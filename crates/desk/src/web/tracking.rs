//! The private page of a case, for its customer: what was exchanged and where it stands, in their words. Showing never
//! acts. Notes, inner events and names of colleagues other than the one in charge stay inside.

use askama::Template;
use axum::extract::Form;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::act::CustomerAct;
use casework::write::Upload;
use casework::{
    Actor, BrandId, CallResult, Case, Closing, Direction, Event, MessageState, Purpose, Refusal, Status, What,
};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use store::{CaseMessage, CasePage as Stored};

use super::bare::{self, plain_page};
use super::case::{files_of, rich};
use super::context::{ByLink, reader};
use super::trouble::Trouble;
use super::upload::{self, FileProblem, Handed};
use super::visit::Visit;
use super::words::one_line;
use crate::auth::form::Basis;
use crate::desk::Desk;
use crate::door::DoorError;
use crate::door::act::by_customer;
use crate::door::once::Once;
use crate::web::language::Language;
use crate::web::page::Page;
use crate::web::view::Reader;
use crate::web::view::filters::CleanHtml;
use crate::web::view::tracking::{
    Tracking, TrackingCall, TrackingExpired, TrackingMessage, TrackingPromise, TrackingState,
};

/// Messages shown: the newest.
const SHOWN_MAX: usize = 100;
/// Promises shown: the newest.
const PROMISES_MAX: usize = 10;
/// Calls shown: the newest.
const CALLS_MAX: usize = 5;

/// GET `/c/{token}`.
pub(super) async fn show(by_link: ByLink) -> Result<Html<String>, Trouble> {
    page(&by_link, Told::default()).await
}

/// POST `/c/{token}/confirmation`.
pub(super) async fn confirm(by_link: ByLink) -> Result<Response, Trouble> {
    let case = &by_link.linked.case;
    by_customer(&by_link.desk, (case.brand, case.id), CustomerAct::Confirm, None).await?;
    Ok(back(&by_link))
}

/// What is not solved yet.
#[derive(Debug, Deserialize)]
pub(super) struct Words {
    /// A word of the page that the form stood on.
    #[serde(default)]
    act: String,
    #[serde(default)]
    body: String,
}

/// POST `/c/{token}/reopening`.
pub(super) async fn reopen(
    by_link: ByLink,
    handed: Handed,
    Form(words): Form<Words>,
) -> Result<Response, Trouble> {
    let case = &by_link.linked.case;
    let text: String = words.body.chars().take(20_000).collect();
    if let Some(problem) = &handed.problem {
        let page =
            page(&by_link, Told { problem: Some(Why::File(problem.clone())), text, files: &handed.files });
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page.await?).into_response());
    }
    let body = words.body.replace("\r\n", "\n");
    let said = casework::write::Words { text: body, html: None, files: handed.files.clone() };
    let act = CustomerAct::Reopen(Some(said));
    // The same words about the same proposal are one act, however often the button is pressed.
    let timeline = by_link.desk.store.timeline(case.brand, case.id).await?;
    let is_proposal = |event: &&Event| matches!(event.what, What::SolutionProposed { .. });
    let proposal = timeline.iter().rev().find(is_proposal).map_or(0, |event| event.seq);
    // The page that the form stood on tells two presses of one button from the same words on another day.
    let once = format!("reopening {proposal} {} {}", words.act, words.body);
    let once = Once::new(&by_link.linked.token, &once);
    match by_customer(&by_link.desk, (case.brand, case.id), act, once).await {
        Ok(_) => Ok(back(&by_link)),
        Err(DoorError::Refused(refusal)) => {
            let told = Told { problem: Some(Why::Refused(refusal)), text, files: &handed.files };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&by_link, told).await?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// A link that leads nowhere any more: where to write instead.
pub(super) async fn expired(desk: &Desk, visit: &Visit, brand: Option<BrandId>) -> Response {
    let mut page = plain_page(desk, visit);
    page.title = page.t("track-expired");
    "/".clone_into(&mut page.here);
    let inboxes = desk.store.inboxes().await.unwrap_or_default();
    let inbox = inboxes.iter().find(|inbox| Some(inbox.brand) == brand).or_else(|| inboxes.first());
    let address = inbox.map(|inbox| inbox.address.clone()).unwrap_or_default();
    match (TrackingExpired { page, address }).render() {
        Ok(html) => (StatusCode::NOT_FOUND, Html(html)).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn back(by_link: &ByLink) -> Response {
    Redirect::to(&format!("/c/{}", by_link.linked.token)).into_response()
}

/// What comes back into the form that was not taken.
#[derive(Default)]
struct Told<'a> {
    problem: Option<Why>,
    text: String,
    files: &'a [Upload],
}

/// Why it was not.
enum Why {
    File(FileProblem),
    Refused(Refusal),
}

async fn page(by_link: &ByLink, told: Told<'_>) -> Result<Html<String>, Trouble> {
    let ByLink { desk, visit, linked } = by_link;
    let stored = desk.store.case_page(linked.case.clone(), None).await?;
    // The customer's own language, unless they chose another.
    let language = visit.chosen.or_else(|| Language::from_code(&stored.case.language));
    let visit = Visit { language: language.unwrap_or(visit.language), ..visit.clone() };
    let reader = reader(desk, &visit, &stored.zone);
    let base = format!("/c/{}", linked.token);
    let subject = one_line(&stored.subject, 300);
    let plain = bare::page(desk, &visit, Basis::Link(&linked.token));
    let page = Page {
        title: if subject.is_empty() { stored.case.reference.to_string() } else { subject },
        brand: stored.brand.clone(),
        here: base.clone(),
        ..plain
    };
    let view = Tracking {
        base: base.clone(),
        reference: stored.case.reference.to_string(),
        subject: page.title.clone(),
        assignee: stored.case.assignee.and_then(|agent| stored.names.agents.get(&agent).cloned()),
        opened_at: reader.at(stored.case.opened_at),
        state: state(&stored),
        next_news: stored.act_by.filter(|at| *at > reader.now).map(|at| reader.at(at)),
        promises: promises(&stored, &reader),
        messages: messages(&stored, &reader, &base),
        calls: calls(&stored, &reader),
        act: HEXLOWER.encode(&desk.chance.bytes()[..16]),
        solution: solution(&stored),
        problem: told.problem.map(|why| match why {
            Why::File(problem) => problem.words(page.lang),
            Why::Refused(refusal) => page.t(refusal.key()),
        }),
        kept: upload::kept(desk, told.files),
        text: told.text,
        page,
    };
    Ok(Html(view.render()?))
}

fn state(stored: &Stored) -> TrackingState {
    let case = &stored.case;
    match case.status {
        Status::New | Status::Open if was_just_reopened(stored) => TrackingState::Reopened,
        Status::New => TrackingState::Received,
        Status::Open => TrackingState::InProgress,
        Status::WaitingCustomer => TrackingState::WaitingCustomer,
        Status::WaitingThirdParty => TrackingState::WaitingThirdParty(third_party(stored, case)),
        Status::Resolved => TrackingState::Proposed,
        Status::Closed if case.closing == Some(Closing::Lapsed) => TrackingState::Lapsed,
        Status::Closed if case.closing == Some(Closing::Merged) => TrackingState::Merged,
        Status::Closed => TrackingState::Confirmed,
    }
}

fn third_party(stored: &Stored, case: &Case) -> String {
    case.third_party.and_then(|id| stored.lines.get(&id).cloned()).unwrap_or_default()
}

/// Whether the customer said that it is not solved, and nobody has answered since.
fn was_just_reopened(stored: &Stored) -> bool {
    let last = stored.events.iter().rev().find_map(|event| match event.what {
        What::Reopened { .. } => Some(true),
        What::MessageWritten { purpose: Purpose::Answer | Purpose::Proposal, .. } => Some(false),
        _ => None,
    });
    last.unwrap_or_default()
}

/// What they were promised, the newest first: with its date while it is owed.
fn promises(stored: &Stored, reader: &Reader) -> Vec<TrackingPromise> {
    let made = stored.events.iter().rev().filter_map(|event| match &event.what {
        What::Committed { commitment, text, due_at } => Some((*commitment, *text, *due_at)),
        _ => None,
    });
    let shown = made.take(PROMISES_MAX).map(|(id, text, due_at)| TrackingPromise {
        text: stored.lines.get(&text).cloned().unwrap_or_default(),
        due: reader.at(due_at),
        is_kept: !stored.case.commitments.iter().any(|owed| owed.id == id),
        is_late: due_at <= reader.now,
    });
    shown.collect()
}

/// Calls that the desk made, the newest first: that somebody tried, and how it ended; what was noted of it stays inside.
fn calls(stored: &Stored, reader: &Reader) -> Vec<TrackingCall> {
    let made = stored.events.iter().rev().filter_map(|event| match &event.what {
        What::Called { direction: Direction::Outbound, result, .. } => Some((event.at, *result)),
        _ => None,
    });
    let key = |result| match result {
        CallResult::Reached => "track-call-reached",
        CallResult::Absent => "track-call-absent",
        CallResult::Voicemail => "track-call-voicemail",
    };
    made.take(CALLS_MAX).map(|(at, result)| TrackingCall { at: reader.at(at), key: key(result) }).collect()
}

/// The messages between the customer and the desk, oldest first.
fn messages(stored: &Stored, reader: &Reader, base: &str) -> Vec<TrackingMessage> {
    let shown = stored.messages.iter().filter(|message| is_theirs_to_see(message)).take(SHOWN_MAX);
    let mut messages: Vec<_> = shown.map(|message| tracking_message(stored, message, reader, base)).collect();
    messages.reverse();
    messages
}

/// What people wrote to each other. Notes never are; what machines wrote says nothing here.
pub(super) fn is_theirs_to_see(message: &CaseMessage) -> bool {
    let message = &message.message;
    match message.state {
        MessageState::Note => false,
        MessageState::Received => message.automatic.is_none(),
        MessageState::Queued
        | MessageState::Delayed
        | MessageState::Sent
        | MessageState::Refused
        | MessageState::Posted => {
            matches!(message.purpose, Some(Purpose::Answer | Purpose::Proposal))
        }
    }
}

fn tracking_message(stored: &Stored, message: &CaseMessage, reader: &Reader, base: &str) -> TrackingMessage {
    let base = format!("{base}/files/{}", message.message.id);
    let is_theirs = message.message.state == MessageState::Received;
    let own_words = || text::html::from_plain(&text::reading::read(&message.text).visible());
    TrackingMessage {
        is_theirs,
        from: if is_theirs { String::new() } else { author(stored, message) },
        at: reader.at(message.message.at),
        html: if is_theirs { CleanHtml::vouch(own_words()) } else { rich(message) },
        files: files_of(message, reader, &base),
    }
}

/// The agent in charge by name, everybody else by the brand's.
fn author(stored: &Stored, message: &CaseMessage) -> String {
    let assignee = stored.case.assignee;
    let agent = assignee.filter(|agent| message.message.author == Actor::Agent(*agent));
    let name = agent.and_then(|agent| stored.names.agents.get(&agent));
    name.unwrap_or(&stored.brand).clone()
}

/// The standing solution.
fn solution(stored: &Stored) -> Option<CleanHtml> {
    if stored.case.status != Status::Resolved {
        return None;
    }
    let is_proposal = |message: &&CaseMessage| message.message.purpose == Some(Purpose::Proposal);
    stored.messages.iter().find(is_proposal).map(rich)
}

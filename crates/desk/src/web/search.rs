//! The search: what was typed is looked for in messages, notes and customers, newest first.

use askama::Template;
use axum::extract::Query as Params;
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::{MessageState, Reference};
use serde::Deserialize;
use store::{Hit, HitCase, HitKind, SearchPage as Found, SearchQuery};
use text::search::{Flaw, Query, excerpt};

use super::context::{Here, Signed};
use super::trouble::Trouble;
use super::words::{in_query, name_or, one_line, status};
use crate::web::page::Page;
use crate::web::view::Reader;
use crate::web::view::search_page::{
    CaseFound, CustomerFound, Kind, MessageFound, Result as Shown, SearchPage,
};

/// Hits of one page.
const HITS: u32 = 50;
/// Characters shown of a message.
const EXCERPT_CHARS: usize = 240;
/// Characters shown of a subject.
const SUBJECT_CHARS: usize = 160;

/// What is looked for, and which page of what was found.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    after: Option<i64>,
}

/// GET `/search`. A case's reference alone leads to the case.
pub(super) async fn show(signed: Signed, Params(asked): Params<Asked>) -> Result<Response, Trouble> {
    let typed = asked.q.trim();
    if let Some(reference) = Reference::parse(typed)
        && let Some(case) = signed.desk.store.find_case(&reference, &signed.agent).await?
    {
        return Ok(Redirect::to(&format!("/cases/{}", case.reference)).into_response());
    }
    let mut screen = signed.screen(Here::Elsewhere).await?;
    screen.frame.query = typed.to_owned();
    let title = screen.page.lang.t("search-title");
    let mut view = SearchPage {
        page: Page { title, ..screen.page },
        frame: screen.frame,
        is_more: asked.after.is_some(),
        ..SearchPage::default()
    };
    match Query::read(typed) {
        Err(Flaw::Empty) => {}
        Err(Flaw::OnlyExcluded) => view.flaw_key = Some("search-only-excluded"),
        Err(Flaw::TooLong) => view.flaw_key = Some("search-too-long"),
        Ok(query) => {
            let asking = SearchQuery {
                agent: &signed.agent,
                token: None,
                query: &query,
                after: asked.after,
                hits_max: HITS,
            };
            let found = signed.desk.store.search(&asking).await?;
            view.is_asked = true;
            view.count = found.count;
            view.next_url = found.next.map(|next| format!("/search?q={}&after={next}", in_query(typed)));
            view.results = results(&found, &query, &screen.reader);
        }
    }
    Ok(Html(view.render()?).into_response())
}

/// Messages of one case stand together, where the newest of them does.
fn results(found: &Found, query: &Query, reader: &Reader) -> Vec<Shown> {
    let mut results: Vec<Shown> = Vec::new();
    for hit in &found.hits {
        match (hit.kind, &hit.case) {
            (HitKind::Customer(customer), _) => results.push(Shown::Customer(CustomerFound {
                url: format!("/customers/{}/{customer}", hit.brand),
                name: name_or(hit.customer.as_deref(), &hit.address).to_owned(),
                address: excerpt(&hit.address, query, EXCERPT_CHARS),
                at: reader.day(hit.at),
            })),
            (HitKind::Message(message, state), Some(case)) => {
                let reference = case.reference.to_string();
                let shown = MessageFound {
                    url: format!("/cases/{reference}#m-{}", message.0.simple()),
                    kind: kind(state),
                    at: reader.short(hit.at),
                    excerpt: excerpt(&hit.text, query, EXCERPT_CHARS),
                };
                let same = results.iter_mut().find_map(|result| match result {
                    Shown::Case(found) if found.reference == reference => Some(found),
                    _ => None,
                });
                match same {
                    Some(found) => found.messages.push(shown),
                    None => results.push(Shown::Case(case_found(hit, case, query, shown))),
                }
            }
            (HitKind::Message(..), None) => {}
        }
    }
    results
}

fn case_found(hit: &Hit, case: &HitCase, query: &Query, first: MessageFound) -> CaseFound {
    let name = name_or(hit.customer.as_deref(), &hit.address);
    CaseFound {
        reference: case.reference.to_string(),
        customer: excerpt(name, query, SUBJECT_CHARS),
        subject: excerpt(&one_line(&case.subject, SUBJECT_CHARS), query, SUBJECT_CHARS),
        status: status(case.status, case.closing),
        messages: vec![first],
    }
}

fn kind(state: MessageState) -> Kind {
    match state {
        MessageState::Received => Kind::Received,
        MessageState::Note => Kind::Note,
        MessageState::Queued
        | MessageState::Delayed
        | MessageState::Sent
        | MessageState::Refused
        | MessageState::Posted => Kind::Written,
    }
}

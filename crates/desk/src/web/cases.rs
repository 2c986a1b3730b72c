//! The lists of cases.

use askama::Template;
use axum::extract::Query;
use axum::response::{Html, Redirect};
use serde::Deserialize;
use store::{ListPage, ListQuery, ListRow, Seek, View};

use super::context::{Here, Signed, view_nav};
use super::trouble::Trouble;
use super::words::{one_line, person_words, status, subject_words};
use super::{cursor, volume};
use crate::web::page::Page;
use crate::web::view::Reader;
use crate::web::view::case_list::{CaseList, CaseListRows, CaseRow, Person};
use crate::web::view::frame::CaseView;

/// Rows of one page.
const ROWS: u32 = 50;
/// Characters shown of the last message.
const EXCERPT_CHARS: usize = 160;

/// Which list, and which page of it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    view: Option<String>,
    after: Option<String>,
    before: Option<String>,
}

impl Asked {
    fn view(&self) -> CaseView {
        self.view.as_deref().and_then(CaseView::from_code).unwrap_or_default()
    }

    /// An unreadable cursor gives the first page.
    fn seek(&self) -> Seek {
        let after = self.after.as_deref().and_then(cursor::read).map(|(key, id)| Seek::After(key, id));
        let before = self.before.as_deref().and_then(cursor::read).map(|(key, id)| Seek::Before(key, id));
        after.or(before).unwrap_or(Seek::Start)
    }
}

/// GET `/`.
pub(super) async fn home() -> Redirect {
    Redirect::to("/cases?view=mine")
}

/// GET `/cases`.
pub(super) async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    let view = asked.view();
    let screen = signed.screen(Here::View(view)).await?;
    let rows = rows_of(&signed, &asked, &screen.reader).await?;
    let volume = volume::today(&signed.desk, &signed.agent, &screen.reader).await?;
    let page = Page { title: view.words(signed.visit.language), ..screen.page };
    Ok(Html(CaseList { page, frame: screen.frame, volume, rows }.render()?))
}

/// GET `/cases/rows`: the list alone, for live refresh.
pub(super) async fn rows(signed: Signed, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    let reader = signed.reader().await?;
    Ok(Html(rows_of(&signed, &asked, &reader).await?.render()?))
}

/// GET `/cases/views`: the counts alone, for live refresh.
pub(super) async fn views(signed: Signed, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    let counts = signed.desk.store.view_counts(&signed.agent).await?;
    let current = asked.view.as_deref().and_then(CaseView::from_code);
    Ok(Html(view_nav(&signed.visit, counts, current).render()?))
}

/// The list that a view of the screen stands for.
pub(super) fn stored(view: CaseView) -> View {
    match view {
        CaseView::Mine => View::Mine,
        CaseView::Team => View::Team,
        CaseView::Unassigned => View::Unassigned,
        CaseView::Waiting => View::Waiting,
        CaseView::All => View::All,
        CaseView::Closed => View::Closed,
    }
}

async fn rows_of(signed: &Signed, asked: &Asked, reader: &Reader) -> Result<CaseListRows, Trouble> {
    let view = asked.view();
    let query = ListQuery {
        agent: &signed.agent,
        token: None,
        view: stored(view),
        seek: asked.seek(),
        rows_max: ROWS,
    };
    let page = signed.desk.store.list(&query).await?;
    let (previous_url, next_url) = neighbours(view, &page);
    Ok(CaseListRows {
        lang: reader.language,
        view,
        rows: page.rows.iter().map(|row| case_row(row, reader)).collect(),
        refresh_url: refresh_url(view, query.seek),
        previous_url,
        next_url,
    })
}

fn neighbours(view: CaseView, page: &ListPage) -> (Option<String>, Option<String>) {
    let code = view.code();
    let at = |row: &ListRow| cursor::write(row.key, row.case.id.0);
    let first = page.rows.first().filter(|_| page.has_previous);
    let last = page.rows.last().filter(|_| page.has_next);
    (
        first.map(|row| format!("/cases?view={code}&before={}", at(row))),
        last.map(|row| format!("/cases?view={code}&after={}", at(row))),
    )
}

fn refresh_url(view: CaseView, seek: Seek) -> String {
    let code = view.code();
    match seek {
        Seek::Start => format!("/cases/rows?view={code}"),
        Seek::After(key, id) => format!("/cases/rows?view={code}&after={}", cursor::write(key, id)),
        Seek::Before(key, id) => format!("/cases/rows?view={code}&before={}", cursor::write(key, id)),
    }
}

fn case_row(row: &ListRow, reader: &Reader) -> CaseRow {
    let case = &row.case;
    let own_words = text::reading::read(&row.excerpt).visible();
    CaseRow {
        reference: case.reference.to_string(),
        customer: person_words(row.customer.as_deref(), &row.address, reader.language),
        subject: subject_words(&case.subject, EXCERPT_CHARS, reader.language),
        excerpt: one_line(&own_words, EXCERPT_CHARS),
        status: status(case.status, case.closing),
        assignee: row.assignee.as_deref().map(Person::named),
        act_by: case.act_by.map(|at| reader.due(at)),
        last_customer_at: case.last_inbound_at.map(|at| reader.short(at)),
        is_unread: case.unanswered_since.is_some(),
        is_undelivered: case.undelivered_at.is_some(),
    }
}

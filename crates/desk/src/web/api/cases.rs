//! `/api/v1/cases`: lists by view, paged by cursor, and one case.

use axum::Json;
use axum::extract::{Path, Query};
use serde::Deserialize;
use store::{ListQuery, Seek};

use super::super::case::find;
use super::super::cases::stored;
use super::super::context::Signed;
use super::super::cursor;
use super::super::trouble::Trouble;
use super::types::{CaseDetail, CaseList, CaseSummary};
use crate::web::view::frame::CaseView;

/// Cases on one page, unless less is asked for.
const LIMIT_MAX: u32 = 100;

/// Which list, and which page of it.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Asked {
    view: Option<String>,
    after: Option<String>,
    limit: Option<u32>,
}

/// GET `/api/v1/cases?view=&after=&limit=`.
pub(in crate::web) async fn cases(
    program: Signed,
    Query(asked): Query<Asked>,
) -> Result<Json<CaseList>, Trouble> {
    let view = match asked.view.as_deref() {
        None => CaseView::All,
        Some(word) => CaseView::from_code(word).ok_or(Trouble::Unreadable)?,
    };
    let seek = match asked.after.as_deref() {
        None => Seek::Start,
        Some(word) => cursor::read(word).map(|(key, id)| Seek::After(key, id)).ok_or(Trouble::Unreadable)?,
    };
    let rows_max = asked.limit.unwrap_or(LIMIT_MAX).clamp(1, LIMIT_MAX);
    let query = ListQuery { agent: &program.agent, view: stored(view), seek, rows_max };
    let page = program.desk.store.list(&query).await?;
    let last = page.rows.last().filter(|_| page.has_next);
    Ok(Json(CaseList {
        cases: page.rows.iter().map(CaseSummary::of).collect(),
        next: last.map(|row| cursor::write(row.key, row.case.id.0)),
    }))
}

/// GET `/api/v1/cases/{reference}`.
pub(in crate::web) async fn case(
    program: Signed,
    Path(reference): Path<String>,
) -> Result<Json<CaseDetail>, Trouble> {
    let case = find(&program, &reference).await?;
    let page = program.desk.store.case_page(case, Some(&program.agent)).await?;
    Ok(Json(CaseDetail::of(&page)))
}

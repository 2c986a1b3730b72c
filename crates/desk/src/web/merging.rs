//! Two cases about one problem are made one, and apart again, from the page of the one that ends.

use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Redirect, Response};
use casework::{Case, Refusal};
use serde::Deserialize;

use super::case::find;
use super::context::Signed;
use super::trouble::Trouble;
use super::visit::{flash, set_cookie};
use crate::door::merge::{Joining, join};

/// The case that goes on.
#[derive(Debug, Deserialize)]
pub(super) struct Into {
    #[serde(default)]
    into: String,
}

/// POST `/cases/{reference}/merging`.
pub(super) async fn merge(
    signed: Signed,
    Path(reference): Path<String>,
    Form(Into { into }): Form<Into>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    // A reference that leads nowhere, or where this person may not look, is answered in one and the same way.
    let other = match find(&signed, &into).await {
        Ok(other) => other,
        Err(Trouble::NotFound) => return Err(Refusal::NoMerge.into()),
        Err(error) => return Err(error),
    };
    join(&signed.desk, &signed.agent, Joining::Merge, (case.brand, case.id, other.id)).await?;
    Ok(to(&signed, &other, "done-merge"))
}

/// POST `/cases/{reference}/unmerging`.
pub(super) async fn undo(signed: Signed, Path(reference): Path<String>) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    let other = case.merged_into.ok_or(Refusal::NotMerged)?;
    join(&signed.desk, &signed.agent, Joining::Undo, (case.brand, case.id, other)).await?;
    Ok(to(&signed, &case, "done-unmerge"))
}

fn to(signed: &Signed, case: &Case, word: &str) -> Response {
    let mut response = Redirect::to(&format!("/cases/{}#latest", case.reference)).into_response();
    set_cookie(&mut response, &flash(&signed.desk, word));
    response
}

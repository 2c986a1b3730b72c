//! One customer: who they are, and their cases that the reader may see.

use askama::Template;
use axum::extract::Path;
use axum::response::Html;
use casework::{BrandId, CustomerId};
use uuid::Uuid;

use super::case::{case_link, customer_name, known_by};
use super::context::{Here, Signed};
use super::trouble::Trouble;
use crate::web::page::{Page, initials};
use crate::web::view::customer_page::CustomerPage;

/// GET `/customers/{brand}/{customer}`.
pub(super) async fn show(
    signed: Signed,
    Path((brand, customer)): Path<(i64, Uuid)>,
) -> Result<Html<String>, Trouble> {
    let (brand, customer) = (BrandId(brand), CustomerId(customer));
    let found = signed.desk.store.customer_page(brand, customer, &signed.agent).await?;
    let found = found.ok_or(Trouble::NotFound)?;
    let screen = signed.screen(Here::Elsewhere).await?;
    let reader = &screen.reader;
    let name = customer_name(&found.person).to_owned();
    let view = CustomerPage {
        page: Page { title: name.clone(), ..screen.page },
        frame: screen.frame,
        initials: initials(&name),
        known_since: reader.day(found.person.created_at),
        known_by: known_by(&found.person),
        cases: found.cases.iter().map(|case| case_link(case, reader)).collect(),
        message_count: found.messages,
        name,
    };
    Ok(Html(view.render()?))
}

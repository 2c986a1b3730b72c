//! One customer: who they are, and their cases that the reader may see. For administrators also what is theirs to take
//! away, and their erasure.

use askama::Template;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::access::{self, Wish};
use casework::{BrandId, CustomerId, Refusal, erasure};
use store::Person;
use uuid::Uuid;

use super::case::{case_link, customer_name, known_by};
use super::context::{Here, Signed};
use super::export::bundle;
use super::trouble::Trouble;
use super::visit::{flash, set_cookie};
use crate::door::erasure as at_the_door;
use crate::web::page::{Page, initials};
use crate::web::view::customer_page::{CustomerPage, Rights};

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
    let name = customer_name(&found.person, reader.language);
    let view = CustomerPage {
        page: Page { title: name.clone(), ..screen.page },
        frame: screen.frame,
        initials: initials(&name),
        known_since: reader.day(found.person.created_at),
        known_by: known_by(&found.person),
        cases: found.cases.iter().map(|case| case_link(case, reader)).collect(),
        message_count: found.messages,
        rights: rights(&signed, brand, &found.person).await?,
        name,
    };
    Ok(Html(view.render()?))
}

/// What the reader may do with a customer's data; nothing once it is gone.
async fn rights(signed: &Signed, brand: BrandId, person: &Person) -> Result<Option<Rights>, Trouble> {
    if access::allow(&signed.agent, Wish::EraseCustomer).is_err() {
        return Ok(None);
    }
    let store = &signed.desk.store;
    let left = store.cases_left(brand, person.id).await?;
    let obstacle = erasure::may_erase(&signed.agent, &left).err().map(Refusal::key);
    Ok(Some(Rights {
        url: format!("/customers/{}/{}", brand.0, person.id),
        is_asked: store.is_erasure_due(brand, person.id).await?,
        is_erased: left.is_empty() && person.identities.is_empty(),
        obstacle: obstacle.map(|key| signed.visit.language.t(key)),
    }))
}

/// GET `/customers/{brand}/{customer}/export.zip`.
pub(super) async fn export(
    signed: Signed,
    Path((brand, customer)): Path<(i64, Uuid)>,
) -> Result<Response, Trouble> {
    bundle(&signed.desk, &signed.agent, (BrandId(brand), CustomerId(customer))).await
}

/// POST `/customers/{brand}/{customer}/erasure`.
pub(super) async fn erase(
    signed: Signed,
    Path((brand, customer)): Path<(i64, Uuid)>,
) -> Result<Response, Trouble> {
    let whose = (BrandId(brand), CustomerId(customer));
    at_the_door::ask(&signed.desk, &signed.agent, whose).await?;
    let mut response = Redirect::to("/keeping").into_response();
    set_cookie(&mut response, &flash(&signed.desk, "done-erasure"));
    Ok(response)
}

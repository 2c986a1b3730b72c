//! `/api/v1/customers`: who is known by a sign, with which cases; and a new sign for somebody known.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use casework::{CustomerId, IdentityKind};
use serde::Deserialize;
use store::Brand;
use text::phone::Country;
use utoipa::IntoParams;
use uuid::Uuid;

use super::super::export::bundle;
use super::super::trouble::Trouble;
use super::command::Command;
use super::program::Program;
use super::types::act::Nothing;
use super::types::case::CaseSummary;
use super::types::customer::{Customer, CustomerDetail, CustomerList, NewIdentity};
use crate::door::erasure;
use crate::door::identity::identify as let_in;
use crate::door::report::sign;

/// Whom a program looks for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Asked {
    /// A mail address, a phone number in any spelling, a reference or a handle.
    known_by: String,
}

/// The customers of a brand who are known by this.
#[utoipa::path(get, path = "/api/v1/customers/{brand}", tag = "customers", params(("brand" = String, Path), Asked),
    responses((status = 200, body = CustomerList)))]
pub(in crate::web) async fn customers(
    program: Program,
    Path(brand): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<CustomerList>, Trouble> {
    let brand = program.brand(&brand).await?;
    let kinds = [IdentityKind::Mail, IdentityKind::Phone, IdentityKind::Reference, IdentityKind::Handle];
    let mut customers: Vec<Customer> = Vec::new();
    for kind in kinds {
        let Ok((_, address)) = sign(kind, &asked.known_by, Country::of_zone(&brand.zone)) else { continue };
        let person = program.desk.store.person_known_by(brand.id, &address).await?;
        customers.extend(
            person
                .filter(|person| customers.iter().all(|known| known.id != person.id.0))
                .map(|person| Customer::of(&person)),
        );
    }
    Ok(Json(CustomerList { customers }))
}

/// A customer with their cases.
#[utoipa::path(get, path = "/api/v1/customers/{brand}/{customer}", tag = "customers",
    params(("brand" = String, Path), ("customer" = Uuid, Path)), responses((status = 200, body = CustomerDetail)))]
pub(in crate::web) async fn customer(
    program: Program,
    Path((brand, customer)): Path<(String, Uuid)>,
) -> Result<Json<CustomerDetail>, Trouble> {
    let brand = program.brand(&brand).await?;
    Ok(Json(detail(&program, &brand, CustomerId(customer)).await?))
}

/// Adds a sign by which a customer is known. One that somebody else is known by is refused.
#[utoipa::path(post, path = "/api/v1/customers/{brand}/{customer}/identities", tag = "customers",
    request_body = NewIdentity, params(("brand" = String, Path), ("customer" = Uuid, Path)),
    responses((status = 201, body = CustomerDetail)))]
pub(in crate::web) async fn identify(
    program: Program,
    Path((brand, customer)): Path<(String, Uuid)>,
    command: Command<NewIdentity>,
) -> Result<(StatusCode, Json<CustomerDetail>), Trouble> {
    let brand = program.brand(&brand).await?;
    let NewIdentity { kind, value } = command.body;
    let sign = sign(kind, &value, Country::of_zone(&brand.zone))?;
    let customer = CustomerId(customer);
    let_in(&program.desk, (brand.id, customer), sign).await?;
    Ok((StatusCode::CREATED, Json(detail(&program, &brand, customer).await?)))
}

/// All that is known of a customer, in a ZIP with `export.json`, their letters and their files. For administrators.
#[utoipa::path(get, path = "/api/v1/customers/{brand}/{customer}/export", tag = "customers",
    params(("brand" = String, Path), ("customer" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip")))]
pub(in crate::web) async fn export(
    program: Program,
    Path((brand, customer)): Path<(String, Uuid)>,
) -> Result<Response, Trouble> {
    let brand = program.brand(&brand).await?;
    bundle(&program.desk, &program.agent, (brand.id, CustomerId(customer))).await
}

/// Asks to have all that is known of a customer erased. It is done soon after, once; what happened stays, without the words.
/// Refused while a case of theirs is not closed or is kept as evidence. For administrators.
#[utoipa::path(post, path = "/api/v1/customers/{brand}/{customer}/erasure", tag = "customers",
    request_body(content = Nothing), params(("brand" = String, Path), ("customer" = Uuid, Path)),
    responses((status = 202, description = "It is written down, and carried out.")))]
pub(in crate::web) async fn erase(
    program: Program,
    Path((brand, customer)): Path<(String, Uuid)>,
    _command: Command<Nothing>,
) -> Result<StatusCode, Trouble> {
    let brand = program.brand(&brand).await?;
    erasure::ask(&program.desk, &program.agent, (brand.id, CustomerId(customer))).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn detail(program: &Program, brand: &Brand, customer: CustomerId) -> Result<CustomerDetail, Trouble> {
    let store = &program.desk.store;
    let person = store.person(brand.id, customer).await?.ok_or(Trouble::NotFound)?;
    let page = store.customer_page(brand.id, customer, &program.agent).await?;
    let cases = page.map(|page| page.cases).unwrap_or_default();
    Ok(CustomerDetail {
        customer: Customer::of(&person),
        cases: cases.iter().map(|case| CaseSummary::of_head(case, person.name.clone())).collect(),
    })
}

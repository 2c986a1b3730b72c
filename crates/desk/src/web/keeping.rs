//! How long cases are kept, brand by brand, and the erasures that people asked for.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Form, Path};
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::{BrandId, Closing, Nature};
use store::{Brand, Keeping as Rule, ListedErasure};

use super::context::{Here, Signed};
use super::trouble::Trouble;
use super::visit::{flash, set_cookie};
use super::words;
use crate::web::page::Page;
use crate::web::view::Reader;
use crate::web::view::frame::Place;
use crate::web::view::keeping::{BrandRules, ErasureLine, Keeping, RuleRow};

/// Erasures shown.
const ERASURES: u32 = 100;
/// Longest time a case is kept that a rule can say: beyond, no rule is needed.
const MONTHS_MAX: u32 = 1_200;
/// How a case ends by itself.
const CLOSINGS: [Closing; 2] = [Closing::Confirmed, Closing::Lapsed];

/// GET `/keeping`.
pub(super) async fn show(signed: Signed) -> Result<Html<String>, Trouble> {
    let store = &signed.desk.store;
    let screen = signed.screen(Here::Place(Place::Keeping)).await?;
    let rules = store.keeping_rules().await?;
    let brands = store.brands().await?;
    let erasures = store.erasures(ERASURES).await?;
    let language = signed.visit.language;
    let page = Page { title: Place::Keeping.words(language), here: "/keeping".to_owned(), ..screen.page };
    let view = Keeping {
        page,
        frame: screen.frame,
        brands: brands.iter().map(|brand| brand_rules(brand, &rules)).collect(),
        erasures: erasures.iter().map(|one| line(one, &screen.reader)).collect(),
    };
    Ok(Html(view.render()?))
}

/// POST `/keeping/{brand}`: one field for each nature and end, in months; empty for ever.
pub(super) async fn set(
    signed: Signed,
    Path(brand): Path<i64>,
    Form(fields): Form<HashMap<String, String>>,
) -> Result<Response, Trouble> {
    let brand = BrandId(brand);
    let store = &signed.desk.store;
    if !store.brands().await?.iter().any(|known| known.id == brand) {
        return Err(Trouble::NotFound);
    }
    let mut rules = Vec::new();
    for (nature, closing) in kinds() {
        let typed = fields.get(&field(nature, closing)).map_or("", |typed| typed.trim());
        if typed.is_empty() {
            continue;
        }
        let months = typed.parse().ok().filter(|months| (1..=MONTHS_MAX).contains(months));
        rules.push(Rule { brand, nature, closing, months: months.ok_or(Trouble::Unreadable)? });
    }
    store.set_keeping(brand, rules).await?;
    let mut response = Redirect::to("/keeping").into_response();
    set_cookie(&mut response, &flash(&signed.desk, "done-keeping"));
    Ok(response)
}

fn kinds() -> impl Iterator<Item = (Nature, Closing)> {
    Nature::ALL.iter().flat_map(|nature| CLOSINGS.map(|closing| (*nature, closing)))
}

fn field(nature: Nature, closing: Closing) -> String {
    format!("{}-{}", nature.as_str(), closing.as_str())
}

fn brand_rules(brand: &Brand, rules: &[Rule]) -> BrandRules {
    let months = |nature: Nature, closing: Closing| {
        let rule = rules
            .iter()
            .find(|rule| rule.brand == brand.id && rule.nature == nature && rule.closing == closing);
        rule.map(|rule| rule.months.to_string()).unwrap_or_default()
    };
    let row = |nature: &Nature| RuleRow {
        nature: words::nature(*nature),
        fields: CLOSINGS
            .map(|closing| {
                let end = words::status(casework::Status::Closed, Some(closing));
                (end, field(*nature, closing), months(*nature, closing))
            })
            .to_vec(),
    };
    BrandRules { id: brand.id.0, name: brand.name.clone(), rows: Nature::ALL.iter().map(row).collect() }
}

fn line(listed: &ListedErasure, reader: &Reader) -> ErasureLine {
    let asked = &listed.erasure;
    ErasureLine {
        customer: asked.customer.to_string(),
        url: format!("/customers/{}/{}", asked.brand.0, asked.customer),
        asked_at: reader.at(asked.asked_at),
        by: listed.agent_name.clone().unwrap_or_default(),
        done_at: listed.done_at.map(|at| reader.at(at)),
        obstacle: listed.obstacle.as_deref().map(|key| reader.language.t(key)),
    }
}

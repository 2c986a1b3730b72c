//! A conseiller opens a case from a call, a visit or a letter on paper: who, what they said, when it reached us.

use askama::Template;
use axum::extract::{Form, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use casework::report::{Receipt, Report, Teller};
use casework::write::{Upload, Words};
use casework::{BrandId, Channel, CustomerId, IdentityKind, Nature, Refusal, Role};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use store::Inbox;
use text::phone::Country;
use uuid::Uuid;

use super::super::context::{Here, Screen, Signed};
use super::super::trouble::Trouble;
use super::super::upload::{self, Handed};
use super::super::visit::{flash, set_cookie};
use super::{people, received_at as came_at};
use crate::door::DoorError;
use crate::door::report::{Opened, Telling, open, sign};
use crate::web::page::Page;
use crate::web::view::Nature as ShownNature;
use crate::web::view::case_side::Choice;
use crate::web::view::hand::{Written, WrittenCase};

/// Whom the page is about.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct Asked {
    #[serde(default)]
    who: String,
}

/// The form, as it comes back.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Filled {
    act: String,
    who: String,
    /// `brand/customer` of somebody who was found; empty for somebody new.
    customer: String,
    inbox: String,
    channel: String,
    received_on: String,
    received_at: String,
    name: String,
    phone: String,
    email: String,
    number: String,
    nature: String,
    subject: String,
    body: String,
    receipt: String,
}

/// GET `/cases/new?who=`.
pub(in crate::web) async fn show(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Trouble> {
    let mut filled = Filled { who: asked.who, receipt: "yes".to_owned(), ..Filled::default() };
    prefill(&mut filled);
    Ok(Html(page(&signed, &filled, (None, &[])).await?).into_response())
}

/// What was looked for is what somebody new is known by.
fn prefill(filled: &mut Filled) {
    if sign(IdentityKind::Phone, &filled.who, Country::default()).is_ok() {
        filled.phone.clone_from(&filled.who);
    } else if sign(IdentityKind::Mail, &filled.who, Country::default()).is_ok() {
        filled.email.clone_from(&filled.who);
    }
}

/// POST `/cases`.
pub(in crate::web) async fn create(
    signed: Signed,
    handed: Handed,
    Form(filled): Form<Filled>,
) -> Result<Response, Trouble> {
    let say = |key: &str| signed.visit.language.t(key);
    if let Some(problem) = &handed.problem {
        return come_back(&signed, &filled, &handed, problem.words(signed.visit.language)).await;
    }
    let mut telling = match telling(&signed, &filled).await? {
        Ok(telling) => telling,
        Err(key) => return come_back(&signed, &filled, &handed, say(key)).await,
    };
    telling.report.words.files.clone_from(&handed.files);
    match open(&signed.desk, telling).await {
        Ok(Opened { case, .. }) => {
            let mut response = Redirect::to(&format!("/cases/{}", case.reference)).into_response();
            set_cookie(&mut response, &flash(&signed.desk, "done-opened"));
            Ok(response)
        }
        Err(DoorError::Refused(refusal)) => come_back(&signed, &filled, &handed, say(refusal.key())).await,
        Err(error) => Err(error.into()),
    }
}

async fn come_back(
    signed: &Signed,
    filled: &Filled,
    handed: &Handed,
    problem: String,
) -> Result<Response, Trouble> {
    let html = page(signed, filled, (Some(problem), &handed.files)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response())
}

/// The report that was filled in, or the key of a sentence that says what is wrong with it.
async fn telling(signed: &Signed, filled: &Filled) -> Result<Result<Telling, &'static str>, Trouble> {
    let inboxes = inboxes(signed).await?;
    let Some(inbox) = inboxes.iter().find(|inbox| inbox.address == filled.inbox) else {
        return Ok(Err("refusal-no-inbox"));
    };
    let zone = signed.reader().await?.zone;
    let brands = signed.desk.store.brands().await?;
    let brand = brands.iter().find(|brand| brand.id == inbox.brand).ok_or(Trouble::NotFound)?;
    let signs = match signs(filled, Country::of_zone(&brand.zone)) {
        Ok(signs) => signs,
        Err(key) => return Ok(Err(key)),
    };
    let received_at = match filled.received_on.trim() {
        "" => None,
        day => match came_at(day, &filled.received_at, &zone, signed.desk.clock.now()) {
            Some(at) => Some(at),
            None => return Ok(Err(Refusal::NoReceiptDay.key())),
        },
    };
    let text = filled.body.replace("\r\n", "\n").trim().to_owned();
    let words = Words { html: Some(text::html::from_plain(&text)), text, files: Vec::new() };
    let language = text::language::of(&words.text).map(|language| language.code().to_owned());
    let receipt = if filled.receipt == "yes" { Receipt::Sent } else { Receipt::None };
    Ok(Ok(Telling {
        brand: inbox.brand,
        inbox: inbox.id,
        report: Report {
            channel: channel(&filled.channel),
            subject: filled.subject.clone(),
            words,
            nature: Nature::parse(&filled.nature).unwrap_or(Nature::Complaint),
            language,
            received_at,
            receipt,
        },
        teller: Teller::Agent(signed.agent.clone()),
        customer: chosen(&filled.customer, inbox.brand),
        name: Some(filled.name.trim().to_owned()).filter(|name| !name.is_empty()),
        signs,
        key: format!("hand {} {}", signed.agent.id, filled.act),
        once: None,
    }))
}

fn channel(word: &str) -> Channel {
    match Channel::parse(word) {
        Some(channel @ (Channel::Visit | Channel::Post)) => channel,
        _ => Channel::Phone,
    }
}

/// Somebody who was found, as long as the case is one of their brand.
fn chosen(word: &str, brand: BrandId) -> Option<CustomerId> {
    let (of, id) = word.split_once('/')?;
    let id = Uuid::try_parse(id).ok()?;
    (of == brand.to_string()).then_some(CustomerId(id))
}

fn signs(filled: &Filled, country: Country) -> Result<Vec<(IdentityKind, String)>, &'static str> {
    let typed = [
        (IdentityKind::Mail, &filled.email, "form-problem-email"),
        (IdentityKind::Phone, &filled.phone, "form-problem-phone"),
        (IdentityKind::Reference, &filled.number, "hand-problem-number"),
    ];
    let mut signs = Vec::new();
    for (kind, typed, key) in typed.into_iter().filter(|(_, typed, _)| !typed.trim().is_empty()) {
        signs.push(sign(kind, typed, country).map_err(|_| key)?);
    }
    Ok(signs)
}

/// The inboxes for whose teams this person may open cases.
async fn inboxes(signed: &Signed) -> Result<Vec<Inbox>, Trouble> {
    let agent = &signed.agent;
    let is_own =
        |inbox: &Inbox| agent.role == Role::Admin || agent.teams.contains(&(inbox.brand, inbox.team));
    Ok(signed.desk.store.inboxes().await?.into_iter().filter(is_own).collect())
}

async fn page(
    signed: &Signed,
    filled: &Filled,
    (problem, files): (Option<String>, &[Upload]),
) -> Result<String, Trouble> {
    let Screen { page, frame, reader } = signed.screen(Here::Elsewhere).await?;
    let found = people::find(&signed.desk, &signed.agent, &filled.who, signed.visit.language).await?;
    let inboxes = inboxes(signed).await?;
    let choice = |inbox: &Inbox| Choice {
        id: inbox.address.clone(),
        name: inbox.name.clone(),
        is_selected: inbox.address == filled.inbox,
    };
    let new_act = || HEXLOWER.encode(&signed.desk.chance.bytes()[..16]);
    let is_looked_for = !filled.who.trim().is_empty();
    let view = WrittenCase {
        page: Page { title: page.t("hand-title"), here: "/cases/new".to_owned(), ..page },
        frame,
        is_nobody: is_looked_for && found.is_empty(),
        customer: match (filled.customer.as_str(), found.as_slice()) {
            ("", [only]) => only.id.clone(),
            (customer, _) => customer.to_owned(),
        },
        found,
        inboxes: inboxes.iter().map(choice).collect(),
        act: if filled.act.is_empty() { new_act() } else { filled.act.clone() },
        today: reader.now.to_zoned(reader.zone.clone()).date().to_string(),
        nature: ShownNature::ALL
            .into_iter()
            .find(|nature| nature.code() == filled.nature)
            .unwrap_or(ShownNature::Complaint),
        sends_receipt: filled.receipt == "yes",
        filled: Written {
            who: filled.who.clone(),
            channel: filled.channel.clone(),
            received_on: filled.received_on.clone(),
            received_at: filled.received_at.clone(),
            name: filled.name.clone(),
            phone: filled.phone.clone(),
            email: filled.email.clone(),
            number: filled.number.clone(),
            subject: filled.subject.clone(),
            body: filled.body.chars().take(100_000).collect(),
        },
        problem,
        kept: upload::kept(&signed.desk, files),
    };
    Ok(view.render()?)
}

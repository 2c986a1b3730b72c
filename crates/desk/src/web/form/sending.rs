//! A public form that comes back: kept as a draft, shown once more to be read, or sent, which opens a case.

use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use casework::proof::LINK_HOLDS;
use casework::report::{Receipt, Report, Teller};
use casework::write::Words;
use casework::{Channel, IdentityKind};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use store::Draft;
use text::phone::Country;

use super::super::context::Anyone;
use super::super::state::Web;
use super::super::trouble::Trouble;
use super::super::upload::Handed;
use super::answers::Answers;
use super::definition::{Found, find};
use super::pages::{Asked, DRAFT_PLACE, Scene};
use super::stamp::{Doubt, Sender, Stamp};
use crate::auth::session;
use crate::door::DoorError;
use crate::door::report::{Telling, open};
use crate::forms::Ask;
use crate::seal;

/// How long a draft is kept.
const DRAFT_KEPT: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How long the link holds that is shown at once, where a lasting one goes to the address that was given: anybody may
/// have typed that address.
const FIRST_LOOK: SignedDuration = SignedDuration::from_hours(1);

/// The form as it comes back.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Sent {
    /// `draft`, `review`, `edit` or `send`.
    #[serde(default, rename = "do")]
    action: String,
    #[serde(default)]
    stamp: String,
    #[serde(default)]
    work: String,
    /// A field that people do not see.
    #[serde(default)]
    website: String,
    #[serde(default)]
    draft: String,
    #[serde(flatten)]
    answers: Answers,
}

/// POST `/f/{brand}/{form}`.
pub(in crate::web) async fn take(
    State(web): State<Web>,
    anyone: Anyone,
    Path((brand, slug)): Path<(String, String)>,
    axum::extract::Query(asked): axum::extract::Query<Asked>,
    handed: Handed,
    Form(sent): Form<Sent>,
) -> Result<Response, Trouble> {
    let desk = &anyone.desk;
    let found = find(desk, &brand, &slug).await?;
    let stamp = Stamp::read(&sent.stamp).ok_or(Trouble::ExpiredForm)?;
    let mut scene = Scene::new(desk, &anyone.visit, &found, &asked).await?;
    scene.handed = handed;
    let answers = only_asked(sent.answers.bounded(), &found);
    if sent.action == "draft" {
        return keep(&web, &scene, &sent.draft, &answers).await;
    }
    if sent.action == "edit" {
        return scene.form(&stamp, &answers, &[], (None, &sent.draft));
    }
    let country = Country::of_zone(&found.brand.zone);
    let problems = answers.problems(&found.body, country);
    if !problems.is_empty() || scene.handed.problem.is_some() {
        return scene.form(&stamp, &answers, &problems, (None, &sent.draft));
    }
    if sent.action != "send" {
        return scene.review(&stamp, &answers, &sent.draft, None);
    }
    let sender = Sender { peer: anyone.visit.peer, trap: &sent.website, work: &sent.work };
    if let Some(doubt) = stamp.doubt(&web, &sender) {
        let stamp = if doubt == Doubt::TooOld { Stamp::new(desk) } else { stamp };
        let words = scene.language.ta(doubt_key(doubt), [("address", found.inbox.address.as_str().into())]);
        return scene.review(&stamp, &answers, &sent.draft, Some(words));
    }
    let case = match open(desk, telling(&scene, &stamp, &answers, country)).await {
        Ok(opened) => opened.case,
        Err(DoorError::Refused(refusal)) => {
            let words = scene.language.t(refusal.key());
            return scene.review(&stamp, &answers, &sent.draft, Some(words));
        }
        Err(error) => return Err(error.into()),
    };
    if !sent.draft.is_empty() {
        desk.store.forget_draft(session::hash_of(&sent.draft)).await?;
    }
    let holds = if answers.email.is_empty() { LINK_HOLDS } else { FIRST_LOOK };
    let until = desk.clock.now().checked_add(holds).unwrap_or(Timestamp::MAX);
    let token = desk.secret.link_token(&case, until);
    let frame = if scene.is_embedded { "?embed=1" } else { "" };
    Ok(Redirect::to(&format!("{}/sent/{token}{frame}", found.path())).into_response())
}

/// What the form does not ask is not taken from it.
fn only_asked(mut answers: Answers, found: &Found) -> Answers {
    use crate::forms::Question::{ByWhen, Phone, Product, Reference, Tried, Wanted, When};
    let hidden = |question| found.body.ask(question) == Ask::Hidden;
    for (question, answer) in [
        (Reference, &mut answers.reference),
        (Product, &mut answers.product),
        (When, &mut answers.when),
        (Tried, &mut answers.tried),
        (Wanted, &mut answers.wanted),
        (Wanted, &mut answers.wanted_more),
        (ByWhen, &mut answers.by_when),
        (Phone, &mut answers.phone),
    ] {
        if hidden(question) {
            answer.clear();
        }
    }
    answers
}

/// Keeps a draft, sealed; its writer comes back to it by an address that they alone have.
async fn keep(web: &Web, scene: &Scene<'_>, token: &str, answers: &Answers) -> Result<Response, Trouble> {
    let (desk, found) = (&web.desk, scene.found);
    let token =
        if token.is_empty() || token.len() > 100 { session::new_token(desk) } else { token.to_owned() };
    let json = serde_json::to_vec(answers).map_err(|error| Trouble::Failure(error.to_string()))?;
    let sealed = seal::seal(&desk.secret, &desk.chance, DRAFT_PLACE, &json);
    let sealed = sealed.map_err(|error| Trouble::Failure(error.to_string()))?;
    let draft = Draft {
        token_hash: session::hash_of(&token),
        brand: found.brand.id,
        form: found.form.id,
        sealed,
        expires_at: desk.clock.now().checked_add(DRAFT_KEPT).unwrap_or(Timestamp::MAX),
    };
    desk.store.keep_draft(draft).await?;
    let frame =
        if scene.is_embedded { format!("&embed=1&lang={}", scene.language.code()) } else { String::new() };
    Ok(Redirect::to(&format!("{}?draft={token}{frame}", found.path())).into_response())
}

fn doubt_key(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::TooFast => "form-doubt-fast",
        Doubt::TooOld => "form-doubt-old",
        Doubt::Trap => "form-doubt-trap",
        Doubt::TooMany(_) => "form-doubt-many",
    }
}

fn telling(scene: &Scene<'_>, stamp: &Stamp, answers: &Answers, country: Country) -> Telling {
    let found = scene.found;
    let has_mail = answers.signs(country).iter().any(|(kind, _)| *kind == IdentityKind::Mail);
    let text = answers.text(scene.language);
    let files = scene.handed.files.clone();
    let words = Words { html: Some(text::html::from_plain(&text)), text, files };
    Telling {
        brand: found.brand.id,
        inbox: found.form.inbox,
        report: Report {
            channel: Channel::Form,
            subject: String::new(),
            words,
            nature: found.form.nature,
            language: Some(scene.language.code().to_owned()),
            received_at: None,
            receipt: if has_mail { Receipt::Sent } else { Receipt::None },
        },
        teller: Teller::Customer,
        customer: None,
        name: Some(answers.name.clone()).filter(|name| !name.is_empty()),
        signs: answers.signs(country),
        key: format!("form {} {}", found.path(), stamp.text),
        once: None,
    }
}

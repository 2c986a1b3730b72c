//! What people of the desk do to a case, each by its own form. Every act goes through the one door.

use axum::extract::{Form, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::act::Act;
use casework::write::Words;
use casework::{Actor, AgentId, Case, Nature, TeamId, What};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;

use super::case::{Draft, find, page_with};
use super::context::Signed;
use super::forms::Written;
use super::trouble::Trouble;
use super::upload::Handed;
use super::visit::{flash, set_cookie};
use super::words;
use crate::door::DoorError;
use crate::door::act::by_agent;
use crate::door::once::Once;
use crate::web::view::composer::ComposerKind;

/// POST `/cases/{reference}/replies`.
pub(super) async fn reply(
    signed: Signed,
    Path(reference): Path<String>,
    handed: Handed,
    Form(written): Form<Written>,
) -> Result<Response, Trouble> {
    let waits = written.then == "waiting_customer";
    let act = Act::Reply { words: with_files(&written, &handed), waits };
    write(&signed, &reference, (&written, &handed), (ComposerKind::Reply, act)).await
}

/// POST `/cases/{reference}/notes`.
pub(super) async fn note(
    signed: Signed,
    Path(reference): Path<String>,
    handed: Handed,
    Form(written): Form<Written>,
) -> Result<Response, Trouble> {
    let act = Act::Note(with_files(&written, &handed));
    write(&signed, &reference, (&written, &handed), (ComposerKind::Note, act)).await
}

/// POST `/cases/{reference}/proposals`.
pub(super) async fn propose(
    signed: Signed,
    Path(reference): Path<String>,
    handed: Handed,
    Form(written): Form<Written>,
) -> Result<Response, Trouble> {
    let act = Act::Propose(with_files(&written, &handed));
    write(&signed, &reference, (&written, &handed), (ComposerKind::Proposal, act)).await
}

/// To whom a case is given.
#[derive(Debug, Deserialize)]
pub(super) struct Assigned {
    team: Option<Uuid>,
    #[serde(default)]
    agent: String,
}

/// POST `/cases/{reference}/assignment`.
pub(super) async fn assign(
    signed: Signed,
    Path(reference): Path<String>,
    Form(assigned): Form<Assigned>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    let agent = match assigned.agent.as_str() {
        "" => None,
        id => Some(AgentId(Uuid::try_parse(id).map_err(|_| Trouble::Unreadable)?)),
    };
    let act = Act::Assign { team: assigned.team.map_or(case.team, TeamId), agent };
    do_act(&signed, &case, act, "done-assignment").await
}

/// What a case is to wait for, or that it is taken up again.
#[derive(Debug, Deserialize)]
pub(super) struct NewStatus {
    to: String,
    #[serde(default)]
    third_party: String,
    #[serde(default)]
    chase_on: String,
}

/// POST `/cases/{reference}/status`.
pub(super) async fn change_status(
    signed: Signed,
    Path(reference): Path<String>,
    Form(status): Form<NewStatus>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    let act = match status.to.as_str() {
        "open" => Act::Resume,
        "waiting_customer" => Act::WaitForCustomer,
        "waiting_third_party" => {
            let zone = signed.reader().await?.zone;
            // A date that cannot be read has passed: the law of the desk then asks for one to come.
            let chase_at = morning_of(&status.chase_on, &zone).unwrap_or(Timestamp::MIN);
            Act::WaitForThirdParty { name: status.third_party, chase_at }
        }
        _ => return Err(Trouble::Unreadable),
    };
    do_act(&signed, &case, act, "done-status").await
}

/// A corrected nature.
#[derive(Debug, Deserialize)]
pub(super) struct NewNature {
    to: String,
    #[serde(default)]
    reason: String,
}

/// POST `/cases/{reference}/nature`.
pub(super) async fn change_nature(
    signed: Signed,
    Path(reference): Path<String>,
    Form(nature): Form<NewNature>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    let to = Nature::parse(&nature.to).ok_or(Trouble::Unreadable)?;
    do_act(&signed, &case, Act::ChangeNature { to, reason: nature.reason }, "done-nature").await
}

/// What was written, with the files that came with it.
fn with_files(written: &Written, handed: &Handed) -> Words {
    Words { files: handed.files.clone(), ..written.words() }
}

/// Writes something that was composed. When the case has moved meanwhile, or the desk says no, the page comes back with
/// the text kept and a sentence that says why.
async fn write(
    signed: &Signed,
    reference: &str,
    (written, handed): (&Written, &Handed),
    (kind, act): (ComposerKind, Act),
) -> Result<Response, Trouble> {
    let case = find(signed, reference).await?;
    let language = signed.visit.language;
    let written = (written, handed);
    if let Some(problem) = &handed.problem {
        let why = (kind, problem.words(language), StatusCode::UNPROCESSABLE_ENTITY);
        return come_back(signed, case, written, why).await;
    }
    if kind != ComposerKind::Note && has_moved(signed, &case, written.0.seen).await? {
        let why = (kind, language.t("refusal-written-meanwhile"), StatusCode::CONFLICT);
        return come_back(signed, case, written, why).await;
    }
    let done_word = match kind {
        ComposerKind::Reply => "done-reply",
        ComposerKind::Note => "done-note",
        ComposerKind::Proposal => "done-proposal",
    };
    let once = Once::new(&signed.agent.id.to_string(), &written.0.as_one_act(done_word));
    match by_agent(&signed.desk, &signed.agent, (case.brand, case.id), act, once).await {
        Ok(_) => Ok(done(signed, &case, done_word)),
        Err(DoorError::Refused(refusal)) => {
            let why = (kind, language.t(refusal.key()), StatusCode::UNPROCESSABLE_ENTITY);
            come_back(signed, case, written, why).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether the customer or a colleague has written since the page was shown.
async fn has_moved(signed: &Signed, case: &Case, seen: Option<u32>) -> Result<bool, Trouble> {
    let Some(seen) = seen.filter(|seen| *seen < case.seq) else { return Ok(false) };
    let events = signed.desk.store.timeline(case.brand, case.id).await?;
    let is_news = |event: &&casework::Event| match event.what {
        What::MessageReceived { automatic, .. } => automatic.is_none(),
        What::MessageWritten { .. } => {
            matches!(event.actor, Actor::Agent(agent) if agent != signed.agent.id)
        }
        _ => false,
    };
    Ok(events.iter().filter(|event| event.seq > seen).any(|event| is_news(&event)))
}

async fn come_back(
    signed: &Signed,
    case: Case,
    (written, handed): (&Written, &Handed),
    (kind, problem, status): (ComposerKind, String, StatusCode),
) -> Result<Response, Trouble> {
    let draft = Draft {
        kind,
        text: written.plain().chars().take(100_000).collect(),
        act: words::one_line(&written.act, 100),
        problem: Some(problem),
        files: handed.files.clone(),
    };
    Ok((status, page_with(signed, case, draft).await?).into_response())
}

pub(super) async fn do_act(signed: &Signed, case: &Case, act: Act, word: &str) -> Result<Response, Trouble> {
    by_agent(&signed.desk, &signed.agent, (case.brand, case.id), act, None).await?;
    // Giving a case away may put it out of one's own sight.
    let again = signed.desk.store.find_case(&case.reference, &signed.agent).await?;
    match again {
        Some(case) => Ok(done(signed, &case, word)),
        None => Ok(with_word(signed, Redirect::to("/cases").into_response(), word)),
    }
}

fn done(signed: &Signed, case: &Case, word: &str) -> Response {
    let page = Redirect::to(&format!("/cases/{}#latest", case.reference)).into_response();
    with_word(signed, page, word)
}

fn with_word(signed: &Signed, mut response: Response, word: &str) -> Response {
    set_cookie(&mut response, &flash(&signed.desk, word));
    response
}

/// Nine in the morning of a day written `YYYY-MM-DD`.
fn morning_of(day: &str, zone: &jiff::tz::TimeZone) -> Option<Timestamp> {
    let date: Date = day.trim().parse().ok()?;
    Some(date.at(9, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp())
}

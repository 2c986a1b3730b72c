//! What a conseiller writes down about a case that is open: a call, what the customer said elsewhere, a promise; and the
//! private links that are to lead nowhere any more.

use axum::extract::{Form, Path};
use axum::response::Response;
use casework::act::{Act, Call};
use casework::write::Words;
use casework::{CallResult, Channel, CommitmentId, Direction, Refusal};
use serde::Deserialize;
use uuid::Uuid;

use super::super::acts::do_act;
use super::super::case::find;
use super::super::context::Signed;
use super::super::trouble::Trouble;
use super::super::upload::Handed;
use super::{instant, received_at};

/// A call.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(in crate::web) struct Called {
    direction: String,
    result: String,
    body: String,
    again_on: String,
    again_at: String,
}

/// POST `/cases/{reference}/calls`.
pub(in crate::web) async fn call(
    signed: Signed,
    Path(reference): Path<String>,
    Form(called): Form<Called>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    let zone = signed.reader().await?.zone;
    let call_again_at = match called.again_on.trim() {
        "" => None,
        day => Some(instant(day, &called.again_at, "10:00", &zone).ok_or(Refusal::NoCallDate)?),
    };
    let call = Call {
        direction: Direction::parse(&called.direction).ok_or(Trouble::Unreadable)?,
        result: CallResult::parse(&called.result).unwrap_or(CallResult::Reached),
        words: plain(&called.body),
        call_again_at,
    };
    do_act(&signed, &case, Act::LogCall(call), "done-call").await
}

/// What the customer said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Said {
    channel: String,
    received_on: String,
    body: String,
}

/// POST `/cases/{reference}/statements`.
pub(in crate::web) async fn state(
    signed: Signed,
    Path(reference): Path<String>,
    handed: Handed,
    Form(said): Form<Said>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    let zone = signed.reader().await?.zone;
    let Some(channel @ (Channel::Visit | Channel::Post)) = Channel::parse(&said.channel) else {
        return Err(Trouble::Unreadable);
    };
    let came_at = match said.received_on.trim() {
        "" => None,
        day => {
            let at = received_at(day, "", &zone, signed.desk.clock.now());
            Some(at.ok_or(Refusal::NoReceiptDay)?)
        }
    };
    if let Some(problem) = &handed.problem {
        return Err(Trouble::Invalid(problem.words(signed.visit.language)));
    }
    let words = Words { files: handed.files, ..plain(&said.body) };
    let act = Act::WriteDown { channel, words, received_at: came_at };
    do_act(&signed, &case, act, "done-statement").await
}

/// A promise.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Promised {
    promise: String,
    due_on: String,
    due_at: String,
}

/// POST `/cases/{reference}/commitments`.
pub(in crate::web) async fn commit(
    signed: Signed,
    Path(reference): Path<String>,
    Form(promised): Form<Promised>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    let zone = signed.reader().await?.zone;
    let due_at = instant(&promised.due_on, &promised.due_at, "18:00", &zone).ok_or(Refusal::NoDueDate)?;
    do_act(&signed, &case, Act::Commit { promise: promised.promise, due_at }, "done-commitment").await
}

/// POST `/cases/{reference}/commitments/{commitment}/keeping`.
pub(in crate::web) async fn keep(
    signed: Signed,
    Path((reference, commitment)): Path<(String, Uuid)>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    do_act(&signed, &case, Act::KeepCommitment(CommitmentId(commitment)), "done-commitment-kept").await
}

/// POST `/cases/{reference}/links/revocation`.
pub(in crate::web) async fn revoke_links(
    signed: Signed,
    Path(reference): Path<String>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    do_act(&signed, &case, Act::RevokeLinks, "done-links").await
}

/// Why something is done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Reason {
    reason: String,
}

/// POST `/cases/{reference}/hold`.
pub(in crate::web) async fn hold(
    signed: Signed,
    Path(reference): Path<String>,
    Form(why): Form<Reason>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    do_act(&signed, &case, Act::Hold(why.reason), "done-hold").await
}

/// POST `/cases/{reference}/hold/lifting`.
pub(in crate::web) async fn lift_hold(
    signed: Signed,
    Path(reference): Path<String>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    do_act(&signed, &case, Act::LiftHold, "done-hold-lifted").await
}

fn plain(body: &str) -> Words {
    let text = body.replace("\r\n", "\n").trim().to_owned();
    let html = (!text.is_empty()).then(|| text::html::from_plain(&text));
    Words { text, html, files: Vec::new() }
}

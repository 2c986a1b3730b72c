//! What programs do in a case. Each act is the same as at the screen, by the same door.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use casework::act::{Act, Call, CustomerAct};
use casework::write::Words;
use casework::{AgentId, Case, Channel, CommitmentId, Refusal, TeamId};
use uuid::Uuid;

use super::super::trouble::Trouble;
use super::command::{Command, answer};
use super::files::named;
use super::program::Program;
use super::types::act::{
    Assignment, CallLog, Hold, NatureChange, Nothing, PersonWords, Promise, Receipt, Reply, Statement,
    StatusChange, WaitStatus,
};
use crate::door::act::{Terms, by_agent, by_customer};
use crate::door::once::Once;

/// Answers the customer.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/replies", tag = "acts", request_body = Reply,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn reply(
    program: Program,
    Path(reference): Path<String>,
    command: Command<Reply>,
) -> Result<Response, Trouble> {
    let Reply { text, files, waits_for_customer } = command.body;
    let words = with_files(&program, &text, &files).await?;
    let act = Act::Reply { words, waits: waits_for_customer };
    do_act(&program, &reference, act, command.terms).await
}

/// Proposes a solution, which the customer confirms or refuses.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/proposals", tag = "acts", request_body = PersonWords,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn propose(
    program: Program,
    Path(reference): Path<String>,
    command: Command<PersonWords>,
) -> Result<Response, Trouble> {
    let words = with_files(&program, &command.body.text, &command.body.files).await?;
    do_act(&program, &reference, Act::Propose(words), command.terms).await
}

/// Adds an internal note; the customer never sees it.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/notes", tag = "acts", request_body = PersonWords,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn note(
    program: Program,
    Path(reference): Path<String>,
    command: Command<PersonWords>,
) -> Result<Response, Trouble> {
    let words = with_files(&program, &command.body.text, &command.body.files).await?;
    do_act(&program, &reference, Act::Note(words), command.terms).await
}

/// Writes down what the customer said elsewhere.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/statements", tag = "acts", request_body = Statement,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn state(
    program: Program,
    Path(reference): Path<String>,
    command: Command<Statement>,
) -> Result<Response, Trouble> {
    let Statement { channel, text, received_at, files } = command.body;
    let words = with_files(&program, &text, &files).await?;
    let act = Act::WriteDown { channel: channel.into(), words, received_at };
    do_act(&program, &reference, act, command.terms).await
}

/// Logs a call with its result.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/calls", tag = "acts", request_body = CallLog,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn log_call(
    program: Program,
    Path(reference): Path<String>,
    command: Command<CallLog>,
) -> Result<Response, Trouble> {
    let CallLog { direction, result, text, call_again_at } = command.body;
    let call = Call { direction, result, words: words(&text), call_again_at };
    do_act(&program, &reference, Act::LogCall(call), command.terms).await
}

/// Gives the case to a team and, in it, to a person or to nobody yet.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/assignment", tag = "acts", request_body = Assignment,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn assign(
    program: Program,
    Path(reference): Path<String>,
    command: Command<Assignment>,
) -> Result<Response, Trouble> {
    let case = program.find(&reference).await?;
    let Assignment { team, agent } = command.body;
    let act = Act::Assign { team: team.map_or(case.team, TeamId), agent: agent.map(AgentId) };
    carry_out(&program, &case, act, command.terms).await
}

/// Waits for the customer or a third party, or makes the case ours to move again.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/status", tag = "acts", request_body = StatusChange,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn change_status(
    program: Program,
    Path(reference): Path<String>,
    command: Command<StatusChange>,
) -> Result<Response, Trouble> {
    let StatusChange { to, third_party, chase_at } = command.body;
    let act = match to {
        WaitStatus::Open => Act::Resume,
        WaitStatus::WaitingCustomer => Act::WaitForCustomer,
        WaitStatus::WaitingThirdParty => Act::WaitForThirdParty {
            name: third_party.unwrap_or_default(),
            chase_at: chase_at.ok_or(Refusal::NoChaseDate)?,
        },
    };
    do_act(&program, &reference, act, command.terms).await
}

/// Corrects the nature, with the reason.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/nature", tag = "acts", request_body = NatureChange,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn change_nature(
    program: Program,
    Path(reference): Path<String>,
    command: Command<NatureChange>,
) -> Result<Response, Trouble> {
    let NatureChange { to, reason } = command.body;
    let act = Act::ChangeNature { to, reason };
    do_act(&program, &reference, act, command.terms).await
}

/// Commits to something by a date: a promise that is watched until it is kept.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/commitments", tag = "acts", request_body = Promise,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn commit(
    program: Program,
    Path(reference): Path<String>,
    command: Command<Promise>,
) -> Result<Response, Trouble> {
    let Promise { promise, due_at } = command.body;
    do_act(&program, &reference, Act::Commit { promise, due_at }, command.terms).await
}

/// A promise was kept.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/commitments/{commitment}/keeping", tag = "acts",
    request_body(content = Nothing), params(("reference" = String, Path), ("commitment" = Uuid, Path)),
    responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn keep(
    program: Program,
    Path((reference, commitment)): Path<(String, Uuid)>,
    command: Command<Nothing>,
) -> Result<Response, Trouble> {
    let act = Act::KeepCommitment(CommitmentId(commitment));
    do_act(&program, &reference, act, command.terms).await
}

/// Makes every private link given out so far lead nowhere.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/links/revocation", tag = "acts",
    request_body(content = Nothing), params(("reference" = String, Path)),
    responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn revoke_links(
    program: Program,
    Path(reference): Path<String>,
    command: Command<Nothing>,
) -> Result<Response, Trouble> {
    do_act(&program, &reference, Act::RevokeLinks, command.terms).await
}

/// Has everything of the case kept as evidence: nothing of it is erased. For leads and administrators.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/hold", tag = "acts", request_body = Hold,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn hold(
    program: Program,
    Path(reference): Path<String>,
    command: Command<Hold>,
) -> Result<Response, Trouble> {
    do_act(&program, &reference, Act::Hold(command.body.reason), command.terms).await
}

/// Has it kept no longer than other cases.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/hold/lifting", tag = "acts",
    request_body(content = Nothing), params(("reference" = String, Path)),
    responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn lift_hold(
    program: Program,
    Path(reference): Path<String>,
    command: Command<Nothing>,
) -> Result<Response, Trouble> {
    do_act(&program, &reference, Act::LiftHold, command.terms).await
}

/// In the customer's name: the proposed solution solves the problem.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/confirmation", tag = "acts",
    request_body(content = Nothing), params(("reference" = String, Path)),
    responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn confirm(
    program: Program,
    Path(reference): Path<String>,
    command: Command<Nothing>,
) -> Result<Response, Trouble> {
    say_for_customer(&program, &reference, CustomerAct::Confirm, command.terms).await
}

/// In the customer's name: they write again, or say that the solution does not solve the problem.
#[utoipa::path(post, path = "/api/v1/cases/{reference}/reopening", tag = "acts", request_body = PersonWords,
    params(("reference" = String, Path)), responses((status = 200, body = Receipt)))]
pub(in crate::web) async fn reopen(
    program: Program,
    Path(reference): Path<String>,
    command: Command<PersonWords>,
) -> Result<Response, Trouble> {
    let said = with_files(&program, &command.body.text, &command.body.files).await?;
    let said = (!said.text.is_empty()).then_some(said);
    say_for_customer(&program, &reference, CustomerAct::Reopen(said), command.terms).await
}

async fn say_for_customer(
    program: &Program,
    reference: &str,
    act: CustomerAct,
    terms: Terms,
) -> Result<Response, Trouble> {
    let case = program.find(reference).await?;
    let done = by_customer(&program.desk, (case.brand, case.id), act, terms).await?;
    answer(StatusCode::OK, Once::receipt_of(done))
}

async fn do_act(program: &Program, reference: &str, act: Act, terms: Terms) -> Result<Response, Trouble> {
    let case = program.find(reference).await?;
    carry_out(program, &case, act, terms).await
}

async fn carry_out(program: &Program, case: &Case, act: Act, terms: Terms) -> Result<Response, Trouble> {
    let done = by_agent(&program.desk, &program.agent, (case.brand, case.id), act, terms).await?;
    answer(StatusCode::OK, Once::receipt_of(done))
}

/// Plain text as a person's words, with the rich text that mails show.
pub(super) fn words(text: &str) -> Words {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let html = (!text.is_empty()).then(|| text::html::from_plain(&text));
    Words { text, html, files: Vec::new() }
}

/// The same with the files that were brought before.
pub(super) async fn with_files(program: &Program, text: &str, files: &[String]) -> Result<Words, Trouble> {
    Ok(Words { files: named(program, files).await?, ..words(text) })
}

impl From<super::types::act::ToldBy> for Channel {
    fn from(channel: super::types::act::ToldBy) -> Self {
        use super::types::act::ToldBy;
        match channel {
            ToldBy::Api => Self::Api,
            ToldBy::Phone => Self::Phone,
            ToldBy::Visit => Self::Visit,
            ToldBy::Post => Self::Post,
        }
    }
}

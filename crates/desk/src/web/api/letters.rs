//! `/api/v1/letters`: a program brings a letter in and is told what became of it. The letter is kept durably before
//! anything is decided; what cannot be decided at once is left to the worker, never lost.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, header};
use casework::decision::AsideReason;
use casework::intake::fingerprint;
use casework::proof::without_tag;
use casework::{Automatic, Defect, Inbound, LetterId, Mint as _};
use channels::mail::read::{delivered_to, read};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{Inbox, LetterOutcome, LetterState, NewLetter};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::trouble::Trouble;
use super::program::Program;
use crate::desk::Desk;
use crate::door::intake;

/// Largest letter taken, in bytes: what the mail reader reads at most.
pub(in crate::web) const LETTER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Letters larger than this are read on a thread of their own, so that they hold up nobody.
const QUICK_BYTES_MAX: usize = 128 * 1024;
/// How long no worker takes up a letter that is being decided on here: far longer than deciding takes.
const HELD_FOR: SignedDuration = SignedDuration::from_mins(1);

/// How a letter is to be taken in.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Asked {
    /// The inbox it is for; without it the letter's own addresses tell.
    inbox: Option<String>,
    /// Whether its writer gets a receipt.
    #[serde(default)]
    #[param(inline, required = false)]
    receipt: Receipt,
}

/// Whether the writer of a letter gets a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Receipt {
    /// The letter is brought over from elsewhere, where it was answered or not.
    #[default]
    No,
    /// It is new.
    Yes,
}

/// What became of a letter.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct TakenIn {
    /// Its id.
    letter: Uuid,
    /// Where it ended.
    end: End,
    /// Why it was kept aside.
    reason: Option<&'static str>,
    /// The case it is in, or that the same letter is in.
    case: Option<String>,
    /// Whether the case began with it.
    is_new: bool,
    /// What kind of machine wrote it, where that decided on its end.
    #[schema(value_type = Option<String>)]
    automatic: Option<Automatic>,
}

/// Where a letter ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum End {
    /// In a case.
    Filed,
    /// The same letter was here before.
    Duplicate,
    /// On a shelf, with a reason.
    Aside,
    /// It was erased since, with all that was known of its sender.
    Erased,
    /// It is kept, and decided on later.
    Waiting,
}

/// Takes a letter (RFC 5322) in.
#[utoipa::path(post, path = "/api/v1/letters", tag = "letters", params(Asked),
    request_body(content = Vec<u8>, content_type = "message/rfc822"), responses((status = 200, body = TakenIn)))]
pub(in crate::web) async fn take_in(
    program: Program,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<TakenIn>, Trouble> {
    if !is_letter(&headers) || body.is_empty() {
        return Err(Trouble::Unreadable);
    }
    let inbound = understood(&program.desk, body.clone()).await?;
    let (inbox, recipient) = inbox(&program, asked.inbox.as_deref(), &body).await?;
    let store = &program.desk.store;
    if let Some(known) = store.letter_aside_like(inbox.brand, fingerprint(&inbound)).await? {
        return Ok(Json(TakenIn::again(known)));
    }
    let now = program.desk.clock.now();
    let id = LetterId(program.desk.mint().uuid());
    let letter = NewLetter {
        id,
        brand: inbox.brand,
        inbox: inbox.id,
        recipient,
        sender: String::new(),
        received_at: now,
        peer: None,
        is_history: asked.receipt == Receipt::No,
        bytes: Arc::from(body.as_ref()),
    };
    store.keep_held_letters(vec![letter], now.saturating_add(HELD_FOR).unwrap_or(now)).await?;
    decide(&program.desk, id).await;
    // From here on the letter is safe: whoever is not told of its end now asks again below.
    let outcome = store.letter_outcome(id).await.unwrap_or_else(|error| {
        tracing::warn!(letter = %id, %error, "what became of a letter cannot be told yet");
        None
    });
    Ok(Json(outcome.map_or_else(|| TakenIn::waiting(id), |outcome| TakenIn::told(id, &outcome))))
}

/// What became of a letter that waited.
#[utoipa::path(get, path = "/api/v1/letters/{letter}", tag = "letters", params(("letter" = Uuid, Path)),
    responses((status = 200, body = TakenIn)))]
pub(in crate::web) async fn letter(
    program: Program,
    Path(letter): Path<Uuid>,
) -> Result<Json<TakenIn>, Trouble> {
    let id = LetterId(letter);
    let outcome = program.desk.store.letter_outcome(id).await?;
    let outcome = outcome.filter(|outcome| program.works_for(outcome.brand));
    Ok(Json(TakenIn::told(id, &outcome.ok_or(Trouble::NotFound)?)))
}

fn is_letter(headers: &HeaderMap) -> bool {
    let line = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = line.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("message/rfc822")
}

/// The letter as its reader understands it; refused when nothing of it reads as a mail.
async fn understood(desk: &Desk, bytes: Bytes) -> Result<Inbound, Trouble> {
    let mark = desk.mark();
    let (inbound, defects) = if bytes.len() <= QUICK_BYTES_MAX {
        read(&bytes, &mark)
    } else {
        let reading = tokio::task::spawn_blocking(move || read(&bytes, &mark));
        reading.await.map_err(|error| Trouble::Failure(error.to_string()))?
    };
    if defects.contains(&Defect::NotAMail) || is_without_header(&inbound) {
        return Err(Trouble::Unreadable);
    }
    Ok(inbound)
}

/// It says neither who wrote it nor to whom, when or about what.
fn is_without_header(inbound: &Inbound) -> bool {
    let Inbound { from, recipients, subject, message_id, sent_at, .. } = inbound;
    let is_named = from.is_some() || !recipients.is_empty() || !subject.is_empty();
    !is_named && message_id.is_none() && sent_at.is_none()
}

/// The inbox that was named, else the first one of the letter's own addresses; with the address as the letter has it,
/// whose tag may prove a case. Only inboxes of brands that the program works for: of others it is not told.
async fn inbox(program: &Program, named: Option<&str>, letter: &[u8]) -> Result<(Inbox, String), Trouble> {
    let named = match named.map(str::trim) {
        Some(address) => Some(at(program, &address.to_lowercase()).await?.ok_or(Trouble::NoInbox)?),
        None => None,
    };
    for address in delivered_to(letter) {
        let Some(found) = at(program, &address).await? else { continue };
        if named.as_ref().is_none_or(|named| named.id == found.id) {
            return Ok((found, address));
        }
    }
    named.map(|inbox| (inbox.clone(), inbox.address)).ok_or(Trouble::NoInbox)
}

async fn at(program: &Program, address: &str) -> Result<Option<Inbox>, Trouble> {
    let inbox = program.desk.store.inbox_at(&without_tag(address)).await?;
    Ok(inbox.filter(|inbox| program.works_for(inbox.brand)))
}

/// Decides on a letter that is kept, in a task of its own: a program that hangs up must not leave it held.
async fn decide(desk: &Desk, id: LetterId) {
    if let Err(error) = tokio::spawn(decide_or_leave(desk.clone(), id)).await {
        tracing::error!(letter = %id, %error, "the letter's lease will run out by itself");
    }
}

/// What fails here, be it by a panic, is left to the worker, which tries again and in the end keeps the letter aside.
async fn decide_or_leave(desk: Desk, id: LetterId) {
    let deciding = tokio::spawn({
        let desk = desk.clone();
        async move { intake::take_in(&desk, id).await }
    });
    let failure = match deciding.await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "deciding on it panicked".to_owned(),
    };
    tracing::warn!(letter = %id, failure, "a letter that was brought in is left to the worker");
    if let Err(error) = desk.store.return_letter(id).await {
        tracing::warn!(letter = %id, %error, "the letter's lease will run out by itself");
    }
    desk.letter_came.notify_one();
}

impl TakenIn {
    fn told(id: LetterId, outcome: &LetterOutcome) -> Self {
        let end = match outcome.state {
            LetterState::Unread | LetterState::Insisted => End::Waiting,
            LetterState::Filed => End::Filed,
            LetterState::Duplicate => End::Duplicate,
            LetterState::Aside => End::Aside,
            LetterState::Erased => End::Erased,
        };
        Self {
            letter: id.0,
            end,
            reason: outcome.reason.map(AsideReason::as_str),
            case: outcome.case.as_ref().map(ToString::to_string),
            is_new: outcome.is_new,
            automatic: outcome.automatic.or_else(|| outcome.reason.and_then(machine)),
        }
    }

    fn waiting(id: LetterId) -> Self {
        Self { letter: id.0, end: End::Waiting, reason: None, case: None, is_new: false, automatic: None }
    }

    /// The same letter is kept aside already, under this id.
    fn again(id: LetterId) -> Self {
        Self { end: End::Duplicate, ..Self::waiting(id) }
    }
}

/// The machine that a letter was kept aside for.
fn machine(reason: AsideReason) -> Option<Automatic> {
    match reason {
        AsideReason::Bounce => Some(Automatic::Bounce),
        AsideReason::AutomaticReply => Some(Automatic::Reply),
        AsideReason::List => Some(Automatic::List),
        AsideReason::Receipt => Some(Automatic::Receipt),
        AsideReason::Invitation => Some(Automatic::Invitation),
        AsideReason::OwnLoop => Some(Automatic::OwnLoop),
        AsideReason::Junk | AsideReason::Forged | AsideReason::NoSender | AsideReason::Unreadable => None,
    }
}

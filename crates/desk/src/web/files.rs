//! The letter behind a message: its HTML to look at, its bytes; and the files of messages, from letters and others. For those
//! who may see the case.

use axum::body::Body;
use axum::extract::{Path, Query};
use axum::response::Response;
use casework::{Case, MessageId};
use files::{Hash, Object, VaultFailure};
use serde::Deserialize;
use text::html::RemoteImages;
use uuid::Uuid;

use super::case::find;
use super::context::{ByLink, Signed};
use super::mail;
use super::tracking::is_theirs_to_see;
use super::trouble::Trouble;
use crate::desk::Desk;

/// How a mail's layout is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Looked {
    /// `remote` once the reader has asked for pictures that are kept elsewhere.
    pictures: Option<String>,
}

/// GET `/cases/{reference}/messages/{message}/html`.
pub(super) async fn html(
    signed: Signed,
    Path((reference, message)): Path<(String, Uuid)>,
    Query(looked): Query<Looked>,
) -> Result<Response, Trouble> {
    let raw = letter_of(&signed, &reference, message).await?;
    let mark = signed.desk.mark();
    let language = signed.visit.language;
    let images = match looked.pictures.as_deref() {
        Some("remote") => RemoteImages::Shown,
        _ => RemoteImages::Blocked,
    };
    aside(move || {
        let inbound = channels::mail::read::read(&raw, &mark).0;
        // A mail without HTML is its text.
        let html = inbound.html.unwrap_or_else(|| text::html::from_plain(&inbound.text));
        Some(mail::document(&html, &raw, images, language))
    })
    .await
}

/// GET `/cases/{reference}/messages/{message}/letter.eml`.
pub(super) async fn letter(
    signed: Signed,
    Path((reference, message)): Path<(String, Uuid)>,
) -> Result<Response, Trouble> {
    let raw = letter_of(&signed, &reference, message).await?;
    Ok(mail::raw(raw, &format!("{reference}.eml")))
}

/// GET `/cases/{reference}/messages/{message}/files/{index}`.
pub(super) async fn file(
    signed: Signed,
    Path((reference, message, index)): Path<(String, Uuid, u32)>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    hand_out(&signed.desk, &case, MessageId(message), index).await
}

/// GET `/cases/{reference}/messages/{message}/files/{index}/preview`.
pub(super) async fn preview(
    signed: Signed,
    Path((reference, message, index)): Path<(String, Uuid, u32)>,
) -> Result<Response, Trouble> {
    let case = find(&signed, &reference).await?;
    small(&signed.desk, &case, MessageId(message), index).await
}

/// GET `/c/{token}/files/{message}/{index}`.
pub(super) async fn own_file(
    by_link: ByLink,
    Path((_, message, index)): Path<(String, Uuid, u32)>,
) -> Result<Response, Trouble> {
    let message = theirs(&by_link, MessageId(message)).await?;
    hand_out(&by_link.desk, &by_link.linked.case, message, index).await
}

/// GET `/c/{token}/files/{message}/{index}/preview`.
pub(super) async fn own_preview(
    by_link: ByLink,
    Path((_, message, index)): Path<(String, Uuid, u32)>,
) -> Result<Response, Trouble> {
    let message = theirs(&by_link, MessageId(message)).await?;
    small(&by_link.desk, &by_link.linked.case, message, index).await
}

/// A message that the customer may see on their private page.
async fn theirs(by_link: &ByLink, message: MessageId) -> Result<MessageId, Trouble> {
    let stored = by_link.desk.store.case_page(by_link.linked.case.clone(), None).await?;
    let is_theirs = stored.messages.iter().any(|m| m.message.id == message && is_theirs_to_see(m));
    if is_theirs { Ok(message) } else { Err(Trouble::NotFound) }
}

/// A file of a message of a case: one that was put with it, or one of the letter that it came in.
pub(super) async fn hand_out(
    desk: &Desk,
    case: &Case,
    message: MessageId,
    index: u32,
) -> Result<Response, Trouble> {
    let place = (case.id, message);
    if let Some(file) = desk.store.file_of_message(case.brand, place, index).await? {
        let (_, stream) = desk.vault.read(Object::File(Hash(file.hash))).await.map_err(lost)?;
        return Ok(mail::stored(Body::from_stream(stream), &file));
    }
    let raw = letter_in(desk, case, message).await?;
    let file = off_thread(move || channels::mail::read::file(&raw, index)).await?.ok_or(Trouble::NotFound)?;
    desk.vault.scan(&file.bytes).await.map_err(lost)?;
    Ok(mail::file(file))
}

/// A small picture of such a file.
async fn small(desk: &Desk, case: &Case, message: MessageId, index: u32) -> Result<Response, Trouble> {
    let place = (case.id, message);
    if let Some(file) = desk.store.file_of_message(case.brand, place, index).await? {
        if !file.has_preview {
            return Err(Trouble::NotFound);
        }
        let (_, stream) = desk.vault.read(Object::Preview(Hash(file.hash))).await.map_err(lost)?;
        return Ok(mail::preview(Body::from_stream(stream)));
    }
    let raw = letter_in(desk, case, message).await?;
    let file = off_thread(move || channels::mail::read::file(&raw, index)).await?.ok_or(Trouble::NotFound)?;
    let jpeg = desk.vault.small_of(file.bytes).await.map_err(lost)?;
    Ok(jpeg.map_or_else(mail::no_preview, |jpeg| mail::preview(Body::from(jpeg))))
}

fn lost(failure: VaultFailure) -> Trouble {
    match failure {
        VaultFailure::Gone => Trouble::NotFound,
        VaultFailure::Infected(_) => Trouble::Forbidden,
        other => Trouble::Failure(other.to_string()),
    }
}

async fn letter_of(signed: &Signed, reference: &str, message: Uuid) -> Result<Vec<u8>, Trouble> {
    let case = find(signed, reference).await?;
    letter_in(&signed.desk, &case, MessageId(message)).await
}

async fn letter_in(desk: &Desk, case: &Case, message: MessageId) -> Result<Vec<u8>, Trouble> {
    let letter = desk.store.letter_of_message(case.brand, case.id, message).await?;
    let letter = letter.ok_or(Trouble::NotFound)?;
    desk.store.filed_letter(case.brand, case.id, letter).await?.ok_or(Trouble::NotFound)
}

/// Reads a letter on a thread of its own: some are large.
pub(super) async fn aside(
    read: impl FnOnce() -> Option<Response> + Send + 'static,
) -> Result<Response, Trouble> {
    off_thread(read).await?.ok_or(Trouble::NotFound)
}

async fn off_thread<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Result<T, Trouble> {
    tokio::task::spawn_blocking(read).await.map_err(|error| Trouble::Failure(error.to_string()))
}

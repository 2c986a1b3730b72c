//! The letter behind a message: its HTML to look at, its files, its bytes. For those who may see the case.

use axum::extract::{Path, Query};
use axum::response::Response;
use casework::MessageId;
use serde::Deserialize;
use text::html::RemoteImages;
use uuid::Uuid;

use super::case::find;
use super::context::Signed;
use super::mail;
use super::trouble::Trouble;

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
    let raw = letter_of(&signed, &reference, message).await?;
    aside(move || channels::mail::read::file(&raw, index).map(mail::file)).await
}

async fn letter_of(signed: &Signed, reference: &str, message: Uuid) -> Result<Vec<u8>, Trouble> {
    let case = find(signed, reference).await?;
    let store = &signed.desk.store;
    let letter = store.letter_of_message(case.brand, case.id, MessageId(message)).await?;
    let letter = letter.ok_or(Trouble::NotFound)?;
    store.filed_letter(case.brand, case.id, letter).await?.ok_or(Trouble::NotFound)
}

/// Reads a letter on a thread of its own: some are large.
pub(super) async fn aside(
    read: impl FnOnce() -> Option<Response> + Send + 'static,
) -> Result<Response, Trouble> {
    let reading = tokio::task::spawn_blocking(read).await;
    reading.map_err(|error| Trouble::Failure(error.to_string()))?.ok_or(Trouble::NotFound)
}

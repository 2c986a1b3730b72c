//! `/api/v1/files`: a program brings a file, and then names it where it writes; and the files of messages.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use casework::MessageId;
use casework::write::{FILES_BYTES_MAX, Upload};
use files::SpoolFailure;
use futures::StreamExt as _;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::super::files::hand_out;
use super::super::tracking::is_theirs_to_see;
use super::super::trouble::Trouble;
use super::super::upload::{FileProblem, keep, upload_in, word_of};
use super::program::Program;
use super::types::file::NewFile;
use crate::web::language::Language;

/// How a file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Asked {
    /// Its name, without a path.
    #[serde(default)]
    #[param(min_length = 1, required = true)]
    name: String,
}

/// Brings a file, of at most 20 MiB. What it is, is told by its bytes. It is forgotten after a day unless a message has it.
#[utoipa::path(post, path = "/api/v1/files", tag = "files", params(Asked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = NewFile)))]
pub(in crate::web) async fn bring_file(
    program: Program,
    Query(asked): Query<Asked>,
    body: Body,
) -> Result<(StatusCode, Json<NewFile>), Trouble> {
    let desk = &program.desk;
    if asked.name.trim().is_empty() {
        return Err(Trouble::Invalid("name: missing".to_owned()));
    }
    let spool = desk.vault.spool(FILES_BYTES_MAX).await;
    let mut spool = spool.map_err(|error| Trouble::Failure(error.to_string()))?;
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        match spool.write(&piece.map_err(|_| Trouble::Unreadable)?).await {
            Ok(()) => {}
            Err(SpoolFailure::TooLarge(_)) => return Err(Trouble::TooLarge),
            Err(SpoolFailure::Disk(error)) => return Err(Trouble::Failure(error.to_string())),
        }
    }
    if spool.size() == 0 {
        return Err(Trouble::Invalid("the file is empty".to_owned()));
    }
    let name = files::name::clean(&asked.name, "file");
    match keep(desk, spool, name).await? {
        Ok(upload) => Ok((StatusCode::CREATED, Json(NewFile::of(&upload, word_of(desk, &upload))))),
        Err(FileProblem::Later) => Err(Trouble::Unavailable),
        Err(problem) => Err(Trouble::Invalid(problem.words(Language::English))),
    }
}

/// A file of a message.
#[utoipa::path(get, path = "/api/v1/cases/{reference}/messages/{message}/files/{index}", tag = "files",
    params(("reference" = String, Path), ("message" = Uuid, Path), ("index" = u32, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(in crate::web) async fn file(
    program: Program,
    Path((reference, message, index)): Path<(String, Uuid, u32)>,
) -> Result<Response, Trouble> {
    let case = program.find(&reference).await?;
    let message = MessageId(message);
    let stored = program.desk.store.case_page(case.clone(), Some(&program.agent)).await?;
    // Notes stay inside, and so do their files.
    let is_told = stored.messages.iter().any(|m| m.message.id == message && is_theirs_to_see(m));
    if !is_told {
        return Err(Trouble::NotFound);
    }
    hand_out(&program.desk, &case, message, index).await
}

/// The files that a program names where it writes.
pub(super) async fn named(program: &Program, words: &[String]) -> Result<Vec<Upload>, Trouble> {
    let mut ids = Vec::new();
    for word in words {
        ids.push(
            upload_in(&program.desk, word).ok_or_else(|| Trouble::Invalid("files: unknown".to_owned()))?,
        );
    }
    let uploads = program.desk.store.brought(&ids).await?;
    // More than a message may have, or one that was forgotten. One that another message has is a conflict at the door.
    let is_whole = uploads.len() == ids.len();
    is_whole
        .then_some(uploads)
        .ok_or_else(|| Trouble::Invalid("files: forgotten, or more than ten".to_owned()))
}

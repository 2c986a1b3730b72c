//! Forms with files. The guard reads them piece by piece: files go into the vault, and the handler gets the words as an
//! ordinary form, with the files beside it. Until a message has a file, only whoever holds its signed id may use it.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use casework::write::{FILES_BYTES_MAX, FILES_MAX, Upload};
use casework::{FileId, Mint as _};
use files::{SpoolFailure, VaultFailure};
use multer::{Constraints, Field, Multipart, SizeLimit};
use store::NewFile;
use tokio::time::timeout;
use uuid::Uuid;

use super::state::Web;
use super::trouble::Trouble;
use crate::desk::Desk;
use crate::web::language::Language;
use crate::web::view::composer::KeptFile;

/// Most that the words of a form may hold, in bytes.
pub(super) const WORDS_BYTES_MAX: usize = 1024 * 1024;
/// Most that is read of a form with files, in bytes: enough to tell of a file that it is too large, and keep the words.
const REQUEST_BYTES_MAX: u64 = 5 * FILES_BYTES_MAX;
/// Fields of one form.
const FIELDS_MAX: usize = 200;
/// Longest wait for the next piece.
const PIECE_PATIENCE: Duration = Duration::from_secs(30);
/// The field in which a page gives back the files that came in before.
const KEPT_FIELD: &str = "kept";

/// The files that came with a form.
#[derive(Debug, Clone, Default)]
pub(super) struct Handed {
    /// Those that were taken, also those of an earlier try.
    pub files: Vec<Upload>,
    /// Why others were not.
    pub problem: Option<FileProblem>,
}

/// Why a file was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileProblem {
    /// It is too large, alone or with the others; its name.
    TooLarge(String),
    /// The antivirus found something in it; its name.
    Infected(String),
    /// The antivirus does not answer, or files cannot be kept now.
    Later,
    /// More files than a message may have.
    TooMany,
}

impl FileProblem {
    /// What a person is told.
    pub fn words(&self, language: Language) -> String {
        let max = FILES_BYTES_MAX / (1024 * 1024);
        match self {
            Self::TooLarge(name) => {
                language.ta("file-too-large", [("name", name.as_str().into()), ("max", max.into())])
            }
            Self::Infected(name) => language.ta("file-infected", [("name", name.as_str().into())]),
            Self::Later => language.t("file-later"),
            Self::TooMany => language.t("refusal-too-many-files"),
        }
    }
}

impl FromRequestParts<Web> for Handed {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Trouble> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// The words of a form, and its files.
pub(super) struct Form {
    fields: Vec<(String, String)>,
    pub handed: Handed,
}

impl Form {
    /// The value of a field; empty when there is none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    /// The words as an ordinary form.
    pub fn into_body(self, parts: &mut Parts) -> Body {
        let plain = HeaderValue::from_static("application/x-www-form-urlencoded");
        parts.headers.insert(header::CONTENT_TYPE, plain);
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.extensions.insert(self.handed);
        let pairs = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Body::from(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
    }
}

/// Whether a form is of the kind that may hold files.
pub(super) fn may_hold_files(parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| multer::parse_boundary(kind).is_ok())
}

/// Reads a form of either kind. Files are looked at only once `is_ours` has found the words before them to be ours.
pub(super) async fn read(
    desk: &Desk,
    parts: &Parts,
    body: Body,
    (takes_files, is_ours): (bool, impl Fn(&Form) -> bool),
) -> Result<Form, Trouble> {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok());
    let mut form = match boundary {
        Some(boundary) if takes_files => in_pieces(desk, body, boundary, &is_ours).await?,
        _ => {
            let bytes = to_bytes(body, WORDS_BYTES_MAX).await.map_err(|_| Trouble::TooLarge)?;
            let fields = form_urlencoded::parse(&bytes).into_owned().take(FIELDS_MAX).collect();
            Form { fields, handed: Handed::default() }
        }
    };
    if !is_ours(&form) {
        return Err(Trouble::ExpiredForm);
    }
    if takes_files {
        let kept = form.fields.iter().filter(|(name, _)| name == KEPT_FIELD);
        let ids: Vec<FileId> = kept.filter_map(|(_, word)| upload_in(desk, word)).collect();
        let mut files = desk.store.uploads(&ids).await?;
        files.append(&mut form.handed.files);
        form.handed.files = files;
        bound(&mut form.handed);
    }
    Ok(form)
}

fn bound(handed: &mut Handed) {
    if handed.files.len() > FILES_MAX {
        handed.files.truncate(FILES_MAX);
        handed.problem = Some(FileProblem::TooMany);
    }
    let mut room = FILES_BYTES_MAX;
    handed.files.retain(|file| {
        let rest = room.checked_sub(file.size_bytes);
        room = rest.unwrap_or(room);
        if rest.is_none() {
            handed.problem = Some(FileProblem::TooLarge(file.name.clone()));
        }
        rest.is_some()
    });
}

async fn in_pieces(
    desk: &Desk,
    body: Body,
    boundary: String,
    is_ours: &impl Fn(&Form) -> bool,
) -> Result<Form, Trouble> {
    let limit = SizeLimit::new().whole_stream(REQUEST_BYTES_MAX);
    let stream = body.into_data_stream();
    let mut pieces = Multipart::with_constraints(stream, boundary, Constraints::new().size_limit(limit));
    let mut form = Form { fields: Vec::new(), handed: Handed::default() };
    let (mut words, mut is_checked) = (0, false);
    while let Some(mut field) = next(&mut pieces).await? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let value = text(&mut field, WORDS_BYTES_MAX.saturating_sub(words)).await?;
            words += name.len() + value.len();
            if form.fields.len() >= FIELDS_MAX || words > WORDS_BYTES_MAX {
                return Err(Trouble::TooLarge);
            }
            form.fields.push((name, value));
            continue;
        };
        if !is_checked && !is_ours(&form) {
            return Err(Trouble::ExpiredForm);
        }
        is_checked = true;
        take(desk, &mut field, &file_name, &mut form.handed).await?;
    }
    Ok(form)
}

async fn next<'r>(pieces: &mut Multipart<'r>) -> Result<Option<Field<'r>>, Trouble> {
    timeout(PIECE_PATIENCE, pieces.next_field())
        .await
        .map_err(|_| Trouble::Unreadable)?
        .map_err(|error| broken(&error))
}

async fn piece(field: &mut Field<'_>) -> Result<Option<Bytes>, Trouble> {
    timeout(PIECE_PATIENCE, field.chunk())
        .await
        .map_err(|_| Trouble::Unreadable)?
        .map_err(|error| broken(&error))
}

fn broken(error: &multer::Error) -> Trouble {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            Trouble::TooLarge
        }
        _ => Trouble::Unreadable,
    }
}

async fn text(field: &mut Field<'_>, bytes_max: usize) -> Result<String, Trouble> {
    let mut bytes = Vec::new();
    while let Some(piece) = piece(field).await? {
        if bytes.len() + piece.len() > bytes_max {
            return Err(Trouble::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| Trouble::Unreadable)
}

/// Takes one file in. One that cannot be taken is read to its end, so that the words behind it are not lost.
async fn take(desk: &Desk, field: &mut Field<'_>, given: &str, handed: &mut Handed) -> Result<(), Trouble> {
    let name = files::name::clean(given, "file");
    let mut problem = (handed.files.len() >= FILES_MAX).then_some(FileProblem::TooMany);
    let mut spool =
        desk.vault.spool(FILES_BYTES_MAX).await.map_err(|error| Trouble::Failure(error.to_string()))?;
    while let Some(piece) = piece(field).await? {
        if problem.is_some() {
            continue;
        }
        match spool.write(&piece).await {
            Ok(()) => {}
            Err(SpoolFailure::TooLarge(_)) => problem = Some(FileProblem::TooLarge(name.clone())),
            Err(SpoolFailure::Disk(error)) => {
                tracing::error!(%error, "a file cannot be taken in");
                problem = Some(FileProblem::Later);
            }
        }
    }
    // A browser sends a field without a file as an empty one without a name.
    if given.is_empty() && spool.size() == 0 {
        return Ok(());
    }
    match problem {
        Some(problem) => handed.problem = Some(problem),
        None => match keep(desk, spool, name).await? {
            Ok(upload) => handed.files.push(upload),
            Err(problem) => handed.problem = Some(problem),
        },
    }
    Ok(())
}

/// Keeps a file that came in whole. Its bytes are on disk before its row.
pub(super) async fn keep(
    desk: &Desk,
    spool: files::Spool,
    name: String,
) -> Result<Result<Upload, FileProblem>, Trouble> {
    let kept = match desk.vault.keep(spool).await {
        Ok(kept) => kept,
        Err(VaultFailure::Infected(found)) => {
            tracing::warn!(found, "the antivirus refused a file");
            return Ok(Err(FileProblem::Infected(name)));
        }
        Err(error) => {
            tracing::error!(error = %chain(&error), "a file cannot be kept");
            return Ok(Err(FileProblem::Later));
        }
    };
    let upload = Upload {
        id: FileId(desk.mint().uuid()),
        name,
        media_type: kept.media_type.to_owned(),
        size_bytes: kept.size,
    };
    let new = NewFile {
        upload: upload.clone(),
        hash: kept.hash.0,
        has_preview: kept.has_preview,
        at: desk.clock.now(),
    };
    desk.store.keep_file(new).await?;
    Ok(Ok(upload))
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The files as a page shows them and gives them back.
pub(super) fn kept(desk: &Desk, files: &[Upload]) -> Vec<KeptFile> {
    files.iter().map(|file| KeptFile { word: word_of(desk, file), name: file.name.clone() }).collect()
}

/// The word by which a page gives a file back: its id, signed.
pub(super) fn word_of(desk: &Desk, file: &Upload) -> String {
    let id = file.id.0;
    format!("{}.{}", id.simple(), desk.secret.file_mark(id))
}

/// The file that such a word names.
pub(super) fn upload_in(desk: &Desk, word: &str) -> Option<FileId> {
    let (id, mark) = word.split_once('.')?;
    let id = Uuid::try_parse(id).ok()?;
    desk.secret.is_file_mark(id, mark).then_some(FileId(id))
}

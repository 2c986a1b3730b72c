//! All that is known of a customer, to be given to them: a ZIP with one JSON document, as the API writes cases, their letters
//! as they came and their files. What colleagues noted is in it too: it is about them.

use std::fs::File;
use std::io::{Seek as _, Write as _};

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use casework::access::{self, Wish};
use casework::{Agent, BrandId, CustomerId, MessageState};
use files::{Hash, Object};
use serde::Serialize;
use store::{CaseMessage, CasePage, Person};
use tokio_util::io::ReaderStream;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::api::types::case::CaseDetail;
use super::api::types::customer::Customer;
use super::trouble::Trouble;
use crate::desk::Desk;

/// The document.
#[derive(Debug, Serialize)]
struct Export {
    customer: Customer,
    cases: Vec<ExportedCase>,
}

#[derive(Debug, Serialize)]
struct ExportedCase {
    #[serde(flatten)]
    detail: CaseDetail,
    notes: Vec<ExportedNote>,
    /// Where the letters and files of its messages are in the archive.
    files: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ExportedNote {
    at: jiff::Timestamp,
    text: String,
}

/// An archive while it is written, on disk.
struct Bundle(Box<ZipWriter<File>>);

impl Bundle {
    async fn add(mut self, name: String, bytes: Vec<u8>) -> Result<Self, Trouble> {
        let added = tokio::task::spawn_blocking(move || {
            let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
            self.0.start_file(name, options)?;
            self.0.write_all(&bytes)?;
            zip::result::ZipResult::Ok(self)
        });
        added.await.map_err(failed)?.map_err(failed)
    }
}

/// The archive of a customer.
pub(super) async fn bundle(
    desk: &Desk,
    agent: &Agent,
    (brand, customer): (BrandId, CustomerId),
) -> Result<Response, Trouble> {
    access::allow(agent, Wish::ExportCustomer)?;
    let person = desk.store.person(brand, customer).await?.ok_or(Trouble::NotFound)?;
    let file = tempfile::tempfile_in(desk.store.folder()).map_err(failed)?;
    let bundle = Bundle(Box::new(ZipWriter::new(file)));
    let file = Box::pin(fill(desk, agent, (brand, person), bundle)).await?;
    let stream = ReaderStream::new(tokio::fs::File::from_std(file));
    let name = format!("attachment; filename=\"{customer}.zip\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(failed)?),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}

async fn fill(
    desk: &Desk,
    agent: &Agent,
    (brand, person): (BrandId, Person),
    mut bundle: Bundle,
) -> Result<File, Trouble> {
    let mut export = Export { customer: Customer::of(&person), cases: Vec::new() };
    for case in desk.store.cases_left(brand, person.id).await? {
        let page = desk.store.case_page(case, Some(agent)).await?;
        let mut names = Vec::new();
        for message in &page.messages {
            bundle = add_files(desk, bundle, (&page, message), &mut names).await?;
        }
        export.cases.push(exported(&page, names));
    }
    let json = serde_json::to_vec_pretty(&export).map_err(failed)?;
    let Bundle(archive) = bundle.add("export.json".to_owned(), json).await?;
    let mut file = archive.finish().map_err(failed)?;
    file.rewind().map_err(failed)?;
    Ok(file)
}

fn exported(page: &CasePage, files: Vec<String>) -> ExportedCase {
    let notes = page.messages.iter().filter(|message| message.message.state == MessageState::Note);
    let note = |message: &CaseMessage| ExportedNote { at: message.message.at, text: message.text.clone() };
    ExportedCase { detail: CaseDetail::of(page), notes: notes.map(note).collect(), files }
}

/// The letter that a message was read from, and the files that were put with it.
async fn add_files(
    desk: &Desk,
    bundle: Bundle,
    (page, message): (&CasePage, &CaseMessage),
    names: &mut Vec<String>,
) -> Result<Bundle, Trouble> {
    let (case, about) = (&page.case, &message.message);
    let folder = format!("{}/{}", case.reference, about.id);
    let mut bundle = bundle;
    if let Some(letter) = about.letter
        && let Some(bytes) = desk.store.filed_letter(case.brand, case.id, letter).await?
    {
        let name = format!("{folder}.eml");
        names.push(name.clone());
        bundle = bundle.add(name, bytes).await?;
    }
    for (place, file) in desk.store.files_of_message(case.brand, about.id).await?.iter().enumerate() {
        let bytes = desk.vault.bytes(Object::File(Hash(file.hash))).await.map_err(failed)?;
        // Names are cleaned when files come in; the place keeps two of one name apart.
        let name = format!("{folder}/{place}-{}", file.name);
        names.push(name.clone());
        bundle = bundle.add(name, bytes.to_vec()).await?;
    }
    Ok(bundle)
}

fn failed(error: impl std::fmt::Display) -> Trouble {
    Trouble::Failure(error.to_string())
}

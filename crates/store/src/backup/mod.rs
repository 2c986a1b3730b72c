//! Backup and restore, the same on both engines and from one to the other: a folder with one file of lines for each table,
//! the large letters, and a manifest that says what must be in it. Taken from one instant while the desk is open.
//!
//! - which tables: `tables` · written: [`Store::back_up`](crate::Store::back_up) · read: [`restore`]

mod dump;
mod load;
mod tables;

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use dump::BackedUp;
pub use load::restore;
pub use tables::{Kind, LEFT_OUT, TABLES, Table};

use crate::error::StoreError;

/// The version of the layout of the folder.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const TABLES_FOLDER: &str = "tables";
const LETTERS_FOLDER: &str = "letters";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the layout.
    pub format: u32,
    /// The version of the schema: it is restored into the same one, which is then brought up to date.
    pub schema: i64,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Every table.
    pub tables: BTreeMap<String, TableFile>,
    /// Large letters: their file names and the SHA-256 of their bytes, in hexadecimal.
    pub letters: BTreeMap<String, String>,
    /// Attachments: the SHA-256 of their bytes, in hexadecimal, which is also their name.
    pub files: Vec<String>,
}

/// The file of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFile {
    /// Its columns, in the order of its rows.
    pub columns: Vec<(String, Kind)>,
    /// Its rows: one JSON array a line.
    pub rows: u64,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// Why a backup was not taken or not restored.
#[derive(Debug, Error)]
pub enum BackupError {
    /// There is something in the folder already.
    #[error("the folder is not empty: {0}")]
    NotEmpty(String),
    /// The store that it is to be restored into holds something.
    #[error("the database is not empty; a backup is restored into a new one only")]
    InUse,
    /// A part of the backup is missing or is not as it was written.
    #[error("the backup is damaged: {0}")]
    Damaged(String),
    /// A later version of the program wrote it.
    #[error("the backup was written by a later version of suivi")]
    TooNew,
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<std::io::Error> for BackupError {
    fn from(error: std::io::Error) -> Self {
        Self::Store(StoreError::File(error))
    }
}

/// Reads what a backup says of itself.
pub fn manifest(folder: &Path) -> Result<Manifest, BackupError> {
    let text = std::fs::read(folder.join(MANIFEST))?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| BackupError::Damaged(format!("{MANIFEST}: {error}")))?;
    if manifest.format == FORMAT { Ok(manifest) } else { Err(BackupError::TooNew) }
}

//! Files that programs bring.

use casework::write::Upload;
use serde::Serialize;
use utoipa::ToSchema;

/// A file that was brought.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct NewFile {
    /// What to name it by, once, where something is written.
    pub file: String,
    pub name: String,
    /// What it is, by its bytes.
    pub media_type: String,
    pub size_bytes: u64,
}

impl NewFile {
    /// A file with the word that names it.
    pub fn of(upload: &Upload, file: String) -> Self {
        let Upload { name, media_type, size_bytes, .. } = upload.clone();
        Self { file, name, media_type, size_bytes }
    }
}

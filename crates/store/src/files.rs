//! Files that people put with what they write: known here by name and hash, kept elsewhere.

use casework::write::{FILES_MAX, Upload};
use casework::{BrandId, CaseId, FileId, MessageId};
use jiff::Timestamp;

use crate::Store;
use crate::conn::{Row, values};
use crate::error::StoreError;

/// Files forgotten in one sweep; the next one takes the rest.
const FORGOTTEN_MAX: i64 = 200;

/// A file that has come in, and that no message has yet.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// What is known of it.
    pub upload: Upload,
    /// The SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// Whether there is a small picture of it.
    pub has_preview: bool,
    /// When it came in.
    pub at: Timestamp,
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its name.
    pub name: String,
    /// What it is, by its bytes.
    pub media_type: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// The SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// Whether there is a small picture of it.
    pub has_preview: bool,
}

impl Store {
    /// Remembers a file that has come in.
    pub async fn keep_file(&self, file: NewFile) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into files (id, hash, name, media_type, size_bytes, has_preview, created_at) \
                           values ($1, $2, $3, $4, $5, $6, $7)";
                let Upload { id, name, media_type, size_bytes } = &file.upload;
                let size = i64::try_from(*size_bytes).unwrap_or(i64::MAX);
                let (name, media_type) = (name.as_str(), media_type.as_str());
                let values = values![*id, file.hash, name, media_type, size, file.has_preview, file.at];
                conn.run(sql, values).await.map(drop)
            })
        }))
        .await
    }

    /// Those of the files that no message has yet, in the order asked for; at most [`FILES_MAX`] are looked at.
    pub async fn uploads(&self, ids: &[FileId]) -> Result<Vec<Upload>, StoreError> {
        let sql = "select id, name, media_type, size_bytes from files where id = $1 and message_id is null";
        self.uploads_by(sql, ids).await
    }

    /// The files that were brought under these ids, also those that a message has by now: whoever asks for an act once more
    /// names the same files.
    pub async fn brought(&self, ids: &[FileId]) -> Result<Vec<Upload>, StoreError> {
        self.uploads_by("select id, name, media_type, size_bytes from files where id = $1", ids).await
    }

    async fn uploads_by(&self, sql: &'static str, ids: &[FileId]) -> Result<Vec<Upload>, StoreError> {
        let mut conn = self.reader().await?;
        let mut uploads = Vec::new();
        for id in ids.iter().take(FILES_MAX) {
            let Some(row) = conn.row(sql, values![*id]).await? else { continue };
            uploads.push(Upload {
                id: *id,
                name: row.get("name")?,
                media_type: row.get("media_type")?,
                size_bytes: size(&row)?,
            });
        }
        Ok(uploads)
    }

    /// Whether a row still names these bytes.
    pub async fn is_file_known(&self, hash: [u8; 32]) -> Result<bool, StoreError> {
        let sql = "select 1 as one from files where hash = $1 limit 1";
        Ok(self.reader().await?.row(sql, values![hash]).await?.is_some())
    }

    /// The file at that place of a message.
    pub async fn file_of_message(
        &self,
        brand: BrandId,
        (case, message): (CaseId, MessageId),
        position: u32,
    ) -> Result<Option<StoredFile>, StoreError> {
        let sql = "select name, media_type, size_bytes, hash, has_preview from files \
                   where brand_id = $1 and case_id = $2 and message_id = $3 and position = $4";
        let row = self.reader().await?.row(sql, values![brand, case, message, position]).await?;
        row.as_ref().map(stored).transpose()
    }

    /// The files of a message, in order.
    pub async fn files_of_message(
        &self,
        brand: BrandId,
        message: MessageId,
    ) -> Result<Vec<StoredFile>, StoreError> {
        let sql = "select name, media_type, size_bytes, hash, has_preview from files \
                   where brand_id = $1 and message_id = $2 order by position limit $3";
        let most = i64::try_from(FILES_MAX).unwrap_or(i64::MAX);
        let rows = self.reader().await?.rows(sql, values![brand, message, most]).await?;
        rows.iter().map(stored).collect()
    }

    /// Forgets files that came in before an instant and that no message has. Gives the hashes that nothing refers to any
    /// more: their bytes may go.
    pub async fn forget_files(&self, before: Timestamp) -> Result<Vec<[u8; 32]>, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "delete from files where id in (select id from files where message_id is null and \
                           created_at > 0 and created_at < $1 order by created_at limit $2) and message_id is null returning hash";
                let rows = conn.rows(sql, values![before, FORGOTTEN_MAX]).await?;
                let mut hashes: Vec<[u8; 32]> = rows.iter().map(hash).collect::<Result<_, _>>()?;
                hashes.sort_unstable();
                hashes.dedup();
                let mut free = Vec::new();
                for hash in hashes {
                    let sql = "select 1 as one from files where hash = $1 limit 1";
                    if conn.row(sql, values![hash]).await?.is_none() {
                        free.push(hash);
                    }
                }
                Ok(free)
            })
        }))
        .await
    }
}

fn stored(row: &Row) -> Result<StoredFile, StoreError> {
    Ok(StoredFile {
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size_bytes: size(row)?,
        hash: hash(row)?,
        has_preview: row.get("has_preview")?,
    })
}

fn size(row: &Row) -> Result<u64, StoreError> {
    u64::try_from(row.get::<i64>("size_bytes")?).map_err(|_| StoreError::Corrupt("size_bytes"))
}

fn hash(row: &Row) -> Result<[u8; 32], StoreError> {
    row.get::<Vec<u8>>("hash")?.try_into().map_err(|_| StoreError::Corrupt("hash"))
}

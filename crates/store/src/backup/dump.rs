//! Writing a backup: every table as it stood at one instant, while others go on writing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use jiff::Timestamp;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::tables::{Kind, TABLES, Table};
use super::{BackupError, FORMAT, LETTERS_FOLDER, MANIFEST, Manifest, TABLES_FOLDER, TableFile};
use crate::Store;
use crate::conn::{Conn, Row};
use crate::connect;
use crate::error::StoreError;

/// What was written, and what the caller has to add to it.
#[derive(Debug)]
pub struct BackedUp {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Hashes of the attachments that rows name: whoever keeps their bytes adds them.
    pub files: BTreeSet<[u8; 32]>,
}

/// What rows say that lies outside of them.
#[derive(Default)]
struct Named {
    letters: Vec<String>,
    files: BTreeSet<[u8; 32]>,
}

impl Store {
    /// Writes a backup into an empty folder. The manifest comes last and is written by
    /// [`Manifest::finish`]: a folder without one is no backup.
    pub async fn back_up(&self, folder: &Path, taken_at: Timestamp) -> Result<BackedUp, BackupError> {
        for part in [TABLES_FOLDER, LETTERS_FOLDER] {
            std::fs::create_dir_all(folder.join(part))?;
        }
        let mut named = Named::default();
        let mut conn = self.reader().await?;
        let tables = dump_all(&mut conn, folder, &mut named).await;
        // Whatever happened, nobody else gets this connection: its limits were lifted.
        conn.discard();
        let mut letters = BTreeMap::new();
        for name in named.letters {
            if let Some(hash) = self.copy_letter(&name, &folder.join(LETTERS_FOLDER)).await? {
                letters.insert(name, hash);
            }
        }
        let manifest = Manifest {
            format: FORMAT,
            schema: connect::schema_version(),
            taken_at,
            tables: tables?,
            letters,
            files: named.files.iter().map(|hash| HEXLOWER.encode(hash)).collect(),
        };
        Ok(BackedUp { manifest, files: named.files })
    }

    /// Copies a large letter; `None` when it was erased since the instant of the backup.
    async fn copy_letter(&self, name: &str, folder: &Path) -> Result<Option<String>, BackupError> {
        match tokio::fs::read(self.letter_file(name)).await {
            Ok(bytes) => {
                write_synced(&folder.join(name), &bytes)?;
                Ok(Some(HEXLOWER.encode(&Sha256::digest(&bytes))))
            }
            // A file that is missing otherwise must not pass unseen.
            Err(error) if error.kind() == ErrorKind::NotFound && !self.is_letter_kept(name).await? => {
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl Manifest {
    /// Writes the manifest, after everything that it names is on disk.
    pub fn finish(&self, folder: &Path) -> Result<(), BackupError> {
        let text = serde_json::to_vec_pretty(self).map_err(std::io::Error::other)?;
        write_synced(&folder.join(MANIFEST), &text)?;
        for part in [TABLES_FOLDER, LETTERS_FOLDER, ""] {
            File::open(folder.join(part))?.sync_all()?;
        }
        Ok(())
    }
}

async fn dump_all(
    conn: &mut Conn,
    folder: &Path,
    named: &mut Named,
) -> Result<BTreeMap<String, TableFile>, BackupError> {
    conn.begin_snapshot().await?;
    let mut tables = BTreeMap::new();
    for table in TABLES {
        let path = folder.join(TABLES_FOLDER).join(format!("{}.jsonl", table.name));
        tables.insert(table.name.to_owned(), dump(conn, table, &path, named).await?);
    }
    Ok(tables)
}

async fn dump(
    conn: &mut Conn,
    table: &Table,
    path: &Path,
    named: &mut Named,
) -> Result<TableFile, BackupError> {
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let sql = format!("select {} from {}", columns.join(", "), table.name);
    let mut file = Hashed { file: BufWriter::new(File::create_new(path)?), hash: Sha256::new() };
    let mut rows = 0;
    conn.each(sql, |row| {
        if table.name == "installation" && crate::search::is_derived(&row.get::<String>("name")?) {
            return Ok(());
        }
        note_outside(table, row, named)?;
        serde_json::to_writer(&mut file, &line(table, row)?).map_err(std::io::Error::from)?;
        file.write_all(b"\n")?;
        rows += 1;
        Ok(())
    })
    .await?;
    file.file.flush()?;
    file.file.get_ref().sync_all()?;
    let columns = table.columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    Ok(TableFile { columns, rows, sha256: HEXLOWER.encode(&file.hash.finalize()) })
}

/// A row as it is written.
fn line(table: &Table, row: &Row) -> Result<Vec<Json>, StoreError> {
    let value = |(name, kind): &(&'static str, Kind)| {
        Ok(match kind {
            Kind::Int => row.get::<Option<i64>>(name)?.map_or(Json::Null, Json::from),
            Kind::Text => row.get::<Option<String>>(name)?.map_or(Json::Null, Json::from),
            Kind::Bytes => row
                .get::<Option<Vec<u8>>>(name)?
                .map_or(Json::Null, |bytes| Json::from(BASE64.encode(&bytes))),
            Kind::Id => row.get::<Option<Uuid>>(name)?.map_or(Json::Null, |id| Json::from(id.to_string())),
            Kind::Bool => row.get::<Option<bool>>(name)?.map_or(Json::Null, Json::from),
        })
    };
    table.columns.iter().map(value).collect()
}

fn note_outside(table: &Table, row: &Row, named: &mut Named) -> Result<(), StoreError> {
    match table.name {
        "letters" => named.letters.extend(row.get::<Option<String>>("file")?),
        "files" => {
            let hash: Vec<u8> = row.get("hash")?;
            named.files.insert(hash.try_into().map_err(|_| StoreError::Corrupt("hash"))?);
        }
        _ => {}
    }
    Ok(())
}

/// A file that knows the hash of what was written to it.
struct Hashed {
    file: BufWriter<File>,
    hash: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

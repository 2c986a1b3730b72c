//! Reading a backup: into an empty database of either engine, all of it or nothing.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::tables::Kind;
use super::{BackupError, LETTERS_FOLDER, Manifest, TABLES_FOLDER, TableFile, manifest};
use crate::conn::{Conn, Value};
use crate::connect::{self, Location};
use crate::error::StoreError;
use crate::letters;

/// Rows of one statement.
const ROWS_AT_ONCE: usize = 32;
/// What must be empty for a database to be a new one.
const EMPTY: [&str; 4] = ["agents", "brands", "events", "letters"];

/// Restores a backup into a new database. Everything is checked before and counted after; the rows come in one
/// transaction. Opening the store afterwards brings its schema up to date and fills the search.
pub async fn restore(location: &Location, folder: &Path) -> Result<Manifest, BackupError> {
    let manifest = manifest(folder)?;
    check(&manifest, folder)?;
    let home = match location {
        Location::Folder(home) | Location::Server { folder: home, .. } => home,
    };
    letters::make_folder(home).await?;
    let pools = match connect::open_at(location, manifest.schema).await {
        Err(StoreError::Migration(sqlx::migrate::MigrateError::VersionMissing(_))) => {
            return Err(BackupError::InUse);
        }
        other => other?,
    };
    let mut conn = pools.writer().await?;
    let restored = async {
        conn.begin_unlimited(pools.begin()).await?;
        for table in EMPTY {
            if count(&mut conn, table).await? > 0 {
                return Err(BackupError::InUse);
            }
        }
        conn.run("delete from installation", Vec::new()).await?;
        copy_letters(&manifest, folder, &home.join(LETTERS_FOLDER))?;
        for (name, table) in &manifest.tables {
            load(&mut conn, name, table, &path_of(folder, name)).await?;
            if count(&mut conn, name).await? != table.rows {
                return Err(BackupError::Damaged(format!("{name}: rows are missing")));
            }
        }
        Ok(conn.command("commit").await?)
    }
    .await;
    // Its limits were lifted; and after a failure, closing it rolls back.
    conn.discard();
    pools.close().await;
    restored.map(|()| manifest)
}

fn path_of(folder: &Path, table: &str) -> std::path::PathBuf {
    folder.join(TABLES_FOLDER).join(format!("{table}.jsonl"))
}

/// Whether everything that the manifest names is there as it was written.
fn check(manifest: &Manifest, folder: &Path) -> Result<(), BackupError> {
    if manifest.schema > connect::schema_version() {
        return Err(BackupError::TooNew);
    }
    let damaged = |what: &str| BackupError::Damaged(what.to_owned());
    // Names become part of statements and paths.
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    for (name, table) in &manifest.tables {
        let is_good = is_name(name) && table.columns.iter().all(|(column, _)| is_name(column));
        if !is_good || hash_of(&path_of(folder, name))? != table.sha256 {
            return Err(damaged(name));
        }
    }
    for (name, hash) in &manifest.letters {
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
        if !is_plain || hash_of(&folder.join(LETTERS_FOLDER).join(name))? != *hash {
            return Err(damaged(name));
        }
    }
    Ok(())
}

fn hash_of(path: &Path) -> Result<String, BackupError> {
    let mut file =
        File::open(path).map_err(|error| BackupError::Damaged(format!("{}: {error}", path.display())))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(HEXLOWER.encode(&hash.finalize()));
        }
        hash.update(&piece[..read]);
    }
}

fn copy_letters(manifest: &Manifest, from: &Path, to: &Path) -> Result<(), BackupError> {
    for name in manifest.letters.keys() {
        let path = to.join(name);
        std::fs::copy(from.join(LETTERS_FOLDER).join(name), &path)?;
        File::open(path)?.sync_all()?;
    }
    Ok(File::open(to)?.sync_all()?)
}

async fn count(conn: &mut Conn, table: &str) -> Result<u64, BackupError> {
    let mut rows = 0;
    let sql = format!("select count(*) as n from {table}");
    conn.each(sql, |row| {
        rows = row.get::<i64>("n")?.unsigned_abs();
        Ok(())
    })
    .await?;
    Ok(rows)
}

async fn load(conn: &mut Conn, name: &str, table: &TableFile, path: &Path) -> Result<(), BackupError> {
    let mut values = Vec::new();
    let mut rows = 0;
    for line in BufReader::new(File::open(path)?).lines() {
        let row: Vec<Json> =
            serde_json::from_str(&line?).map_err(|error| BackupError::Damaged(format!("{name}: {error}")))?;
        if row.len() != table.columns.len() {
            return Err(BackupError::Damaged(format!("{name}: a row of another length")));
        }
        for ((column, kind), json) in table.columns.iter().zip(row) {
            let value = value(*kind, json);
            values.push(value.ok_or_else(|| BackupError::Damaged(format!("{name}: {column}")))?);
        }
        rows += 1;
        if rows == ROWS_AT_ONCE {
            conn.run_built(insert(name, table, rows), std::mem::take(&mut values)).await?;
            rows = 0;
        }
    }
    if rows > 0 {
        conn.run_built(insert(name, table, rows), values).await?;
    }
    Ok(())
}

fn insert(name: &str, table: &TableFile, rows: usize) -> String {
    let columns: Vec<&str> = table.columns.iter().map(|(column, _)| column.as_str()).collect();
    let mut place = 0;
    let mut row = || {
        let places: Vec<String> = columns
            .iter()
            .map(|_| {
                place += 1;
                format!("${place}")
            })
            .collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(|_| row()).collect();
    format!("insert into {name} ({}) values {}", columns.join(", "), rows.join(", "))
}

fn value(kind: Kind, json: Json) -> Option<Value> {
    Some(match (kind, json) {
        (Kind::Int, Json::Null) => Value::Int(None),
        (Kind::Int, json) => Value::Int(Some(json.as_i64()?)),
        (Kind::Text, Json::Null) => Value::Text(None),
        (Kind::Text, Json::String(text)) => Value::Text(Some(text)),
        (Kind::Bytes, Json::Null) => Value::Bytes(None),
        (Kind::Bytes, json) => Value::Bytes(Some(BASE64.decode(json.as_str()?.as_bytes()).ok()?)),
        (Kind::Id, Json::Null) => Value::Id(None),
        (Kind::Id, json) => Value::Id(Some(Uuid::parse_str(json.as_str()?).ok()?)),
        (Kind::Bool, json) => Value::Bool(json.as_bool()?),
        (Kind::Text, _) => return None,
    })
}

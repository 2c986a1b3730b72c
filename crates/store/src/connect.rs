//! Opening a store: which engine, with which settings, with the schema brought up to date.
//! One of the few files that may ask which engine it is.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

use crate::conn::Conn;
use crate::error::StoreError;

/// The schema, in order.
const MIGRATIONS: [(i64, &str, &str); 1] =
    [(1, "desk", include_str!("../../../migrations/0001_desk.sql"))];

/// Longest wait for a free connection or for SQLite's lock.
const WAIT: Duration = Duration::from_secs(5);
/// Connections that only read, on the embedded engine.
const SQLITE_READERS_MAX: u32 = 8;
/// Connections of one node to a server.
const POSTGRES_CONNECTIONS_MAX: u32 = 24;

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// In this folder: the database file and the large letters.
    Folder(PathBuf),
    /// On this server, with large letters in the folder.
    Server {
        /// `postgres://user:password@host:port/database`.
        url: String,
        /// For large letters; shared by all nodes.
        folder: PathBuf,
    },
}

/// One pool to read from and the connections to write by.
#[derive(Clone)]
pub(crate) enum Pools {
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    Postgres(PgPool),
}

impl Pools {
    /// A connection to read with.
    pub(crate) async fn reader(&self) -> Result<Conn, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Conn::Sqlite(readers.acquire().await?),
            Self::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    /// A connection to write with; on SQLite there is one.
    pub(crate) async fn writer(&self) -> Result<Conn, StoreError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Conn::Sqlite(writer.acquire().await?),
            Self::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    /// Whether writes must go one after the other.
    pub(crate) fn has_one_writer(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// The statement that begins a writing transaction. SQLite takes its lock at once, so that it cannot fail in the middle.
    pub(crate) fn begin(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "begin immediate",
            Self::Postgres(_) => "begin",
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Opens the pools and brings the schema up to date.
pub(crate) async fn open(location: &Location) -> Result<Pools, StoreError> {
    let migrator = Migrator::with_migrations(migrations());
    match location {
        Location::Folder(folder) => {
            tokio::fs::create_dir_all(folder).await?;
            let options = sqlite_options(&folder.join("suivi.db"));
            let writer = SqlitePoolOptions::new().max_connections(1).acquire_timeout(WAIT);
            let writer = writer.connect_with(options.clone()).await?;
            migrator.run(&writer).await?;
            let readers = SqlitePoolOptions::new().max_connections(SQLITE_READERS_MAX).acquire_timeout(WAIT);
            let readers = readers.connect_with(options.pragma("query_only", "1")).await?;
            Ok(Pools::Sqlite { readers, writer })
        }
        Location::Server { url, folder } => {
            tokio::fs::create_dir_all(folder).await?;
            let options = PgConnectOptions::from_str(url)?
                .application_name("suivi")
                .options([("statement_timeout", "15s"), ("lock_timeout", "5s")]);
            let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS_MAX).acquire_timeout(WAIT);
            let pool = pool.connect_with(options).await?;
            migrator.run(&pool).await?;
            Ok(Pools::Postgres(pool))
        }
    }
}

/// WAL and `synchronous=FULL`: a commit that was answered survives a power cut.
fn sqlite_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(WAIT)
        .pragma("cache_size", "-16000")
        .pragma("temp_store", "memory")
}

fn migrations() -> Vec<Migration> {
    let reversible = MigrationType::Simple;
    MIGRATIONS
        .iter()
        .map(|(version, name, sql)| {
            Migration::new(*version, (*name).into(), reversible, sqlx::SqlSafeStr::into_sql_str(*sql), false)
        })
        .collect()
}

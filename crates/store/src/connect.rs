//! Opening a store: which engine, with which settings, with the schema brought up to date.
//! One of the few files that may ask which engine it is.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, SqlitePool};

use crate::conn::Conn;
use crate::error::StoreError;

/// The schema, in order. One text for both engines; search alone is another thing on each.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "desk", include_str!("../../../migrations/0001_desk.sql")),
    (2, "mail", include_str!("../../../migrations/0002_mail.sql")),
    (3, "aside once", include_str!("../../../migrations/0003_aside_once.sql")),
    (4, "sealed mail", include_str!("../../../migrations/0004_sealed_mail.sql")),
    (5, "written at", include_str!("../../../migrations/0005_written_at.sql")),
    (6, "doors", include_str!("../../../migrations/0006_doors.sql")),
    (7, "files", include_str!("../../../migrations/0007_files.sql")),
    (9, "api", include_str!("../../../migrations/0009_api.sql")),
    (10, "erasure", include_str!("../../../migrations/0010_erasure.sql")),
    (11, "feed", include_str!("../../../migrations/0011_feed.sql")),
    (12, "lists", include_str!("../../../migrations/0012_lists.sql")),
];
const SEARCH: (i64, &str) = (8, "search");
const SEARCH_ON_SQLITE: &str = include_str!("../../../migrations/0008_search_sqlite.sql");
const SEARCH_ON_POSTGRES: &str = include_str!("../../../migrations/0008_search_postgres.sql");

/// Longest wait for a free connection or for `SQLite`'s lock.
const WAIT: Duration = Duration::from_secs(5);
/// What `SQLite` says when somebody else holds the file.
const SQLITE_BUSY: &str = "5";
/// Tries to open a file that somebody else holds, and the pause between them: five seconds in all.
const BUSY_TRIES_MAX: u32 = 250;
const BUSY_PAUSE: Duration = Duration::from_millis(20);
/// What each connection keeps of the file, in KiB below zero. What a reader does not keep, the system has.
const SQLITE_WRITER_CACHE: &str = "-16000";
const SQLITE_READER_CACHE: &str = "-4000";
/// Connections that only read, on the embedded engine.
const SQLITE_READERS_MAX: u32 = 8;
/// Connections of one node that only read, on a server: they never wait for those that write, nor the other way round.
const POSTGRES_READERS_MAX: u32 = 12;
/// Connections of one node that write, on a server.
pub(crate) const POSTGRES_WRITERS_MAX: u32 = 12;
/// Statements that a connection to the file keeps ready; those of a decision come in as many forms as it has parts.
const STATEMENTS_KEPT: usize = 250;
/// Limits that the server keeps for us. Nobody may hold a lock while doing nothing: a node that has frozen is put out.
const POSTGRES_LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "15s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "15s")];

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

/// The connections to read with and those to write with.
#[derive(Clone)]
pub(crate) struct Pools {
    readers: Pool,
    writers: Pool,
    asked: Arc<AtomicU64>,
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pools {
    /// A connection to read with.
    pub(crate) async fn reader(&self) -> Result<Conn, StoreError> {
        self.readers.conn(&self.asked).await
    }

    /// A connection to write with; on `SQLite` there is one.
    pub(crate) async fn writer(&self) -> Result<Conn, StoreError> {
        self.writers.conn(&self.asked).await
    }

    /// Whether writes must go one after the other.
    pub(crate) fn has_one_writer(&self) -> bool {
        matches!(self.writers, Pool::Sqlite(_))
    }

    /// The statement that begins a writing transaction. `SQLite` takes its lock at once, so that it cannot fail in the middle.
    pub(crate) fn begin(&self) -> &'static str {
        match self.writers {
            Pool::Sqlite(_) => "begin immediate",
            Pool::Postgres(_) => "begin",
        }
    }

    /// The same for the writer task, whose writes on `SQLite` are savepoints of one transaction: the first begins with it.
    pub(crate) fn begin_to_write(&self) -> &'static str {
        match self.writers {
            Pool::Sqlite(_) => "begin immediate; savepoint job",
            Pool::Postgres(_) => "begin",
        }
    }

    /// How many queries were asked on all connections since the store was opened.
    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}

impl Pool {
    async fn conn(&self, asked: &Arc<AtomicU64>) -> Result<Conn, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Conn::to_file(pool.acquire().await.map_err(no_way)?, Arc::clone(asked)),
            Self::Postgres(pool) => Conn::to_server(pool.acquire().await.map_err(no_way)?, Arc::clone(asked)),
        })
    }

    async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Whatever keeps a connection from us (nobody is let in, the database was renamed, the password was changed) says
/// nothing against what we were about to ask: it passes when the database is back.
fn no_way(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(error)
}

/// Opens the pools and brings the schema up to date.
pub(crate) async fn open(location: &Location) -> Result<Pools, StoreError> {
    open_at(location, schema_version()).await
}

/// The version of the schema that this program works with.
pub(crate) fn schema_version() -> i64 {
    MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or_default()
}

/// The same with a schema of an older version.
pub(crate) async fn open_at(location: &Location, version: i64) -> Result<Pools, StoreError> {
    let (readers, writers) = match location {
        Location::Folder(folder) => open_file(folder, version).await?,
        Location::Server { url, .. } => open_server(url, version).await?,
    };
    Ok(Pools { readers, writers, asked: Arc::default() })
}

async fn open_file(folder: &Path, version: i64) -> Result<(Pool, Pool), StoreError> {
    let options = sqlite_options(&folder.join("suivi.db"));
    let writer = connect_first(&options).await?;
    // The command line may open the same file beside the desk: whoever comes second waits, and finds the work done.
    let mut conn = writer.acquire().await?;
    let mut transaction = conn.begin_with("begin immediate").await?;
    migrator(SEARCH_ON_SQLITE, version).run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await?;
    drop(conn);
    // A file does not go away: no connection to it is tried before it is used.
    let readers = SqlitePoolOptions::new().max_connections(SQLITE_READERS_MAX).acquire_timeout(WAIT);
    let readers = readers.test_before_acquire(false);
    let readers = readers
        .connect_with(options.pragma("cache_size", SQLITE_READER_CACHE).pragma("query_only", "1"))
        .await?;
    Ok((Pool::Sqlite(readers), Pool::Sqlite(writer)))
}

/// The one connection that writes. Two who open a new file at the same instant both want to make a WAL file of it; SQLite
/// refuses one of them at once, whatever time to wait it was given, so that one asks again.
async fn connect_first(options: &SqliteConnectOptions) -> Result<SqlitePool, StoreError> {
    let mut tries = 0;
    loop {
        let pool =
            SqlitePoolOptions::new().max_connections(1).acquire_timeout(WAIT).test_before_acquire(false);
        match pool.connect_with(options.clone()).await {
            Err(sqlx::Error::Database(error))
                if error.code().as_deref() == Some(SQLITE_BUSY) && tries < BUSY_TRIES_MAX =>
            {
                tries += 1;
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            other => return Ok(other?),
        }
    }
}

async fn open_server(url: &str, version: i64) -> Result<(Pool, Pool), StoreError> {
    let options = PgConnectOptions::from_str(url)?.application_name("suivi");
    // On a connection without limits: a change of schema may take long, and another node may be at it already.
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(WAIT);
    let pool = pool.connect_with(options.clone()).await?;
    migrator(SEARCH_ON_POSTGRES, version).run(&pool).await?;
    pool.close().await;
    let options = options.options(POSTGRES_LIMITS);
    let writers = PgPoolOptions::new().max_connections(POSTGRES_WRITERS_MAX).acquire_timeout(WAIT);
    let readers = PgPoolOptions::new().max_connections(POSTGRES_READERS_MAX).acquire_timeout(WAIT);
    let read_only = options.clone().options([("default_transaction_read_only", "on")]);
    Ok((
        Pool::Postgres(readers.connect_lazy_with(read_only)),
        Pool::Postgres(writers.connect_lazy_with(options)),
    ))
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
        .statement_cache_capacity(STATEMENTS_KEPT)
        .pragma("cache_size", SQLITE_WRITER_CACHE)
        .pragma("temp_store", "memory")
        // What is erased is overwritten, not merely no longer pointed to.
        .pragma("secure_delete", "on")
}

fn migrator(search: &'static str, upto: i64) -> Migrator {
    let (version, name) = SEARCH;
    let mut migrations: Vec<_> =
        MIGRATIONS.iter().copied().chain(std::iter::once((version, name, search))).collect();
    migrations.retain(|(version, ..)| *version <= upto);
    migrations.sort_by_key(|(version, ..)| *version);
    let migrations = migrations.into_iter().map(|(version, name, sql)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(sql);
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
}

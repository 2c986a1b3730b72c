//! How the store fails: the world (database gone), a lost race (decide again), or something unreadable (a bug).

use thiserror::Error;

/// What went wrong.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Something relied on has changed since it was read: gather and decide again.
    #[error("something changed meanwhile")]
    Conflict,
    /// The database cannot be reached or did not answer in time. Nothing was written. Worth trying again.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// A commit was under way when the connection broke: it may or may not have been written.
    #[error("the database went away during a commit")]
    Unknown(#[source] sqlx::Error),
    /// A stored value does not read as what it must be.
    #[error("unreadable value in {0}")]
    Corrupt(&'static str),
    /// A file of the store cannot be read or written.
    #[error("a file of the store cannot be read or written")]
    File(#[from] std::io::Error),
    /// The database refused a statement.
    #[error("the database refused")]
    Sql(#[source] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the schema could not be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl StoreError {
    /// Whether trying again later may help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Conflict | Self::Unavailable(_) | Self::Unknown(_))
    }
}

/// SQLSTATE classes and codes that mean "try again": serialization failure, deadlock, lock not available.
const RACE_CODES: [&str; 3] = ["40001", "40P01", "55P03"];
/// SQLSTATEs of a server that is stopping, starting or out of connections.
const AWAY_CODES: [&str; 6] = ["57P01", "57P02", "57P03", "53300", "08006", "08003"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed
            | sqlx::Error::Protocol(_) => Self::Unavailable(error),
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default().into_owned();
                if database.is_unique_violation() || RACE_CODES.contains(&code.as_str()) {
                    Self::Conflict
                } else if AWAY_CODES.contains(&code.as_str()) || is_busy_or_full(&code) {
                    Self::Unavailable(error)
                } else {
                    Self::Sql(error)
                }
            }
            _ => Self::Sql(error),
        }
    }
}

/// SQLite's primary result codes 5 (busy), 6 (locked), 10 (input/output), 13 (full) and 14 (cannot open);
/// extended codes carry them in their low byte.
fn is_busy_or_full(code: &str) -> bool {
    code.len() < 5 && code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}

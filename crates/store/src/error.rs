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
    /// A write broke off by a bug. Nothing was written.
    #[error("a write panicked")]
    Panicked,
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

/// SQLSTATEs that mean "somebody else was at it": serialization failure, deadlock, lock not available.
const RACE_CODES: [&str; 3] = ["40001", "40P01", "55P03"];
/// SQLSTATEs of a server that cannot serve just now: stopping, starting, answering too late (57014), a standby that is
/// not the main server yet (25006), a transaction ended for idling (25P03), a disk that fails (58030).
const AWAY_CODES: [&str; 8] = ["57P01", "57P02", "57P03", "57P05", "57014", "25006", "25P03", "58030"];
/// Classes of the same: connection exceptions, and a lack of connections, memory or disk.
const AWAY_CLASSES: [&str; 2] = ["08", "53"];

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
                } else if is_away(&code) || is_busy_or_full(&code) {
                    Self::Unavailable(error)
                } else {
                    Self::Sql(error)
                }
            }
            _ => Self::Sql(error),
        }
    }
}

fn is_away(code: &str) -> bool {
    code.len() == 5
        && (AWAY_CODES.contains(&code) || AWAY_CLASSES.iter().any(|class| code.starts_with(class)))
}

/// `SQLite`'s primary result codes 5 (busy), 6 (locked), 7 (no memory), 10 (input/output), 13 (full), 14 (cannot open)
/// and 15 (locking protocol); extended codes carry them in their low byte.
fn is_busy_or_full(code: &str) -> bool {
    code.len() < 5 && code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5..=7 | 10 | 13..=15))
}

//! One connection, whichever the engine: the same SQL text, values in, rows out.
//! Knows how to speak to the two drivers, and nothing of cases.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use casework::{
    AgentId, BrandId, CaseId, ContentId, CustomerId, FileId, IdentityId, InboxId, LetterId, MessageId,
    OrderId, TeamId,
};
use futures::TryStreamExt as _;
use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Postgres, Row as _, Sqlite};
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use uuid::Uuid;

use crate::error::StoreError;

/// Longest wait for a server's answer. Above the server's own limit: past it, the server itself has gone.
const ANSWER_WAIT: Duration = Duration::from_secs(20);

/// A connection taken from a pool. It counts what it is asked, and it knows when the other side has fallen silent.
pub struct Conn {
    link: Link,
    asked: Arc<AtomicU64>,
    is_lost: bool,
}

enum Link {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A value given to a statement; each carries its type also when it is absent.
#[derive(Debug, Clone)]
pub enum Value {
    /// A whole number, an instant in microseconds, or none.
    Int(Option<i64>),
    /// A text.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
    /// An id.
    Id(Option<Uuid>),
    /// Yes or no.
    Bool(bool),
}

impl Conn {
    /// A connection to the embedded file.
    pub(crate) fn to_file(conn: PoolConnection<Sqlite>, asked: Arc<AtomicU64>) -> Self {
        Self { link: Link::Sqlite(conn), asked, is_lost: false }
    }

    /// A connection to a server.
    pub(crate) fn to_server(conn: PoolConnection<Postgres>, asked: Arc<AtomicU64>) -> Self {
        Self { link: Link::Postgres(conn), asked, is_lost: false }
    }

    /// Whether it leads to a server, where others may be taking the same rows.
    pub(crate) fn is_to_server(&self) -> bool {
        matches!(self.link, Link::Postgres(_))
    }

    /// Runs a statement and gives the number of rows it touched.
    pub async fn run(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        self.count()?;
        match &mut self.link {
            Link::Sqlite(conn) => {
                let done = sqlx::query_with(sql, bind_sqlite(values)?).execute(&mut **conn).await?;
                Ok(done.rows_affected())
            }
            Link::Postgres(conn) => {
                let asked = sqlx::query_with(sql, bind_postgres(values)?).execute(&mut **conn);
                let answer = timeout(ANSWER_WAIT, asked).await;
                Ok(self.heard(answer)?.rows_affected())
            }
        }
    }

    /// All rows of a query; every query states its own limit.
    pub async fn rows(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.count()?;
        match &mut self.link {
            Link::Sqlite(conn) => {
                let rows = sqlx::query_with(sql, bind_sqlite(values)?).fetch_all(&mut **conn).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Link::Postgres(conn) => {
                let asked = sqlx::query_with(sql, bind_postgres(values)?).fetch_all(&mut **conn);
                let answer = timeout(ANSWER_WAIT, asked).await;
                Ok(self.heard(answer)?.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The first row of a query, if there is one.
    pub async fn row(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs a statement that takes no values: `begin`, `commit` and their like. They are not counted.
    pub(crate) async fn command(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.refuse_if_lost()?;
        match &mut self.link {
            Link::Sqlite(conn) => sqlx::raw_sql(sql).execute(&mut **conn).await.map(drop)?,
            Link::Postgres(conn) => {
                let asked = sqlx::raw_sql(sql).execute(&mut **conn);
                let answer = timeout(ANSWER_WAIT, asked).await;
                self.heard(answer)?;
            }
        }
        Ok(())
    }

    /// Runs a statement that was put together from names this crate knows, and values.
    pub(crate) async fn run_built(&mut self, sql: String, values: Vec<Value>) -> Result<u64, StoreError> {
        self.count()?;
        let sql = AssertSqlSafe(sql);
        match &mut self.link {
            Link::Sqlite(conn) => {
                let done = sqlx::query_with(sql, bind_sqlite(values)?).execute(&mut **conn).await?;
                Ok(done.rows_affected())
            }
            Link::Postgres(conn) => {
                let done = sqlx::query_with(sql, bind_postgres(values)?).execute(&mut **conn).await?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Runs several statements that were put together from texts of this crate, on the embedded engine: the rows that each
    /// touched, as far as it came, and how it ended.
    pub(crate) async fn run_joined(
        &mut self,
        sql: String,
        values: Vec<Value>,
        statements: usize,
    ) -> (Vec<u64>, Result<(), StoreError>) {
        let mut touched = Vec::with_capacity(statements);
        let end = self.run_all(sql, values, statements, &mut touched).await;
        (touched, end)
    }

    async fn run_all(
        &mut self,
        sql: String,
        values: Vec<Value>,
        statements: usize,
        touched: &mut Vec<u64>,
    ) -> Result<(), StoreError> {
        self.asked.fetch_add(statements as u64, Ordering::Relaxed);
        self.refuse_if_lost()?;
        let Link::Sqlite(conn) = &mut self.link else { return Err(StoreError::Corrupt("engine")) };
        let query = sqlx::query_with(AssertSqlSafe(sql), bind_sqlite(values)?);
        let mut answers = sqlx::Executor::fetch_many(&mut **conn, query);
        while let Some(answer) = answers.try_next().await? {
            if let sqlx::Either::Left(done) = answer {
                touched.push(done.rows_affected());
            }
        }
        Ok(())
    }

    /// Gives every row of such a query to `take`, one after the other, however many there are.
    pub(crate) async fn each(
        &mut self,
        sql: String,
        mut take: impl FnMut(&Row) -> Result<(), StoreError> + Send,
    ) -> Result<(), StoreError> {
        self.count()?;
        let sql = AssertSqlSafe(sql);
        match &mut self.link {
            Link::Sqlite(conn) => {
                let mut rows = sqlx::query(sql).fetch(&mut **conn);
                while let Some(row) = rows.try_next().await? {
                    take(&Row::Sqlite(row))?;
                }
            }
            Link::Postgres(conn) => {
                let mut rows = sqlx::query(sql).fetch(&mut **conn);
                while let Some(row) = rows.try_next().await? {
                    take(&Row::Postgres(row))?;
                }
            }
        }
        Ok(())
    }

    /// Begins to read everything as it stands now, for as long as it takes.
    pub(crate) async fn begin_snapshot(&mut self) -> Result<(), StoreError> {
        if self.is_to_server() {
            return self.begin_unlimited("begin isolation level repeatable read read only").await;
        }
        self.command("begin").await?;
        // The embedded engine fixes the instant with the first read.
        self.row("select 1 as one from installation limit 1", Vec::new()).await.map(drop)
    }

    /// Begins a transaction that may take as long as it needs.
    pub(crate) async fn begin_unlimited(&mut self, begin: &'static str) -> Result<(), StoreError> {
        self.command(begin).await?;
        if self.is_to_server() {
            self.command(
                "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0",
            )
            .await?;
        }
        Ok(())
    }

    /// Closes the connection instead of giving it back: nobody may use it again, and its transaction is rolled back.
    pub(crate) fn discard(mut self) {
        self.close_when_dropped();
    }

    fn count(&mut self) -> Result<(), StoreError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.refuse_if_lost()
    }

    fn refuse_if_lost(&self) -> Result<(), StoreError> {
        if self.is_lost { Err(sqlx::Error::PoolTimedOut.into()) } else { Ok(()) }
    }

    /// What the server answered. After silence the connection is of no use: it is never asked again.
    fn heard<T>(&mut self, answer: Result<Result<T, sqlx::Error>, Elapsed>) -> Result<T, StoreError> {
        let Ok(answer) = answer else {
            self.is_lost = true;
            self.close_when_dropped();
            return Err(sqlx::Error::PoolTimedOut.into());
        };
        Ok(answer?)
    }

    fn close_when_dropped(&mut self) {
        match &mut self.link {
            Link::Sqlite(conn) => conn.close_on_drop(),
            Link::Postgres(conn) => conn.close_on_drop(),
        }
    }
}

fn bind_sqlite(values: Vec<Value>) -> Result<SqliteArguments, StoreError> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
            Value::Id(value) => arguments.add(value),
            Value::Bool(value) => arguments.add(value),
        }
        .map_err(|error| StoreError::Sql(sqlx::Error::Encode(error)))?;
    }
    Ok(arguments)
}

fn bind_postgres(values: Vec<Value>) -> Result<PgArguments, StoreError> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
            Value::Id(value) => arguments.add(value),
            Value::Bool(value) => arguments.add(value),
        }
        .map_err(|error| StoreError::Sql(sqlx::Error::Encode(error)))?;
    }
    Ok(arguments)
}

/// A row of either engine.
pub enum Row {
    /// From the embedded file.
    Sqlite(SqliteRow),
    /// From a server.
    Postgres(PgRow),
}

impl Row {
    /// The value of a column.
    pub fn get<'r, T>(&'r self, column: &'static str) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'r, Sqlite> + sqlx::Type<Sqlite> + sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
    {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(|error| {
            tracing::error!(%error, column, "a column does not read as it must");
            StoreError::Corrupt(column)
        })
    }

    /// An id.
    pub fn id<T: From<Uuid>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.get::<Uuid>(column).map(T::from)
    }

    /// An id that may be absent.
    pub fn id_opt<T: From<Uuid>>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        Ok(self.get::<Option<Uuid>>(column)?.map(T::from))
    }

    /// An instant.
    pub fn at(&self, column: &'static str) -> Result<Timestamp, StoreError> {
        instant(self.get(column)?).ok_or(StoreError::Corrupt(column))
    }

    /// An instant that may be absent.
    pub fn at_opt(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        let micros: Option<i64> = self.get(column)?;
        micros.map(|micros| instant(micros).ok_or(StoreError::Corrupt(column))).transpose()
    }

    /// A whole number that fits `u32`.
    pub fn count(&self, column: &'static str) -> Result<u32, StoreError> {
        u32::try_from(self.get::<i64>(column)?).map_err(|_| StoreError::Corrupt(column))
    }

    /// A word of one of casework's enumerations.
    pub fn word<T>(&self, column: &'static str, parse: fn(&str) -> Option<T>) -> Result<T, StoreError> {
        parse(&self.get::<String>(column)?).ok_or(StoreError::Corrupt(column))
    }

    /// Such a word that may be absent.
    pub fn word_opt<T>(
        &self,
        column: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let word: Option<String> = self.get(column)?;
        word.map(|word| parse(&word).ok_or(StoreError::Corrupt(column))).transpose()
    }
}

/// `PostgreSQL`'s text cannot hold the character NUL, which strangers may put into any name, subject or address.
/// Replaced on both engines alike, in what is written and in what is looked for.
fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// The instant so many microseconds after 1970. Jiff's own reading refuses the last microseconds of the year 9999,
/// which is what a date "as late as can be" is stored as.
pub(crate) fn instant(micros: i64) -> Option<Timestamp> {
    let nanos = i32::try_from(micros.rem_euclid(1_000_000)).ok()? * 1_000;
    Timestamp::new(micros.div_euclid(1_000_000), nanos).ok()
}

macro_rules! value_from {
    ($($from:ty => |$value:ident| $to:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self { $to }
        }
    )*};
}

value_from! {
    i64 => |value| Self::Int(Some(value));
    u32 => |value| Self::Int(Some(i64::from(value)));
    Option<i64> => |value| Self::Int(value);
    Timestamp => |value| Self::Int(Some(value.as_microsecond()));
    Option<Timestamp> => |value| Self::Int(value.map(Timestamp::as_microsecond));
    &str => |value| Self::Text(Some(without_nul(value.to_owned())));
    Option<&str> => |value| Self::Text(value.map(|value| without_nul(value.to_owned())));
    String => |value| Self::Text(Some(without_nul(value)));
    Option<String> => |value| Self::Text(value.map(without_nul));
    Vec<u8> => |value| Self::Bytes(Some(value));
    Option<Vec<u8>> => |value| Self::Bytes(value);
    [u8; 32] => |value| Self::Bytes(Some(value.to_vec()));
    Uuid => |value| Self::Id(Some(value));
    bool => |value| Self::Bool(value);
    BrandId => |value| Self::Int(Some(value.0));
}

macro_rules! value_from_ids {
    ($($id:ty),*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self { Self::Id(Some(id.0)) }
        }
        impl From<Option<$id>> for Value {
            fn from(id: Option<$id>) -> Self { Self::Id(id.map(|id| id.0)) }
        }
    )*};
}

value_from_ids!(
    AgentId, CaseId, ContentId, CustomerId, FileId, IdentityId, InboxId, LetterId, MessageId, OrderId, TeamId
);

/// Makes the list of values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::conn::Value::from($value)),*] };
}
pub(crate) use values;

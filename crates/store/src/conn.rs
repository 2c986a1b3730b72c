//! One connection, whichever the engine: the same SQL text, values in, rows out.
//! Knows how to speak to the two drivers, and nothing of cases.

use casework::{
    AgentId, BrandId, CaseId, ContentId, CustomerId, IdentityId, InboxId, LetterId, MessageId, OrderId, TeamId,
};
use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Postgres, Row as _, Sqlite};
use uuid::Uuid;

use crate::error::StoreError;

/// A connection taken from one of the two pools.
pub enum Conn {
    /// To the embedded file.
    Sqlite(PoolConnection<Sqlite>),
    /// To a server.
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
    /// Runs a statement and gives the number of rows it touched.
    pub async fn run(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(conn) => {
                sqlx::query_with(sql, bind_sqlite(values)?).execute(&mut **conn).await?.rows_affected()
            }
            Self::Postgres(conn) => {
                sqlx::query_with(sql, bind_postgres(values)?).execute(&mut **conn).await?.rows_affected()
            }
        })
    }

    /// All rows of a query; every query states its own limit.
    pub async fn rows(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite(conn) => {
                let rows = sqlx::query_with(sql, bind_sqlite(values)?).fetch_all(&mut **conn).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(conn) => {
                let rows = sqlx::query_with(sql, bind_postgres(values)?).fetch_all(&mut **conn).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row of a query, if there is one.
    pub async fn row(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Runs a statement that takes no values: `begin`, `commit` and their like.
    pub(crate) async fn command(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(conn) => sqlx::raw_sql(sql).execute(&mut **conn).await.map(drop)?,
            Self::Postgres(conn) => sqlx::raw_sql(sql).execute(&mut **conn).await.map(drop)?,
        }
        Ok(())
    }

    /// Closes the connection instead of giving it back: after a failed rollback nobody may use it again.
    pub(crate) async fn discard(self) {
        let closed = match self {
            Self::Sqlite(conn) => conn.close().await,
            Self::Postgres(conn) => conn.close().await,
        };
        if let Err(error) = closed {
            tracing::debug!(%error, "a broken connection could not be closed in order");
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
        Timestamp::from_microsecond(self.get(column)?).map_err(|_| StoreError::Corrupt(column))
    }

    /// An instant that may be absent.
    pub fn at_opt(&self, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
        let micros: Option<i64> = self.get(column)?;
        micros.map(Timestamp::from_microsecond).transpose().map_err(|_| StoreError::Corrupt(column))
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
    &str => |value| Self::Text(Some(value.to_owned()));
    Option<&str> => |value| Self::Text(value.map(str::to_owned));
    String => |value| Self::Text(Some(value));
    Option<String> => |value| Self::Text(value);
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
    AgentId, CaseId, ContentId, CustomerId, IdentityId, InboxId, LetterId, MessageId, OrderId, TeamId
);

/// Makes the list of values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::conn::Value::from($value)),*] };
}
pub(crate) use values;

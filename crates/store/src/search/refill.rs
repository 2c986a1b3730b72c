//! Filling the index again from messages and customers: after an older version, or when its analysis has changed. Nothing
//! is missing from it meanwhile but what never was in it; several nodes share the work.

use casework::{BrandId, CustomerId};
use uuid::Uuid;

use super::index::{message_source, replace_customers, replace_messages};
use crate::Store;
use crate::conn::{Conn, values};
use crate::error::StoreError;

/// The analysis that this program fills the index with. Raised whenever `text::search` finds other tokens in a text.
const ANALYSIS: &str = "1";
/// Where the filling stands, in the table `installation`: the analysis, what is filled, and up to where.
const NAME: &str = "search filled";
/// Whether a row of the table `installation` says how far the index is filled.
pub(crate) fn is_derived(name: &str) -> bool {
    name == NAME
}

/// Documents of one transaction.
const BATCH: i64 = 100;

/// How far a filling has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Upto {
    Messages(BrandId, Uuid),
    Customers(BrandId, Uuid),
    All,
}

impl Upto {
    fn start() -> Self {
        Self::Messages(BrandId(i64::MIN), Uuid::nil())
    }

    /// A filling of another analysis begins from the start.
    fn read(text: &str) -> Self {
        let read = || {
            let mut words = text.split(' ');
            if words.next()? != ANALYSIS {
                return None;
            }
            let what = words.next()?;
            if what == "all" {
                return Some(Self::All);
            }
            let brand = BrandId(words.next()?.parse().ok()?);
            let id = Uuid::parse_str(words.next()?).ok()?;
            match what {
                "messages" => Some(Self::Messages(brand, id)),
                "customers" => Some(Self::Customers(brand, id)),
                _ => None,
            }
        };
        read().unwrap_or_else(Self::start)
    }

    fn written(self) -> String {
        match self {
            Self::Messages(brand, id) => format!("{ANALYSIS} messages {} {id}", brand.0),
            Self::Customers(brand, id) => format!("{ANALYSIS} customers {} {id}", brand.0),
            Self::All => format!("{ANALYSIS} all"),
        }
    }
}

impl Store {
    /// Fills the index a little further. Gives how many documents were filled, none when all are.
    pub async fn fill_search(&self) -> Result<Option<u64>, StoreError> {
        self.write(Box::new(|conn| Box::pin(fill(conn)))).await
    }

    /// Begins to fill the index from the start; [`Store::fill_search`] goes on.
    pub async fn refill_search(&self) -> Result<(), StoreError> {
        self.write(Box::new(|conn| {
            Box::pin(async move {
                conn.run("delete from installation where name = $1", values![NAME]).await.map(drop)
            })
        }))
        .await
    }
}

async fn fill(conn: &mut Conn) -> Result<Option<u64>, StoreError> {
    // Takes the row until the end of the transaction, so that nodes fill one after the other.
    let sql = "insert into installation (name, value) values ($1, '') \
               on conflict (name) do update set value = installation.value returning value";
    let row = conn.row(sql, values![NAME]).await?;
    let upto = Upto::read(&row.map_or(Ok(String::new()), |row| row.get("value"))?);
    let (filled, next) = match upto {
        Upto::All => return Ok(None),
        Upto::Messages(brand, id) => fill_messages(conn, brand, id).await?,
        Upto::Customers(brand, id) => fill_customers(conn, brand, id).await?,
    };
    let sql = "update installation set value = $2 where name = $1";
    conn.run(sql, values![NAME, next.written()]).await?;
    Ok(Some(filled))
}

async fn fill_messages(conn: &mut Conn, brand: BrandId, id: Uuid) -> Result<(u64, Upto), StoreError> {
    let sql = message_source!("(m.brand_id, m.id) > ($1, $2) order by m.brand_id, m.id limit $3");
    let rows = conn.rows(sql, values![brand, id, BATCH]).await?;
    replace_messages(conn, &rows).await?;
    let next = match rows.last() {
        Some(row) => Upto::Messages(BrandId(row.get("brand_id")?), row.get("id")?),
        None => Upto::Customers(BrandId(i64::MIN), Uuid::nil()),
    };
    Ok((rows.len() as u64, next))
}

async fn fill_customers(conn: &mut Conn, brand: BrandId, id: Uuid) -> Result<(u64, Upto), StoreError> {
    let sql =
        "select brand_id, id from customers where (brand_id, id) > ($1, $2) order by brand_id, id limit $3";
    let rows = conn.rows(sql, values![brand, id, BATCH]).await?;
    let customers = rows.iter().map(|row| Ok((BrandId(row.get("brand_id")?), row.id("id")?)));
    let customers: Vec<(BrandId, CustomerId)> = customers.collect::<Result<_, StoreError>>()?;
    replace_customers(conn, &customers).await?;
    let next = customers.last().map_or(Upto::All, |(brand, id)| Upto::Customers(*brand, id.0));
    Ok((rows.len() as u64, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_another_analysis_begins_anew() {
        for upto in [Upto::start(), Upto::Customers(BrandId(7), Uuid::max()), Upto::All] {
            assert_eq!(Upto::read(&upto.written()), upto);
        }
        for text in ["", "0 all", "1", "1 messages x y"] {
            assert_eq!(Upto::read(text), Upto::start());
        }
    }
}

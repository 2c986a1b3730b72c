//! The list of who asked to be erased: rows for the desk, and a file beside the store, for backups that are older than it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use casework::{AgentId, BrandId, CustomerId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Store;
use crate::conn::{Row, values};
use crate::error::StoreError;

/// The file, in the store's folder.
const FILE: &str = "erasures.jsonl";
/// Erasures carried out in one go.
const BATCH: i64 = 20;

/// Somebody asked to have all that is known of them erased, or somebody of the desk did for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Its id.
    pub id: Uuid,
    /// The brand.
    pub brand: BrandId,
    /// Whose data.
    pub customer: CustomerId,
    /// Who of the desk said so.
    pub agent: Option<AgentId>,
    /// When.
    pub asked_at: Timestamp,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// Somebody asked.
    Asked(Erasure),
    /// Nothing is left.
    Done(Uuid),
}

/// An erasure and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedErasure {
    /// What was asked.
    pub erasure: Erasure,
    /// Name of whoever of the desk said so.
    pub agent_name: Option<String>,
    /// When nothing was left.
    pub done_at: Option<Timestamp>,
    /// The word of what stands in its way.
    pub obstacle: Option<String>,
}

impl Store {
    /// Writes an erasure down, first in the file and then among the rows: from now on it is carried out. Writing it down
    /// again changes nothing.
    pub async fn ask_erasure(&self, erasure: Erasure) -> Result<(), StoreError> {
        self.note_erasure(Line::Asked(erasure.clone())).await?;
        self.list_erasures(vec![erasure]).await.map(drop)
    }

    async fn note_erasure(&self, line: Line) -> Result<(), StoreError> {
        let path = self.erasure_list();
        let noted = tokio::task::spawn_blocking(move || append(&path, &line));
        Ok(noted.await.map_err(std::io::Error::other)??)
    }

    /// Where the file is: what a backup that is older than it needs to know.
    pub fn erasure_list(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Writes erasures among the rows alone. Gives how many were new.
    pub async fn list_erasures(&self, erasures: Vec<Erasure>) -> Result<u64, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into erasures (id, brand_id, customer_id, agent_id, asked_at) \
                           values ($1, $2, $3, $4, $5) on conflict do nothing";
                let mut new = 0;
                for Erasure { id, brand, customer, agent, asked_at } in erasures {
                    new += conn.run(sql, values![id, brand, customer, agent, asked_at]).await?;
                }
                Ok(new)
            })
        }))
        .await
    }

    /// Erasures that are still to be carried out and that nothing stands in the way of, the oldest first.
    pub async fn erasures_due(&self) -> Result<Vec<Erasure>, StoreError> {
        let sql = "select id, brand_id, customer_id, agent_id, asked_at from erasures where done_at is null \
                   and obstacle is null order by asked_at, id limit $1";
        let rows = self.reader().await?.rows(sql, values![BATCH]).await?;
        rows.iter().map(erasure).collect()
    }

    /// Looks again at what something stood in the way of.
    pub async fn retry_erasures(&self) -> Result<u64, StoreError> {
        self.write(Box::new(|conn| {
            Box::pin(async move {
                let sql =
                    "update erasures set obstacle = null where done_at is null and obstacle is not null";
                conn.run(sql, Vec::new()).await
            })
        }))
        .await
    }

    /// Nothing is left of whoever asked, or something stands in the way.
    pub async fn end_erasure(
        &self,
        id: Uuid,
        done_at: Option<Timestamp>,
        obstacle: Option<&'static str>,
    ) -> Result<(), StoreError> {
        if done_at.is_some() {
            self.note_erasure(Line::Done(id)).await?;
        }
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update erasures set done_at = $2, obstacle = $3 where id = $1";
                conn.run(sql, values![id, done_at, obstacle]).await.map(drop)
            })
        }))
        .await
    }

    /// The newest erasures.
    pub async fn erasures(&self, most: u32) -> Result<Vec<ListedErasure>, StoreError> {
        let sql = "select e.id, e.brand_id, e.customer_id, e.agent_id, e.asked_at, e.done_at, e.obstacle, a.name \
                   from erasures e left join agents a on a.id = e.agent_id order by e.asked_at desc, e.id desc limit $1";
        let rows = self.reader().await?.rows(sql, values![most]).await?;
        let listed = |row: &Row| {
            Ok(ListedErasure {
                erasure: erasure(row)?,
                agent_name: row.get("name")?,
                done_at: row.at_opt("done_at")?,
                obstacle: row.get("obstacle")?,
            })
        };
        rows.iter().map(listed).collect()
    }

    /// Whether nothing is left of a customer.
    pub async fn is_erased(&self, brand: BrandId, customer: CustomerId) -> Result<bool, StoreError> {
        let sql = "select 1 as one from customers where brand_id = $1 and id = $2 and erased_at is not null";
        Ok(self.reader().await?.row(sql, values![brand, customer]).await?.is_some())
    }

    /// Whether somebody asked for this customer to be erased, and it is not done.
    pub async fn is_erasure_due(&self, brand: BrandId, customer: CustomerId) -> Result<bool, StoreError> {
        let sql = "select 1 as one from erasures where brand_id = $1 and customer_id = $2 and done_at is null limit 1";
        Ok(self.reader().await?.row(sql, values![brand, customer]).await?.is_some())
    }
}

fn erasure(row: &Row) -> Result<Erasure, StoreError> {
    Ok(Erasure {
        id: row.get("id")?,
        brand: BrandId(row.get("brand_id")?),
        customer: row.id("customer_id")?,
        agent: row.id_opt("agent_id")?,
        asked_at: row.at("asked_at")?,
    })
}

fn append(path: &Path, line: &Line) -> std::io::Result<()> {
    let mut line = serde_json::to_string(line)?;
    line.push('\n');
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// The erasures of such a file, each with whether it was carried out. No file is an empty one. A line that a power cut has
/// torn is left out: what it said was never promised.
pub fn read_erasures(path: &Path) -> std::io::Result<Vec<(Erasure, bool)>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut erasures: Vec<(Erasure, bool)> = Vec::new();
    for line in BufReader::new(file).lines() {
        match serde_json::from_str(&line?) {
            Ok(Line::Asked(erasure)) => erasures.push((erasure, false)),
            Ok(Line::Done(id)) => {
                for (_, is_done) in erasures.iter_mut().filter(|(erasure, _)| erasure.id == id) {
                    *is_done = true;
                }
            }
            Err(error) => tracing::warn!(%error, "a line of the list of erasures does not read"),
        }
    }
    Ok(erasures)
}

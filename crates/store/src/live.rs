//! What has changed lately, for screens that follow along. Read every 100 ms by one notifier a node; nothing is sent
//! from inside a commit.

use casework::{AgentId, BrandId, CaseId, Reference, TeamId};
use jiff::Timestamp;

use crate::Store;
use crate::conn::values;
use crate::error::StoreError;
use crate::rows;

/// A case that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its brand.
    pub brand: BrandId,
    /// The case.
    pub case: CaseId,
    /// What people call it.
    pub reference: Reference,
    /// Its version; each is told once.
    pub seq: u32,
    /// The owning team.
    pub team: TeamId,
    /// The agent in charge.
    pub assignee: Option<AgentId>,
    /// When it changed.
    pub changed_at: Timestamp,
}

/// Changes told at once: far more than a desk makes in the few seconds that a caller looks back.
const CHANGES_MAX: i64 = 10_000;

impl Store {
    /// Cases changed at or after an instant, oldest first. Nodes' clocks differ and commits overtake each other:
    /// the caller asks from a few seconds back and passes over what it has told.
    pub async fn changes_since(&self, at: Timestamp) -> Result<Vec<Change>, StoreError> {
        let sql = "select brand_id, id, reference, seq, team_id, assignee_id, changed_at from cases where changed_at >= $1 \
                   order by changed_at, id limit $2";
        let rows = self.reader().await?.rows(sql, values![at, CHANGES_MAX]).await?;
        rows.iter()
            .map(|row| {
                Ok(Change {
                    brand: BrandId(row.get("brand_id")?),
                    case: row.id("id")?,
                    reference: rows::reference(row)?,
                    seq: row.count("seq")?,
                    team: row.id("team_id")?,
                    assignee: row.id_opt("assignee_id")?,
                    changed_at: row.at("changed_at")?,
                })
            })
            .collect()
    }
}

//! The feed of all events: one order over all cases, given after the commits by one sequencer at a time. Whoever has read up
//! to a place and reads on misses nothing, whatever was written meanwhile.

use std::collections::HashMap;

use casework::{Agent, AgentId, BrandId, CaseId, Event, Reference, Role};
use uuid::Uuid;

use crate::Store;
use crate::conn::{Conn, Row, values};
use crate::error::StoreError;
use crate::rows;

/// Events placed in one transaction.
const BATCH: i64 = 500;
/// Where the last place stands, in the table `installation`.
const NAME: &str = "feed";
/// Agents whose names are known.
const AGENTS_MAX: i64 = 1000;

/// Which part of the feed, for whom.
#[derive(Debug, Clone)]
pub struct FeedQuery<'a> {
    /// For whom: events of cases that they may see now.
    pub agent: &'a Agent,
    /// The token of a program, where that is not for all of the agent's brands.
    pub token: Option<[u8; 32]>,
    /// The place after which to begin.
    pub after: i64,
    /// Events at most.
    pub events_max: u32,
}

/// A part of the feed.
#[derive(Debug, Clone, Default)]
pub struct FeedPage {
    /// The events, in order.
    pub events: Vec<FeedEvent>,
    /// The place up to which the feed was read.
    pub upto: i64,
}

/// An event in the feed.
#[derive(Debug, Clone)]
pub struct FeedEvent {
    /// Its place.
    pub position: i64,
    /// The brand's short name.
    pub brand: String,
    /// What people call the case.
    pub reference: Reference,
    /// What happened.
    pub event: Event,
    /// The name of the agent who did it.
    pub agent: Option<String>,
}

impl Store {
    /// Gives places to events that have none, some hundred at once. Gives how many.
    pub async fn place_events(&self) -> Result<u64, StoreError> {
        // Most looks find nothing; they need not write.
        let sql = "select 1 as one from events where position is null limit 1";
        if self.reader().await?.row(sql, Vec::new()).await?.is_none() {
            return Ok(0);
        }
        self.write(Box::new(|conn| Box::pin(place(conn)))).await
    }

    /// The place of the newest event.
    pub async fn feed_head(&self) -> Result<i64, StoreError> {
        head(&mut self.reader().await?).await
    }

    /// A part of the feed.
    pub async fn feed(&self, asked: &FeedQuery<'_>) -> Result<FeedPage, StoreError> {
        let mut conn = self.reader().await?;
        // Read first: what is placed later stands behind it.
        let head = head(&mut conn).await?;
        let sql = "select e.position, e.body, b.slug, c.reference from events e \
                   join cases c on c.brand_id = e.brand_id and c.id = e.case_id join brands b on b.id = e.brand_id \
                   where e.position > $3 and e.position <= $4 and ($1 or c.assignee_id = $2 or (c.brand_id, c.team_id) in \
                   (select brand_id, team_id from team_members where agent_id = $2)) and ($5 is null or e.brand_id in \
                   (select brand_id from api_token_brands where token_hash = $5)) order by e.position limit $6";
        let events_max = asked.events_max.clamp(1, 1000);
        let token = asked.token.map(|hash| hash.to_vec());
        let is_admin = asked.agent.role == Role::Admin;
        let values = values![is_admin, asked.agent.id, asked.after, head, token, events_max];
        let rows = conn.rows(sql, values).await?;
        let names = if rows.is_empty() { HashMap::new() } else { names(&mut conn).await? };
        let events: Vec<FeedEvent> =
            rows.iter().map(|row| event(row, &names)).collect::<Result<_, StoreError>>()?;
        let is_whole = events.len() < events_max as usize;
        let last = events.last().map(|event| event.position);
        let upto = if is_whole { head.max(asked.after) } else { last.unwrap_or(asked.after) };
        Ok(FeedPage { events, upto })
    }
}

async fn head(conn: &mut Conn) -> Result<i64, StoreError> {
    let row = conn.row("select value from installation where name = $1", values![NAME]).await?;
    Ok(row.map_or(Ok(String::new()), |row| row.get("value"))?.parse().unwrap_or(0))
}

async fn names(conn: &mut Conn) -> Result<HashMap<AgentId, String>, StoreError> {
    let rows = conn.rows("select id, name from agents limit $1", values![AGENTS_MAX]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.get("name")?))).collect()
}

fn event(row: &Row, names: &HashMap<AgentId, String>) -> Result<FeedEvent, StoreError> {
    let event = rows::event(row)?;
    let agent = match event.actor {
        casework::Actor::Agent(agent) => names.get(&agent).cloned(),
        casework::Actor::Customer(_) | casework::Actor::Desk => None,
    };
    let reference = rows::reference(row)?;
    Ok(FeedEvent { position: row.get("position")?, brand: row.get("slug")?, reference, event, agent })
}

/// Takes the row of the last place until the end of the transaction, so that sequencers go one after the other and places
/// become visible in their order.
async fn place(conn: &mut Conn) -> Result<u64, StoreError> {
    let sql = "insert into installation (name, value) values ($1, '0') \
               on conflict (name) do update set value = installation.value returning value";
    let row = conn.row(sql, values![NAME]).await?.ok_or(StoreError::Corrupt("feed"))?;
    let mut last: i64 = row.get::<String>("value")?.parse().map_err(|_| StoreError::Corrupt("feed"))?;
    // A case's events in their own order, none before an earlier one; which cases come first matters little.
    let sql = "select brand_id, case_id, seq, at from events where position is null \
               order by brand_id, case_id, seq limit $1";
    let rows = conn.rows(sql, values![BATCH]).await?;
    let mut waiting: Vec<(i64, BrandId, CaseId, i64)> = Vec::with_capacity(rows.len());
    for row in &rows {
        let brand = BrandId(row.get("brand_id")?);
        waiting.push((row.get("at")?, brand, CaseId(row.get::<Uuid>("case_id")?), row.get("seq")?));
    }
    for (brand, case, seq) in by_time(waiting) {
        last += 1;
        let sql = "update events set position = $4 where brand_id = $1 and case_id = $2 and seq = $3";
        conn.run(sql, values![brand, case, seq, last]).await?;
    }
    let sql = "update installation set value = $2 where name = $1";
    conn.run(sql, values![NAME, last.to_string()]).await?;
    Ok(rows.len() as u64)
}

/// Oldest first over all cases; the events of one case stay in the order of their numbers, also where a clock went back.
fn by_time(waiting: Vec<(i64, BrandId, CaseId, i64)>) -> Vec<(BrandId, CaseId, i64)> {
    let mut latest: HashMap<CaseId, i64> = HashMap::new();
    let mut keyed: Vec<(i64, BrandId, CaseId, i64)> = waiting
        .into_iter()
        .map(|(at, brand, case, seq)| {
            let at = latest.entry(case).and_modify(|known| *known = at.max(*known)).or_insert(at);
            (*at, brand, case, seq)
        })
        .collect();
    keyed.sort();
    keyed.into_iter().map(|(_, brand, case, seq)| (brand, case, seq)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_goes_back_changes_no_order_within_a_case() {
        let case = |number| CaseId(Uuid::from_u128(number));
        let brand = BrandId(1);
        let waiting = vec![
            (5, brand, case(1), 1),
            (3, brand, case(1), 2),
            (9, brand, case(1), 3),
            (4, brand, case(2), 1),
        ];
        let placed = by_time(waiting);
        assert_eq!(
            placed,
            [(brand, case(2), 1), (brand, case(1), 1), (brand, case(1), 2), (brand, case(1), 3)]
        );
    }
}

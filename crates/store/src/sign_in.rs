//! Who is signed in: credentials, sessions and lockouts. Passwords are hashed elsewhere; secrets arrive here as hashes.

use casework::{Agent, AgentId, BrandId, Role, TeamId};
use jiff::{SignedDuration, Timestamp};

use crate::Store;
use crate::conn::{Conn, values};
use crate::error::StoreError;

/// What signing in needs to know about an agent.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Who.
    pub agent: AgentId,
    /// The argon2 hash of their password.
    pub password_hash: String,
}

/// Failures, none long after the one before, at which a name is locked.
const FAILURES_MAX: i64 = 5;
/// After this long without a failure, those before are forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(15);
/// How long a name stays locked.
const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(15);

impl Store {
    /// The credentials of an active agent.
    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError> {
        let sql = "select id, password_hash from agents where email = $1 and is_active";
        let row = self.reader().await?.row(sql, values![email]).await?;
        row.map(|row| Ok(Credentials { agent: row.id("id")?, password_hash: row.get("password_hash")? }))
            .transpose()
    }

    /// Begins a session. The token itself is never stored.
    pub async fn begin_session(
        &self,
        token_hash: [u8; 32],
        agent: AgentId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                conn.run("delete from sessions where expires_at < $1", values![now]).await?;
                let sql =
                    "insert into sessions (token_hash, agent_id, created_at, expires_at) values ($1, $2, $3, $4)";
                conn.run(sql, values![token_hash, agent, now, expires_at]).await.map(drop)
            })
        }))
        .await
    }

    /// Ends a session.
    pub async fn end_session(&self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "delete from sessions where token_hash = $1";
                conn.run(sql, values![token_hash]).await.map(drop)
            })
        }))
        .await
    }

    /// The agent a session belongs to, if it has not expired and the agent is active.
    pub async fn session(&self, token_hash: [u8; 32], now: Timestamp) -> Result<Option<Agent>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = "select a.id, a.name, a.role from sessions s join agents a on a.id = s.agent_id \
                   where s.token_hash = $1 and s.expires_at > $2 and a.is_active";
        let row = conn.row(sql, values![token_hash, now]).await?;
        agent_of(&mut conn, row).await
    }

    /// Counts a failed sign-in. Names are kept as hashes only.
    pub async fn count_failure(&self, name_hash: [u8; 32], now: Timestamp) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let quiet_since = now.checked_sub(FORGOTTEN_AFTER).unwrap_or(Timestamp::MIN);
                let sql = "delete from sign_in_failures where last_at <= $1 and locked_until <= $2";
                conn.run(sql, values![quiet_since, now]).await?;
                let sql = "insert into sign_in_failures (name_hash, failures, last_at, locked_until) \
                           values ($1, 1, $2, 0) on conflict (name_hash) do update set last_at = $2, \
                           failures = sign_in_failures.failures + 1, locked_until = case \
                           when sign_in_failures.failures + 1 >= $3 then $4 \
                           else sign_in_failures.locked_until end";
                let locked_until = now.checked_add(LOCKED_FOR).unwrap_or(Timestamp::MAX);
                conn.run(sql, values![name_hash, now, FAILURES_MAX, locked_until]).await.map(drop)
            })
        }))
        .await
    }

    /// Until when a name is locked, if it is.
    pub async fn locked_until(
        &self,
        name_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "select locked_until from sign_in_failures where name_hash = $1 and locked_until > $2";
        let row = self.reader().await?.row(sql, values![name_hash, now]).await?;
        row.map(|row| row.at("locked_until")).transpose()
    }

    /// Forgets the failures of a name after a sign-in that succeeded.
    pub async fn forget_failures(&self, name_hash: [u8; 32]) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "delete from sign_in_failures where name_hash = $1";
                conn.run(sql, values![name_hash]).await.map(drop)
            })
        }))
        .await
    }
}

/// Teams of one agent at most.
const TEAMS_MAX: i64 = 200;

/// The agent of a row with their teams.
pub(crate) async fn agent_of(
    conn: &mut Conn,
    row: Option<crate::conn::Row>,
) -> Result<Option<Agent>, StoreError> {
    let Some(row) = row else { return Ok(None) };
    let id: AgentId = row.id("id")?;
    let sql = "select brand_id, team_id from team_members where agent_id = $1 limit $2";
    let teams = conn.rows(sql, values![id, TEAMS_MAX]).await?;
    let teams = teams.iter().map(|row| Ok((BrandId(row.get("brand_id")?), row.id::<TeamId>("team_id")?)));
    Ok(Some(Agent {
        id,
        name: row.get("name")?,
        role: row.word("role", Role::parse)?,
        teams: teams.collect::<Result<_, StoreError>>()?,
    }))
}

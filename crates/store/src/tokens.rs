//! Tokens of programs: on whose behalf, for what, for which brands, until when. Only their hashes are stored; what the
//! words of scopes mean is not known here.

use casework::{Agent, AgentId, BrandId};
use jiff::Timestamp;

use crate::Store;
use crate::conn::{Conn, Row, values};
use crate::error::StoreError;
use crate::sign_in::agent_of;

/// A token to make.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The hash of the token.
    pub hash: [u8; 32],
    /// What it is for; unique among all tokens there were.
    pub name: String,
    /// On whose behalf it acts.
    pub agent: AgentId,
    /// Words of scopes, separated by spaces.
    pub scopes: String,
    /// The brands it is for; `None` for all of its user's.
    pub brands: Option<Vec<BrandId>>,
    /// Until when it is valid.
    pub expires_at: Option<Timestamp>,
    /// Requests a minute on one node; the usual number where it is `None`.
    pub per_minute: Option<u32>,
}

/// Whoever comes with a valid token.
#[derive(Debug, Clone)]
pub struct TokenHolder {
    /// The person on whose behalf the program acts.
    pub agent: Agent,
    /// Words of scopes, separated by spaces.
    pub scopes: String,
    /// The brands it is for; `None` for all of its user's.
    pub brands: Option<Vec<BrandId>>,
    /// Requests a minute on one node.
    pub per_minute: Option<u32>,
}

/// A token in a list.
#[derive(Debug, Clone)]
pub struct ListedToken {
    /// What it is for.
    pub name: String,
    /// The address of its user.
    pub user: String,
    /// Words of scopes.
    pub scopes: String,
    /// Until when it is valid.
    pub expires_at: Option<Timestamp>,
}

/// Brands of one token, and tokens listed, at most.
const LIST_MAX: i64 = 1000;

impl Store {
    /// Adds a token. A name that another one has or had is a conflict.
    pub async fn add_token(&self, token: NewToken, now: Timestamp) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let NewToken { hash, name, agent, scopes, brands, expires_at, per_minute } = token;
                let sql = "insert into api_tokens (token_hash, name, agent_id, created_at, scopes, is_everywhere, \
                           expires_at, per_minute) values ($1, $2, $3, $4, $5, $6, $7, $8)";
                let per_minute = per_minute.map(i64::from);
                let values =
                    values![hash, name, agent, now, scopes, brands.is_none(), expires_at, per_minute];
                conn.run(sql, values).await?;
                for brand in brands.unwrap_or_default() {
                    let sql = "insert into api_token_brands (token_hash, brand_id) values ($1, $2)";
                    conn.run(sql, values![hash, brand]).await?;
                }
                Ok(())
            })
        }))
        .await
    }

    /// Revokes a token. False when there is none of this name.
    pub async fn revoke_token(&self, name: String, now: Timestamp) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update api_tokens set revoked_at = $2 where name = $1 and revoked_at is null";
                Ok(conn.run(sql, values![name, now]).await? == 1)
            })
        }))
        .await
    }

    /// Whoever holds this token, if it is valid and its user is active.
    pub async fn token(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<TokenHolder>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = "select a.id, a.name, a.role, t.scopes, t.is_everywhere, t.per_minute from api_tokens t \
                   join agents a on a.id = t.agent_id where t.token_hash = $1 and t.revoked_at is null \
                   and (t.expires_at is null or t.expires_at > $2) and a.is_active";
        let Some(row) = conn.row(sql, values![hash, now]).await? else { return Ok(None) };
        let (scopes, is_everywhere) = (row.get("scopes")?, row.get("is_everywhere")?);
        let per_minute: Option<i64> = row.get("per_minute")?;
        let brands = if is_everywhere { None } else { Some(brands_of(&mut conn, hash).await?) };
        let agent = agent_of(&mut conn, Some(row)).await?;
        let per_minute = per_minute.and_then(|number| u32::try_from(number).ok());
        Ok(agent.map(|agent| TokenHolder { agent, scopes, brands, per_minute }))
    }

    /// The tokens that are valid, by name.
    pub async fn tokens(&self, now: Timestamp) -> Result<Vec<ListedToken>, StoreError> {
        let sql = "select t.name, a.email, t.scopes, t.expires_at from api_tokens t join agents a on a.id = t.agent_id \
                   where t.revoked_at is null and (t.expires_at is null or t.expires_at > $1) \
                   order by t.name limit $2";
        let rows = self.reader().await?.rows(sql, values![now, LIST_MAX]).await?;
        let listed = |row: &Row| {
            Ok(ListedToken {
                name: row.get("name")?,
                user: row.get("email")?,
                scopes: row.get("scopes")?,
                expires_at: row.at_opt("expires_at")?,
            })
        };
        rows.iter().map(listed).collect()
    }
}

async fn brands_of(conn: &mut Conn, hash: [u8; 32]) -> Result<Vec<BrandId>, StoreError> {
    let sql = "select brand_id from api_token_brands where token_hash = $1 order by brand_id limit $2";
    let rows = conn.rows(sql, values![hash, LIST_MAX]).await?;
    rows.iter().map(|row| Ok(BrandId(row.get("brand_id")?))).collect()
}

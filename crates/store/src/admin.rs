//! What an administrator sets up: brands, teams, agents, inboxes. Plain rows; a name that is taken is a conflict.

use calendar::Calendar;
use casework::{AgentId, BrandId, InboxId, Policy, Role, TeamId};
use jiff::Timestamp;

use crate::Store;
use crate::conn::values;
use crate::error::StoreError;
use crate::rows::StoredPolicy;

/// A brand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brand {
    /// Its id.
    pub id: BrandId,
    /// Short name for addresses and commands.
    pub slug: String,
    /// The name customers know.
    pub name: String,
    /// The language it answers in by default.
    pub language: String,
    /// Its time zone.
    pub zone: String,
}

/// A key that signs our mails, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DkimRow {
    /// The domain it signs for.
    pub domain: String,
    /// Under which name its public half is published.
    pub selector: String,
    /// The private half, sealed.
    pub sealed_key: Vec<u8>,
    /// What must be published in the DNS.
    pub dns_record: String,
}

/// A team.
#[derive(Debug, Clone)]
pub struct Team {
    /// Its brand.
    pub brand: BrandId,
    /// Its id.
    pub id: TeamId,
    /// Its name, unique in the brand.
    pub name: String,
    /// Its targets.
    pub policy: Policy,
    /// Its hours.
    pub calendar: Calendar,
}

/// An agent to create.
#[derive(Debug, Clone)]
pub struct NewAgent {
    /// Their id.
    pub id: AgentId,
    /// Mail address, lower case; what they sign in with.
    pub email: String,
    /// The name that colleagues and customers see.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The argon2 hash of their password.
    pub password_hash: String,
}

/// An inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// Its brand.
    pub brand: BrandId,
    /// Its id.
    pub id: InboxId,
    /// Its address, lower case, without tag; unique in the installation.
    pub address: String,
    /// The name customers see as sender.
    pub name: String,
    /// The team that works it.
    pub team: TeamId,
}

/// Rows of one kind listed at most.
const LIST_MAX: i64 = 1000;

impl Store {
    /// What is known of the whole installation under a name.
    pub async fn installation(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "select value from installation where name = $1";
        self.reader().await?.row(sql, values![name]).await?.map(|row| row.get("value")).transpose()
    }

    /// Remembers something of the whole installation, unless another node was faster: what stands is given back.
    pub async fn remember_installation(&self, name: String, value: String) -> Result<String, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into installation (name, value) values ($1, $2) on conflict do nothing";
                conn.run(sql, values![name.as_str(), value]).await?;
                let row = conn.row("select value from installation where name = $1", values![name]).await?;
                row.ok_or(StoreError::Corrupt("installation"))?.get("value")
            })
        }))
        .await
    }

    /// Adds a brand.
    pub async fn add_brand(&self, brand: Brand) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into brands (id, slug, name, language, zone) values ($1, $2, $3, $4, $5)";
                conn.run(sql, values![brand.id, brand.slug, brand.name, brand.language, brand.zone])
                    .await
                    .map(drop)
            })
        }))
        .await
    }

    /// All brands.
    pub async fn brands(&self) -> Result<Vec<Brand>, StoreError> {
        let sql = "select id, slug, name, language, zone from brands order by id limit $1";
        let rows = self.reader().await?.rows(sql, values![LIST_MAX]).await?;
        rows.iter()
            .map(|row| {
                Ok(Brand {
                    id: BrandId(row.get("id")?),
                    slug: row.get("slug")?,
                    name: row.get("name")?,
                    language: row.get("language")?,
                    zone: row.get("zone")?,
                })
            })
            .collect()
    }

    /// Adds a team.
    pub async fn add_team(&self, team: Team) -> Result<(), StoreError> {
        let policy = serde_json::to_string(&StoredPolicy::from(&team.policy));
        let policy = policy.map_err(|_| StoreError::Corrupt("policy"))?;
        let calendar = serde_json::to_string(&team.calendar).map_err(|_| StoreError::Corrupt("calendar"))?;
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql =
                    "insert into teams (brand_id, id, name, policy, calendar) values ($1, $2, $3, $4, $5)";
                conn.run(sql, values![team.brand, team.id, team.name, policy, calendar]).await.map(drop)
            })
        }))
        .await
    }

    /// The teams of every brand: brand, id, name.
    pub async fn teams(&self) -> Result<Vec<(BrandId, TeamId, String)>, StoreError> {
        let sql = "select brand_id, id, name from teams order by brand_id, name limit $1";
        let rows = self.reader().await?.rows(sql, values![LIST_MAX]).await?;
        rows.iter().map(|row| Ok((BrandId(row.get("brand_id")?), row.id("id")?, row.get("name")?))).collect()
    }

    /// Adds an agent.
    pub async fn add_agent(&self, agent: NewAgent, now: Timestamp) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into agents (id, email, name, role, password_hash, is_active, created_at) \
                           values ($1, $2, $3, $4, $5, true, $6)";
                let role = agent.role.as_str();
                let values = values![agent.id, agent.email, agent.name, role, agent.password_hash, now];
                conn.run(sql, values).await.map(drop)
            })
        }))
        .await
    }

    /// Replaces an agent's password and ends their sessions. False when there is no such agent.
    pub async fn set_password(&self, email: String, password_hash: String) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "delete from sessions where agent_id in (select id from agents where email = $1)";
                conn.run(sql, values![email.as_str()]).await?;
                let sql = "update agents set password_hash = $2 where email = $1";
                Ok(conn.run(sql, values![email, password_hash]).await? == 1)
            })
        }))
        .await
    }

    /// The agents: id, mail address, name, role.
    pub async fn agents(&self) -> Result<Vec<(AgentId, String, String, Role)>, StoreError> {
        let sql = "select id, email, name, role from agents where is_active order by name, id limit $1";
        let rows = self.reader().await?.rows(sql, values![LIST_MAX]).await?;
        rows.iter()
            .map(|row| {
                Ok((row.id("id")?, row.get("email")?, row.get("name")?, row.word("role", Role::parse)?))
            })
            .collect()
    }

    /// Puts an agent into a team; doing it twice does it once.
    pub async fn join_team(&self, agent: AgentId, brand: BrandId, team: TeamId) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into team_members (brand_id, team_id, agent_id) values ($1, $2, $3) \
                           on conflict do nothing";
                conn.run(sql, values![brand, team, agent]).await.map(drop)
            })
        }))
        .await
    }

    /// Adds an inbox. An address that is an inbox or an alias already is a conflict.
    pub async fn add_inbox(&self, inbox: Inbox) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let taken = "select 1 as one from inbox_aliases where address = $1";
                if conn.row(taken, values![inbox.address.as_str()]).await?.is_some() {
                    return Err(StoreError::Conflict);
                }
                let sql =
                    "insert into inboxes (brand_id, id, address, name, team_id) values ($1, $2, $3, $4, $5)";
                conn.run(sql, values![inbox.brand, inbox.id, inbox.address, inbox.name, inbox.team])
                    .await
                    .map(drop)
            })
        }))
        .await
    }

    /// All inboxes.
    pub async fn inboxes(&self) -> Result<Vec<Inbox>, StoreError> {
        let sql = "select brand_id, id, address, name, team_id from inboxes order by address limit $1";
        let rows = self.reader().await?.rows(sql, values![LIST_MAX]).await?;
        rows.iter().map(inbox).collect()
    }

    /// The inbox with this address or alias.
    pub async fn inbox_at(&self, address: &str) -> Result<Option<Inbox>, StoreError> {
        let sql = "select brand_id, id, address, name, team_id from inboxes where address = $1 union all \
                   select i.brand_id, i.id, i.address, i.name, i.team_id from inbox_aliases a \
                   join inboxes i on i.brand_id = a.brand_id and i.id = a.inbox_id where a.address = $1";
        self.reader().await?.row(sql, values![address]).await?.as_ref().map(inbox).transpose()
    }

    /// Gives an inbox a further address. Whether it is free is asked before: an address that is one already is a conflict.
    pub async fn add_alias(&self, address: String, brand: BrandId, inbox: InboxId) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let taken = "select 1 as one from inboxes where address = $1";
                if conn.row(taken, values![address.as_str()]).await?.is_some() {
                    return Err(StoreError::Conflict);
                }
                let sql = "insert into inbox_aliases (address, brand_id, inbox_id) values ($1, $2, $3)";
                conn.run(sql, values![address, brand, inbox]).await.map(drop)
            })
        }))
        .await
    }

    /// Takes an address away from its inbox. False when it is no alias.
    pub async fn remove_alias(&self, address: String) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "delete from inbox_aliases where address = $1";
                Ok(conn.run(sql, values![address]).await? == 1)
            })
        }))
        .await
    }

    /// All aliases: the address, and the inbox it belongs to.
    pub async fn aliases(&self) -> Result<Vec<(String, InboxId)>, StoreError> {
        let sql = "select address, inbox_id from inbox_aliases order by address limit $1";
        let rows = self.reader().await?.rows(sql, values![LIST_MAX]).await?;
        rows.iter().map(|row| Ok((row.get("address")?, row.id("inbox_id")?))).collect()
    }

    /// Sets what a brand writes below people's answers; none gives it back its usual two lines. False when there is
    /// no such brand.
    pub async fn set_signature(&self, slug: String, signature: Option<String>) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update brands set signature = $2 where slug = $1";
                Ok(conn.run(sql, values![slug, signature]).await? == 1)
            })
        }))
        .await
    }

    /// Keeps the key of a domain; an earlier one is replaced.
    pub async fn set_dkim_key(&self, key: DkimRow, now: Timestamp) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into dkim_keys (domain, selector, sealed_key, dns_record, created_at) \
                           values ($1, $2, $3, $4, $5) on conflict (domain) do update set \
                           selector = excluded.selector, sealed_key = excluded.sealed_key, \
                           dns_record = excluded.dns_record, created_at = excluded.created_at";
                let values = values![key.domain, key.selector, key.sealed_key, key.dns_record, now];
                conn.run(sql, values).await.map(drop)
            })
        }))
        .await
    }

    /// Forgets the key of a domain: its mails are not signed any more. False when there is none.
    pub async fn remove_dkim_key(&self, domain: String) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "delete from dkim_keys where domain = $1";
                Ok(conn.run(sql, values![domain]).await? == 1)
            })
        }))
        .await
    }

    /// The keys of every domain.
    pub async fn dkim_keys(&self) -> Result<Vec<DkimRow>, StoreError> {
        let sql = "select domain, selector, sealed_key, dns_record from dkim_keys order by domain limit $1";
        let rows = self.reader().await?.rows(sql, values![LIST_MAX]).await?;
        rows.iter()
            .map(|row| {
                Ok(DkimRow {
                    domain: row.get("domain")?,
                    selector: row.get("selector")?,
                    sealed_key: row.get("sealed_key")?,
                    dns_record: row.get("dns_record")?,
                })
            })
            .collect()
    }
}

fn inbox(row: &crate::conn::Row) -> Result<Inbox, StoreError> {
    Ok(Inbox {
        brand: BrandId(row.get("brand_id")?),
        id: row.id("id")?,
        address: row.get("address")?,
        name: row.get("name")?,
        team: row.id("team_id")?,
    })
}

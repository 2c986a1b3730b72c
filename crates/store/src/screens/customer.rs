//! One customer: who they are and the cases they have, as far as the agent may see them.

use casework::{Agent, BrandId, CustomerId, IdentityId, IdentityKind, Role};
use jiff::Timestamp;

use super::list::{CaseHead, head};
use crate::Store;
use crate::conn::{Conn, values};
use crate::error::StoreError;

/// A customer with their addresses.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub id: CustomerId,
    /// Their name, if they gave one.
    pub name: Option<String>,
    /// The language they wrote in.
    pub language: Option<String>,
    /// When they first wrote.
    pub created_at: Timestamp,
    /// The signs they are known by, the first one first.
    pub identities: Vec<KnownBy>,
}

/// A sign that a customer is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBy {
    /// Its id.
    pub id: IdentityId,
    /// What it is.
    pub kind: IdentityKind,
    /// In its normal form.
    pub address: String,
    /// False while somebody merely said so.
    pub is_proved: bool,
    /// Since when mails to it come back.
    pub undeliverable_at: Option<Timestamp>,
}

impl Person {
    /// Their mail addresses, the first one first.
    pub fn mail_addresses(&self) -> impl Iterator<Item = &str> {
        let mails = self.identities.iter().filter(|known| known.kind == IdentityKind::Mail);
        mails.map(|known| known.address.as_str())
    }
}

/// A customer's page.
#[derive(Debug, Clone)]
pub struct CustomerPage {
    /// The customer.
    pub person: Person,
    /// Their cases that the agent may see, newest first.
    pub cases: Vec<CaseHead>,
    /// Letters they wrote and letters written to them, in those cases.
    pub messages: u32,
}

/// Addresses and cases shown of one customer at most.
const SHOWN_MAX: i64 = 100;

impl Store {
    /// A customer with the signs they are known by.
    pub async fn person(&self, brand: BrandId, customer: CustomerId) -> Result<Option<Person>, StoreError> {
        person(&mut self.reader().await?, brand, customer).await
    }

    /// The customer of a brand who is known by this address, number, reference or handle, in its normal form.
    pub async fn person_known_by(&self, brand: BrandId, address: &str) -> Result<Option<Person>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = "select customer_id from identities where brand_id = $1 and address = $2";
        match conn.row(sql, values![brand, address]).await? {
            Some(row) => person(&mut conn, brand, row.id("customer_id")?).await,
            None => Ok(None),
        }
    }

    /// A customer's page; `None` when there is no such customer or none of their cases may be seen.
    pub async fn customer_page(
        &self,
        brand: BrandId,
        customer: CustomerId,
        agent: &Agent,
    ) -> Result<Option<CustomerPage>, StoreError> {
        let mut conn = self.reader().await?;
        let Some(person) = person(&mut conn, brand, customer).await? else { return Ok(None) };
        let cases = cases_of(&mut conn, brand, customer, agent).await?;
        if cases.is_empty() {
            return Ok(None);
        }
        // Case by case: an engine that is left the choice reads every message of the brand.
        let sql = "select cast(coalesce(sum((select count(*) from messages m where m.brand_id = c.brand_id \
                   and m.case_id = c.id and m.state <> 'note')), 0) as bigint) as n from cases c \
                   where c.brand_id = $1 and c.customer_id = $2 and ($3 or c.assignee_id = $4 \
                   or (c.brand_id, c.team_id) in (select brand_id, team_id from team_members where agent_id = $4))";
        let row = conn.row(sql, values![brand, customer, agent.role == Role::Admin, agent.id]).await?;
        let messages = row.map_or(Ok(0), |row| row.count("n"))?;
        Ok(Some(CustomerPage { person, cases, messages }))
    }
}

/// A customer with their addresses.
pub(crate) async fn person(
    conn: &mut Conn,
    brand: BrandId,
    customer: CustomerId,
) -> Result<Option<Person>, StoreError> {
    let sql = "select c.name, c.language, c.created_at, i.id as identity_id, i.kind, i.address, i.is_proved, \
               i.undeliverable_at from customers c \
               left join identities i on i.brand_id = c.brand_id and i.customer_id = c.id \
               where c.brand_id = $1 and c.id = $2 order by i.created_at, \
               case when i.kind = 'mail' then 0 else 1 end, i.id limit $3";
    let rows = conn.rows(sql, values![brand, customer, SHOWN_MAX]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let mut identities = Vec::new();
    for row in &rows {
        let Some(id) = row.id_opt("identity_id")? else { continue };
        identities.push(KnownBy {
            id,
            kind: row.word("kind", IdentityKind::parse)?,
            address: row.get("address")?,
            is_proved: row.get("is_proved")?,
            undeliverable_at: row.at_opt("undeliverable_at")?,
        });
    }
    Ok(Some(Person {
        id: customer,
        name: first.get("name")?,
        language: first.get("language")?,
        created_at: first.at("created_at")?,
        identities,
    }))
}

/// A customer's cases that the agent may see, newest first.
pub(crate) async fn cases_of(
    conn: &mut Conn,
    brand: BrandId,
    customer: CustomerId,
    agent: &Agent,
) -> Result<Vec<CaseHead>, StoreError> {
    let sql = "select c.brand_id, c.id, c.reference, c.status, c.nature, c.closing, c.opened_at, c.changed_at, c.act_by, \
               c.unanswered_since, c.last_inbound_at, c.undelivered_at, s.text as subject from cases c \
               left join contents s on s.brand_id = c.brand_id and s.id = c.subject_id \
               where c.brand_id = $1 and c.customer_id = $2 and ($3 or c.assignee_id = $4 \
               or (c.brand_id, c.team_id) in (select brand_id, team_id from team_members where agent_id = $4)) \
               order by c.opened_at desc, c.id desc limit $5";
    let values = values![brand, customer, agent.role == Role::Admin, agent.id, SHOWN_MAX];
    conn.rows(sql, values).await?.iter().map(head).collect()
}

//! One case with all that belongs to it: timeline, messages with their texts, people. A constant number of queries,
//! however long the case.

use std::collections::HashMap;

use casework::access::{self, Wish};
use casework::event::Event;
use casework::{
    Agent, AgentId, BrandId, Case, CaseId, ContentId, CustomerId, InboundFile, Message, Reference, TeamId,
    What,
};
use jiff::Timestamp;

use super::customer::{Person, cases_of, person};
use super::list::CaseHead;
use crate::Store;
use crate::conn::{Conn, Value, values};
use crate::error::StoreError;
use crate::gather::Lookup;
use crate::rows;

/// Events and messages shown of one case at most: the newest.
const SHOWN_MAX: i64 = 2000;
/// Linked cases shown on one page at most. The query below has one place for each.
const LINKED_MAX: usize = 5;
/// Agents and teams named on one page at most.
const NAMES_MAX: i64 = 1000;

/// A case page.
#[derive(Debug, Clone)]
pub struct CasePage {
    /// The case.
    pub case: Case,
    /// Its subject.
    pub subject: String,
    /// When the desk must next act.
    pub act_by: Option<Timestamp>,
    /// The timeline, oldest first.
    pub events: Vec<Event>,
    /// The messages that the timeline names.
    pub messages: Vec<CaseMessage>,
    /// Short texts that events name: reasons and third parties' names.
    pub lines: HashMap<ContentId, String>,
    /// Other cases that events name and the agent may know of.
    pub linked: Vec<LinkedCase>,
    /// The customer.
    pub customer: Person,
    /// The customer's other cases that the agent may see.
    pub other_cases: Vec<CaseHead>,
    /// Names of agents and teams.
    pub names: Names,
    /// The name of the brand.
    pub brand: String,
    /// The brand's time zone.
    pub zone: String,
    /// The address of the inbox it came in by.
    pub inbox: String,
}

/// A message with its texts.
#[derive(Debug, Clone)]
pub struct CaseMessage {
    /// The message.
    pub message: Message,
    /// Its whole text, quoted history included.
    pub text: String,
    /// The rich text an agent wrote.
    pub html: Option<String>,
    /// Its own subject.
    pub subject: Option<String>,
    /// Its files.
    pub files: Vec<InboundFile>,
    /// The address it came from or went to.
    pub address: Option<String>,
    /// Why it was delayed or refused.
    pub reason: Option<String>,
    /// When it is tried again, if it is delayed.
    pub again_at: Option<Timestamp>,
}

/// Another case that may belong with this one.
#[derive(Debug, Clone)]
pub struct LinkedCase {
    /// Its id.
    pub id: CaseId,
    /// What people call it.
    pub reference: Reference,
    /// The customer whose case it is.
    pub customer: CustomerId,
}

/// Names of agents and teams of the case's brand.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Agents by id.
    pub agents: HashMap<AgentId, String>,
    /// Teams of the brand, by name.
    pub teams: Vec<(TeamId, String)>,
    /// Who belongs to which team.
    pub members: Vec<(TeamId, AgentId)>,
}

impl Store {
    /// A case by reference within the brands and teams an agent works for; `None` when there is none they may see.
    pub async fn find_case(&self, reference: &Reference, agent: &Agent) -> Result<Option<Case>, StoreError> {
        let sql = concat!(
            "select ",
            rows::case_columns!(),
            " from cases c where c.reference = $1 order by c.brand_id limit 50"
        );
        let rows = self.reader().await?.rows(sql, values![reference.as_str()]).await?;
        for row in &rows {
            let case = rows::case(row)?;
            if access::allow(agent, Wish::SeeCase(&case)).is_ok() {
                return Ok(Some(case));
            }
        }
        Ok(None)
    }

    /// A case by id, for doors that bring their own proof.
    pub async fn case(&self, brand: BrandId, case: CaseId) -> Result<Option<Case>, StoreError> {
        Lookup(&mut self.reader().await?).case(brand, case).await
    }

    /// The whole page of a case. With an agent: also the customer's other cases that this agent may see.
    pub async fn case_page(&self, case: Case, agent: Option<&Agent>) -> Result<CasePage, StoreError> {
        let mut conn = self.reader().await?;
        let about = about(&mut conn, &case).await?;
        let events = timeline(&mut conn, case.brand, case.id).await?;
        let mut messages = messages(&mut conn, case.brand, case.id).await?;
        put_in_order(&mut messages, &events);
        let lines = lines(&mut conn, case.brand, case.id).await?;
        let linked = linked(&mut conn, &case, &events, agent).await?;
        let customer = person(&mut conn, case.brand, case.customer).await?;
        let customer = customer.ok_or(StoreError::Corrupt("customer"))?;
        let mut other_cases = match agent {
            Some(agent) => cases_of(&mut conn, case.brand, case.customer, agent).await?,
            None => Vec::new(),
        };
        other_cases.retain(|other| other.id != case.id);
        let names = names(&mut conn, case.brand).await?;
        let (subject, act_by, brand, zone, inbox) = about;
        Ok(CasePage {
            case,
            subject,
            act_by,
            events,
            messages,
            lines,
            linked,
            customer,
            other_cases,
            names,
            brand,
            zone,
            inbox,
        })
    }

    /// Names of the agents and teams of a brand.
    pub async fn names(&self, brand: BrandId) -> Result<Names, StoreError> {
        names(&mut self.reader().await?, brand).await
    }

    /// The timeline of a case, oldest first.
    pub async fn timeline(&self, brand: BrandId, case: CaseId) -> Result<Vec<Event>, StoreError> {
        timeline(&mut self.reader().await?, brand, case).await
    }

    /// Every case, at most `max`, for checks that walk through all of them.
    pub async fn all_cases(&self, max: u32) -> Result<Vec<Case>, StoreError> {
        let sql =
            concat!("select ", rows::case_columns!(), " from cases c order by c.opened_at, c.id limit $1");
        let rows = self.reader().await?.rows(sql, values![max]).await?;
        rows.iter().map(rows::case).collect()
    }
}

type About = (String, Option<Timestamp>, String, String, String);

async fn about(conn: &mut Conn, case: &Case) -> Result<About, StoreError> {
    let sql = "select s.text as subject, c.act_by, b.name as brand, b.zone, x.address as inbox from cases c \
               join brands b on b.id = c.brand_id join inboxes x on x.brand_id = c.brand_id and x.id = c.inbox_id \
               left join contents s on s.brand_id = c.brand_id and s.id = c.subject_id \
               where c.brand_id = $1 and c.id = $2";
    let row = conn.row(sql, values![case.brand, case.id]).await?.ok_or(StoreError::Corrupt("case"))?;
    let subject = row.get::<Option<String>>("subject")?.unwrap_or_default();
    Ok((subject, rows::act_by(&row)?, row.get("brand")?, row.get("zone")?, row.get("inbox")?))
}

async fn timeline(conn: &mut Conn, brand: BrandId, case: CaseId) -> Result<Vec<Event>, StoreError> {
    let sql = "select body from (select seq, body from events where brand_id = $1 and case_id = $2 \
               order by seq desc limit $3) e order by seq";
    conn.rows(sql, values![brand, case, SHOWN_MAX]).await?.iter().map(rows::event).collect()
}

async fn messages(conn: &mut Conn, brand: BrandId, case: CaseId) -> Result<Vec<CaseMessage>, StoreError> {
    let sql = "select m.*, t.text as body, h.text as rich, s.text as subject_line, f.text as files_json, \
               r.text as reason, i.address, o.due_at as again_at from messages m \
               left join contents t on t.brand_id = m.brand_id and t.id = m.text_id \
               left join contents h on h.brand_id = m.brand_id and h.id = m.html_id \
               left join contents s on s.brand_id = m.brand_id and s.id = m.subject_id \
               left join contents f on f.brand_id = m.brand_id and f.id = m.files_id \
               left join contents r on r.brand_id = m.brand_id and r.id = m.reason_id \
               left join identities i on i.brand_id = m.brand_id and i.id = m.identity_id \
               left join orders o on o.brand_id = m.brand_id and o.message_id = m.id and o.state in ('ready', 'leased') \
               where m.brand_id = $1 and m.case_id = $2 order by m.at desc, m.id desc limit $3";
    let rows = conn.rows(sql, values![brand, case, SHOWN_MAX]).await?;
    rows.iter()
        .map(|row| {
            let files: Option<String> = row.get("files_json")?;
            let files = files.map(|json| serde_json::from_str(&json)).transpose();
            Ok(CaseMessage {
                message: rows::message(row)?,
                text: row.get::<Option<String>>("body")?.unwrap_or_default(),
                html: row.get("rich")?,
                subject: row.get("subject_line")?,
                files: files.map_err(|_| StoreError::Corrupt("files"))?.unwrap_or_default(),
                address: row.get("address")?,
                reason: row.get("reason")?,
                again_at: row.at_opt("again_at")?,
            })
        })
        .collect()
}

/// Messages of one instant in the order of the timeline, newest first like all others.
fn put_in_order(messages: &mut [CaseMessage], events: &[Event]) {
    let places: HashMap<_, _> =
        events.iter().filter_map(|event| Some((event.what.brings()?, event.seq))).collect();
    let place = |message: &CaseMessage| places.get(&message.message.id).copied().unwrap_or_default();
    messages.sort_by_key(|message| std::cmp::Reverse((message.message.at, place(message))));
}

async fn lines(
    conn: &mut Conn,
    brand: BrandId,
    case: CaseId,
) -> Result<HashMap<ContentId, String>, StoreError> {
    let sql = "select id, text from contents where brand_id = $1 and case_id = $2 and kind in ('reason', 'name', 'promise') \
               limit $3";
    let rows = conn.rows(sql, values![brand, case, SHOWN_MAX]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.get("text")?))).collect()
}

/// Cases that this case's timeline names, as far as the agent may see them, in order of proposal.
async fn linked(
    conn: &mut Conn,
    case: &Case,
    events: &[Event],
    agent: Option<&Agent>,
) -> Result<Vec<LinkedCase>, StoreError> {
    let Some(agent) = agent else { return Ok(Vec::new()) };
    let mut others: Vec<CaseId> = Vec::new();
    for event in events {
        match event.what {
            What::LinkProposed { other, .. }
            | What::MergedInto { other }
            | What::TookIn { other, .. }
            | What::MergeUndone { other }
                if !others.contains(&other) =>
            {
                others.push(other);
            }
            _ => {}
        }
    }
    others.truncate(LINKED_MAX);
    let Some(first) = others.first().copied() else { return Ok(Vec::new()) };
    let sql = concat!(
        "select ",
        rows::case_columns!(),
        " from cases c where c.brand_id = $1 and c.id in ($2, $3, $4, $5, $6)"
    );
    let mut values = values![case.brand];
    values.extend((0..LINKED_MAX).map(|place| Value::from(others.get(place).copied().unwrap_or(first))));
    let found = conn.rows(sql, values).await?;
    let found = found.iter().map(rows::case).collect::<Result<Vec<_>, _>>()?;
    let mut seen: Vec<Case> =
        found.into_iter().filter(|case| access::allow(agent, Wish::SeeCase(case)).is_ok()).collect();
    seen.sort_by_key(|case| others.iter().position(|other| *other == case.id));
    Ok(seen
        .into_iter()
        .map(|case| LinkedCase { id: case.id, reference: case.reference, customer: case.customer })
        .collect())
}

async fn names(conn: &mut Conn, brand: BrandId) -> Result<Names, StoreError> {
    let agents =
        conn.rows("select id, name from agents order by name, id limit $1", values![NAMES_MAX]).await?;
    let agents = agents.iter().map(|row| Ok((row.id("id")?, row.get("name")?)));
    let sql = "select id, name from teams where brand_id = $1 order by name limit $2";
    let teams = conn.rows(sql, values![brand, NAMES_MAX]).await?;
    let teams = teams.iter().map(|row| Ok((row.id("id")?, row.get("name")?)));
    let sql = "select m.team_id, m.agent_id from team_members m join agents a on a.id = m.agent_id \
               where m.brand_id = $1 and a.is_active order by a.name, a.id limit $2";
    let members = conn.rows(sql, values![brand, NAMES_MAX]).await?;
    let members = members.iter().map(|row| Ok((row.id("team_id")?, row.id("agent_id")?)));
    Ok(Names {
        agents: agents.collect::<Result<_, StoreError>>()?,
        teams: teams.collect::<Result<_, StoreError>>()?,
        members: members.collect::<Result<_, StoreError>>()?,
    })
}

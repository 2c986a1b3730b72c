//! Asking: documents in which all terms stand, newest first, as far as the agent may see them. The same set in the same
//! order on both engines.

use std::collections::HashSet;

use casework::{Agent, BrandId, Closing, CustomerId, MessageId, MessageState, Reference, Role, Status};
use jiff::Timestamp;
use text::search::{Query, Term, Way};
use uuid::Uuid;

use crate::Store;
use crate::conn::{Conn, Row, Value, values};
use crate::error::StoreError;
use crate::rows;
use crate::screens::person;

/// Counting stops here.
const COUNT_MAX: i64 = 1001;

/// Which page of what was found, for whom.
#[derive(Debug, Clone)]
pub struct SearchQuery<'a> {
    /// For whom.
    pub agent: &'a Agent,
    /// The token of a program, where that is not for all of the agent's brands.
    pub token: Option<[u8; 32]>,
    /// What is looked for.
    pub query: &'a Query,
    /// The key of the last hit of the page before.
    pub after: Option<i64>,
    /// Hits a page, at most 100.
    pub hits_max: u32,
}

/// A page of what was found, newest first.
#[derive(Debug, Clone, Default)]
pub struct SearchPage {
    /// The hits.
    pub hits: Vec<Hit>,
    /// Where the next page begins, if there is one.
    pub next: Option<i64>,
    /// How many documents were found in all; counting stops at 1,001.
    pub count: u32,
}

/// A message or a customer in which all terms stand.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Its place in the order.
    pub key: i64,
    /// Its brand.
    pub brand: BrandId,
    /// What was found.
    pub kind: HitKind,
    /// When it was written, or first seen.
    pub at: Timestamp,
    /// The case a message is in.
    pub case: Option<HitCase>,
    /// The customer's name.
    pub customer: Option<String>,
    /// The address of the message, or the customer's addresses.
    pub address: String,
    /// The text of the message.
    pub text: String,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitKind {
    /// A message or a note.
    Message(MessageId, MessageState),
    /// A customer.
    Customer(CustomerId),
}

/// The case of a message that was found.
#[derive(Debug, Clone)]
pub struct HitCase {
    /// What people call it.
    pub reference: Reference,
    /// Where it stands.
    pub status: Status,
    /// How it was closed.
    pub closing: Option<Closing>,
    /// Its subject.
    pub subject: String,
}

/// What the agent may see of a case `c`: `$1` administrators see everything, `$2` is the agent.
macro_rules! visible {
    ($case:literal) => {
        concat!(
            "($1 or ",
            $case,
            ".assignee_id = $2 or (",
            $case,
            ".brand_id, ",
            $case,
            ".team_id) in \
             (select brand_id, team_id from team_members where agent_id = $2))"
        )
    };
}

/// `$3` is the query, `$4` the key before which to look, `$5` a token that is for some brands only, `$6` how many.
macro_rules! found {
    ($columns:literal, $from:literal, $matches:literal, $order:literal) => {
        concat!(
            "select ",
            $columns,
            " from ",
            $from,
            " left join cases c on c.brand_id = d.brand_id and c.id = d.case_id where ",
            $matches,
            " and d.key < $4 and ($5 is null or d.brand_id in (select brand_id from api_token_brands where \
             token_hash = $5)) and (case when d.case_id is null then exists (select 1 from cases o where \
             o.brand_id = d.brand_id and o.customer_id = d.document_id and ",
            visible!("o"),
            ") else ",
            visible!("c"),
            " end)",
            $order,
            " limit $6"
        )
    };
}

/// The page with all it shows.
macro_rules! page {
    ($found:expr) => {
        concat!(
            "select h.key, h.brand_id, h.kind, h.document_id, m.at, m.state, i.address, t.text, c.reference, c.status, \
             c.closing, s.text as subject, cu.name from (", $found, ") h \
             left join messages m on m.brand_id = h.brand_id and m.id = h.document_id \
             left join contents t on t.brand_id = m.brand_id and t.id = m.text_id \
             left join identities i on i.brand_id = m.brand_id and i.id = m.identity_id \
             left join cases c on c.brand_id = m.brand_id and c.id = m.case_id \
             left join contents s on s.brand_id = c.brand_id and s.id = c.subject_id \
             left join customers cu on cu.brand_id = c.brand_id and cu.id = c.customer_id order by h.key desc"
        )
    };
}

const PAGE_ON_SQLITE: &str = page!(found!(
    "d.key, d.brand_id, d.kind, d.document_id",
    "search_words join search_documents d on d.key = search_words.rowid",
    "search_words match $3",
    " order by search_words.rowid desc"
));
const PAGE_ON_SERVER: &str = page!(found!(
    "d.key, d.brand_id, d.kind, d.document_id",
    "search_documents d",
    "d.words @@ cast($3 as tsquery)",
    " order by d.key desc"
));
const COUNT_ON_SQLITE: &str = concat!(
    "select count(*) as n from (",
    found!(
        "distinct d.document_id",
        "search_words join search_documents d on d.key = search_words.rowid",
        "search_words match $3",
        ""
    ),
    ") x"
);
const COUNT_ON_SERVER: &str = concat!(
    "select count(*) as n from (",
    found!("distinct d.document_id", "search_documents d", "d.words @@ cast($3 as tsquery)", ""),
    ") x"
);

impl Store {
    /// One page of what was found.
    pub async fn search(&self, asked: &SearchQuery<'_>) -> Result<SearchPage, StoreError> {
        let mut conn = self.reader().await?;
        let hits_max = asked.hits_max.clamp(1, 100);
        let before = asked.after.unwrap_or(i64::MAX);
        let on_server = conn.is_to_server();
        let typed = if on_server { tsquery(asked.query) } else { fts5(asked.query) };
        let values = |limit: i64| -> Vec<Value> {
            let token = asked.token.map(|hash| hash.to_vec());
            values![asked.agent.role == Role::Admin, asked.agent.id, typed.as_str(), before, token, limit]
        };
        let sql = if on_server { PAGE_ON_SERVER } else { PAGE_ON_SQLITE };
        let rows = conn.rows(sql, values(i64::from(hits_max) + 1)).await?;
        let mut seen = HashSet::new();
        let mut page = SearchPage::default();
        for row in rows.iter().take(hits_max as usize) {
            // A long document has several passages.
            if seen.insert(row.get::<Uuid>("document_id")?) {
                page.hits.push(hit(&mut conn, row).await?);
            }
        }
        if rows.len() > hits_max as usize {
            page.next = rows.get(hits_max as usize - 1).map(|row| row.get("key")).transpose()?;
        }
        let sql = if on_server { COUNT_ON_SERVER } else { COUNT_ON_SQLITE };
        let count = conn.row(sql, values(COUNT_MAX)).await?;
        page.count = count.map_or(Ok(0), |row| row.count("n"))?;
        Ok(page)
    }
}

async fn hit(conn: &mut Conn, row: &Row) -> Result<Hit, StoreError> {
    let brand = BrandId(row.get("brand_id")?);
    let key = row.get("key")?;
    if row.get::<String>("kind")? == "customer" {
        let customer: CustomerId = row.id("document_id")?;
        let person = person(conn, brand, customer).await?.ok_or(StoreError::Corrupt("customer"))?;
        let addresses: Vec<String> = person.identities.into_iter().map(|known| known.address).collect();
        return Ok(Hit {
            key,
            brand,
            kind: HitKind::Customer(customer),
            at: person.created_at,
            case: None,
            customer: person.name,
            address: addresses.join(", "),
            text: String::new(),
        });
    }
    Ok(Hit {
        key,
        brand,
        kind: HitKind::Message(row.id("document_id")?, row.word("state", MessageState::parse)?),
        at: row.at("at")?,
        case: Some(HitCase {
            reference: rows::reference(row)?,
            status: row.word("status", Status::parse)?,
            closing: row.word_opt("closing", Closing::parse)?,
            subject: row.get::<Option<String>>("subject")?.unwrap_or_default(),
        }),
        customer: row.get("name")?,
        address: row.get::<Option<String>>("address")?.unwrap_or_default(),
        text: row.get::<Option<String>>("text")?.unwrap_or_default(),
    })
}

/// The query as FTS5 reads it. Tokens hold no quote.
fn fts5(query: &Query) -> String {
    let way = |Way(tokens): &Way| match tokens.as_slice() {
        [one] => format!("\"{one}\""),
        several => format!("run : \"{}\"", several.join(" ")),
    };
    let term = |term: &Term| format!("({})", joined(term.ways.iter().map(way), " OR "));
    let wanted = joined(query.terms.iter().filter(|one| !one.is_excluded).map(term), " AND ");
    let excluded = joined(query.terms.iter().filter(|one| one.is_excluded).map(term), " OR ");
    if excluded.is_empty() { wanted } else { format!("({wanted}) NOT ({excluded})") }
}

/// The query as PostgreSQL reads it.
fn tsquery(query: &Query) -> String {
    let way = |Way(tokens): &Way| joined(tokens.iter().map(|token| format!("'{token}'")), " <-> ");
    let term = |term: &Term| {
        let sign = if term.is_excluded { "!" } else { "" };
        format!("{sign}({})", joined(term.ways.iter().map(way), " | "))
    };
    joined(query.terms.iter().map(term), " & ")
}

fn joined(words: impl Iterator<Item = String>, between: &str) -> String {
    words.collect::<Vec<_>>().join(between)
}

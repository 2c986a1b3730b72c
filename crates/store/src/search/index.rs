//! Filling: a document for each message and for each customer.

use casework::{BrandId, CaseId, CustomerId, Decision, InboundFile, MessageId};
use jiff::Timestamp;
use text::search::{Passage, analysed};
use uuid::Uuid;

use crate::conn::{Conn, Row, values};
use crate::error::StoreError;
use crate::screens::person;

/// Bits of a key that tell documents of one instant apart.
const TIE_BITS: u32 = 10;
/// Passages that one instant has room for.
const TIES: i64 = 1 << TIE_BITS;
/// The latest instant a key can hold, in microseconds: the year 2255.
const MICROS_MAX: i64 = i64::MAX >> TIE_BITS;
/// Bytes of tokens apart from their places that one passage keeps: a tsvector holds 1 MiB in all.
const APART_BYTES_MAX: usize = 250 * 1024;

/// What a document is made of.
struct Document {
    brand: BrandId,
    kind: &'static str,
    id: Uuid,
    case: Option<CaseId>,
    at: Timestamp,
    parts: Vec<String>,
}

/// A message's own columns, and what it is found by. What the desk writes by itself holds nobody's words.
macro_rules! message_source {
    ($where:literal) => {
        concat!(
            "select m.brand_id, m.id, m.case_id, m.at, t.text, f.text as files, c.reference, cu.name, i.address, \
             coalesce(s.text, case when m.at = c.opened_at then cs.text end) as subject from messages m \
             join cases c on c.brand_id = m.brand_id and c.id = m.case_id \
             left join contents t on t.brand_id = m.brand_id and t.id = m.text_id \
             left join contents s on s.brand_id = m.brand_id and s.id = m.subject_id \
             left join contents f on f.brand_id = m.brand_id and f.id = m.files_id \
             left join contents cs on cs.brand_id = c.brand_id and cs.id = c.subject_id \
             left join customers cu on cu.brand_id = c.brand_id and cu.id = c.customer_id \
             left join identities i on i.brand_id = m.brand_id and i.id = m.identity_id \
             where (m.purpose is null or m.purpose not in ('acknowledgement', 'reminder', 'link')) \
             and c.erased_at is null and ",
            $where
        )
    };
}
pub(super) use message_source;

/// Indexes what a decision has just written.
pub(crate) async fn file(conn: &mut Conn, decision: &Decision) -> Result<(), StoreError> {
    let brand = decision.brand;
    for message in &decision.messages {
        let sql = message_source!("m.brand_id = $1 and m.id = $2");
        if let Some(row) = conn.row(sql, values![brand, message.id]).await? {
            add(conn, &message_document(&row)?).await?;
        }
    }
    let new = decision.new_customer.iter().map(|new| new.id);
    let mut customers: Vec<CustomerId> =
        new.chain(decision.new_identities.iter().map(|new| new.customer)).collect();
    customers.sort();
    customers.dedup();
    for customer in customers {
        replace_customer(conn, brand, customer).await?;
    }
    Ok(())
}

/// Indexes a message anew.
pub(super) async fn replace_message(conn: &mut Conn, row: &Row) -> Result<(), StoreError> {
    let document = message_document(row)?;
    forget(conn, document.brand, document.id).await?;
    add(conn, &document).await
}

/// Indexes a customer anew.
pub(super) async fn replace_customer(
    conn: &mut Conn,
    brand: BrandId,
    customer: CustomerId,
) -> Result<(), StoreError> {
    forget(conn, brand, customer.0).await?;
    let Some(person) = person(conn, brand, customer).await? else { return Ok(()) };
    let mut parts: Vec<String> = person.name.into_iter().collect();
    parts.extend(person.identities.into_iter().map(|known| known.address));
    let at = person.created_at;
    add(conn, &Document { brand, kind: "customer", id: customer.0, case: None, at, parts }).await
}

/// Takes all messages of a case out of the index.
pub(crate) async fn forget_case(conn: &mut Conn, brand: BrandId, case: CaseId) -> Result<(), StoreError> {
    let sql = "select id from messages where brand_id = $1 and case_id = $2";
    for row in conn.rows(sql, values![brand, case]).await? {
        forget(conn, brand, row.get("id")?).await?;
    }
    Ok(())
}

/// Takes a message or a customer out of the index.
pub(crate) async fn forget(conn: &mut Conn, brand: BrandId, document: Uuid) -> Result<(), StoreError> {
    if !conn.is_to_server() {
        let sql = "delete from search_words where rowid in \
                   (select key from search_documents where brand_id = $1 and document_id = $2)";
        conn.run(sql, values![brand, document]).await?;
    }
    let sql = "delete from search_documents where brand_id = $1 and document_id = $2";
    conn.run(sql, values![brand, document]).await?;
    Ok(())
}

fn message_document(row: &Row) -> Result<Document, StoreError> {
    let files: Option<String> = row.get("files")?;
    let files = files.map(|files| serde_json::from_str::<Vec<InboundFile>>(&files)).transpose();
    let files = files.map_err(|_| StoreError::Corrupt("files"))?.unwrap_or_default();
    let mut parts = Vec::new();
    for column in ["subject", "name", "address", "reference", "text"] {
        parts.extend(row.get::<Option<String>>(column)?);
    }
    parts.extend(files.into_iter().map(|file| file.name));
    Ok(Document {
        brand: BrandId(row.get("brand_id")?),
        kind: "message",
        id: row.id::<MessageId>("id")?.0,
        case: row.id_opt("case_id")?,
        at: row.at("at")?,
        parts,
    })
}

async fn add(conn: &mut Conn, document: &Document) -> Result<(), StoreError> {
    let parts: Vec<&str> = document.parts.iter().map(String::as_str).collect();
    let instant = document.at.as_microsecond().clamp(0, MICROS_MAX) << TIE_BITS;
    let mut tie = i64::try_from(document.id.as_u128() % (1 << TIE_BITS)).unwrap_or_default();
    for mut passage in analysed(&parts).passages {
        bound(&mut passage.apart);
        let mut is_in = false;
        for _ in 0..TIES {
            is_in = insert(conn, document, instant + tie, &passage).await?;
            tie = (tie + 1) % TIES;
            if is_in {
                break;
            }
        }
        if !is_in {
            // More than a thousand in one microsecond: the index says less, what was written stays.
            tracing::warn!("an instant has no room for more in the index");
            break;
        }
    }
    Ok(())
}

/// Puts in one passage; false when its key is taken.
async fn insert(
    conn: &mut Conn,
    document: &Document,
    key: i64,
    passage: &Passage,
) -> Result<bool, StoreError> {
    let Document { brand, kind, id, case, .. } = document;
    if conn.is_to_server() {
        let sql = "insert into search_documents (key, brand_id, kind, document_id, case_id, words) \
                   values ($1, $2, $3, $4, $5, cast($6 as tsvector)) on conflict do nothing";
        let values = values![key, *brand, *kind, *id, *case, tsvector(passage)];
        return Ok(conn.run(sql, values).await? == 1);
    }
    let sql = "insert into search_documents (key, brand_id, kind, document_id, case_id) \
               values ($1, $2, $3, $4, $5) on conflict do nothing";
    if conn.run(sql, values![key, *brand, *kind, *id, *case]).await? == 0 {
        return Ok(false);
    }
    let sql = "insert into search_words (rowid, run, apart) values ($1, $2, $3)";
    conn.run(sql, values![key, passage.run.join(" "), passage.apart.join(" ")]).await?;
    Ok(true)
}

fn bound(apart: &mut Vec<String>) {
    let mut bytes = 0;
    apart.retain(|token| {
        bytes += token.len() + 4;
        bytes <= APART_BYTES_MAX
    });
}

/// A tsvector's text: places count from one; tokens hold no quote and no backslash.
fn tsvector(passage: &Passage) -> String {
    let placed = passage.run.iter().enumerate().map(|(place, token)| format!("'{token}':{}", place + 1));
    let apart = passage.apart.iter().map(|token| format!("'{token}'"));
    placed.chain(apart).collect::<Vec<_>>().join(" ")
}

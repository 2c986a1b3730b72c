//! Filling: a document for each message and for each customer.

use casework::decision::NewCustomer;
use casework::{BrandId, CaseId, CustomerId, Decision, InboundFile, MessageId};
use jiff::Timestamp;
use text::search::{Passage, analysed};
use uuid::Uuid;

use crate::conn::{Conn, Row, values};
use crate::error::StoreError;
use crate::screens::person;
use crate::script::Script;

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

/// Messages that are read back at once.
const READ_AT_ONCE: usize = 4;

/// Indexes what a decision has just written.
pub(crate) async fn file(conn: &mut Conn, decision: &Decision) -> Result<(), StoreError> {
    let brand = decision.brand;
    let mut documents = Vec::new();
    for messages in decision.messages.chunks(READ_AT_ONCE) {
        // Fewer are asked for by asking for the last one again.
        let id = |place: usize| messages[place.min(messages.len() - 1)].id;
        let sql = message_source!("m.brand_id = $1 and m.id in ($2, $3, $4, $5)");
        for row in conn.rows(sql, values![brand, id(0), id(1), id(2), id(3)]).await? {
            documents.push(message_document(&row)?);
        }
    }
    let new = decision.new_customer.as_ref();
    documents.extend(new.map(|new| new_customer(decision, new)));
    add_all(conn, &documents).await?;
    let others = decision.new_identities.iter().map(|identity| identity.customer);
    let mut others: Vec<CustomerId> = others.filter(|id| new.is_none_or(|new| new.id != *id)).collect();
    others.sort();
    others.dedup();
    for customer in others {
        replace_customer(conn, brand, customer).await?;
    }
    Ok(())
}

/// A customer of whom the decision says everything.
fn new_customer(decision: &Decision, new: &NewCustomer) -> Document {
    let own = decision.new_identities.iter().filter(|identity| identity.customer == new.id);
    let mut parts: Vec<String> = new.name.iter().cloned().collect();
    parts.extend(own.map(|identity| identity.address.as_str().to_owned()));
    Document { brand: decision.brand, kind: "customer", id: new.id.0, case: None, at: decision.at, parts }
}

/// Indexes messages anew.
pub(super) async fn replace_messages(conn: &mut Conn, rows: &[Row]) -> Result<(), StoreError> {
    let documents: Vec<Document> = rows.iter().map(message_document).collect::<Result<_, _>>()?;
    replace(conn, &documents).await
}

/// Indexes a customer anew.
async fn replace_customer(conn: &mut Conn, brand: BrandId, customer: CustomerId) -> Result<(), StoreError> {
    match customer_document(conn, brand, customer).await? {
        Some(document) => replace(conn, &[document]).await,
        None => forget(conn, brand, customer.0).await,
    }
}

/// Indexes customers anew.
pub(super) async fn replace_customers(
    conn: &mut Conn,
    customers: &[(BrandId, CustomerId)],
) -> Result<(), StoreError> {
    let mut documents = Vec::new();
    for (brand, customer) in customers {
        documents.extend(customer_document(conn, *brand, *customer).await?);
    }
    replace(conn, &documents).await
}

async fn customer_document(
    conn: &mut Conn,
    brand: BrandId,
    customer: CustomerId,
) -> Result<Option<Document>, StoreError> {
    let Some(person) = person(conn, brand, customer).await? else { return Ok(None) };
    let mut parts: Vec<String> = person.name.into_iter().collect();
    parts.extend(person.identities.into_iter().map(|known| known.address));
    let at = person.created_at;
    Ok(Some(Document { brand, kind: "customer", id: customer.0, case: None, at, parts }))
}

async fn replace(conn: &mut Conn, documents: &[Document]) -> Result<(), StoreError> {
    let mut script = Script::default();
    for document in documents {
        take_out(&mut script, document.brand, document.id, conn.is_to_server());
    }
    script.play(conn).await?;
    add_all(conn, documents).await
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
    let mut script = Script::default();
    take_out(&mut script, brand, document, conn.is_to_server());
    script.play(conn).await.map(drop)
}

fn take_out(script: &mut Script, brand: BrandId, document: Uuid, is_to_server: bool) {
    if !is_to_server {
        let sql = "delete from search_words where rowid in \
                   (select key from search_documents where brand_id = $1 and document_id = $2)";
        script.add(sql, values![brand, document]);
    }
    let sql = "delete from search_documents where brand_id = $1 and document_id = $2";
    script.add(sql, values![brand, document]);
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

/// Where a passage goes: the instant of its document, and what tells it from others of that instant.
struct Place<'a> {
    document: &'a Document,
    instant: i64,
    tie: i64,
    passage: Passage,
}

async fn add_all(conn: &mut Conn, documents: &[Document]) -> Result<(), StoreError> {
    let mut places = Vec::new();
    for document in documents {
        let parts: Vec<&str> = document.parts.iter().map(String::as_str).collect();
        let instant = document.at.as_microsecond().clamp(0, MICROS_MAX) << TIE_BITS;
        let first = i64::try_from(document.id.as_u128() % (1 << TIE_BITS)).unwrap_or_default();
        for (passage, number) in analysed(&parts).passages.into_iter().zip(0..) {
            places.push(Place { document, instant, tie: (first + number) % TIES, passage });
        }
    }
    for place in &mut places {
        bound(&mut place.passage.apart);
    }
    for _ in 0..TIES {
        let mut script = Script::default();
        for place in &places {
            insert(&mut script, place, conn.is_to_server());
        }
        let touched = script.play(conn).await?;
        // The last statement of each tells whether its place was free.
        let each = touched.len() / places.len().max(1);
        let mut ends = touched.chunks(each.max(1)).map(|rows| rows.last() == Some(&1));
        places.retain(|_| ends.next() == Some(false));
        for place in &mut places {
            place.tie = (place.tie + 1) % TIES;
        }
        if places.is_empty() {
            return Ok(());
        }
    }
    // More than a thousand in one microsecond: the index says less, what was written stays.
    tracing::warn!("an instant has no room for more in the index");
    Ok(())
}

/// Puts in one passage, where its place is free.
fn insert(script: &mut Script, place: &Place<'_>, is_to_server: bool) {
    let Place { document: Document { brand, kind, id, case, .. }, passage, .. } = place;
    let key = place.instant + place.tie;
    if is_to_server {
        let sql = "insert into search_documents (key, brand_id, kind, document_id, case_id, words) \
                   values ($1, $2, $3, $4, $5, cast($6 as tsvector)) on conflict do nothing";
        return script.add(sql, values![key, *brand, *kind, *id, *case, tsvector(passage)]);
    }
    let sql = "insert into search_documents (key, brand_id, kind, document_id, case_id) \
               values ($1, $2, $3, $4, $5) on conflict do nothing";
    script.add(sql, values![key, *brand, *kind, *id, *case]);
    let sql = "insert into search_words (rowid, run, apart) select $1, $2, $3 where changes() = 1";
    script.add(sql, values![key, passage.run.join(" "), passage.apart.join(" ")]);
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

//! What goes: with a case its words, files, letters and mails; with a customer their name and the signs they are known by.
//! Rows that events point to stay, empty.

use casework::{BrandId, Case, CaseId, CustomerId};
use jiff::Timestamp;

use super::remains;
use crate::Store;
use crate::conn::{Conn, values};
use crate::derived::thread_hash;
use crate::error::StoreError;
use crate::rows::{self, case_columns};
use crate::search;

/// Cases of one customer that are looked at for one erasure; the rest follow with the next.
const CASES_MAX: i64 = 1_000;

/// Takes everything personal out of a case. A mail that is just being handed over is a conflict: it is soon done.
pub(crate) async fn erase_case(conn: &mut Conn, brand: BrandId, case: CaseId) -> Result<(), StoreError> {
    let this = || values![brand, case];
    let sql = "select 1 as one from orders o join messages m on m.brand_id = o.brand_id and m.id = o.message_id \
               where m.brand_id = $1 and m.case_id = $2 and o.state = 'leased' limit 1";
    if conn.row(sql, this()).await?.is_some() {
        return Err(StoreError::Conflict);
    }
    remains::note(conn).await?;
    search::forget_case(conn, brand, case).await?;
    forget_thread(conn, brand, case).await?;
    for sql in [
        "delete from contents where brand_id = $1 and case_id = $2",
        "delete from outgoing where brand_id = $1 and message_id in \
         (select id from messages where brand_id = $1 and case_id = $2)",
        "update orders set state = 'done', lease = null where state in ('ready', 'given_up') and brand_id = $1 \
         and message_id in (select id from messages where brand_id = $1 and case_id = $2)",
        // Their bytes go soon after, and then the row.
        "update files set brand_id = null, case_id = null, message_id = null, position = null, name = '', \
         media_type = '', created_at = 0 where brand_id = $1 and message_id in \
         (select id from messages where brand_id = $1 and case_id = $2)",
        "update letters set state = 'erased', sender = '', recipient = '', peer = null, greeting = null, \
         bytes = null, fingerprint = null, message_id = null where brand_id = $1 and case_id = $2",
        "update messages set html_id = null, subject_id = null, files_id = null, letter_id = null, mail_id = null, \
         answers = '[]', has_layout = false, identity_id = null, reason_id = null \
         where brand_id = $1 and case_id = $2",
    ] {
        conn.run(sql, this()).await?;
    }
    Ok(())
}

/// The case's `Message-ID`s lead nowhere any more.
async fn forget_thread(conn: &mut Conn, brand: BrandId, case: CaseId) -> Result<(), StoreError> {
    let sql = "select mail_id, answers from messages where brand_id = $1 and case_id = $2";
    let mut ids: Vec<String> = Vec::new();
    for row in conn.rows(sql, values![brand, case]).await? {
        ids.extend(row.get::<Option<String>>("mail_id")?);
        let answers: String = row.get("answers")?;
        let answers: Vec<String> =
            serde_json::from_str(&answers).map_err(|_| StoreError::Corrupt("answers"))?;
        ids.extend(answers);
    }
    ids.sort_unstable();
    ids.dedup();
    let sql = "delete from thread_keys where brand_id = $1 and key_hash = $2 and case_id = $3";
    for id in ids {
        conn.run(sql, values![brand, thread_hash(&id), case]).await?;
    }
    Ok(())
}

impl Store {
    /// A customer's cases of which something is left, whoever may see them.
    pub async fn cases_left(&self, brand: BrandId, customer: CustomerId) -> Result<Vec<Case>, StoreError> {
        let sql = concat!(
            "select ",
            case_columns!(),
            " from cases c where c.brand_id = $1 and c.customer_id = $2 and c.erased_at is null \
             order by c.opened_at, c.id limit $3"
        );
        let rows = self.reader().await?.rows(sql, values![brand, customer, CASES_MAX]).await?;
        rows.iter().map(rows::case).collect()
    }

    /// The cases that were merged into a case and of which something is left.
    pub async fn merged_into(&self, brand: BrandId, case: CaseId) -> Result<Vec<CaseId>, StoreError> {
        let sql =
            "select id from cases where brand_id = $1 and merged_into = $2 and erased_at is null limit $3";
        let rows = self.reader().await?.rows(sql, values![brand, case, CASES_MAX]).await?;
        rows.iter().map(|row| row.id("id")).collect()
    }

    /// Forgets who a customer is, unless something is left of a case of theirs. Gives whether they are forgotten.
    pub async fn forget_customer(
        &self,
        brand: BrandId,
        customer: CustomerId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| Box::pin(forget_customer(conn, brand, customer, now)))).await
    }
}

async fn forget_customer(
    conn: &mut Conn,
    brand: BrandId,
    customer: CustomerId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // First, so that a case of theirs that opens at this moment is either seen below or decided on anew.
    let sql = "update customers set version = version + 1 where brand_id = $1 and id = $2";
    conn.run(sql, values![brand, customer]).await?;
    let sql =
        "select 1 as one from cases where brand_id = $1 and customer_id = $2 and erased_at is null limit 1";
    if conn.row(sql, values![brand, customer]).await?.is_some() {
        return Ok(false);
    }
    let sql = "select address from identities where brand_id = $1 and customer_id = $2";
    for row in conn.rows(sql, values![brand, customer]).await? {
        forget_address(conn, brand, &row.get::<String>("address")?).await?;
    }
    conn.run("delete from identities where brand_id = $1 and customer_id = $2", values![brand, customer])
        .await?;
    let sql = "update customers set name = null, language = null, erased_at = coalesce(erased_at, $3) \
               where brand_id = $1 and id = $2";
    conn.run(sql, values![brand, customer, now]).await?;
    remains::note(conn).await?;
    search::forget(conn, brand, customer.0).await?;
    Ok(true)
}

/// Letters from an address that became part of no case, and the mails of a demonstration's postbox.
async fn forget_address(conn: &mut Conn, brand: BrandId, address: &str) -> Result<(), StoreError> {
    let sql = "update letters set state = 'erased', sender = '', recipient = '', peer = null, greeting = null, \
               bytes = null, fingerprint = null where brand_id = $1 and state = 'aside' and lower(sender) = $2";
    conn.run(sql, values![brand, address]).await?;
    let sql = "delete from postbox where lower(recipient) = $1 or lower(sender) = $1";
    conn.run(sql, values![address]).await?;
    Ok(())
}

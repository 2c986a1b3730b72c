//! One function writes a decision: timeline, case row, clocks, texts, orders, in one transaction, in a fixed order.
//! What the decision relied on is checked here; whatever has changed meanwhile is a conflict, and nothing is written.

use casework::decision::{
    Attachment, CaseChange, Content, LetterEnd, LetterResult, NewCustomer, NewIdentity, Once, Order,
    OrderEnd, OrderResult, ThreadKey,
};
use casework::{BrandId, Decision, Message, SenderProof};
use jiff::Timestamp;

use crate::conn::{Conn, Value, values};
use crate::derived::{NEVER, thread_hash};
use crate::error::StoreError;
use crate::{erasure, search};

/// Writes a decision. Must run inside a transaction; on an error the caller rolls back.
pub(crate) async fn commit(conn: &mut Conn, decision: &Decision) -> Result<(), StoreError> {
    let brand = decision.brand;
    check_letter(conn, decision.letter.as_ref()).await?;
    check_order(conn, decision.order.as_ref()).await?;
    if let Some(Once { key, asked, receipt }) = &decision.once {
        let sql = "insert into acts_done (key_hash, at, asked, receipt) values ($1, $2, $3, $4) \
                   on conflict do nothing";
        let asked = asked.map(|hash| hash.to_vec());
        must_touch_one(conn.run(sql, values![*key, decision.at, asked, receipt.as_deref()]).await?)?;
    }
    if let Some((customer, version)) = decision.customer {
        let sql =
            "update customers set version = version + 1 where brand_id = $1 and id = $2 and version = $3";
        must_touch_one(conn.run(sql, values![brand, customer, version]).await?)?;
    }
    for new in &decision.new_identities {
        add_identity(conn, brand, new, decision.at).await?;
    }
    if let Some(new) = &decision.new_customer {
        add_customer(conn, brand, new, decision.at).await?;
    }
    let mut keys = decision.thread_keys.clone();
    keys.sort();
    keys.dedup();
    for key in &keys {
        claim_thread_key(conn, brand, key).await?;
    }
    for content in &decision.contents {
        add_content(conn, brand, content).await?;
    }
    for message in &decision.messages {
        add_message(conn, brand, message).await?;
    }
    for attachment in &decision.attachments {
        claim_file(conn, brand, *attachment).await?;
    }
    for (message, state, reason) in &decision.message_states {
        let sql = "update messages set state = $3, reason_id = $4 where brand_id = $1 and id = $2";
        must_touch_one(conn.run(sql, values![brand, *message, state.as_str(), *reason]).await?)?;
    }
    for (identity, undeliverable_at) in &decision.identity_marks {
        let sql = "update identities set undeliverable_at = $3 where brand_id = $1 and id = $2";
        must_touch_one(conn.run(sql, values![brand, *identity, *undeliverable_at]).await?)?;
    }
    let mut cases: Vec<&CaseChange> = decision.cases.iter().collect();
    cases.sort_by_key(|change| change.after.id);
    for change in cases {
        write_case(conn, change).await?;
    }
    for case in &decision.erased {
        erasure::erase_case(conn, brand, *case).await?;
    }
    for order in &decision.orders {
        add_order(conn, brand, order, decision.at).await?;
    }
    search::file(conn, decision).await
}

fn must_touch_one(rows: u64) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Ends a letter that is still to be read; a letter that another worker has ended meanwhile is a conflict.
async fn check_letter(conn: &mut Conn, result: Option<&LetterResult>) -> Result<(), StoreError> {
    let Some(LetterResult { letter, fingerprint, end }) = result else { return Ok(()) };
    let (state, case, message, reason) = match end {
        LetterEnd::Filed(case, message) => ("filed", Some(*case), Some(*message), None),
        LetterEnd::Duplicate(case) => ("duplicate", Some(*case), None, None),
        LetterEnd::Aside(reason) => ("aside", None, None, Some(reason.as_str())),
    };
    let sql = "update letters set state = $2, case_id = $3, message_id = $4, reason = $5, fingerprint = $6 \
               where id = $1 and state in ('unread', 'insisted')";
    let values = values![*letter, state, case, message, reason, *fingerprint];
    must_touch_one(conn.run(sql, values).await?)
}

/// Ends an attempt at an order. A lease that was lost meanwhile is a conflict.
async fn check_order(conn: &mut Conn, result: Option<&OrderResult>) -> Result<(), StoreError> {
    let Some(OrderResult { order, lease, end }) = result else { return Ok(()) };
    let (state, due_at) = match end {
        OrderEnd::Done => ("done", None),
        OrderEnd::Again(at) => ("ready", Some(*at)),
        OrderEnd::GivenUp => ("given_up", None),
    };
    let sql = "update orders set state = $3, due_at = coalesce($4, due_at), lease = null \
               where id = $1 and lease = $2 and state = 'leased'";
    must_touch_one(conn.run(sql, values![*order, *lease, state, due_at]).await?)
}

async fn add_identity(
    conn: &mut Conn,
    brand: BrandId,
    new: &NewIdentity,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "insert into identities (brand_id, address, id, customer_id, created_at, kind, is_proved) \
               values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
    let kind = new.kind.as_str();
    let values = values![brand, new.address.as_str(), new.id, new.customer, at, kind, new.is_proved];
    must_touch_one(conn.run(sql, values).await?)
}

/// A file that somebody else's message has claimed meanwhile, or that was thrown away, is a conflict.
async fn claim_file(conn: &mut Conn, brand: BrandId, attachment: Attachment) -> Result<(), StoreError> {
    let Attachment { file, case, message, position } = attachment;
    let sql = "update files set brand_id = $1, case_id = $3, message_id = $4, position = $5 \
               where id = $2 and message_id is null";
    must_touch_one(conn.run(sql, values![brand, file, case, message, position]).await?)
}

async fn add_customer(
    conn: &mut Conn,
    brand: BrandId,
    new: &NewCustomer,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "insert into customers (brand_id, id, version, name, language, created_at) \
               values ($1, $2, 1, $3, $4, $5)";
    let values = values![brand, new.id, new.name.as_deref(), new.language.as_deref(), at];
    conn.run(sql, values).await?;
    Ok(())
}

async fn claim_thread_key(conn: &mut Conn, brand: BrandId, key: &ThreadKey) -> Result<(), StoreError> {
    let sql =
        "insert into thread_keys (brand_id, key_hash, case_id) values ($1, $2, $3) on conflict do nothing";
    must_touch_one(conn.run(sql, values![brand, thread_hash(&key.mail_id), key.case]).await?)
}

async fn add_content(conn: &mut Conn, brand: BrandId, content: &Content) -> Result<(), StoreError> {
    let sql = "insert into contents (brand_id, id, case_id, kind, text) values ($1, $2, $3, $4, $5)";
    let values = values![brand, content.id, content.case, content.kind.as_str(), content.text.as_str()];
    conn.run(sql, values).await?;
    Ok(())
}

async fn add_message(conn: &mut Conn, brand: BrandId, message: &Message) -> Result<(), StoreError> {
    let sql = "insert into messages (brand_id, id, case_id, at, author, state, purpose, identity_id, text_id, \
               html_id, subject_id, files_id, has_layout, letter_id, mail_id, answers, automatic, sender_proof, reason_id, \
               written_at, channel) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    let author = serde_json::to_string(&message.author).map_err(|_| StoreError::Corrupt("author"))?;
    let answers = serde_json::to_string(&message.answers).map_err(|_| StoreError::Corrupt("answers"))?;
    let automatic = message.automatic.map(|kind| serde_json::to_string(&kind)).transpose();
    let automatic = automatic.map_err(|_| StoreError::Corrupt("automatic"))?;
    let purpose = message.purpose.map(casework::Purpose::as_str);
    // That nobody can tell is the rule, and stays unsaid.
    let sender = (message.sender != SenderProof::Unknown).then(|| message.sender.as_str());
    conn.run(
        sql,
        values![
            brand,
            message.id,
            message.case,
            message.at,
            author,
            message.state.as_str(),
            purpose,
            message.identity,
            message.text,
            message.html,
            message.subject,
            message.files,
            message.has_layout,
            message.letter,
            message.mail_id.as_deref(),
            answers,
            automatic,
            sender,
            message.reason,
            message.written_at,
            message.channel.as_str(),
        ],
    )
    .await?;
    Ok(())
}

async fn write_case(conn: &mut Conn, change: &CaseChange) -> Result<(), StoreError> {
    let (brand, id) = (change.after.brand, change.after.id);
    match change.before {
        None => must_touch_one(conn.run(INSERT_CASE, case_values(change)?).await?)?,
        Some(seq) => {
            let mut values = case_values(change)?;
            values.push(Value::from(seq));
            must_touch_one(conn.run(UPDATE_CASE, values).await?)?;
        }
    }
    for event in &change.events {
        let body = serde_json::to_string(event).map_err(|_| StoreError::Corrupt("event"))?;
        let sql = "insert into events (brand_id, case_id, seq, at, body) values ($1, $2, $3, $4, $5)";
        conn.run(sql, values![brand, id, event.seq, event.at, body]).await?;
    }
    conn.run("delete from clocks where brand_id = $1 and case_id = $2", values![brand, id]).await?;
    for clock in &change.clocks {
        let sql =
            "insert into clocks (brand_id, case_id, kind, due_at, lease_until) values ($1, $2, $3, $4, 0)";
        conn.run(sql, values![brand, id, clock.kind.as_str(), clock.due_at]).await?;
    }
    Ok(())
}

const INSERT_CASE: &str = "insert into cases (brand_id, id, reference, seq, nature, status, closing, customer_id, \
    inbox_id, team_id, assignee_id, subject_id, language, opened_at, changed_at, last_message_id, last_inbound_at, \
    last_answer_at, unanswered_since, proposed_at, reminded_at, third_party_id, chase_at, closed_at, rung, transfers, \
    link_generation, act_by, undelivered_at, merged_into, call_again_at, commitments, held_since, erased_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
    $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34) on conflict do nothing";

const UPDATE_CASE: &str = "update cases set reference = $3, seq = $4, nature = $5, status = $6, closing = $7, \
    customer_id = $8, inbox_id = $9, team_id = $10, assignee_id = $11, subject_id = $12, language = $13, \
    opened_at = $14, changed_at = $15, last_message_id = $16, last_inbound_at = $17, last_answer_at = $18, \
    unanswered_since = $19, proposed_at = $20, reminded_at = $21, third_party_id = $22, chase_at = $23, \
    closed_at = $24, rung = $25, transfers = $26, link_generation = $27, act_by = $28, \
    undelivered_at = $29, merged_into = $30, call_again_at = $31, commitments = $32, \
    held_since = $33, erased_at = $34 where brand_id = $1 and id = $2 and seq = $35";

fn case_values(change: &CaseChange) -> Result<Vec<Value>, StoreError> {
    let case = &change.after;
    let rung = serde_json::to_string(&case.rung).map_err(|_| StoreError::Corrupt("rung"))?;
    let commitments =
        serde_json::to_string(&case.commitments).map_err(|_| StoreError::Corrupt("commitments"))?;
    Ok(values![
        case.brand,
        case.id,
        case.reference.as_str(),
        case.seq,
        case.nature.as_str(),
        case.status.as_str(),
        case.closing.map(casework::Closing::as_str),
        case.customer,
        case.inbox,
        case.team,
        case.assignee,
        case.subject,
        case.language.as_str(),
        case.opened_at,
        case.changed_at,
        case.last_message,
        case.last_inbound_at,
        case.last_answer_at,
        case.unanswered_since,
        case.proposed_at,
        case.reminded_at,
        case.third_party,
        case.chase_at,
        case.closed_at,
        rung,
        case.transfers,
        case.link_generation,
        change.act_by.map_or(NEVER, Timestamp::as_microsecond),
        case.undelivered_at,
        case.merged_into,
        case.call_again_at,
        commitments,
        case.held_since,
        case.erased_at,
    ])
}

async fn add_order(conn: &mut Conn, brand: BrandId, order: &Order, at: Timestamp) -> Result<(), StoreError> {
    let sql = "insert into orders (id, brand_id, case_id, message_id, lane, state, due_at, ordered_at, attempts, \
               lease, lease_until) values ($1, $2, $3, $4, $5, 'ready', $6, $7, 0, null, 0)";
    let lane = order.lane as i64;
    conn.run(sql, values![order.id, brand, order.case, order.message, lane, order.due_at, at]).await?;
    Ok(())
}

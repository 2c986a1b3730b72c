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
use crate::script::Script;
use crate::{erasure, search};

/// Writes a decision. Must run inside a transaction; on an error the caller rolls back.
pub(crate) async fn commit(conn: &mut Conn, decision: &Decision) -> Result<(), StoreError> {
    let mut script = Script::default();
    check(&mut script, decision);
    write(&mut script, decision)?;
    script.play(conn).await?;
    for case in &decision.erased {
        erasure::erase_case(conn, decision.brand, *case).await?;
    }
    search::file(conn, decision).await
}

/// What the decision relied on.
fn check(script: &mut Script, decision: &Decision) {
    let brand = decision.brand;
    check_letter(script, decision.letter.as_ref());
    check_order(script, decision.order.as_ref());
    if let Some(Once { key, asked, receipt }) = &decision.once {
        let sql = "insert into acts_done (key_hash, at, asked, receipt) values ($1, $2, $3, $4) \
                   on conflict do nothing";
        let asked = asked.map(|hash| hash.to_vec());
        script.add_for_one(sql, values![*key, decision.at, asked, receipt.as_deref()]);
    }
    if let Some((customer, version)) = decision.customer {
        let sql =
            "update customers set version = version + 1 where brand_id = $1 and id = $2 and version = $3";
        script.add_for_one(sql, values![brand, customer, version]);
    }
}

fn write(script: &mut Script, decision: &Decision) -> Result<(), StoreError> {
    let brand = decision.brand;
    for new in &decision.new_identities {
        add_identity(script, brand, new, decision.at);
    }
    if let Some(new) = &decision.new_customer {
        add_customer(script, brand, new, decision.at);
    }
    let mut keys = decision.thread_keys.clone();
    keys.sort();
    keys.dedup();
    for key in &keys {
        claim_thread_key(script, brand, key);
    }
    for content in &decision.contents {
        add_content(script, brand, content);
    }
    for message in &decision.messages {
        add_message(script, brand, message)?;
    }
    for attachment in &decision.attachments {
        claim_file(script, brand, *attachment);
    }
    for (message, state, reason) in &decision.message_states {
        let sql = "update messages set state = $3, reason_id = $4 where brand_id = $1 and id = $2";
        script.add_for_one(sql, values![brand, *message, state.as_str(), *reason]);
    }
    for (identity, undeliverable_at) in &decision.identity_marks {
        let sql = "update identities set undeliverable_at = $3 where brand_id = $1 and id = $2";
        script.add_for_one(sql, values![brand, *identity, *undeliverable_at]);
    }
    let mut cases: Vec<&CaseChange> = decision.cases.iter().collect();
    cases.sort_by_key(|change| change.after.id);
    for change in cases {
        write_case(script, change)?;
    }
    for order in &decision.orders {
        add_order(script, brand, order, decision.at);
    }
    Ok(())
}

/// Ends a letter that is still to be read; a letter that another worker has ended meanwhile is a conflict.
fn check_letter(script: &mut Script, result: Option<&LetterResult>) {
    let Some(LetterResult { letter, fingerprint, end }) = result else { return };
    let (state, case, message, reason) = match end {
        LetterEnd::Filed(case, message) => ("filed", Some(*case), Some(*message), None),
        LetterEnd::Duplicate(case) => ("duplicate", Some(*case), None, None),
        LetterEnd::Aside(reason) => ("aside", None, None, Some(reason.as_str())),
    };
    let sql = "update letters set state = $2, case_id = $3, message_id = $4, reason = $5, fingerprint = $6 \
               where id = $1 and state in ('unread', 'insisted')";
    let values = values![*letter, state, case, message, reason, *fingerprint];
    script.add_for_one(sql, values);
}

/// Ends an attempt at an order. A lease that was lost meanwhile is a conflict.
fn check_order(script: &mut Script, result: Option<&OrderResult>) {
    let Some(OrderResult { order, lease, end }) = result else { return };
    let (state, due_at) = match end {
        OrderEnd::Done => ("done", None),
        OrderEnd::Again(at) => ("ready", Some(*at)),
        OrderEnd::GivenUp => ("given_up", None),
    };
    let sql = "update orders set state = $3, due_at = coalesce($4, due_at), lease = null \
               where id = $1 and lease = $2 and state = 'leased'";
    script.add_for_one(sql, values![*order, *lease, state, due_at]);
}

fn add_identity(script: &mut Script, brand: BrandId, new: &NewIdentity, at: Timestamp) {
    let sql = "insert into identities (brand_id, address, id, customer_id, created_at, kind, is_proved) \
               values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
    let kind = new.kind.as_str();
    let values = values![brand, new.address.as_str(), new.id, new.customer, at, kind, new.is_proved];
    script.add_for_one(sql, values);
}

/// A file that somebody else's message has claimed meanwhile, or that was thrown away, is a conflict.
fn claim_file(script: &mut Script, brand: BrandId, attachment: Attachment) {
    let Attachment { file, case, message, position } = attachment;
    let sql = "update files set brand_id = $1, case_id = $3, message_id = $4, position = $5 \
               where id = $2 and message_id is null";
    script.add_for_one(sql, values![brand, file, case, message, position]);
}

fn add_customer(script: &mut Script, brand: BrandId, new: &NewCustomer, at: Timestamp) {
    let sql = "insert into customers (brand_id, id, version, name, language, created_at) \
               values ($1, $2, 1, $3, $4, $5)";
    let values = values![brand, new.id, new.name.as_deref(), new.language.as_deref(), at];
    script.add(sql, values);
}

fn claim_thread_key(script: &mut Script, brand: BrandId, key: &ThreadKey) {
    let sql =
        "insert into thread_keys (brand_id, key_hash, case_id) values ($1, $2, $3) on conflict do nothing";
    script.add_for_one(sql, values![brand, thread_hash(&key.mail_id), key.case]);
}

fn add_content(script: &mut Script, brand: BrandId, content: &Content) {
    let sql = "insert into contents (brand_id, id, case_id, kind, text) values ($1, $2, $3, $4, $5)";
    let values = values![brand, content.id, content.case, content.kind.as_str(), content.text.as_str()];
    script.add(sql, values);
}

fn add_message(script: &mut Script, brand: BrandId, message: &Message) -> Result<(), StoreError> {
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
    script.add(
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
    );
    Ok(())
}

fn write_case(script: &mut Script, change: &CaseChange) -> Result<(), StoreError> {
    let (brand, id) = (change.after.brand, change.after.id);
    match change.before {
        None => script.add_for_one(INSERT_CASE, case_values(change)?),
        Some(seq) => {
            let mut values = case_values(change)?;
            values.push(Value::from(seq));
            script.add_for_one(UPDATE_CASE, values);
        }
    }
    for event in &change.events {
        let body = serde_json::to_string(event).map_err(|_| StoreError::Corrupt("event"))?;
        let sql = "insert into events (brand_id, case_id, seq, at, body) values ($1, $2, $3, $4, $5)";
        script.add(sql, values![brand, id, event.seq, event.at, body]);
    }
    script.add("delete from clocks where brand_id = $1 and case_id = $2", values![brand, id]);
    for clock in &change.clocks {
        let sql =
            "insert into clocks (brand_id, case_id, kind, due_at, lease_until) values ($1, $2, $3, $4, 0)";
        script.add(sql, values![brand, id, clock.kind.as_str(), clock.due_at]);
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

fn add_order(script: &mut Script, brand: BrandId, order: &Order, at: Timestamp) {
    let sql = "insert into orders (id, brand_id, case_id, message_id, lane, state, due_at, ordered_at, attempts, \
               lease, lease_until) values ($1, $2, $3, $4, $5, 'ready', $6, $7, 0, null, 0)";
    let lane = order.lane as i64;
    script.add(sql, values![order.id, brand, order.case, order.message, lane, order.due_at, at]);
}

//! Mail on its way out: what a message is made of, the bytes stored before the first try, what is stuck, the demo's postbox.

use casework::{
    AgentId, BrandId, Case, CaseId, Mailbox, Message, MessageId, MessageState, OrderId, Reference,
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Store;
use crate::conn::values;
use crate::error::StoreError;
use crate::rows::{self, case_columns};

/// All that a mail is written from.
#[derive(Debug, Clone)]
pub struct ToWrite {
    /// The case.
    pub case: Case,
    /// The message.
    pub message: Message,
    /// The text, empty for automatic mails.
    pub text: String,
    /// The rich text.
    pub html: Option<String>,
    /// The subject it answers.
    pub subject: String,
    /// To whom.
    pub to: Mailbox,
    /// The inbox's own address and name.
    pub inbox: Mailbox,
    /// The brand's name.
    pub brand: String,
    /// What the brand writes below people's answers, with `{agent}` and `{brand}` in it; its usual two lines when absent.
    pub signature: Option<String>,
    /// The name of the agent who wrote it.
    pub author: Option<String>,
    /// The brand's time zone.
    pub zone: String,
}

/// A mail that has not left.
#[derive(Debug, Clone)]
pub struct Stuck {
    /// Its order.
    pub order: OrderId,
    /// The case it is for.
    pub reference: Reference,
    /// Whom it is for.
    pub recipient: String,
    /// The subject it answers.
    pub subject: String,
    /// True when it will not be tried again by itself.
    pub is_given_up: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub due_at: Timestamp,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// What the mail server said last.
    pub reason: String,
}

/// A mail in the demo's postbox.
#[derive(Debug, Clone)]
pub struct PostboxMail {
    /// Its id.
    pub id: Uuid,
    /// When it left.
    pub at: Timestamp,
    /// The envelope's sender.
    pub sender: String,
    /// The recipient.
    pub recipient: String,
    /// The mail; empty in lists.
    pub bytes: Vec<u8>,
}

impl Store {
    /// All that a mail is written from; `None` when the message is gone.
    pub async fn to_write(&self, brand: BrandId, message: MessageId) -> Result<Option<ToWrite>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = "select m.*, t.text as body, h.text as rich, s.text as subject_line, i.address as to_address, \
                   cu.name as to_name from messages m \
                   left join contents t on t.brand_id = m.brand_id and t.id = m.text_id \
                   left join contents h on h.brand_id = m.brand_id and h.id = m.html_id \
                   left join contents s on s.brand_id = m.brand_id and s.id = m.subject_id \
                   join identities i on i.brand_id = m.brand_id and i.id = m.identity_id \
                   join customers cu on cu.brand_id = i.brand_id and cu.id = i.customer_id \
                   where m.brand_id = $1 and m.id = $2";
        let Some(row) = conn.row(sql, values![brand, message]).await? else { return Ok(None) };
        let message = rows::message(&row)?;
        let author = match message.author {
            casework::Actor::Agent(agent) => agent.0,
            casework::Actor::Customer(_) | casework::Actor::Desk => Uuid::nil(),
        };
        let sql = concat!(
            "select ",
            case_columns!(),
            ", x.address as inbox_address, x.name as inbox_name, b.name as brand_name, b.signature, b.zone, a.name as author_name \
             from cases c join inboxes x on x.brand_id = c.brand_id and x.id = c.inbox_id \
             join brands b on b.id = c.brand_id left join agents a on a.id = $3 \
             where c.brand_id = $1 and c.id = $2"
        );
        let about = conn.row(sql, values![brand, message.case, author]).await?;
        let about = about.ok_or(StoreError::Corrupt("case"))?;
        Ok(Some(ToWrite {
            case: rows::case(&about)?,
            text: row.get::<Option<String>>("body")?.unwrap_or_default(),
            html: row.get("rich")?,
            subject: row.get::<Option<String>>("subject_line")?.unwrap_or_default(),
            to: Mailbox { address: row.get("to_address")?, name: row.get("to_name")? },
            inbox: Mailbox { address: about.get("inbox_address")?, name: Some(about.get("inbox_name")?) },
            brand: about.get("brand_name")?,
            signature: about.get("signature")?,
            author: about.get("author_name")?,
            zone: about.get("zone")?,
            message,
        }))
    }

    /// The mail kept for a message, sealed, if it was written out before.
    pub async fn outgoing(&self, brand: BrandId, message: MessageId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select sealed from outgoing where brand_id = $1 and message_id = $2";
        let row = self.reader().await?.row(sql, values![brand, message]).await?;
        row.map(|row| row.get("sealed")).transpose()
    }

    /// Keeps a mail, sealed, before its first try. If another node was faster, what it kept stands and is given back.
    pub async fn keep_outgoing(
        &self,
        brand: BrandId,
        message: MessageId,
        sealed: Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        let kept = sealed.clone();
        let is_first = self
            .write(Box::new(move |conn| {
                Box::pin(async move {
                    let sql = "insert into outgoing (brand_id, message_id, sealed) values ($1, $2, $3) \
                               on conflict do nothing";
                    Ok(conn.run(sql, values![brand, message, sealed]).await? == 1)
                })
            }))
            .await?;
        if is_first {
            return Ok(kept);
        }
        self.outgoing(brand, message).await?.ok_or(StoreError::Corrupt("outgoing"))
    }

    /// Mails that have failed at least once and have not left, the oldest first, at most `max`.
    pub async fn stuck(
        &self,
        agent: AgentId,
        is_everywhere: bool,
        max: u32,
    ) -> Result<Vec<Stuck>, StoreError> {
        let sql = "select o.id, c.reference, i.address, o.state, o.attempts, o.due_at, o.ordered_at, r.text as reason, \
                   s.text as subject \
                   from orders o join cases c on c.brand_id = o.brand_id and c.id = o.case_id \
                   join messages m on m.brand_id = o.brand_id and m.id = o.message_id \
                   join identities i on i.brand_id = m.brand_id and i.id = m.identity_id \
                   left join contents r on r.brand_id = m.brand_id and r.id = m.reason_id \
                   left join contents s on s.brand_id = m.brand_id and s.id = m.subject_id \
                   where (o.state = 'given_up' or (o.state in ('ready', 'leased') \
                   and m.state in ('delayed', 'refused'))) \
                   and ($2 or o.brand_id in (select brand_id from team_members where agent_id = $1)) \
                   order by o.ordered_at, o.id limit $3";
        let rows = self.reader().await?.rows(sql, values![agent, is_everywhere, max]).await?;
        rows.iter()
            .map(|row| {
                Ok(Stuck {
                    order: row.id("id")?,
                    reference: rows::reference(row)?,
                    recipient: row.get("address")?,
                    subject: row.get::<Option<String>>("subject")?.unwrap_or_default(),
                    is_given_up: row.get::<String>("state")? == "given_up",
                    attempts: row.count("attempts")?,
                    due_at: row.at("due_at")?,
                    ordered_at: row.at("ordered_at")?,
                    reason: row.get::<Option<String>>("reason")?.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// How many mails ordered since an instant were given up, at most a thousand, within the agent's brands.
    pub async fn given_up_since(
        &self,
        agent: AgentId,
        is_everywhere: bool,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let sql = "select count(*) as n from (select 1 from orders where state = 'given_up' and ordered_at > $3 \
                   and ($2 or brand_id in (select brand_id from team_members where agent_id = $1)) limit 1000) as kept";
        let row = self.reader().await?.row(sql, values![agent, is_everywhere, since]).await?;
        row.map_or(Ok(0), |row| row.count("n"))
    }

    /// Has a stuck mail tried again now. False when there is none within the agent's brands.
    /// Its days of trying begin anew.
    pub async fn retry_order(
        &self,
        order: OrderId,
        agent: AgentId,
        is_everywhere: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update orders set state = 'ready', due_at = $4, ordered_at = $4, lease = null \
                           where id = $1 and state in ('ready', 'given_up') and ($3 or brand_id in \
                           (select brand_id from team_members where agent_id = $2))";
                Ok(conn.run(sql, values![order, agent, is_everywhere, now]).await? == 1)
            })
        }))
        .await
    }

    /// How many orders are not done and not given up.
    pub async fn undone_orders(&self) -> Result<u64, StoreError> {
        let sql = "select count(*) as n from orders where state in ('ready', 'leased')";
        let row = self.reader().await?.row(sql, Vec::new()).await?;
        row.map_or(Ok(0), |row| Ok(row.get::<i64>("n")?.unsigned_abs()))
    }

    /// Puts a mail into the demo's postbox; the same id again changes nothing.
    pub async fn put_in_postbox(&self, mail: PostboxMail) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into postbox (id, at, sender, recipient, bytes) values ($1, $2, $3, $4, $5) \
                           on conflict do nothing";
                let values = values![mail.id, mail.at, mail.sender, mail.recipient, mail.bytes];
                conn.run(sql, values).await.map(drop)
            })
        }))
        .await
    }

    /// The newest mails of the demo's postbox, at most `max`.
    pub async fn postbox(&self, max: u32) -> Result<Vec<PostboxMail>, StoreError> {
        let sql = "select id, at, sender, recipient, bytes from postbox order by at desc, id desc limit $1";
        let rows = self.reader().await?.rows(sql, values![max]).await?;
        rows.iter().map(postbox_mail).collect()
    }

    /// One mail of the demo's postbox.
    pub async fn postbox_mail(&self, id: Uuid) -> Result<Option<PostboxMail>, StoreError> {
        let sql = "select id, at, sender, recipient, bytes from postbox where id = $1";
        self.reader().await?.row(sql, values![id]).await?.as_ref().map(postbox_mail).transpose()
    }

    /// The messages of a case with their states, for tests and the command line.
    pub async fn message_states(
        &self,
        brand: BrandId,
        case: CaseId,
    ) -> Result<Vec<(MessageId, MessageState)>, StoreError> {
        let sql =
            "select id, state from messages where brand_id = $1 and case_id = $2 order by at, id limit 1000";
        let rows = self.reader().await?.rows(sql, values![brand, case]).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.word("state", MessageState::parse)?))).collect()
    }
}

fn postbox_mail(row: &crate::conn::Row) -> Result<PostboxMail, StoreError> {
    Ok(PostboxMail {
        id: row.get("id")?,
        at: row.at("at")?,
        sender: row.get("sender")?,
        recipient: row.get("recipient")?,
        bytes: row.get("bytes")?,
    })
}

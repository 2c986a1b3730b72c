//! Letters kept aside: counted, listed, opened, and sent back into the desk by a person who insists.

use casework::decision::AsideReason;
use casework::{AgentId, BrandId, LetterId};
use jiff::Timestamp;

use crate::Store;
use crate::conn::values;
use crate::error::StoreError;

/// Reasons that can be asked for at once; the query below has one place for each.
const REASONS_MAX: usize = 10;
/// Letters counted of one reason at most: beyond it the exact number helps nobody.
const COUNT_MAX: i64 = 1000;

/// A letter kept aside, for the page that shows them.
#[derive(Debug, Clone)]
pub struct KeptLetter {
    /// Its id.
    pub id: LetterId,
    /// The brand it was sent to.
    pub brand: BrandId,
    /// The envelope's sender.
    pub sender: String,
    /// The address it was sent to.
    pub recipient: String,
    /// When it was accepted.
    pub received_at: Timestamp,
    /// Its size.
    pub size_bytes: u64,
    /// Why it was kept aside, as a word of `AsideReason`.
    pub reason: String,
    /// Its first bytes, for who wrote it and its subject; empty for large letters.
    pub head: Vec<u8>,
}

impl Store {
    /// Letters kept aside for one of these reasons, newest first, at most `max`, older than `before` where it is given;
    /// only of brands in which this agent has a team, unless `is_everywhere`.
    pub async fn aside_letters(
        &self,
        (agent, is_everywhere): (AgentId, bool),
        reasons: &[AsideReason],
        before: Option<(Timestamp, LetterId)>,
        max: u32,
    ) -> Result<Vec<KeptLetter>, StoreError> {
        let sql = "select id, brand_id, sender, recipient, received_at, size_bytes, reason, \
                   substr(bytes, 1, 8192) as head from letters \
                   where state = 'aside' and ($2 or brand_id in \
                   (select brand_id from team_members where agent_id = $1)) \
                   and (received_at, id) < ($3, $4) and reason in ($6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
                   order by received_at desc, id desc limit $5";
        let (at, id) = before.unwrap_or((Timestamp::MAX, LetterId(uuid::Uuid::max())));
        let mut values = values![agent, is_everywhere, at, id, max];
        let words = reasons.iter().map(|reason| reason.as_str()).chain(std::iter::repeat(""));
        values.extend(words.take(REASONS_MAX).map(crate::conn::Value::from));
        let rows = self.reader().await?.rows(sql, values).await?;
        rows.iter()
            .map(|row| {
                Ok(KeptLetter {
                    id: row.id("id")?,
                    brand: BrandId(row.get("brand_id")?),
                    sender: row.get("sender")?,
                    recipient: row.get("recipient")?,
                    received_at: row.at("received_at")?,
                    size_bytes: row.get::<i64>("size_bytes")?.unsigned_abs(),
                    reason: row.get::<Option<String>>("reason")?.unwrap_or_default(),
                    head: row.get::<Option<Vec<u8>>>("head")?.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// The raw bytes of a letter kept aside; `None` when there is no such letter within the agent's brands.
    pub async fn aside_letter(
        &self,
        id: LetterId,
        agent: AgentId,
        is_everywhere: bool,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select bytes, file from letters where id = $1 and state = 'aside' and ($3 or brand_id in \
                   (select brand_id from team_members where agent_id = $2))";
        let row = self.reader().await?.row(sql, values![id, agent, is_everywhere]).await?;
        match row {
            Some(row) => Ok(Some(self.bytes_of(&row).await?)),
            None => Ok(None),
        }
    }

    /// The brand that a letter kept aside was sent to.
    pub async fn aside_brand(&self, id: LetterId) -> Result<Option<BrandId>, StoreError> {
        let sql = "select brand_id from letters where id = $1 and state = 'aside'";
        let row = self.reader().await?.row(sql, values![id]).await?;
        row.map(|row| Ok(BrandId(row.get("brand_id")?))).transpose()
    }

    /// Asks for a case to be made of a letter kept aside. False when there is no such letter within the agent's brands.
    pub async fn insist_on_letter(
        &self,
        id: LetterId,
        agent: AgentId,
        is_everywhere: bool,
    ) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update letters set state = 'insisted', attempts = 0, lease_until = 0 where id = $1 \
                           and state = 'aside' and ($3 or brand_id in \
                           (select brand_id from team_members where agent_id = $2))";
                Ok(conn.run(sql, values![id, agent, is_everywhere]).await? == 1)
            })
        }))
        .await
    }

    /// How many letters kept aside need a look, at most a thousand, within the agent's brands: those that could not be
    /// understood, and those since an instant that may be a customer's all the same or tell of a mail that did not arrive.
    /// What was brought in from an archive tells of mails of long ago.
    pub async fn aside_to_look_at(
        &self,
        agent: AgentId,
        is_everywhere: bool,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let sql = "select count(*) as n from (select 1 from letters where state = 'aside' \
                   and (reason in ($3, $4) or (reason in ($5, $6) and received_at > $7 and not is_history)) \
                   and ($2 or brand_id in (select brand_id from team_members where agent_id = $1)) limit $8) as kept";
        let odd = [AsideReason::Unreadable, AsideReason::NoSender, AsideReason::Forged, AsideReason::Bounce];
        let mut values = values![agent, is_everywhere];
        values.extend(odd.map(|reason| crate::conn::Value::from(reason.as_str())));
        values.extend(values![since, COUNT_MAX]);
        let row = self.reader().await?.row(sql, values).await?;
        row.map_or(Ok(0), |row| row.count("n"))
    }

    /// How many letters are kept aside for each reason, each at most a thousand, within the agent's brands.
    pub async fn aside_counts(
        &self,
        agent: AgentId,
        is_everywhere: bool,
    ) -> Result<Vec<(AsideReason, u32)>, StoreError> {
        let sql = "select reason, count(*) as n from (select reason, row_number() over (partition by reason) as place \
                   from letters where state = 'aside' and ($2 or brand_id in \
                   (select brand_id from team_members where agent_id = $1))) as kept \
                   where place <= $3 group by reason";
        let rows = self.reader().await?.rows(sql, values![agent, is_everywhere, COUNT_MAX]).await?;
        rows.iter().map(|row| Ok((row.word("reason", AsideReason::parse)?, row.count("n")?))).collect()
    }
}

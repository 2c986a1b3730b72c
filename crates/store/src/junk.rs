//! The desk's own rules about junk: which senders and subjects are always, or never, kept apart. Applying them is not done
//! here: a rule is matched by the database, and what it means is decided elsewhere.

use casework::BrandId;
use casework::intake::JunkRule;
use jiff::Timestamp;
use uuid::Uuid;

use crate::Store;
use crate::conn::values;
use crate::error::StoreError;
use crate::gather::Lookup;

/// Rules of one brand listed at most.
const LIST_MAX: i64 = 1000;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JunkField {
    /// The sender's address as a whole.
    Address,
    /// The domain of the sender's address.
    Domain,
    /// Words of the subject, whatever their case.
    Subject,
}

impl JunkField {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Domain => "domain",
            Self::Subject => "subject",
        }
    }

    /// Whether a rule that looks for this would hold for nearly every letter.
    pub fn is_too_short(self, pattern: &str) -> bool {
        self == Self::Subject && pattern.chars().count() < SUBJECT_CHARS_MIN
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Address, Self::Domain, Self::Subject].into_iter().find(|field| field.as_str() == word)
    }
}

/// Shortest subject that a rule may look for, in characters: a shorter one is in nearly every letter.
const SUBJECT_CHARS_MIN: usize = 4;

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredJunkRule {
    /// Its id.
    pub id: Uuid,
    /// Whose letters it is about.
    pub brand: BrandId,
    /// What it says.
    pub verdict: JunkRule,
    /// What it looks at.
    pub field: JunkField,
    /// What it looks for, lower case.
    pub pattern: String,
}

impl Store {
    /// Makes a rule; one about the same thing is replaced.
    pub async fn set_junk_rule(&self, rule: StoredJunkRule, now: Timestamp) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into junk_rules (brand_id, id, verdict, field, pattern, created_at) \
                           values ($1, $2, $3, $4, $5, $6) \
                           on conflict (brand_id, field, pattern) do update set verdict = excluded.verdict";
                let (verdict, field) = (rule.verdict.as_str(), rule.field.as_str());
                let values = values![rule.brand, rule.id, verdict, field, rule.pattern, now];
                conn.run(sql, values).await.map(drop)
            })
        }))
        .await
    }

    /// Forgets a rule. False when there is none.
    pub async fn remove_junk_rule(&self, brand: BrandId, id: Uuid) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "delete from junk_rules where brand_id = $1 and id = $2";
                Ok(conn.run(sql, values![brand, id]).await? == 1)
            })
        }))
        .await
    }

    /// The rules of a brand.
    pub async fn junk_rules(&self, brand: BrandId) -> Result<Vec<StoredJunkRule>, StoreError> {
        let sql = "select id, verdict, field, pattern from junk_rules where brand_id = $1 \
                   order by field, pattern limit $2";
        let rows = self.reader().await?.rows(sql, values![brand, LIST_MAX]).await?;
        rows.iter()
            .map(|row| {
                Ok(StoredJunkRule {
                    id: row.get("id")?,
                    brand,
                    verdict: row.word("verdict", JunkRule::parse)?,
                    field: row.word("field", JunkField::parse)?,
                    pattern: row.get("pattern")?,
                })
            })
            .collect()
    }
}

impl Lookup<'_> {
    /// What the rules say of a sender and a subject, both in lower case. The more particular rule goes first: an address
    /// before its domain, and either before a subject.
    pub async fn junk_rule(
        &mut self,
        brand: BrandId,
        address: &str,
        subject: &str,
    ) -> Result<Option<JunkRule>, StoreError> {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let sql = "select verdict, field from junk_rules where brand_id = $1 and (field = 'address' and pattern = $2 \
                   or field = 'domain' and pattern = $3 or field = 'subject' and $4 like '%' || \
                   replace(replace(replace(pattern, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%' escape '\\') \
                   order by field, verdict limit 1";
        let row = self.0.row(sql, values![brand, address, domain, subject]).await?;
        row.map(|row| row.word("verdict", JunkRule::parse)).transpose()
    }
}

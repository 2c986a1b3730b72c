//! How long things are kept: months after the closing, by nature and outcome, for each brand.

use casework::{BrandId, CaseId, Closing, CustomerId, Nature};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::Store;
use crate::conn::{Row, values};
use crate::error::StoreError;

/// Rules of one desk: a few for each brand.
const RULES_MAX: i64 = 1_000;

/// How long cases are kept that ended in this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// The brand.
    pub brand: BrandId,
    /// What they were.
    pub nature: Nature,
    /// How they ended: confirmed or lapsed. What was merged goes with the case it was merged into.
    pub closing: Closing,
    /// Months after the closing.
    pub months: u32,
}

/// A case that was kept long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expired {
    /// The brand.
    pub brand: BrandId,
    /// The case.
    pub case: CaseId,
    /// Whose it was.
    pub customer: CustomerId,
}

impl Store {
    /// Every rule.
    pub async fn keeping_rules(&self) -> Result<Vec<Keeping>, StoreError> {
        let sql = "select brand_id, nature, closing, months from keeping order by brand_id, nature, closing limit $1";
        let rows = self.reader().await?.rows(sql, values![RULES_MAX]).await?;
        let rule = |row: &Row| {
            Ok(Keeping {
                brand: BrandId(row.get("brand_id")?),
                nature: row.word("nature", Nature::parse)?,
                closing: row.word("closing", Closing::parse)?,
                months: row.count("months")?,
            })
        };
        rows.iter().map(rule).collect()
    }

    /// Sets the rules of a brand; what no rule names is kept for ever.
    pub async fn set_keeping(&self, brand: BrandId, rules: Vec<Keeping>) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                conn.run("delete from keeping where brand_id = $1", values![brand]).await?;
                let sql = "insert into keeping (brand_id, nature, closing, months) values ($1, $2, $3, $4)";
                for rule in rules.iter().filter(|rule| rule.brand == brand) {
                    let values = values![brand, rule.nature.as_str(), rule.closing.as_str(), rule.months];
                    conn.run(sql, values).await?;
                }
                Ok(())
            })
        }))
        .await
    }

    /// Cases that a rule lets go by now, and that nobody holds; at most so many.
    pub async fn expired_cases(&self, now: Timestamp, most: u32) -> Result<Vec<Expired>, StoreError> {
        let mut expired = Vec::new();
        let mut conn = self.reader().await?;
        for rule in self.keeping_rules().await? {
            let today = now.to_zoned(TimeZone::UTC);
            let Ok(before) = today.checked_sub(i64::from(rule.months).months()) else { continue };
            let before = before.timestamp();
            let sql = "select id, customer_id from cases where brand_id = $1 and nature = $2 and closing = $3 \
                       and closed_at < $4 and status = 'closed' and erased_at is null and held_since is null \
                       order by closed_at limit $5";
            let values = values![rule.brand, rule.nature.as_str(), rule.closing.as_str(), before, most];
            for row in conn.rows(sql, values).await? {
                let (case, customer) = (row.id("id")?, row.id("customer_id")?);
                expired.push(Expired { brand: rule.brand, case, customer });
            }
        }
        expired.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(expired)
    }
}

//! Public forms of the brands, and what people began to fill in. What a form asks is JSON here, and no concern of ours.

use casework::{BrandId, InboxId, Nature};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Store;
use crate::conn::{Row, values};
use crate::error::StoreError;

/// Forms of the whole desk that are listed at most.
const FORMS_MAX: i64 = 200;

/// A public form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredForm {
    /// Whose.
    pub brand: BrandId,
    /// Its id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// The inbox from which its cases are answered, and by whose team.
    pub inbox: InboxId,
    /// The nature of the cases it opens.
    pub nature: Nature,
    /// What it asks and says, as JSON.
    pub body: String,
    /// Whether it can be filled in.
    pub is_open: bool,
}

/// A form that somebody began to fill in.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The hash of its token, which its writer alone has.
    pub token_hash: [u8; 32],
    /// The brand.
    pub brand: BrandId,
    /// The form.
    pub form: Uuid,
    /// What was filled in, sealed.
    pub sealed: Vec<u8>,
    /// When it is thrown away.
    pub expires_at: Timestamp,
}

impl Store {
    /// All forms, by brand and name.
    pub async fn forms(&self) -> Result<Vec<StoredForm>, StoreError> {
        let sql = "select brand_id, id, slug, inbox_id, nature, body, is_open from forms \
                   order by brand_id, slug limit $1";
        self.reader().await?.rows(sql, values![FORMS_MAX]).await?.iter().map(form).collect()
    }

    /// A form by the names of its brand and its own.
    pub async fn form(&self, brand: &str, slug: &str) -> Result<Option<StoredForm>, StoreError> {
        let sql = "select f.brand_id, f.id, f.slug, f.inbox_id, f.nature, f.body, f.is_open from forms f \
                   join brands b on b.id = f.brand_id where b.slug = $1 and f.slug = $2";
        self.reader().await?.row(sql, values![brand, slug]).await?.as_ref().map(form).transpose()
    }

    /// Adds a form or changes the one with this id. Another form of the brand with its name is a conflict.
    pub async fn save_form(&self, form: StoredForm, now: Timestamp) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "select 1 as one from forms where brand_id = $1 and slug = $2 and id <> $3";
                let taken = conn.row(sql, values![form.brand, form.slug.as_str(), form.id]).await?;
                if taken.is_some() {
                    return Err(StoreError::Conflict);
                }
                let sql = "insert into forms (brand_id, id, slug, inbox_id, nature, body, is_open, created_at) \
                           values ($1, $2, $3, $4, $5, $6, $7, $8) \
                           on conflict (brand_id, id) do update set slug = excluded.slug, \
                           inbox_id = excluded.inbox_id, nature = excluded.nature, body = excluded.body, \
                           is_open = excluded.is_open";
                let values = values![
                    form.brand,
                    form.id,
                    form.slug.as_str(),
                    form.inbox,
                    form.nature.as_str(),
                    form.body.as_str(),
                    form.is_open,
                    now,
                ];
                conn.run(sql, values).await.map(drop)
            })
        }))
        .await
    }

    /// Keeps a draft; one with the same token is replaced.
    pub async fn keep_draft(&self, draft: Draft) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into form_drafts (token_hash, brand_id, form_id, sealed, expires_at) \
                           values ($1, $2, $3, $4, $5) on conflict (token_hash) do update set \
                           sealed = excluded.sealed, expires_at = excluded.expires_at";
                let (hash, sealed) = (draft.token_hash, draft.sealed.clone());
                let values = values![hash, draft.brand, draft.form, sealed, draft.expires_at];
                conn.run(sql, values).await.map(drop)
            })
        }))
        .await
    }

    /// What a draft of a form holds, sealed, while it is kept.
    pub async fn draft(
        &self,
        token_hash: [u8; 32],
        form: Uuid,
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select sealed from form_drafts where token_hash = $1 and form_id = $2 and expires_at > $3";
        let row = self.reader().await?.row(sql, values![token_hash, form, now]).await?;
        row.map(|row| row.get("sealed")).transpose()
    }

    /// Throws a draft away: what it held has been sent.
    pub async fn forget_draft(&self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                conn.run("delete from form_drafts where token_hash = $1", values![token_hash]).await.map(drop)
            })
        }))
        .await
    }

    /// Throws away the drafts that nobody went on with in time. Gives how many.
    pub async fn forget_drafts(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(
                async move { conn.run("delete from form_drafts where expires_at <= $1", values![now]).await },
            )
        }))
        .await
    }
}

fn form(row: &Row) -> Result<StoredForm, StoreError> {
    Ok(StoredForm {
        brand: BrandId(row.get("brand_id")?),
        id: row.get("id")?,
        slug: row.get("slug")?,
        inbox: row.id("inbox_id")?,
        nature: row.word("nature", Nature::parse)?,
        body: row.get("body")?,
        is_open: row.get("is_open")?,
    })
}

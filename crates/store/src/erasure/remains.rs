//! What erased rows leave outside of them: files of large letters, bytes of attachments, and the pages that the embedded
//! engine has not overwritten yet.

use casework::FileId;

use crate::Store;
use crate::conn::{Conn, values};
use crate::error::StoreError;

/// Files taken away in one go.
const BATCH: i64 = 100;
/// Pages of the search index written in one go.
const MERGED_PAGES: i64 = 64;
/// What is to be scrubbed, in the table `installation`.
const NOTE: &str = "to scrub";

impl Store {
    /// Removes the files of erased letters. Gives how many.
    pub async fn remove_erased_letters(&self) -> Result<usize, StoreError> {
        let sql = "select id, file from letters where state = 'erased' and file is not null limit $1";
        let rows = self.reader().await?.rows(sql, values![BATCH]).await?;
        let mut gone = Vec::new();
        for row in &rows {
            match tokio::fs::remove_file(self.letter_file(&row.get::<String>("file")?)).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => gone.push(row.get::<uuid::Uuid>("id")?),
            }
        }
        let count = gone.len();
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update letters set file = null where id = $1 and state = 'erased'";
                for id in gone {
                    conn.run(sql, values![id]).await?;
                }
                Ok(())
            })
        }))
        .await?;
        Ok(count)
    }

    /// Attachments of erased messages whose bytes are to go, each with whether another message has the same bytes.
    pub async fn erased_files(&self) -> Result<Vec<(FileId, [u8; 32], bool)>, StoreError> {
        let sql = "select f.id, f.hash, exists (select 1 from files o where o.hash = f.hash and o.id <> f.id \
                   and not (o.message_id is null and o.created_at = 0)) as is_shared from files f \
                   where f.message_id is null and f.created_at = 0 limit $1";
        let rows = self.reader().await?.rows(sql, values![BATCH]).await?;
        let mut files = Vec::with_capacity(rows.len());
        for row in &rows {
            let hash: Vec<u8> = row.get("hash")?;
            let hash = hash.try_into().map_err(|_| StoreError::Corrupt("hash"))?;
            files.push((row.id("id")?, hash, row.get("is_shared")?));
        }
        Ok(files)
    }

    /// Forgets the row of an erased attachment, after its bytes.
    pub async fn forget_erased_file(&self, file: FileId) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "delete from files where id = $1 and message_id is null and created_at = 0";
                conn.run(sql, values![file]).await.map(drop)
            })
        }))
        .await
    }

    /// Makes the embedded engine forget what no row holds any more, if something was erased: words in its search index,
    /// pages in its log. A server does so by itself, with its own vacuum.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        if !self.pools.has_one_writer() || !self.take_note().await? {
            return Ok(());
        }
        // All of the index begins to be written anew, and goes on bit by bit.
        self.merge_search(-MERGED_PAGES).await?;
        while self.merge_search(MERGED_PAGES).await? {}
        let mut conn = self.pools.writer().await?;
        let row = conn.row("pragma wal_checkpoint(truncate)", Vec::new()).await?;
        drop(conn);
        if row.map_or(Ok(0), |row| row.get::<i64>("busy"))? != 0 {
            // Somebody reads what was there before: once more later.
            self.write(Box::new(|conn| Box::pin(note(conn)))).await?;
        }
        Ok(())
    }

    /// Whether something was erased since the last time.
    async fn take_note(&self) -> Result<bool, StoreError> {
        let row = self
            .reader()
            .await?
            .row("select 1 as one from installation where name = $1", values![NOTE])
            .await?;
        if row.is_none() {
            return Ok(false);
        }
        self.write(Box::new(|conn| {
            Box::pin(async move {
                Ok(conn.run("delete from installation where name = $1", values![NOTE]).await? > 0)
            })
        }))
        .await
    }

    /// Merges a little of the search index; whether there may be more.
    async fn merge_search(&self, pages: i64) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| Box::pin(merge_some(conn, pages)))).await
    }
}

/// Notes, with an erasure, that the embedded engine has something to forget.
pub(super) async fn note(conn: &mut Conn) -> Result<(), StoreError> {
    if conn.is_to_server() {
        return Ok(());
    }
    let sql = "insert into installation (name, value) values ($1, '') on conflict do nothing";
    conn.run(sql, values![NOTE]).await.map(drop)
}

/// FTS5 says how much it did by how many rows it touched: fewer than two is nothing.
async fn merge_some(conn: &mut Conn, pages: i64) -> Result<bool, StoreError> {
    let touched = async |conn: &mut Conn| {
        let row = conn.row("select total_changes() as n", Vec::new()).await?;
        row.map_or(Ok(0), |row| row.get::<i64>("n"))
    };
    let before = touched(conn).await?;
    conn.run("insert into search_words (search_words, rank) values ('merge', $1)", values![pages]).await?;
    Ok(touched(conn).await? - before >= 2)
}

//! The only SQL of the desk. One commit function writes a decision; everything else reads, claims or keeps.
//!
//! Decides nothing, knows neither channels nor web. Only `connect`, `writer`, `conn`, `claim` and `search` may ask which engine it is.

mod accounts;
mod admin;
mod aside;
mod backup;
mod calendars;
mod claim;
mod commit;
mod conn;
mod connect;
mod decide;
mod derived;
mod erasure;
mod error;
mod feed;
mod files;
mod forms;
mod gather;
mod junk;
mod letters;
mod live;
mod mailing;
mod outcome;
mod rows;
mod screens;
mod script;
mod search;
mod sign_in;
mod statistics;
mod tokens;
mod webhooks;
mod writer;

pub use accounts::{
    AccountState, AfterReading, Connection, Grant, Lease, MailAccount, NewAccount, OwnSmtp, Upto,
};
pub use admin::{Brand, DkimRow, Inbox, NewAgent, Team};
pub use aside::KeptLetter;
pub use backup::{
    BackedUp, BackupError, Kind, LEFT_OUT, Manifest, TABLES, Table, TableFile, manifest, restore,
};
pub use claim::{DueClock, DueOrder};
pub use conn::Conn;
pub use connect::Location;
pub use decide::{Lock, Thought};
pub use erasure::{Erasure, Expired, Keeping, ListedErasure, read_erasures};
pub use error::StoreError;
pub use feed::{FeedEvent, FeedPage, FeedQuery};
pub use files::{NewFile, StoredFile};
pub use forms::{Draft, StoredForm};
pub use gather::{Lookup, THREAD_KEYS_MAX};
pub use junk::{JunkField, StoredJunkRule};
pub use letters::{LetterState, NewLetter, Peer, UnreadLetter};
pub use live::Change;
pub use mailing::{PostboxMail, Stuck, ToWrite};
pub use outcome::LetterOutcome;
pub use screens::{
    CaseHead, CaseMessage, CasePage, CustomerPage, KnownBy, LinkedCase, ListPage, ListQuery, ListRow, Names,
    Person, Seek, View, ViewCounts,
};
pub use search::{Hit, HitCase, HitKind, SearchPage, SearchQuery};
pub use sign_in::Credentials;
pub use tokens::{ListedToken, NewToken, TokenHolder};
pub use webhooks::{AfterTry, HeldWebhook, Webhook, WebhookTry};

use std::path::{Path, PathBuf};
use std::sync::Arc;

use connect::Pools;
use writer::{Work, Writer};

/// The desk's memory: a file or a server, and a folder for large letters.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    writer: Writer,
    folder: Arc<PathBuf>,
}

impl Store {
    /// Opens the store and brings its schema up to date.
    pub async fn open(location: &Location) -> Result<Self, StoreError> {
        let folder = match location {
            Location::Folder(folder) | Location::Server { folder, .. } => folder.clone(),
        };
        letters::make_folder(&folder).await?;
        let pools = connect::open(location).await?;
        Ok(Self { writer: Writer::start(pools.clone()), pools, folder: Arc::new(folder) })
    }

    /// The folder for what is too large for rows.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A connection to read with.
    pub async fn reader(&self) -> Result<Conn, StoreError> {
        self.pools.reader().await
    }

    /// Whether the database answers.
    pub async fn is_awake(&self) -> Result<(), StoreError> {
        self.reader().await?.row("select 1 as one", Vec::new()).await.map(drop)
    }

    /// How many queries were asked since the store was opened: what a screen costs, in its test.
    pub fn queries_run(&self) -> u64 {
        self.pools.asked()
    }

    /// Closes every connection; what waits to be written is written first.
    pub async fn close(&self) {
        self.writer.finish().await;
        self.pools.close().await;
    }

    pub(crate) async fn write<T: Send + 'static>(&self, work: Work<T>) -> Result<T, StoreError> {
        self.writer.write(work).await
    }

    pub(crate) async fn write_unless_refused<T: Send + 'static, E: Send + 'static>(
        &self,
        work: Work<Result<T, E>>,
    ) -> Result<Result<T, E>, StoreError> {
        self.writer.write_unless_refused(work).await
    }
}

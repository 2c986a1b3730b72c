//! Mail accounts that feed inboxes: how each is reached, how far it has been read, and who reads it.
//! Secrets are sealed before they come here. Reading, connecting and sealing are not done here.

use casework::{BrandId, CaseId, InboxId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Store;
use crate::conn::{Conn, Row, values};
use crate::error::StoreError;

/// Accounts listed at most.
const LIST_MAX: i64 = 500;
/// Longest failure kept, in bytes.
const FAILURE_BYTES_MAX: usize = 500;

/// How an account is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Name of the IMAP server.
    pub host: String,
    /// Its TCP port.
    pub port: u16,
    /// `none`, `starttls` or `implicit`.
    pub tls: String,
    /// The name to log in with.
    pub username: String,
    /// The folder that is read, such as `INBOX`.
    pub folder: String,
}

/// What becomes of a letter in the account once the desk has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "then", content = "folder")]
pub enum AfterReading {
    /// It stays as it was.
    Keep,
    /// It is marked as seen.
    MarkSeen,
    /// It is moved to this folder.
    MoveTo(String),
    /// It is deleted: only when an administrator said so.
    Delete,
}

/// A grant (OAuth 2) instead of a password; its secrets are in columns of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// `microsoft`, `google` or `other`.
    pub provider: String,
    /// Where people grant access; absent when the application has it by itself.
    pub authorize_url: Option<String>,
    /// Where tokens are had.
    pub token_url: String,
    /// The name of the application at the provider.
    pub client_id: String,
    /// What is asked for.
    pub scope: String,
}

/// The server that takes the inbox's own mails, with the account's login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSmtp {
    /// Its name.
    pub host: String,
    /// Its TCP port.
    pub port: u16,
    /// `none`, `starttls` or `implicit`.
    pub tls: String,
}

/// An account to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Its id.
    pub id: Uuid,
    /// Its brand.
    pub brand: BrandId,
    /// The inbox it feeds; letters to another of our addresses go to that one's inbox.
    pub inbox: InboxId,
    /// How it is reached.
    pub connection: Connection,
    /// What becomes of letters there.
    pub after_reading: AfterReading,
    /// The password, sealed; absent with a grant.
    pub sealed_password: Option<Vec<u8>>,
    /// The grant, instead of a password.
    pub grant: Option<Grant>,
    /// The application's secret, sealed.
    pub sealed_client_secret: Option<Vec<u8>>,
    /// The server for the inbox's own mails; absent when the desk's own takes them.
    pub smtp: Option<OwnSmtp>,
    /// Whether letters that were there before it was connected are taken too, without a receipt.
    pub takes_history: bool,
}

/// How an account fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountState {
    /// Letters up to this uid were there when it was connected; absent until it has been opened once.
    pub history_uid: Option<u32>,
    /// The folder's `UIDVALIDITY` when it was last read.
    pub uid_validity: Option<u32>,
    /// The last letter taken.
    pub last_uid: u32,
    /// When it last answered.
    pub read_at: Option<Timestamp>,
    /// When it last failed; absent while all is well.
    pub failed_at: Option<Timestamp>,
    /// How.
    pub failure: Option<String>,
    /// Failures in a row.
    pub failures: u32,
}

/// A connected account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAccount {
    /// What was set up.
    pub set_up: NewAccount,
    /// The token that renews the grant, sealed; absent until somebody has granted access.
    pub sealed_refresh_token: Option<Vec<u8>>,
    /// When the grant itself ends, where that is known.
    pub grant_ends_at: Option<Timestamp>,
    /// When it was connected.
    pub created_at: Timestamp,
    /// How it fares.
    pub state: AccountState,
}

/// The right to read an account: whoever holds the highest fence has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The brand.
    pub brand: BrandId,
    /// The account.
    pub account: Uuid,
    /// Grows with each new holder; what an earlier holder writes is refused.
    pub fence: i64,
}

/// How far an account has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upto {
    /// Under which right.
    pub lease: Lease,
    /// The folder's `UIDVALIDITY`.
    pub uid_validity: u32,
    /// The last letter taken.
    pub last_uid: u32,
    /// What was there when the account was connected.
    pub history_uid: u32,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Connects an account. An inbox has one at most: a second is a conflict.
    pub async fn add_account(&self, new: NewAccount, now: Timestamp) -> Result<(), StoreError> {
        let after =
            serde_json::to_string(&new.after_reading).map_err(|_| StoreError::Corrupt("after_reading"))?;
        let oauth = new.grant.as_ref().map(serde_json::to_string).transpose();
        let oauth = oauth.map_err(|_| StoreError::Corrupt("oauth"))?;
        let smtp = new.smtp.as_ref().map(serde_json::to_string).transpose();
        let smtp = smtp.map_err(|_| StoreError::Corrupt("smtp"))?;
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into mail_accounts (brand_id, id, inbox_id, host, port, tls, username, folder, \
                           after_reading, sealed_password, oauth, sealed_client_secret, smtp, created_at, \
                           takes_history, last_uid, failures, lease_until, fence) \
                           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 0, 0, 0)";
                let Connection { host, port, tls, username, folder } = new.connection;
                let values = values![
                    new.brand,
                    new.id,
                    new.inbox,
                    host,
                    u32::from(port),
                    tls,
                    username,
                    folder,
                    after,
                    new.sealed_password,
                    oauth,
                    new.sealed_client_secret,
                    smtp,
                    now,
                    new.takes_history,
                ];
                conn.run(sql, values).await.map(drop)
            })
        }))
        .await
    }

    /// Disconnects an account. False when there is none. What was read of it stays.
    pub async fn remove_account(&self, brand: BrandId, id: Uuid) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "delete from mail_accounts where brand_id = $1 and id = $2";
                Ok(conn.run(sql, values![brand, id]).await? == 1)
            })
        }))
        .await
    }

    /// Every connected account.
    pub async fn accounts(&self) -> Result<Vec<MailAccount>, StoreError> {
        let sql = "select * from mail_accounts order by brand_id, username, id limit $1";
        let rows = self.reader().await?.rows(sql, values![LIST_MAX]).await?;
        rows.iter().map(account).collect()
    }

    /// One account.
    pub async fn account(&self, brand: BrandId, id: Uuid) -> Result<Option<MailAccount>, StoreError> {
        let sql = "select * from mail_accounts where brand_id = $1 and id = $2";
        self.reader().await?.row(sql, values![brand, id]).await?.as_ref().map(account).transpose()
    }

    /// The account of an inbox.
    pub async fn account_of_inbox(
        &self,
        brand: BrandId,
        inbox: InboxId,
    ) -> Result<Option<MailAccount>, StoreError> {
        let sql = "select * from mail_accounts where brand_id = $1 and inbox_id = $2";
        self.reader().await?.row(sql, values![brand, inbox]).await?.as_ref().map(account).transpose()
    }

    /// The account whose own server takes the mails of a case; `None` when the desk's own does.
    pub async fn sending_account(
        &self,
        brand: BrandId,
        case: CaseId,
    ) -> Result<Option<MailAccount>, StoreError> {
        let sql = "select a.* from mail_accounts a join cases c on c.brand_id = a.brand_id \
                   and c.inbox_id = a.inbox_id where c.brand_id = $1 and c.id = $2 and a.smtp is not null";
        self.reader().await?.row(sql, values![brand, case]).await?.as_ref().map(account).transpose()
    }

    /// Replaces the password of an account, sealed. False when there is none.
    pub async fn set_account_password(
        &self,
        (brand, id): (BrandId, Uuid),
        sealed_password: Vec<u8>,
    ) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update mail_accounts set sealed_password = $3, failed_at = null, failure = null, \
                           failures = 0 where brand_id = $1 and id = $2";
                Ok(conn.run(sql, values![brand, id, sealed_password]).await? == 1)
            })
        }))
        .await
    }

    /// Keeps what renews a grant, and when the grant itself ends where that is told.
    pub async fn renew_grant(
        &self,
        (brand, id): (BrandId, Uuid),
        sealed_refresh_token: Vec<u8>,
        grant_ends_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update mail_accounts set sealed_refresh_token = $3, grant_ends_at = coalesce($4, grant_ends_at), \
                           failed_at = null, failure = null, failures = 0 where brand_id = $1 and id = $2";
                Ok(conn.run(sql, values![brand, id, sealed_refresh_token, grant_ends_at]).await? == 1)
            })
        }))
        .await
    }

    /// Remembers that an account answered.
    pub async fn account_answered(&self, brand: BrandId, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update mail_accounts set read_at = $3, failed_at = null, failure = null, failures = 0 \
                           where brand_id = $1 and id = $2";
                conn.run(sql, values![brand, id, at]).await.map(drop)
            })
        }))
        .await
    }

    /// Remembers that an account failed, and how.
    pub async fn account_failed(
        &self,
        (brand, id): (BrandId, Uuid),
        mut failure: String,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        failure.truncate(failure.floor_char_boundary(FAILURE_BYTES_MAX));
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update mail_accounts set failed_at = $3, failure = $4, failures = failures + 1 \
                           where brand_id = $1 and id = $2";
                conn.run(sql, values![brand, id, at, failure]).await.map(drop)
            })
        }))
        .await
    }
}

/// Records how far an account has been read, inside the transaction that keeps its letters. Never goes back within one
/// numbering: whoever tries to has been overtaken.
pub(crate) async fn advance(conn: &mut Conn, upto: &Upto) -> Result<(), StoreError> {
    let sql = "update mail_accounts set uid_validity = $4, last_uid = $5, history_uid = $6, read_at = $7, \
               failed_at = null, failure = null, failures = 0 \
               where brand_id = $1 and id = $2 and fence = $3 \
               and (uid_validity is null or uid_validity <> $4 or last_uid <= $5)";
    let Upto { lease, uid_validity, last_uid, history_uid, at } = *upto;
    let values = values![lease.brand, lease.account, lease.fence, uid_validity, last_uid, history_uid, at];
    if conn.run(sql, values).await? == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

fn account(row: &Row) -> Result<MailAccount, StoreError> {
    let after: String = row.get("after_reading")?;
    let oauth: Option<String> = row.get("oauth")?;
    let grant = oauth.map(|json| serde_json::from_str(&json)).transpose();
    let smtp: Option<String> = row.get("smtp")?;
    let smtp = smtp.map(|json| serde_json::from_str(&json)).transpose();
    Ok(MailAccount {
        set_up: NewAccount {
            id: row.get("id")?,
            brand: BrandId(row.get("brand_id")?),
            inbox: row.id("inbox_id")?,
            connection: Connection {
                host: row.get("host")?,
                port: u16::try_from(row.get::<i64>("port")?).map_err(|_| StoreError::Corrupt("port"))?,
                tls: row.get("tls")?,
                username: row.get("username")?,
                folder: row.get("folder")?,
            },
            after_reading: serde_json::from_str(&after).map_err(|_| StoreError::Corrupt("after_reading"))?,
            sealed_password: row.get("sealed_password")?,
            grant: grant.map_err(|_| StoreError::Corrupt("oauth"))?,
            sealed_client_secret: row.get("sealed_client_secret")?,
            smtp: smtp.map_err(|_| StoreError::Corrupt("smtp"))?,
            takes_history: row.get("takes_history")?,
        },
        sealed_refresh_token: row.get("sealed_refresh_token")?,
        grant_ends_at: row.at_opt("grant_ends_at")?,
        created_at: row.at("created_at")?,
        state: AccountState {
            history_uid: uid(row, "history_uid")?,
            uid_validity: uid(row, "uid_validity")?,
            last_uid: row.count("last_uid")?,
            read_at: row.at_opt("read_at")?,
            failed_at: row.at_opt("failed_at")?,
            failure: row.get("failure")?,
            failures: row.count("failures")?,
        },
    })
}

fn uid(row: &Row, column: &'static str) -> Result<Option<u32>, StoreError> {
    let uid: Option<i64> = row.get(column)?;
    uid.map(|uid| u32::try_from(uid).map_err(|_| StoreError::Corrupt(column))).transpose()
}

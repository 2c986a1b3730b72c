//! The letterbox: raw letters, kept durably before anybody is answered. Small ones are rows; large ones are files,
//! on disk before their row. Decides nothing about them.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use casework::{BrandId, CaseId, InboxId, LetterId, MessageId, Reference};
use jiff::Timestamp;

use crate::Store;
use crate::accounts::{self, Upto};
use crate::conn::{Row, values};
use crate::error::StoreError;
use crate::rows;

/// Letters up to this size are kept in the row of an embedded database.
const IN_ROW_BYTES_MAX: usize = 64 * 1024;
/// Where the larger ones are, in the store's folder.
const FOLDER: &str = "letters";

/// A letter to keep.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// Its id.
    pub id: LetterId,
    /// The brand it is for.
    pub brand: BrandId,
    /// The inbox it is for.
    pub inbox: InboxId,
    /// The address it was sent to, tag included.
    pub recipient: String,
    /// The envelope's sender; empty for delivery reports.
    pub sender: String,
    /// When it was accepted.
    pub received_at: Timestamp,
    /// Who handed it over, when that was no mail server of ours.
    pub peer: Option<Peer>,
    /// True when it is brought over from elsewhere: it gets no receipt.
    pub is_history: bool,
    /// The letter.
    pub bytes: std::sync::Arc<[u8]>,
}

/// The machine that handed a letter over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its IP address.
    pub ip: String,
    /// What it called itself (`HELO`, `EHLO`).
    pub greeting: String,
}

/// A letter to be read.
#[derive(Debug, Clone)]
pub struct UnreadLetter {
    /// Its id.
    pub id: LetterId,
    /// The brand it is for.
    pub brand: BrandId,
    /// The inbox it is for.
    pub inbox: InboxId,
    /// The address it was sent to, tag included.
    pub recipient: String,
    /// The envelope's sender; empty for delivery reports.
    pub sender: String,
    /// Who handed it over, when that was no mail server of ours.
    pub peer: Option<Peer>,
    /// True when it is brought over from elsewhere.
    pub is_history: bool,
    /// True when a person asked for a case to be made of it.
    pub is_insisted: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// The letter.
    pub bytes: Vec<u8>,
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterState {
    /// Kept, to be read.
    Unread,
    /// To be read again, because a person insists.
    Insisted,
    /// Part of a case.
    Filed,
    /// Seen before.
    Duplicate,
    /// Kept aside with a reason.
    Aside,
    /// Erased: nothing is left of it but that it came.
    Erased,
}

impl LetterState {
    /// Reads the stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "unread" => Self::Unread,
            "insisted" => Self::Insisted,
            "filed" => Self::Filed,
            "duplicate" => Self::Duplicate,
            "aside" => Self::Aside,
            "erased" => Self::Erased,
            _ => return None,
        })
    }
}

impl Store {
    /// Keeps letters durably, all or none: when this returns, a power cut no longer loses them.
    pub async fn keep_letters(&self, letters: Vec<NewLetter>) -> Result<(), StoreError> {
        self.keep(letters, None, None).await
    }

    /// The same for letters that whoever keeps them decides on at once: until that instant no worker takes them up.
    pub async fn keep_held_letters(
        &self,
        letters: Vec<NewLetter>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.keep(letters, None, Some(until)).await
    }

    /// Keeps letters fetched from a mailbox together with how far it has been read: both or neither.
    /// A conflict says that another node reads the mailbox meanwhile.
    pub async fn keep_fetched(&self, letters: Vec<NewLetter>, upto: Upto) -> Result<(), StoreError> {
        self.keep(letters, Some(upto), None).await
    }

    async fn keep(
        &self,
        letters: Vec<NewLetter>,
        upto: Option<Upto>,
        held_until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let large: Vec<NewLetter> =
            letters.iter().filter(|letter| letter.bytes.len() > self.in_row_bytes_max()).cloned().collect();
        let names: Vec<String> = large.iter().map(|letter| file_name(letter.id)).collect();
        self.keep_files(large).await?;
        let kept = self.keep_rows(letters, upto, held_until).await;
        // When nobody knows whether the rows were written, the files stay.
        if kept.as_ref().is_err_and(|error| !matches!(error, StoreError::Unknown(_))) {
            for name in names {
                drop(tokio::fs::remove_file(self.letter_file(&name)).await);
            }
        }
        kept
    }

    /// Writes large letters to disk, all or none; files and folder are synced before their rows are written.
    async fn keep_files(&self, letters: Vec<NewLetter>) -> Result<(), StoreError> {
        if letters.is_empty() {
            return Ok(());
        }
        let folder = self.folder.join(FOLDER);
        let written = tokio::task::spawn_blocking(move || {
            let mut made = Vec::with_capacity(letters.len());
            let written = letters.iter().try_for_each(|letter| write_file(&folder, letter, &mut made));
            let written = written.and_then(|()| File::open(&folder)?.sync_all());
            if written.is_err() {
                for path in made {
                    drop(std::fs::remove_file(path));
                }
            }
            written
        });
        match written.await.map_err(std::io::Error::other)? {
            // The id is taken: its file belongs to another row and is not touched.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(StoreError::Conflict),
            other => Ok(other?),
        }
    }

    /// Letters up to this size are kept in the row. On a server all are: its nodes share the database and nothing else.
    fn in_row_bytes_max(&self) -> usize {
        if self.pools.has_one_writer() { IN_ROW_BYTES_MAX } else { usize::MAX }
    }

    async fn keep_rows(
        &self,
        letters: Vec<NewLetter>,
        upto: Option<Upto>,
        held_until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let in_row_bytes_max = self.in_row_bytes_max();
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "insert into letters (id, brand_id, inbox_id, recipient, sender, received_at, size_bytes, \
                           bytes, file, peer, greeting, is_history, state, attempts, lease_until) \
                           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'unread', 0, $13)";
                if let Some(upto) = &upto {
                    accounts::advance(conn, upto).await?;
                }
                for letter in &letters {
                    let is_large = letter.bytes.len() > in_row_bytes_max;
                    let in_row = (!is_large).then(|| letter.bytes.to_vec());
                    let size = i64::try_from(letter.bytes.len()).unwrap_or(i64::MAX);
                    let values = values![
                        letter.id,
                        letter.brand,
                        letter.inbox,
                        letter.recipient.as_str(),
                        letter.sender.as_str(),
                        letter.received_at,
                        size,
                        in_row,
                        is_large.then(|| file_name(letter.id)),
                        letter.peer.as_ref().map(|peer| peer.ip.as_str()),
                        letter.peer.as_ref().map(|peer| peer.greeting.as_str()),
                        letter.is_history,
                        held_until.map_or(0, Timestamp::as_microsecond),
                    ];
                    conn.run(sql, values).await?;
                }
                Ok(())
            })
        }))
        .await
    }

    /// A letter that is still to be read; `None` when it has been decided on meanwhile.
    pub async fn unread_letter(&self, id: LetterId) -> Result<Option<UnreadLetter>, StoreError> {
        let sql = "select id, brand_id, inbox_id, recipient, sender, peer, greeting, is_history, state, attempts, \
                   bytes, file from letters where id = $1 and state in ('unread', 'insisted')";
        let row = self.reader().await?.row(sql, values![id]).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(UnreadLetter {
            id,
            brand: BrandId(row.get("brand_id")?),
            inbox: row.id("inbox_id")?,
            recipient: row.get("recipient")?,
            sender: row.get("sender")?,
            peer: peer(&row)?,
            is_history: row.get("is_history")?,
            is_insisted: row.word("state", LetterState::parse)? == LetterState::Insisted,
            attempts: row.count("attempts")?,
            bytes: self.bytes_of(&row).await?,
        }))
    }

    /// The brand of a letter that is still to be read, and how often it was tried: also when its file cannot be read.
    pub async fn letter_tries(&self, id: LetterId) -> Result<Option<(BrandId, u32)>, StoreError> {
        let sql = "select brand_id, attempts from letters where id = $1 and state in ('unread', 'insisted')";
        let row = self.reader().await?.row(sql, values![id]).await?;
        row.map(|row| Ok((BrandId(row.get("brand_id")?), row.count("attempts")?))).transpose()
    }

    /// The raw bytes of a letter that is part of a case.
    pub async fn filed_letter(
        &self,
        brand: BrandId,
        case: CaseId,
        id: LetterId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select bytes, file from letters where brand_id = $1 and case_id = $2 and id = $3";
        let row = self.reader().await?.row(sql, values![brand, case, id]).await?;
        match row {
            Some(row) => Ok(Some(self.bytes_of(&row).await?)),
            None => Ok(None),
        }
    }

    /// The letter that a message of a case was read from.
    pub async fn letter_of_message(
        &self,
        brand: BrandId,
        case: CaseId,
        message: MessageId,
    ) -> Result<Option<LetterId>, StoreError> {
        let sql = "select letter_id from messages where brand_id = $1 and case_id = $2 and id = $3";
        let row = self.reader().await?.row(sql, values![brand, case, message]).await?;
        row.map_or(Ok(None), |row| row.id_opt("letter_id"))
    }

    /// Gives a letter back to be read again at once, after a passing failure.
    pub async fn return_letter(&self, id: LetterId) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql =
                    "update letters set lease_until = 0 where id = $1 and state in ('unread', 'insisted')";
                conn.run(sql, values![id]).await.map(drop)
            })
        }))
        .await
    }

    /// Gives a letter back of which nothing is wrong but the world around it: the try does not count, and the next comes
    /// at `again_at`.
    pub async fn postpone_letter(&self, id: LetterId, again_at: Timestamp) -> Result<(), StoreError> {
        self.write(Box::new(move |conn| {
            Box::pin(async move {
                let sql = "update letters set lease_until = $2, attempts = case when attempts > 0 then attempts - 1 \
                           else 0 end where id = $1 and state in ('unread', 'insisted')";
                conn.run(sql, values![id, again_at]).await.map(drop)
            })
        }))
        .await
    }

    /// How many letters wait to be read.
    pub async fn unread_letters(&self) -> Result<u64, StoreError> {
        let sql = "select count(*) as n from letters where state in ('unread', 'insisted')";
        let row = self.reader().await?.row(sql, Vec::new()).await?;
        row.map_or(Ok(0), |row| Ok(row.get::<i64>("n")?.unsigned_abs()))
    }

    /// How many letters were recognised as ones received before.
    pub async fn duplicate_letters(&self) -> Result<u64, StoreError> {
        let sql = "select count(*) as n from letters where state = 'duplicate'";
        let row = self.reader().await?.row(sql, Vec::new()).await?;
        row.map_or(Ok(0), |row| Ok(row.get::<i64>("n")?.unsigned_abs()))
    }

    /// What became of a letter: its state and the case it is in.
    pub async fn letter_end(
        &self,
        id: LetterId,
    ) -> Result<Option<(LetterState, Option<Reference>)>, StoreError> {
        let sql = "select l.state, c.reference from letters l \
                   left join cases c on c.brand_id = l.brand_id and c.id = l.case_id where l.id = $1";
        let row = self.reader().await?.row(sql, values![id]).await?;
        row.map(|row| {
            let reference: Option<String> = row.get("reference")?;
            let reference = reference.map(|_| rows::reference(&row)).transpose()?;
            Ok((row.word("state", LetterState::parse)?, reference))
        })
        .transpose()
    }

    pub(crate) async fn bytes_of(&self, row: &Row) -> Result<Vec<u8>, StoreError> {
        let file: Option<String> = row.get("file")?;
        match file {
            Some(name) => Ok(tokio::fs::read(self.letter_file(&name)).await?),
            None => Ok(row.get::<Option<Vec<u8>>>("bytes")?.unwrap_or_default()),
        }
    }

    /// Whether a letter is still kept in this file.
    pub(crate) async fn is_letter_kept(&self, name: &str) -> Result<bool, StoreError> {
        let sql = "select 1 as one from letters where file = $1 and state <> 'erased' limit 1";
        Ok(self.reader().await?.row(sql, values![name]).await?.is_some())
    }

    pub(crate) fn letter_file(&self, name: &str) -> PathBuf {
        self.folder.join(FOLDER).join(name)
    }
}

fn peer(row: &Row) -> Result<Option<Peer>, StoreError> {
    let ip: Option<String> = row.get("peer")?;
    let greeting = row.get::<Option<String>>("greeting")?.unwrap_or_default();
    Ok(ip.map(|ip| Peer { ip, greeting }))
}

fn write_file(folder: &Path, letter: &NewLetter, made: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let path = folder.join(file_name(letter.id));
    let mut file = File::create_new(&path)?;
    made.push(path);
    file.write_all(&letter.bytes)?;
    file.sync_all()
}

fn file_name(id: LetterId) -> String {
    format!("{id}.eml")
}

/// Makes the folder for large letters, durably: a folder that a power cut takes away takes its letters with it.
pub(crate) async fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let folder = std::path::absolute(folder)?;
    let made = tokio::task::spawn_blocking(move || {
        private_folders().create(folder.join(FOLDER))?;
        File::open(&folder)?.sync_all()?;
        folder.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
    });
    Ok(made.await.map_err(std::io::Error::other)??)
}

/// Folders that only the desk may look into: customers' letters are in them.
fn private_folders() -> std::fs::DirBuilder {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

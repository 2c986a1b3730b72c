//! A file while it comes in: on disk without a name, counted and hashed. It is gone when it is dropped, or the process is.

use std::io::{self, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use crate::sniff::{self, HEAD_BYTES};

/// SHA-256 of a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

/// Why a piece was not taken.
#[derive(Debug, Error)]
pub enum SpoolFailure {
    /// The file is longer than it may be.
    #[error("the file is longer than {0} bytes")]
    TooLarge(u64),
    /// The disk says no.
    #[error("the disk does not take it")]
    Disk(#[from] io::Error),
}

/// A file that comes in.
#[derive(Debug)]
pub struct Spool {
    file: File,
    hasher: Sha256,
    head: Vec<u8>,
    size: u64,
    size_max: u64,
}

impl Spool {
    /// An empty one in a folder, for at most so many bytes.
    pub(crate) async fn begin(folder: &Path, size_max: u64) -> io::Result<Self> {
        tokio::fs::create_dir_all(folder).await?;
        let folder = folder.to_owned();
        let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder));
        let file = File::from_std(file.await.map_err(io::Error::other)??);
        Ok(Self { file, hasher: Sha256::new(), head: Vec::new(), size: 0, size_max })
    }

    /// Takes the next piece.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), SpoolFailure> {
        self.size += piece.len() as u64;
        if self.size > self.size_max {
            return Err(SpoolFailure::TooLarge(self.size_max));
        }
        let room = HEAD_BYTES - self.head.len();
        self.head.extend_from_slice(&piece[..room.min(piece.len())]);
        self.hasher.update(piece);
        Ok(self.file.write_all(piece).await?)
    }

    /// Bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What it is, as far as its first bytes tell.
    pub fn media_type(&self) -> &'static str {
        sniff::media_type(&self.head)
    }

    /// Its hash.
    pub fn hash(&self) -> Hash {
        Hash(self.hasher.clone().finalize().into())
    }

    /// The next piece from where it was rewound to; empty at the end.
    pub(crate) async fn read(&mut self, bytes_max: usize) -> io::Result<Vec<u8>> {
        let mut piece = vec![0; bytes_max];
        let length = self.file.read(&mut piece).await?;
        piece.truncate(length);
        Ok(piece)
    }

    /// Goes back to its beginning.
    pub(crate) async fn rewind(&mut self) -> io::Result<()> {
        self.file.flush().await?;
        self.file.seek(SeekFrom::Start(0)).await.map(drop)
    }

    /// The file itself from its beginning, for reading on another thread.
    pub(crate) async fn reader(&mut self) -> io::Result<std::fs::File> {
        self.rewind().await?;
        let mut file = self.file.try_clone().await?.into_std().await;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

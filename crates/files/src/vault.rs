//! Where files are kept, under their hash: the same bytes are kept once, and what is kept never changes.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error as StoreError, ObjectStore, ObjectStoreExt as _, PutPayload, WriteMultipart};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::scan::Scanner;
use crate::sniff;
use crate::spool::{Hash, Spool};

/// Bytes of one piece on its way.
const PIECE_BYTES: usize = 256 * 1024;
/// Pictures that are made small at once: each takes memory and a core for a moment.
const PREVIEWS_AT_ONCE: usize = 2;

/// Where the bytes are.
#[derive(Debug, Clone)]
pub enum Place {
    /// In a folder. Several nodes must share it.
    Folder(PathBuf),
    /// In an S3-compatible store.
    #[cfg(feature = "s3")]
    S3(Box<S3>),
}

/// An S3-compatible store.
#[cfg(feature = "s3")]
#[derive(Clone)]
pub struct S3 {
    /// Where it is reached, such as `https://s3.example.org`.
    pub endpoint: String,
    /// The bucket.
    pub bucket: String,
    /// The region; many stores take any.
    pub region: String,
    /// Who asks.
    pub access_key: String,
    /// Their secret.
    pub secret_key: String,
    /// The line, with its certificates.
    pub http: reqwest::Client,
}

/// Without the secret.
#[cfg(feature = "s3")]
impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S3({}/{})", self.endpoint, self.bucket)
    }
}

/// Why a file was not kept or found.
#[derive(Debug, Error)]
pub enum VaultFailure {
    /// The antivirus found something; its name.
    #[error("the antivirus found {0}")]
    Infected(String),
    /// The antivirus does not answer.
    #[error("the antivirus does not answer")]
    ScannerAway(#[source] io::Error),
    /// There is no such object.
    #[error("there is no such object")]
    Gone,
    /// The store does not take or give it.
    #[error("the store of files fails")]
    Store(#[source] StoreError),
    /// The disk says no.
    #[error("the disk fails")]
    Disk(#[from] io::Error),
}

impl From<StoreError> for VaultFailure {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::NotFound { .. }) { Self::Gone } else { Self::Store(error) }
    }
}

/// A file that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its hash.
    pub hash: Hash,
    /// Its size in bytes.
    pub size: u64,
    /// What it is, by its bytes.
    pub media_type: &'static str,
    /// Whether there is a small picture of it.
    pub has_preview: bool,
}

/// What is kept under a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// The file itself.
    File(Hash),
    /// The small picture of it.
    Preview(Hash),
}

impl Object {
    fn path(self) -> Path {
        let (folder, Hash(hash), ending) = match self {
            Self::File(hash) => ("files", hash, ""),
            Self::Preview(hash) => ("previews", hash, ".jpg"),
        };
        let name = HEXLOWER.encode(&hash);
        Path::from(format!("{folder}/{}/{name}{ending}", &name[..2]))
    }
}

/// The place where files are kept.
#[derive(Clone)]
pub struct Vault {
    place: Place,
    opened: Arc<OnceLock<Arc<dyn ObjectStore>>>,
    spool: PathBuf,
    scanner: Option<Scanner>,
    previews: Arc<Semaphore>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.place {
            Place::Folder(folder) => write!(f, "Vault({})", folder.display()),
            #[cfg(feature = "s3")]
            Place::S3(s3) => write!(f, "Vault({}/{})", s3.endpoint, s3.bucket),
        }
    }
}

impl Vault {
    /// A place; files come in through the folder `spool`. Nothing is asked or made yet.
    pub fn new(place: Place, spool: PathBuf, scanner: Option<Scanner>) -> Self {
        Self {
            place,
            opened: Arc::default(),
            spool,
            scanner,
            previews: Arc::new(Semaphore::new(PREVIEWS_AT_ONCE)),
        }
    }

    /// Opens the place, if it is not open yet.
    pub fn open(&self) -> Result<&dyn ObjectStore, VaultFailure> {
        if let Some(store) = self.opened.get() {
            return Ok(store.as_ref());
        }
        let store: Arc<dyn ObjectStore> = match &self.place {
            Place::Folder(folder) => {
                std::fs::create_dir_all(folder)?;
                Arc::new(
                    LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true),
                )
            }
            #[cfg(feature = "s3")]
            Place::S3(s3) => Arc::new(s3::open(s3)?),
        };
        Ok(self.opened.get_or_init(|| store).as_ref())
    }

    /// A file begins to come in, of at most so many bytes.
    pub async fn spool(&self, size_max: u64) -> io::Result<Spool> {
        Spool::begin(&self.spool, size_max).await
    }

    /// Keeps a file that has come in whole: looked at by the antivirus, on disk before this returns.
    pub async fn keep(&self, mut spool: Spool) -> Result<Kept, VaultFailure> {
        self.look(&mut spool).await?;
        let (hash, media_type) = (spool.hash(), spool.media_type());
        let small = if sniff::is_picture(media_type) { self.small(&mut spool).await? } else { None };
        let has_preview = small.is_some();
        if let Some(small) = small {
            self.open()?.put(&Object::Preview(hash).path(), PutPayload::from(small)).await?;
        }
        // Also when it is there: its date tells those who clean up that somebody needs it.
        self.put(&Object::File(hash).path(), &mut spool).await?;
        Ok(Kept { hash, size: spool.size(), media_type, has_preview })
    }

    /// Looks at bytes that are not kept here.
    pub async fn scan(&self, bytes: &[u8]) -> Result<(), VaultFailure> {
        if self.scanner.is_none() {
            return Ok(());
        }
        let mut spool = self.spool(u64::MAX).await?;
        spool.write(bytes).await.map_err(|failure| VaultFailure::Disk(io::Error::other(failure)))?;
        self.look(&mut spool).await
    }

    /// The bytes of an object, in a stream, and how many there are.
    pub async fn read(
        &self,
        object: Object,
    ) -> Result<(u64, impl Stream<Item = Result<Bytes, io::Error>> + Send + 'static), VaultFailure> {
        let found = self.open()?.get(&object.path()).await?;
        Ok((found.meta.size, found.into_stream().map_err(io::Error::other).boxed()))
    }

    /// The bytes of an object at once.
    pub async fn bytes(&self, object: Object) -> Result<Bytes, VaultFailure> {
        Ok(self.open()?.get(&object.path()).await?.bytes().await?)
    }

    /// Forgets a file and its small picture, if nobody brought it again within the last `untouched_for`.
    /// Gives whether it is gone.
    pub async fn forget(&self, hash: Hash, untouched_for: Duration) -> Result<bool, VaultFailure> {
        let path = Object::File(hash).path();
        let since = match self.open()?.head(&path).await.map_err(VaultFailure::from) {
            Ok(meta) => SystemTime::from(meta.last_modified),
            Err(VaultFailure::Gone) => return Ok(true),
            Err(error) => return Err(error),
        };
        if !untouched_for.is_zero() && since.elapsed().is_ok_and(|age| age < untouched_for) {
            return Ok(false);
        }
        for object in [Object::Preview(hash), Object::File(hash)] {
            match self.open()?.delete(&object.path()).await.map_err(VaultFailure::from) {
                Ok(()) | Err(VaultFailure::Gone) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// A small picture of one that is not kept here.
    pub async fn small_of(&self, bytes: Vec<u8>) -> Result<Option<Vec<u8>>, VaultFailure> {
        let place = self.previews.acquire().await.map_err(io::Error::other)?;
        let reading = move || crate::preview::small(io::Cursor::new(bytes));
        let small = tokio::task::spawn_blocking(reading).await;
        drop(place);
        Ok(small.unwrap_or_default())
    }

    async fn look(&self, spool: &mut Spool) -> Result<(), VaultFailure> {
        let Some(scanner) = &self.scanner else { return Ok(()) };
        match scanner.look(spool).await.map_err(VaultFailure::ScannerAway)? {
            Some(found) => Err(VaultFailure::Infected(found)),
            None => Ok(()),
        }
    }

    async fn small(&self, spool: &mut Spool) -> Result<Option<Vec<u8>>, VaultFailure> {
        let place = self.previews.acquire().await.map_err(io::Error::other)?;
        let file = spool.reader().await?;
        let small = tokio::task::spawn_blocking(move || crate::preview::small(file)).await;
        drop(place);
        // A decoder that panics on a hostile picture harms nobody: there is no small one.
        Ok(small.unwrap_or_default())
    }

    async fn put(&self, path: &Path, spool: &mut Spool) -> Result<(), VaultFailure> {
        spool.rewind().await?;
        let first = spool.read(PIECE_BYTES).await?;
        if (first.len() as u64) == spool.size() {
            self.open()?.put(path, PutPayload::from(first)).await?;
            return Ok(());
        }
        let mut upload = WriteMultipart::new(self.open()?.put_multipart(path).await?);
        upload.write(&first);
        loop {
            let piece = spool.read(PIECE_BYTES).await?;
            if piece.is_empty() {
                break;
            }
            upload.wait_for_capacity(2).await?;
            upload.write(&piece);
        }
        upload.finish().await?;
        Ok(())
    }
}

#[cfg(feature = "s3")]
mod s3 {
    use object_store::aws::{AmazonS3, AmazonS3Builder};
    use object_store::client::{HttpClient, HttpConnector};
    use object_store::{ClientOptions, Error};

    use super::S3;

    /// Hands out our own line, so that certificates and limits are those of the desk.
    #[derive(Debug)]
    struct OwnLine(reqwest::Client);

    impl HttpConnector for OwnLine {
        fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
            Ok(HttpClient::new(self.0.clone()))
        }
    }

    pub(super) fn open(s3: &S3) -> Result<AmazonS3, Error> {
        AmazonS3Builder::new()
            .with_endpoint(&s3.endpoint)
            .with_bucket_name(&s3.bucket)
            .with_region(&s3.region)
            .with_access_key_id(&s3.access_key)
            .with_secret_access_key(&s3.secret_key)
            .with_allow_http(s3.endpoint.starts_with("http://"))
            .with_http_connector(OwnLine(s3.http.clone()))
            .build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(folder: &std::path::Path) -> Vault {
        Vault::new(Place::Folder(folder.join("objects")), folder.join("incoming"), None)
    }

    async fn kept(vault: &Vault, bytes: &[u8]) -> Kept {
        let mut spool = vault.spool(u64::MAX).await.unwrap();
        for piece in bytes.chunks(1000) {
            spool.write(piece).await.unwrap();
        }
        vault.keep(spool).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_kept_is_given_back_and_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path());
        for size in [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 11 * 1024 * 1024] {
            let bytes: Vec<u8> = (0..size).map(|place| u8::try_from(place % 251).unwrap()).collect();
            let one = kept(&vault, &bytes).await;
            assert_eq!(one, kept(&vault, &bytes).await);
            assert_eq!(one.size, size as u64);
            assert_eq!(vault.bytes(Object::File(one.hash)).await.unwrap(), bytes);
            let (size, stream) = vault.read(Object::File(one.hash)).await.unwrap();
            let read: Vec<Bytes> = stream.try_collect().await.unwrap();
            assert_eq!(read.iter().map(|piece| piece.len() as u64).sum::<u64>(), size);
        }
    }

    #[tokio::test]
    async fn what_is_too_large_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path());
        let mut spool = vault.spool(10).await.unwrap();
        spool.write(b"0123456789").await.unwrap();
        assert!(matches!(spool.write(b"!").await, Err(crate::SpoolFailure::TooLarge(10))));
        drop(spool);
        assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
        assert!(!folder.path().join("objects").exists());
    }

    #[tokio::test]
    async fn what_is_forgotten_is_gone_unless_somebody_has_just_brought_it() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path());
        let one = kept(&vault, b"bonjour").await;
        assert!(!vault.forget(one.hash, Duration::from_hours(1)).await.unwrap());
        assert!(vault.forget(one.hash, Duration::ZERO).await.unwrap());
        assert!(matches!(vault.bytes(Object::File(one.hash)).await, Err(VaultFailure::Gone)));
        assert!(vault.forget(one.hash, Duration::ZERO).await.unwrap(), "twice is once");
    }

    #[tokio::test]
    async fn pictures_have_a_small_one_and_an_antivirus_that_is_away_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path());
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(900, 10).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let one = kept(&vault, png.get_ref()).await;
        assert_eq!((one.media_type, one.has_preview), ("image/png", true));
        let small = vault.bytes(Object::Preview(one.hash)).await.unwrap();
        assert_eq!(sniff::media_type(&small), "image/jpeg");

        let scanner = Some(Scanner::Unix(folder.path().join("nobody")));
        let place = Place::Folder(folder.path().join("objects"));
        let strict = Vault::new(place, folder.path().join("incoming"), scanner);
        let mut spool = strict.spool(100).await.unwrap();
        spool.write(b"x").await.unwrap();
        assert!(matches!(strict.keep(spool).await, Err(VaultFailure::ScannerAway(_))));
    }
}

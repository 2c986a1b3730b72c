//! The settings about attachments: where their bytes are kept, and who looks at them first.

use std::path::{Path, PathBuf};

use super::written::Written;

/// Where attachments are kept.
#[derive(Clone, PartialEq, Eq)]
pub enum FilesPlace {
    /// In a folder.
    Folder(PathBuf),
    /// In an S3-compatible store.
    S3(Bucket),
}

/// A bucket of an S3-compatible store.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Where the store is reached.
    pub endpoint: String,
    /// The bucket's name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Who asks.
    pub access_key: String,
    /// Their secret.
    pub secret_key: String,
}

/// Without secrets.
impl std::fmt::Debug for FilesPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3(bucket) => write!(f, "{}/{}", bucket.endpoint, bucket.name),
        }
    }
}

/// What is set about attachments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// Where they are kept.
    pub place: FilesPlace,
    /// The antivirus's socket: a path, or `host:port`.
    pub clamav: Option<String>,
}

/// The usual region, where a store has none.
const USUAL_REGION: &str = "us-east-1";

/// Reads them: a folder inside the data folder unless something else is written.
pub(super) fn files(data_folder: &Path, written: &mut Written) -> Files {
    let clamav = written.take("files.clamav");
    let folder = written.take("files.folder").map(PathBuf::from);
    let names = ["files.s3_endpoint", "files.s3_bucket", "files.s3_access_key"];
    let is_bucket = names.iter().any(|name| written.has(name));
    let secret_key = written.secret("files.s3_secret_key", "files.s3_secret_key_file");
    let region = written.take("files.s3_region").unwrap_or_else(|| USUAL_REGION.to_owned());
    if !is_bucket {
        let folder = folder.unwrap_or_else(|| data_folder.join("files"));
        return Files { place: FilesPlace::Folder(folder), clamav };
    }
    if folder.is_some() {
        written.refuse("files.folder and files.s3_bucket", "only one of them");
    }
    let missing: Vec<&str> = names.into_iter().filter(|name| !written.has(name)).collect();
    if !missing.is_empty() || secret_key.is_none() {
        let complaint = "missing: a store needs endpoint, bucket, access key and secret key";
        written.refuse(missing.first().copied().unwrap_or("files.s3_secret_key"), complaint);
    }
    let mut take = |name: &str| written.take(name).unwrap_or_default();
    let [endpoint, name, access_key] = names.map(&mut take);
    if !endpoint.starts_with("https://") && !endpoint.starts_with("http://") {
        written.refuse("files.s3_endpoint", "must begin with https:// or http://");
    }
    let bucket = Bucket { endpoint, name, region, access_key, secret_key: secret_key.unwrap_or_default() };
    Files { place: FilesPlace::S3(bucket), clamav }
}

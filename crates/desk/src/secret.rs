//! The desk's secret: a file that only the desk may read, made on the first start. Never in the database.

use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, bail};
use casework::proof::Secret;
use data_encoding::HEXLOWER;
use store::Store;

use crate::alone::make_private_folder;
use crate::chance::Chance;

/// Under which name the store remembers the fingerprint.
const FINGERPRINT: &str = "secret_fingerprint";

/// The secret of the desk that this store belongs to. One is made for a new desk only: a desk that has lost its secret, or
/// has another one, would not know its own reply addresses and private links any more, so it does not start.
pub async fn of_desk(store: &Store, file: &Path) -> anyhow::Result<Secret> {
    let known = store.installation(FINGERPRINT).await?;
    let secret = match (read(file)?, &known) {
        (Some(secret), _) => secret,
        (None, None) => make(file)?,
        (None, Some(_)) => {
            bail!("{} is missing; restore it from a backup or from another node", file.display())
        }
    };
    let own = fingerprint(&secret);
    let stands = match known {
        Some(known) => known,
        None => store.remember_installation(FINGERPRINT.to_owned(), own.clone()).await?,
    };
    if stands != own {
        bail!("{} is not the secret that this desk began with; restore that one", file.display());
    }
    Ok(secret)
}

/// Whether this store has begun with a secret, which is then needed.
pub async fn is_expected(store: &Store) -> Result<bool, store::StoreError> {
    Ok(store.installation(FINGERPRINT).await?.is_some())
}

/// The secret in a file; `None` when there is no such file.
pub fn read(file: &Path) -> anyhow::Result<Option<Secret>> {
    match std::fs::read_to_string(file) {
        Ok(words) => {
            let secret = parse(&words).with_context(|| format!("{} does not hold a secret", file.display()));
            secret.map(Some)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// What tells one secret from another and gives nothing of it away.
fn fingerprint(secret: &Secret) -> String {
    HEXLOWER.encode(&secret.sign("fingerprint", &[])[..16])
}

fn parse(words: &str) -> anyhow::Result<Secret> {
    Ok(Secret::new(HEXLOWER.decode(words.trim().as_bytes())?)?)
}

/// Two nodes may start at once: only one creates the file, the other reads what it wrote.
fn make(file: &Path) -> anyhow::Result<Secret> {
    let words = HEXLOWER.encode(&Chance::System.bytes());
    if let Some(folder) = file.parent() {
        make_private_folder(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(mut written) => {
            writeln!(written, "{words}")?;
            written.sync_all()?;
            parse(&words)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => parse(&std::fs::read_to_string(file)?),
        Err(error) => Err(error).with_context(|| format!("cannot write {}", file.display())),
    }
}

#[cfg(test)]
mod tests {
    use store::Location;

    use super::*;

    #[tokio::test]
    async fn a_secret_is_made_once_kept_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/secret.key");
        let store = Store::open(&Location::Folder(folder.path().join("data"))).await.unwrap();
        let first = of_desk(&store, &file).await.unwrap().sign("x", &[]);
        assert_eq!(of_desk(&store, &file).await.unwrap().sign("x", &[]), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::remove_file(&file).unwrap();
        assert!(of_desk(&store, &file).await.unwrap_err().to_string().contains("is missing"));
        std::fs::write(&file, HEXLOWER.encode(&[1; 32])).unwrap();
        assert!(of_desk(&store, &file).await.unwrap_err().to_string().contains("is not the secret"));
        store.close().await;
    }

    #[test]
    fn a_broken_file_is_refused_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        std::fs::write(&file, "abc").unwrap();
        assert!(read(&file).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "abc");
    }
}

//! Backup and restore of a whole desk: its store, its attachments, the list of who was erased; its secret only on demand.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use data_encoding::HEXLOWER;
use files::{Hash, Object, Vault, VaultFailure};
use futures::TryStreamExt as _;
use store::{BackupError, Manifest, manifest, read_erasures};

use crate::alone::make_private_folder;
use crate::desk::Desk;
use crate::door::erasure;
use crate::worker::erasure::erase_due;

const FILES_FOLDER: &str = "files";
const ERASURES: &str = "erasures.jsonl";
const SECRET: &str = "secret.key";
/// Bytes of one piece on its way.
const PIECE_BYTES: usize = 256 * 1024;

/// Writes a backup of a desk into a new or empty folder, also while the desk is open. With the file of the secret, the
/// backup opens private links and the passwords of mail accounts: then it is to be kept like the secret itself.
pub async fn back_up(desk: &Desk, folder: &Path, secret: Option<&Path>) -> anyhow::Result<Manifest> {
    make_private_folder(folder)?;
    if std::fs::read_dir(folder)?.next().is_some() {
        bail!(BackupError::NotEmpty(folder.display().to_string()));
    }
    let store::BackedUp { mut manifest, files } = desk.store.back_up(folder, desk.clock.now()).await?;
    let home = folder.join(FILES_FOLDER);
    std::fs::create_dir(&home)?;
    let mut gone = Vec::new();
    for hash in files {
        let name = HEXLOWER.encode(&hash);
        match copy_out(&desk.vault, Hash(hash), &home.join(&name)).await {
            Ok(()) => {}
            // Erased since the instant of the backup; a file that is missing otherwise must not pass unseen.
            Err(VaultFailure::Gone) if !desk.store.is_file_known(hash).await? => gone.push(name),
            Err(failure) => return Err(failure).with_context(|| format!("the attachment {name}")),
        }
    }
    manifest.files.retain(|name| !gone.contains(name));
    for (from, to) in [(Some(desk.store.erasure_list()), ERASURES), (secret.map(Path::to_owned), SECRET)] {
        if let Some(from) = from.filter(|from| from.exists()) {
            std::fs::copy(&from, folder.join(to)).with_context(|| from.display().to_string())?;
        }
    }
    File::open(&home)?.sync_all()?;
    manifest.finish(folder)?;
    Ok(manifest)
}

async fn copy_out(vault: &Vault, hash: Hash, to: &Path) -> Result<(), VaultFailure> {
    let (_, mut stream) = vault.read(Object::File(hash)).await?;
    let mut file = File::create_new(to)?;
    while let Some(piece) = stream.try_next().await? {
        file.write_all(&piece)?;
    }
    Ok(file.sync_all()?)
}

/// Puts the attachments of a backup into a place for files, each checked against its name. Gives how many.
pub async fn restore_files(vault: &Vault, folder: &Path) -> anyhow::Result<usize> {
    let names = manifest(folder)?.files;
    for name in &names {
        let damaged = || BackupError::Damaged(format!("{FILES_FOLDER}/{name}"));
        if !name.chars().all(|c| c.is_ascii_hexdigit()) {
            bail!(damaged());
        }
        let mut file = File::open(folder.join(FILES_FOLDER).join(name)).map_err(|_| damaged())?;
        let mut spool = vault.spool(u64::MAX).await?;
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            spool.write(&piece[..read]).await?;
        }
        if HEXLOWER.encode(&spool.hash().0) != *name {
            bail!(damaged());
        }
        vault.keep(spool).await?;
    }
    Ok(names.len())
}

/// After a restore: erases once more whoever had been erased by what any of these lists says. Gives how many.
pub async fn replay_erasures(desk: &Desk, backup: &Path, more: &[PathBuf]) -> anyhow::Result<usize> {
    let lists = [desk.store.erasure_list(), backup.join(ERASURES)];
    let mut replayed = 0;
    for list in lists.iter().chain(more) {
        let erasures = read_erasures(list).with_context(|| list.display().to_string())?;
        for (asked, is_done) in &erasures {
            let is_there = desk.store.person(asked.brand, asked.customer).await?.is_some();
            if !is_there || desk.store.is_erased(asked.brand, asked.customer).await? {
                continue;
            }
            if *is_done {
                erasure::replay(desk, asked).await?;
                replayed += 1;
            } else {
                desk.store.list_erasures(vec![asked.clone()]).await?;
            }
        }
    }
    erase_due(desk, true, Duration::ZERO).await?;
    Ok(replayed)
}

/// Where the secret is in a backup that holds it.
pub fn secret_in(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(SECRET)).filter(|path| path.exists())
}

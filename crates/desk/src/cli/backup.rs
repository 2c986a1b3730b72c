//! `suivi backup` and `suivi restore`.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use store::{Location, Manifest, restore as restore_store};

use super::serve::{open, vault};
use super::{Settings, say};
use crate::alone;
use crate::backup::{back_up, replay_erasures, restore_files, secret_in};
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(super) struct BackupOptions {
    #[command(flatten)]
    settings: Settings,
    /// A new or empty folder.
    folder: PathBuf,
    /// Puts the desk's secret into the backup too. Without it, keep `secret.key` apart: a restored desk needs it.
    #[arg(long)]
    with_secret: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct RestoreOptions {
    #[command(flatten)]
    settings: Settings,
    /// The folder of the backup.
    folder: PathBuf,
    /// Lists of erasures (`erasures.jsonl`) that are newer than the backup; those of the backup and of the data folder are
    /// read anyway.
    #[arg(long = "erasures", value_name = "FILE")]
    erasures: Vec<PathBuf>,
}

/// Writes a backup, also beside a running desk.
pub(super) async fn back_up_to(options: &BackupOptions) -> anyhow::Result<()> {
    let config = options.settings.read()?;
    let desk = open(&config).await?;
    let secret = options.with_secret.then_some(config.secret_file.as_path());
    let manifest = back_up(&desk, &options.folder, secret).await?;
    desk.store.close().await;
    say(format!("Backed up to {}: {}.", options.folder.display(), told(&manifest)))?;
    if !options.with_secret {
        say(format!("Keep {} apart: a restored desk needs it.", config.secret_file.display()))?;
    }
    Ok(())
}

/// Restores a backup into a new database. No desk may be open meanwhile.
pub(super) async fn restore(options: &RestoreOptions) -> anyhow::Result<()> {
    let config = options.settings.read()?;
    let (Location::Folder(folder) | Location::Server { folder, .. }) = &config.location;
    alone::make_private_folder(folder)?;
    let _alone = alone::hold(&config.location)?;
    take_secret(&config, &options.folder)?;
    // Attachments first: what is refused leaves a database that is still new.
    restore_files(&vault(&config, folder)?, &options.folder).await?;
    let manifest = restore_store(&config.location, &options.folder).await?;
    let desk = open(&config).await?;
    let erased = replay_erasures(&desk, &options.folder, &options.erasures).await?;
    desk.store.close().await;
    say(format!("Restored: {}. Customers erased once more: {erased}.", told(&manifest)))?;
    Ok(())
}

fn told(manifest: &Manifest) -> String {
    let rows = |table: &str| manifest.tables.get(table).map_or(0, |table| table.rows);
    let (cases, messages, letters) = (rows("cases"), rows("messages"), rows("letters"));
    let (files, at) = (manifest.files.len(), manifest.taken_at);
    format!("{cases} cases, {messages} messages, {letters} letters, {files} attachments, as of {at:.0}")
}

/// The secret of the backup, where it holds one and there is none yet.
fn take_secret(config: &Config, folder: &Path) -> anyhow::Result<()> {
    let own = &config.secret_file;
    match (own.exists(), secret_in(folder)) {
        (true, _) => Ok(()),
        (false, Some(kept)) => {
            std::fs::copy(&kept, own).with_context(|| own.display().to_string())?;
            Ok(std::fs::File::open(own)?.sync_all()?)
        }
        (false, None) => bail!("{} is missing, and the backup does not hold it", own.display()),
    }
}

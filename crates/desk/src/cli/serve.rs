//! `suivi serve`: a real desk.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use channels::mail::authentication::Authenticator;
use channels::webhook::Settings as WebhookSettings;
use files::{Place, S3, Scanner, Vault};
use store::{Location, Store};

use crate::alone;
use crate::chance::Chance;
use crate::config::{Config, FilesPlace};
use crate::desk::{Desk, Setup};
use crate::postman::Postman;
use crate::prover::Prover;
use crate::running::{Bound, Listen};
use crate::secret;
use crate::time::Clock;

/// Longest wait for a store of files to say anything.
const FILES_PATIENCE: Duration = Duration::from_secs(30);
/// Longest that proving one sender may take, DNS and all.
const PROOF_PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let bound = Bound::bind(&Listen {
        web: config.web,
        lmtp: config.lmtp,
        smtp: config.smtp,
        hostname: config.hostname.clone(),
    })
    .await?;
    let _alone = alone::hold(&config.location)?;
    let desk = open(config).await?;
    if matches!(config.location, Location::Folder(_)) {
        desk.store.release_claims().await?;
    }
    let has_listener = config.lmtp.is_some() || config.smtp.is_some();
    if !has_listener && desk.store.accounts().await?.is_empty() {
        println!(
            "No letters come in yet: set mail_in.lmtp or mail_in.smtp, or connect a mail account on the screens."
        );
    }
    if desk.store.inboxes().await?.is_empty() {
        println!("No inbox yet: create one with `suivi admin`, or no letter is taken.");
    }
    let running = bound.run(desk)?;
    println!("Suivi listens:");
    println!("  screens  http://{}  (public address {})", running.web, config.public_url);
    for (name, address) in [("lmtp", running.lmtp), ("smtp", running.smtp)] {
        if let Some(address) = address {
            println!("  {name}     {address}");
        }
    }
    running.until_stopped().await
}

/// Opens the desk that the settings describe.
pub(super) async fn open(config: &Config) -> anyhow::Result<Desk> {
    let store = Store::open(&config.location).await.context("cannot open the database")?;
    let secret = secret::of_desk(&store, &config.secret_file).await?;
    let clock = store.server_time().await?.map_or(Clock::System, Clock::shared);
    let mail_out = config.mail_out.clone().context("mail_out.host: missing")?;
    Ok(Desk::new(Setup {
        vault: vault(config, store.folder())?,
        store,
        clock,
        chance: Chance::System,
        secret,
        postman: Postman::by(mail_out)?,
        prover: prover(config)?,
        extra_roots: config.extra_roots.clone(),
        webhooks: WebhookSettings {
            extra_roots: config.extra_roots.clone(),
            may_be_inside: config.may_tell_insiders,
        },
        hello: config.hostname.clone(),
        public_url: config.public_url.clone(),
        is_demo: false,
    }))
}

pub(super) fn vault(config: &Config, folder: &Path) -> anyhow::Result<Vault> {
    let place = match &config.files.place {
        FilesPlace::Folder(folder) => Place::Folder(folder.clone()),
        FilesPlace::S3(bucket) => Place::S3(Box::new(S3 {
            endpoint: bucket.endpoint.clone(),
            bucket: bucket.name.clone(),
            region: bucket.region.clone(),
            access_key: bucket.access_key.clone(),
            secret_key: bucket.secret_key.clone(),
            http: reqwest::Client::builder()
                .tls_backend_preconfigured(channels::tls::client_config(&config.extra_roots)?)
                .connect_timeout(FILES_PATIENCE)
                .read_timeout(FILES_PATIENCE)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .build()
                .context("files.s3_endpoint")?,
        })),
    };
    let scanner = config.files.clamav.as_deref().map(Scanner::at);
    let vault = Vault::new(place, folder.join("incoming"), scanner);
    vault.open().context("files: the place for attachments cannot be opened")?;
    Ok(vault)
}

fn prover(config: &Config) -> anyhow::Result<Prover> {
    let settings = &config.authentication;
    if !settings.is_on {
        return Ok(Prover::Off);
    }
    let authenticator = Authenticator::new(settings.dns, PROOF_PATIENCE).context("mail_in.authentication")?;
    Ok(Prover::On { authenticator: Box::new(authenticator), trusted: settings.trusted.clone() })
}

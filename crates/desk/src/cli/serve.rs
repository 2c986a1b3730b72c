//! `suivi serve`: a real desk.

use anyhow::Context;
use channels::mail::send::Courier;
use store::{Location, Store};

use crate::alone;
use crate::chance::Chance;
use crate::config::Config;
use crate::desk::{Desk, Postman, Setup};
use crate::running::{Bound, Listen};
use crate::secret;
use crate::time::Clock;

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
    let mail_out = config.mail_out.clone().context("mail_out.host: missing")?;
    Ok(Desk::new(Setup {
        store,
        clock: Clock::System,
        chance: Chance::System,
        secret,
        postman: Postman::Smtp(Courier::new(mail_out)?),
        public_url: config.public_url.clone(),
        is_demo: false,
    }))
}

//! `suivi demo`: one command, a working desk with a week behind it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use store::{Location, Store};

use crate::alone;
use crate::chance::Chance;
use crate::demo::{player, setting, story};
use crate::desk::{Desk, Setup};
use crate::forms::DEFAULT_SLUG;
use crate::running::{Bound, Listen};
use crate::secret;
use crate::time::Clock;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Port of the screens; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port on which letters are taken by LMTP.
    #[arg(long, default_value_t = 8024)]
    lmtp_port: u16,
    /// Port on which letters are taken by SMTP.
    #[arg(long, default_value_t = 8025)]
    smtp_port: u16,
    /// Keeps the desk in this folder, and opens it again next time. Without it the desk is gone after the demonstration.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let bound = Bound::bind(&Listen {
        web: local(options.port),
        lmtp: Some(local(options.lmtp_port)),
        smtp: Some(local(options.smtp_port)),
        hostname: "localhost".to_owned(),
    })
    .await
    .context("another port can be chosen: see `suivi demo --help`")?;
    let public_url = format!("http://{}", bound.web_address()?);
    let passing = match &options.folder {
        Some(_) => None,
        None => Some(PassingFolder::make()?),
    };
    let folder = options.folder.as_deref().or(passing.as_ref().map(|folder| folder.0.as_path()));
    let folder = folder.context("no folder")?;
    let _alone = alone::hold(&Location::Folder(folder.to_owned()))?;
    let desk = prepare(folder, &public_url).await?;
    let running = bound.run(desk)?;
    welcome(&public_url, running.lmtp, running.smtp)?;
    running.until_stopped().await
}

/// Opens the desk in a folder and plays the story in it if it is new.
async fn prepare(folder: &Path, public_url: &str) -> anyhow::Result<Desk> {
    let store = Store::open(&Location::Folder(folder.to_owned())).await?;
    let secret = secret::of_desk(&store, &folder.join("secret.key")).await?;
    let is_new = store.brands().await?.is_empty();
    let with_clock = |clock| {
        Desk::new(Setup {
            public_url: public_url.to_owned(),
            is_demo: true,
            ..Setup::secluded(store.clone(), clock, Chance::System, secret.clone())
        })
    };
    let desk = with_clock(Clock::System);
    desk.store.release_claims().await?;
    if is_new {
        println!("Playing a week at Maison Garance …");
        let now = desk.clock.now();
        player::play(&with_clock(Clock::standing_at(now)), &story::read()?, now).await?;
    }
    Ok(desk)
}

fn welcome(public_url: &str, lmtp: Option<SocketAddr>, smtp: Option<SocketAddr>) -> anyhow::Result<()> {
    let story = story::read()?;
    println!("\nSuivi, demonstration. Nothing leaves this machine. Ctrl-C ends it.\n");
    println!("  desk      {public_url}/");
    println!("  postbox   {public_url}/postbox   (the mails that would have left)");
    println!("  form      {public_url}/f/{}/{DEFAULT_SLUG}   (what customers fill in)", story.brand.slug);
    if let (Some(lmtp), Some(smtp)) = (lmtp, smtp) {
        println!("  letters   LMTP {lmtp}, SMTP {smtp}");
    }
    println!("\n  sign in   (password for all: {})", setting::PASSWORD);
    for agent in &story.agent {
        println!("    {:<34} {} ({})", agent.email, agent.name, agent.role);
    }
    if let (Some(team), Some(smtp)) = (story.team.first(), smtp) {
        println!("\n  write in as a customer, for example:");
        println!(
            "    swaks --server {smtp} --from vous@exemple.fr --to {} --header 'Subject: Colis en retard' --body 'Bonjour, …'",
            team.inbox
        );
    }
    println!();
    Ok(())
}

/// A folder that goes when the demonstration ends.
struct PassingFolder(PathBuf);

impl PassingFolder {
    fn make() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("suivi-demo-{}", std::process::id()));
        alone::make_private_folder(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for PassingFolder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the demonstration's folder is left behind");
        }
    }
}

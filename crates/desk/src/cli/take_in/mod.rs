//! `suivi take-in`: brings letters from files into a running desk, by its API. What is read is never changed.

mod desk_line;
mod lanes;
mod sources;
mod summary;

use std::fmt;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Url;

use self::desk_line::{DeskLine, Request};
use super::{Settings, say};
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Letters, mbox files, Maildir folders, folders of .eml files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The inbox that all of them are for [default: each letter's own addresses tell].
    #[arg(long, value_name = "ADDRESS")]
    inbox: Option<String>,
    /// Where the running desk is reached [default: `public_url` of the settings].
    #[arg(long)]
    url: Option<String>,
    /// API token of a team lead or an administrator; better in the environment, where others do not see it.
    #[arg(long, env = "SUIVI_TOKEN", hide_env_values = true)]
    token: Token,
    /// Sends the writers of new cases a receipt, as for new mail.
    #[arg(long)]
    receipts: bool,
    /// Ends with one JSON object instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

/// An API token. It is written nowhere.
#[derive(Clone)]
struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token")
    }
}

impl FromStr for Token {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.trim().to_owned()))
    }
}

pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let (url, extra_roots) = desk_of(options)?;
    let request = Request { inbox: options.inbox.as_deref(), has_receipt: options.receipts };
    let line = DeskLine::to(&url, &options.token.0, &extra_roots, &request)?;
    let sources = sources::find(&options.files)?;
    for folder in &sources.left_out {
        eprintln!("left out: {}; name it as well to bring its letters in", folder.display());
    }
    let bar = bar(sources.bytes);
    let (summary, trouble) = lanes::bring(sources.list, line, &bar).await?;
    bar.finish_and_clear();
    if options.json {
        say(serde_json::to_string(&summary)?)?;
    } else {
        say(&summary)?;
    }
    if let Some(trouble) = trouble {
        bail!("{url}: {trouble}. What was taken in stays; the same again takes in the rest.");
    }
    if summary.failed > 0 {
        bail!("not taken in: {}", summary.failed);
    }
    Ok(())
}

/// Where the desk is, and the certificates to trust besides the usual ones. Whoever says where it is needs no settings.
fn desk_of(options: &Options) -> anyhow::Result<(Url, Vec<u8>)> {
    let is_told = options.url.is_some() && options.settings.config.is_none();
    let config: Option<Config> = match options.settings.read() {
        Ok(config) => Some(config),
        Err(_) if is_told => None,
        Err(error) => return Err(error.context("say where the desk is with --url, or mend the settings")),
    };
    let (public_url, extra_roots) =
        config.map(|config| (config.public_url, config.extra_roots)).unwrap_or_default();
    let text = options.url.as_deref().unwrap_or(&public_url);
    let url =
        Url::parse(text).with_context(|| format!("{text:?} is no address, such as https://desk.brand.fr"))?;
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
        bail!("{text:?} is no address of a desk, such as https://desk.brand.fr");
    }
    Ok((url, extra_roots))
}

/// How far it is, in bytes, for whoever watches. Standard input has no size that is known.
fn bar(bytes: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match bytes {
        Some(bytes) => (ProgressBar::new(bytes), "{bar:40} {bytes} of {total_bytes}, {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

//! `suivi take-in`: brings letters from files into a running desk, by its API. What is read is never changed.

mod desk_line;
mod lanes;
mod sources;
mod summary;

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};

use self::desk_line::{DeskLine, Request};
use super::line::WhichDesk;
use super::say;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Letters, mbox files, Maildir folders, folders of .eml files; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The inbox that all of them are for [default: each letter's own addresses tell].
    #[arg(long, value_name = "ADDRESS")]
    inbox: Option<String>,
    #[command(flatten)]
    desk: WhichDesk,
    /// Sends the writers of new cases a receipt, as for new mail.
    #[arg(long)]
    receipts: bool,
    /// Ends with one JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let (url, extra_roots) = options.desk.found()?;
    let request = Request { inbox: options.inbox.as_deref(), has_receipt: options.receipts };
    let line = DeskLine::to(&url, options.desk.token(), &extra_roots, &request)?;
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

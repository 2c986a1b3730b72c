//! The command line: `suivi serve`, `demo`, `admin`, `take-in`, `api`, `backup`, `restore`, `doctor`, `due`, `promises`. Words for people go to standard output here and nowhere else.

mod admin;
mod api;
mod backup;
mod demo;
mod doctor;
mod due;
mod line;
mod promises;
mod serve;
mod take_in;

use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::config::Config;

#[derive(Debug, Parser)]
#[command(name = "suivi", version, about = "A self-hosted desk for customer complaints")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Starts a desk with the settings of a file and of the environment.
    Serve(Settings),
    /// Starts a demonstration: a French brand, its people and a week of cases. Nothing leaves this machine.
    Demo(demo::Options),
    /// Creates brands, teams, users, inboxes and tokens.
    Admin(admin::Options),
    /// Brings letters from files into a running desk: .eml, mbox, Maildir.
    TakeIn(take_in::Options),
    /// Asks a running desk by its API: reads a path, or sends JSON to it.
    Api(api::Options),
    /// Writes all there is into a folder, also while the desk is open.
    Backup(backup::BackupOptions),
    /// Makes a new desk of such a folder, on either engine.
    Restore(backup::RestoreOptions),
    /// Checks an installation and says what is missing or wrong.
    Doctor(Settings),
    /// Says when a limit ends, of a regime or of a span, and the steps that lead there.
    Due(due::Options),
    /// Finds the promises in texts, with their due dates: one JSON object a line.
    Promises(promises::Options),
}

/// Where the settings are.
#[derive(Debug, Clone, clap::Args)]
struct Settings {
    /// The settings file [default: suivi.toml]; environment variables win over it.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

impl Settings {
    fn read(&self) -> anyhow::Result<Config> {
        Ok(Config::read(self.config.as_deref())?)
    }
}

/// Runs the verb on the command line.
pub async fn run() -> anyhow::Result<()> {
    match Cli::parse().verb {
        Verb::Serve(settings) => serve::run(&settings.read()?).await,
        Verb::Demo(options) => demo::run(&options).await,
        Verb::Admin(options) => admin::run(&options).await,
        Verb::TakeIn(options) => take_in::run(&options).await,
        Verb::Api(options) => api::run(&options).await,
        Verb::Backup(options) => backup::back_up_to(&options).await,
        Verb::Restore(options) => backup::restore(&options).await,
        Verb::Doctor(settings) => doctor::run(&settings).await,
        Verb::Due(options) => due::run(&options),
        Verb::Promises(options) => promises::run(&options),
    }
}

/// Writes a line to standard output. A reader that has left (`suivi admin list | head`) has seen enough: no error.
fn say(line: impl Display) -> std::io::Result<()> {
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

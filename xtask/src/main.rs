//! Commands for those who work on Suivi: `cargo xtask --help`. Nothing here is part of the product.

mod api;
mod bench;
mod ci;
mod postgres;
mod project;
mod run;
mod setup;
mod stages;
mod tidy;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use postgres::Postgres;
use std::process::{Command, ExitCode, ExitStatus};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about, version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Do all that CI does, stage by stage.
    Ci(ci::Options),
    /// Run the Rust tests with a private `PostgreSQL`.
    Test {
        /// Passed on to `cargo nextest run`; without a package, all are tested.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        nextest: Vec<String>,
    },
    /// Run the heavy proofs of durability (tests named `proof_…`) with a private `PostgreSQL`.
    Proof {
        /// Passed on to `cargo nextest run`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        nextest: Vec<String>,
    },
    /// Run a command with a private `PostgreSQL`: `cargo xtask postgres -- psql`.
    Postgres {
        /// The command; it finds the server in `PG…` and in `SUIVI_TEST_POSTGRES`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<String>,
    },
    /// Ask the API of a demonstration desk whatever its description allows, and more (schemathesis, from the Python index):
    /// no failure, no answer that is not described.
    Api,
    /// Measure the release build on both engines, beside the machine's own limits.
    Bench(bench::Options),
    /// Measure the house style, banned crates and licences.
    Tidy,
    /// Live through simulated days of a desk; one seed is one run.
    Simulate {
        /// Which run.
        #[arg(long)]
        seed: u64,
        /// How many days; the simulation knows its own default.
        #[arg(long)]
        days: Option<u32>,
    },
}

fn main() -> ExitCode {
    match Cli::parse().verb.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Verb {
    fn run(self) -> Result<ExitCode> {
        match self {
            Self::Ci(options) => ci::ci(&options)?,
            Self::Test { nextest } => return test(&[], &nextest),
            Self::Proof { nextest } => {
                return test(&["-E", "package(desk) and test(/(^|::)proof_/)"], &nextest);
            }
            Self::Postgres { command } => return with_postgres(&command),
            Self::Api => api::api()?,
            Self::Bench(options) => bench::bench(&options)?,
            Self::Tidy => {
                tidy::sources(&project::root())?;
                tidy::dependencies(&project::root())?;
            }
            Self::Simulate { seed, days } => return simulate(seed, days),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn test(chosen: &[&str], nextest: &[String]) -> Result<ExitCode> {
    let names_package =
        |arg: &String| ["-p", "--package", "--workspace"].iter().any(|flag| arg.starts_with(flag));
    let mut command = project::cargo(&["nextest", "run"]);
    if !nextest.iter().any(names_package) {
        command.arg("--workspace");
    }
    let server = Postgres::start()?;
    let status = run::status(command.args(chosen).args(nextest).envs(server.test_env()), None)?;
    Ok(code(status))
}

fn with_postgres(words: &[String]) -> Result<ExitCode> {
    let (program, args) = words.split_first().context("no command to run")?;
    let server = Postgres::start()?;
    let mut command = Command::new(program);
    let status = run::status(command.args(args).envs(server.client_env()).envs(server.test_env()), None)?;
    Ok(code(status))
}

fn simulate(seed: u64, days: Option<u32>) -> Result<ExitCode> {
    let mut command = project::cargo(&["run", "-p", "desk", "--example", "simulate", "--"]);
    command.args(["--seed", &seed.to_string()]);
    if let Some(days) = days {
        command.args(["--days", &days.to_string()]);
    }
    Ok(code(run::status(&mut command, None)?))
}

/// A command's exit code as our own; ended by a signal counts as failure.
fn code(status: ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
        let cli = Cli::parse_from(["xtask", "ci", "--only", "fmt", "tidy", "--keep-going"]);
        assert!(matches!(cli.verb, Verb::Ci(_)));
    }
}

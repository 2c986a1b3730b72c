//! `cargo xtask bench`: the release build measured beside the machine's own limits, on both engines, with a private
//! `PostgreSQL`.

use crate::{postgres::Postgres, project, run};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// What is built: the desk and what measures it.
const BUILD: [&str; 8] = ["build", "--release", "-p", "desk", "--bin", "suivi", "--example", "bench"];

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// A smoke run.
    #[arg(long)]
    quick: bool,
    /// Also writes the figures into this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Passed on: `--engine`, `--letters`, `--samples`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    more: Vec<String>,
}

/// Builds and measures.
pub fn bench(options: &Options) -> Result<()> {
    run::run(&mut project::cargo(&BUILD), None)?;
    let built = project::built()?.parent().context("a folder of builds")?.join("release");
    let server = Postgres::start()?;
    let mut command = std::process::Command::new(built.join("examples/bench"));
    command.arg("--suivi").arg(built.join("suivi")).envs(server.client_env()).envs(server.test_env());
    if options.quick {
        command.arg("--quick");
    }
    if let Some(file) = &options.json {
        command.arg("--json").arg(file);
    }
    let status = run::status(command.args(&options.more), None)?;
    if status.success() { Ok(()) } else { bail!("measuring failed") }
}

//! What a desk of this build does on this machine, beside what the machine itself can do: a real `suivi serve` in its own
//! process, fed by LMTP and by its API, looked at by its pages. `cargo xtask bench` runs it; `--quick` only shows that it runs.
//!
//! Figures are for reading, never for passing: every table ends with references measured in the same run.

#[path = "bench/corpus.rs"]
mod corpus;
#[path = "bench/figures.rs"]
mod figures;
#[path = "bench/lmtp.rs"]
mod lmtp;
#[path = "bench/pages.rs"]
mod pages;
#[path = "bench/references.rs"]
mod references;
#[path = "bench/served.rs"]
mod served;
#[path = "bench/sink.rs"]
mod sink;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};

use crate::figures::Figures;
use crate::served::Served;

#[derive(Debug, Parser)]
struct Options {
    /// Which engines.
    #[arg(long, value_enum, default_value = "both")]
    engine: Engines,
    /// A smoke run: a handful of each.
    #[arg(long)]
    quick: bool,
    /// Letters that are loaded.
    #[arg(long)]
    letters: Option<usize>,
    /// Samples of each request.
    #[arg(long)]
    samples: Option<usize>,
    /// Also writes the figures into this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The binary that is measured.
    #[arg(long, value_name = "FILE")]
    suivi: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engines {
    Sqlite,
    Postgres,
    Both,
}

/// How much of each.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// Letters.
    pub letters: usize,
    /// Samples of each request.
    pub samples: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let (letters, samples) = if options.quick { (120, 20) } else { (10_000, 2_000) };
    let amount =
        Amount { letters: options.letters.unwrap_or(letters), samples: options.samples.unwrap_or(samples) };
    let mut figures = Figures::default();
    for (engine, wanted) in [("sqlite", Engines::Sqlite), ("postgres", Engines::Postgres)] {
        if options.engine == wanted || options.engine == Engines::Both {
            measure(engine, &options, amount, &mut figures).await.with_context(|| format!("on {engine}"))?;
        }
    }
    println!("{figures}");
    if let Some(file) = &options.json {
        std::fs::write(file, figures.to_json()?)?;
    }
    figures.assert_whole()
}

async fn measure(
    engine: &'static str,
    options: &Options,
    amount: Amount,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let mut served = Served::begin(engine, &options.suivi).await?;
    figures.engine = engine;
    references::measure(&served, amount, figures).await?;
    figures.value("memory.idle", "MiB", served.memory_mib()?);
    let loaded = lmtp::load(&served, amount, figures).await?;
    figures.value("memory.loaded", "MiB", served.memory_mib()?);
    figures.value("memory.peak", "MiB", served.peak_memory_mib()?);
    figures.value("disk.per_raw_byte", "×", served.disk_bytes().await? / loaded.raw_bytes);
    pages::measure(&served, amount, &loaded, figures).await?;
    served.measure_starts(figures).await?;
    served.end().await
}

//! What a desk of this build does on this machine, beside what the machine itself can do: a real `suivi serve` in its own
//! process, fed by LMTP and by its API, looked at by its pages. `cargo xtask bench` runs it; `--quick` only shows that it runs.
//!
//! Figures are for reading, never for passing: every table ends with references measured in the same run.

#[path = "bench/agents.rs"]
mod agents;
#[path = "bench/base.rs"]
mod base;
#[path = "bench/corpus.rs"]
mod corpus;
#[path = "bench/figures.rs"]
mod figures;
#[path = "bench/lmtp.rs"]
mod lmtp;
#[path = "bench/many.rs"]
mod many;
#[path = "bench/pages.rs"]
mod pages;
#[path = "bench/references.rs"]
mod references;
#[path = "bench/served.rs"]
mod served;
#[path = "bench/sink.rs"]
mod sink;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};

use crate::base::Base;
use crate::figures::Figures;
use crate::pages::Held;
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
    /// Sizes of the desks whose pages are measured, in cases.
    #[arg(long, value_delimiter = ',')]
    cases: Option<Vec<usize>>,
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
    /// Letters of the desk that larger ones are copies of.
    pub base: usize,
    /// Samples of each request.
    pub samples: usize,
    /// Agents with a live list, and how long they look.
    pub agents: usize,
    /// For how many seconds.
    pub seconds: u64,
}

const WHOLE: Amount = Amount { letters: 10_000, base: 2_000, samples: 2_000, agents: 200, seconds: 30 };
const QUICK: Amount = Amount { letters: 120, base: 110, samples: 20, agents: 10, seconds: 2 };

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut amount = if options.quick { QUICK } else { WHOLE };
    amount.letters = options.letters.unwrap_or(amount.letters);
    amount.samples = options.samples.unwrap_or(amount.samples);
    let sizes = if options.quick { vec![250] } else { vec![10_000, 100_000] };
    let sizes = options.cases.as_ref().unwrap_or(&sizes);
    let base = base::make(&options.suivi, amount.base).await?;
    let mut figures = Figures::default();
    for (engine, wanted) in [("sqlite", Engines::Sqlite), ("postgres", Engines::Postgres)] {
        if options.engine == wanted || options.engine == Engines::Both {
            figures.engine = engine;
            doors(&options, amount, &mut figures).await.with_context(|| format!("on {engine}"))?;
            for size in sizes {
                let large = large(&options, amount, &base, *size, &mut figures).await;
                large.with_context(|| format!("{size} cases on {engine}"))?;
            }
        }
    }
    println!("{figures}");
    if let Some(file) = &options.json {
        std::fs::write(file, figures.to_json()?)?;
    }
    figures.assert_whole()
}

/// What comes in, on a new desk.
async fn doors(options: &Options, amount: Amount, figures: &mut Figures) -> anyhow::Result<()> {
    figures.cases = 0;
    let served = Served::begin(figures.engine, &options.suivi, None).await?;
    references::measure(&served, amount, figures).await?;
    figures.value("memory.idle", "MiB", served.memory_mib()?);
    let loaded = lmtp::load(&served, amount.letters, figures).await?;
    figures.value("memory.loaded", "MiB", served.memory_mib()?);
    figures.value("memory.peak", "MiB", served.peak_memory_mib()?);
    figures.value("disk.per_raw_byte", "×", served.disk_bytes().await? / loaded.raw_bytes);
    pages::creates(&served, amount, figures).await?;
    figures.value("memory.end", "MiB", served.memory_mib()?);
    served.end().await
}

/// What people see and do, on a desk that holds so many cases.
async fn large(
    options: &Options,
    amount: Amount,
    base: &Base,
    size: usize,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    figures.cases = size;
    let folder = tempfile::tempdir()?;
    let backup = folder.path().join("backup");
    let copies = many::multiply(&base.backup, size, &backup)?;
    let began = Instant::now();
    let mut served =
        Served::begin(figures.engine, &options.suivi, Some((&backup, base.token.as_str()))).await?;
    figures.value("restore", "s", began.elapsed().as_secs_f64());
    drop(folder);
    figures.value("memory.opened", "MiB", served.memory_mib()?);
    pages::cold(&mut served, figures).await?;
    pages::measure(&served, amount, Held { letters: base.letters, copies }, figures).await?;
    agents::measure(&served, amount, figures).await?;
    served.measure_starts(figures).await?;
    served.end().await
}

//! Simulated days at a desk, in this process, through the real doors, with the clock in hand: customers, strangers,
//! machines and agents with their habits, two nodes on one store, crashes, clock jumps. One seed is one run: it prints
//! what happened and a digest of it, and ends with 1 when a law of the desk was broken.
//!
//! `cargo run -p desk --example simulate -- --seed 7 --days 3`; on `PostgreSQL`, between `cargo xtask postgres --` and
//! `--engine postgres`.

#[path = "simulate/agents.rs"]
mod agents;
#[path = "simulate/customers.rs"]
mod customers;
#[path = "simulate/dice.rs"]
mod dice;
#[path = "simulate/digest.rs"]
mod digest;
#[path = "simulate/failures.rs"]
mod failures;
#[path = "simulate/laws.rs"]
mod laws;
#[path = "simulate/laws_of_cases.rs"]
mod laws_of_cases;
#[path = "simulate/laws_of_mail.rs"]
mod laws_of_mail;
#[path = "simulate/letters.rs"]
mod letters;
#[path = "simulate/machines.rs"]
mod machines;
#[path = "simulate/merges.rs"]
mod merges;
#[path = "simulate/passing.rs"]
mod passing;
#[path = "simulate/play.rs"]
mod play;
#[path = "simulate/reports.rs"]
mod reports;
#[path = "simulate/stage.rs"]
mod stage;
#[path = "simulate/strangers.rs"]
mod strangers;
#[path = "simulate/words.rs"]
mod words;
#[path = "simulate/work.rs"]
mod work;
#[path = "simulate/world.rs"]
mod world;

use std::process::ExitCode;

use clap::Parser;

use stage::Engine;
use world::World;

/// Days that one run may last.
const DAYS_MAX: u32 = 400;

#[derive(Parser)]
struct Options {
    /// Which run: the same seed gives the same run.
    #[arg(long)]
    seed: u64,
    /// How many days.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=i64::from(DAYS_MAX)))]
    days: u32,
    /// Where the desk keeps its data.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
}

/// One thread: whatever waits for the store waits alone, so that nothing can happen in another order.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "error".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let mut world = World::open(options.seed, options.days, options.engine).await?;
    let broken = play::play(&mut world).await?;
    let digest = digest::digest(&world).await?;
    let counts = world.counts.clone();
    world.close().await?;
    println!(
        "seed {} · {} days · {:?}\n{counts}\ndigest {digest}",
        options.seed, options.days, options.engine
    );
    for law in &broken {
        println!("BROKEN: {law}");
    }
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

//! Many agents at once, each with the list open as a browser keeps it: one line that tells of changes, and after each word on it
//! the counts and the list fetched again, while cases change all the time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::StreamExt as _;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::Amount;
use crate::corpus::Dice;
use crate::figures::{Figures, as_f64};
use crate::pages;
use crate::served::{Served, pause};

/// Cases that change in a second.
const CHANGES_A_SECOND: u64 = 20;
/// What a list fetches again.
const PARTS: [&str; 2] = ["/cases/views?view=all", "/cases/rows?view=all"];

/// Measures how long they wait, and what it costs.
pub async fn measure(served: &Served, amount: Amount, figures: &mut Figures) -> anyhow::Result<()> {
    let cases = pages::references(served, 500).await?;
    let is_over = Arc::new(Semaphore::new(0));
    let before = served.processor_seconds()?;
    let began = Instant::now();
    let looks = futures::future::try_join_all((0..amount.agents).map(|_| look(served, &is_over)));
    let work = async {
        let mut dice = Dice::new(17);
        let mut tick = tokio::time::interval(Duration::from_millis(1_000 / CHANGES_A_SECOND));
        for _ in 0..amount.seconds * CHANGES_A_SECOND {
            tick.tick().await;
            let case = &cases[dice.below(cases.len())];
            served.api(&format!("cases/{case}/notes"), Some(&json!({ "text": "Vu." }))).await?;
        }
        is_over.close();
        anyhow::Ok(())
    };
    let (times, worked) = tokio::join!(looks, work);
    worked?;
    let took = began.elapsed();
    let times: Vec<Duration> = times?.into_iter().flatten().collect();
    figures.rate("live.parts", times.len(), took);
    figures.latency("live.part", times);
    let cpu = (served.processor_seconds()? - before) / took.as_secs_f64();
    figures.value("live.processors", "cores", cpu);
    figures.value("live.memory", "MiB", served.memory_mib()?);
    figures.value("live.agents", "agents", as_f64(amount.agents));
    Ok(())
}

/// One agent: told of a change, the parts are fetched again; what is told meanwhile is fetched after that.
async fn look(served: &Served, is_over: &Semaphore) -> anyhow::Result<Vec<Duration>> {
    let mut words = served.live().await?;
    let mut times = Vec::new();
    loop {
        let word = tokio::select! {
            word = words.next() => word.context("the line ended")??,
            _ = is_over.acquire() => return Ok(times),
        };
        if !String::from_utf8_lossy(&word).contains("data: cases") {
            continue;
        }
        for part in PARTS {
            let asked = Instant::now();
            served.page(part).await?;
            times.push(asked.elapsed());
        }
        // A browser that is told again waits a moment too.
        pause(1).await;
    }
}

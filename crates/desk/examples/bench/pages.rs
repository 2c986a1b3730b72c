//! What people and programs wait for: pages, acts, searches, new cases. One after the other, and eight at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use crate::Amount;
use crate::corpus::{Dice, RARE_EVERY, rare, words};
use crate::figures::{Figures, as_f64};
use crate::lmtp::Loaded;
use crate::served::Served;

/// Clients at once.
const CLIENTS: usize = 8;
/// Bytes of a new case's text.
const TEXT_BYTES: usize = 1_500;

/// Measures all of it.
pub async fn measure(
    served: &Served,
    amount: Amount,
    _loaded: &Loaded,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let cases = references(served).await?;
    looks(served, amount, &cases, figures).await?;
    searches(served, amount, figures).await?;
    acts(served, amount, &cases, figures).await?;
    creates(served, amount, figures).await?;
    figures.value("memory.end", "MiB", served.memory_mib()?);
    Ok(())
}

/// The references of some cases, through the API.
async fn references(served: &Served) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut after = String::new();
    for _ in 0..10 {
        let page = served.api(&format!("cases?view=all&limit=100{after}"), None).await?;
        let cases = page["cases"].as_array().context("cases")?;
        found.extend(cases.iter().filter_map(|case| case["reference"].as_str()).map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    ensure!(!found.is_empty(), "no case was made");
    Ok(found)
}

async fn looks(
    served: &Served,
    amount: Amount,
    cases: &[String],
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let mut dice = Dice::new(7);
    let case = served.api(&format!("cases/{}", cases[0]), None).await?;
    let customer = case["customer"]["id"].as_str().context("a customer")?.to_owned();
    let page = served.page(&format!("/cases/{}", cases[0])).await?;
    let link = page.split("href=\"/customers/").nth(1).and_then(|rest| rest.split('"').next());
    let brand = link.and_then(|link| link.split('/').next()).context("a brand")?.to_owned();
    for (key, path) in [
        ("page.list", "/cases?view=all".to_owned()),
        ("page.list_closed", "/cases?view=closed".to_owned()),
        ("page.customer", format!("/customers/{brand}/{customer}")),
    ] {
        let times = each(amount.samples, async |_| served.page(&path).await.map(drop)).await?;
        figures.latency(key, times);
    }
    let times = each(amount.samples, async |_| {
        let case = &cases[dice.below(cases.len())];
        served.page(&format!("/cases/{case}")).await.map(drop)
    })
    .await?;
    figures.latency("page.case", times);
    Ok(())
}

async fn searches(served: &Served, amount: Amount, figures: &mut Figures) -> anyhow::Result<()> {
    let numbers: Vec<usize> = (0..amount.letters).step_by(RARE_EVERY).collect();
    let mut found = 0;
    for number in &numbers {
        let hits = served.api(&format!("search?q={}", rare(*number)), None).await?;
        found += usize::from(hits["hits"].as_array().is_some_and(|hits| hits.len() == 1));
    }
    figures.value("search.recall", "%", as_f64(found) / as_f64(numbers.len()) * 100.0);
    let mut place = 0;
    let times = each(amount.samples, async |_| {
        place = (place + 1) % numbers.len();
        served.page(&format!("/search?q={}", rare(numbers[place]))).await.map(drop)
    })
    .await?;
    figures.latency("search.rare", times);
    for (key, query) in [
        ("search.common", "remboursement"),
        ("search.two_common", "colis+facture"),
        ("search.phrase", "%22rembourser+je%22"),
        ("search.absent", "introuvablement"),
    ] {
        let path = format!("/search?q={query}");
        figures.latency(key, each(amount.samples, async |_| served.page(&path).await.map(drop)).await?);
    }
    Ok(())
}

async fn acts(
    served: &Served,
    amount: Amount,
    cases: &[String],
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let mut dice = Dice::new(11);
    for (key, path, body) in [
        ("act.note", "notes", json!({ "text": "Cliente rappelée, elle préfère un avoir." })),
        ("act.reply", "replies", json!({ "text": "Bonjour, votre colis repart aujourd'hui." })),
        ("act.status", "status", json!({ "to": "waiting_customer" })),
    ] {
        let times = each(amount.samples, async |_| {
            let case = &cases[dice.below(cases.len())];
            served.api(&format!("cases/{case}/{path}"), Some(&body)).await.map(drop)
        })
        .await?;
        figures.latency(key, times);
    }
    served.wait_sent().await
}

async fn creates(served: &Served, amount: Amount, figures: &mut Figures) -> anyhow::Result<()> {
    let began = Instant::now();
    let times =
        each(amount.samples, async |number| served.api("cases", Some(&new_case(number))).await.map(drop))
            .await?;
    figures.rate("create.rate_1", amount.samples, began.elapsed());
    figures.latency("create.1", times);
    let began = Instant::now();
    let next = Arc::new(AtomicUsize::new(amount.samples));
    let end = amount.samples * 2;
    let lane = async || {
        let mut times = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= end {
                return anyhow::Ok(times);
            }
            let asked = Instant::now();
            served.api("cases", Some(&new_case(number))).await?;
            times.push(asked.elapsed());
        }
    };
    let lanes = futures::future::join_all((0..CLIENTS).map(|_| lane())).await;
    let mut times = Vec::new();
    for lane in lanes {
        times.extend(lane?);
    }
    if times.len() != amount.samples {
        bail!("{} cases were made and not {}", times.len(), amount.samples);
    }
    figures.rate("create.rate_8", times.len(), began.elapsed());
    figures.latency("create.8", times);
    Ok(())
}

fn new_case(number: usize) -> Value {
    let mut dice = Dice::new(u64::try_from(number).unwrap_or_default() + 1_000_000);
    let mut text = words(&mut dice);
    while text.len() < TEXT_BYTES {
        text.push_str(&words(&mut dice));
    }
    let text: String = text.chars().take(TEXT_BYTES).collect();
    json!({
        "brand": "bench",
        "subject": format!("Dossier {number}"),
        "text": text,
        "acknowledge": false,
        "customer": {
            "name": format!("Client {number}"),
            "identities": [{ "kind": "mail", "value": format!("api{number}@exemple.fr") }],
        },
    })
}

/// Does something many times, one after the other.
async fn each(
    samples: usize,
    mut ask: impl AsyncFnMut(usize) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(samples);
    for number in 0..samples {
        let asked = Instant::now();
        ask(number).await?;
        times.push(asked.elapsed());
    }
    Ok(times)
}

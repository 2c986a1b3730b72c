//! What people and programs wait for: pages, acts, searches, new cases. One after the other, and eight at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use crate::Amount;
use crate::corpus::{Dice, RARE_EVERY, rare, words};
use crate::figures::{Figures, as_f64};
use crate::served::Served;

/// Clients at once.
const CLIENTS: usize = 8;
/// Starts with cold caches.
const COLD_STARTS: usize = 3;
/// Cases among which one is looked at.
const CASES_LOOKED_AT: usize = 2_000;
/// Rare words that are searched for, to see that each is found.
const RECALLED: usize = 200;
/// Bytes of a new case's text.
const TEXT_BYTES: usize = 1_500;

/// Which desk is looked at: its letters, each with so many copies.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    /// Letters of the small desk.
    pub letters: usize,
    /// Copies of each.
    pub copies: usize,
}

impl Held {
    /// A word that stands in one letter, and in one copy of it alone.
    fn rare_word(self, dice: &mut Dice) -> String {
        let number = dice.below(self.letters.div_ceil(RARE_EVERY)) * RARE_EVERY;
        // One copy is the letter itself.
        let copy = dice.below(self.copies);
        if self.copies == 1 { rare(number) } else { format!("{}{copy}", rare(number)) }
    }
}

/// Measures all of it.
pub async fn measure(
    served: &Served,
    amount: Amount,
    held: Held,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let cases = references(served, CASES_LOOKED_AT).await?;
    looks(served, amount, &cases, figures).await?;
    searches(served, amount, held, figures).await?;
    acts(served, amount, &cases, figures).await
}

/// The references of open cases, through the API.
pub async fn references(served: &Served, max: usize) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut after = String::new();
    while found.len() < max {
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

/// The first look after a start with cold caches.
pub async fn cold(served: &mut Served, figures: &mut Figures) -> anyhow::Result<()> {
    let case = references(served, 1).await?.remove(0);
    let paths = [
        ("cold.list", "/cases?view=all".to_owned()),
        ("cold.case", format!("/cases/{case}")),
        ("cold.search", "/search?q=remboursement".to_owned()),
    ];
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..COLD_STARTS {
        if !served.restart_cold().await? {
            return Ok(());
        }
        for ((_, path), times) in paths.iter().zip(&mut times) {
            let asked = Instant::now();
            served.page(path).await?;
            times.push(asked.elapsed());
        }
    }
    for ((key, _), times) in paths.iter().zip(times) {
        figures.latency(key, times);
    }
    Ok(())
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

async fn searches(served: &Served, amount: Amount, held: Held, figures: &mut Figures) -> anyhow::Result<()> {
    let mut dice = Dice::new(13);
    let asked = RECALLED.min(amount.samples);
    let mut found = 0;
    for _ in 0..asked {
        let hits = served.api(&format!("search?q={}", held.rare_word(&mut dice)), None).await?;
        found += usize::from(hits["hits"].as_array().is_some_and(|hits| hits.len() == 1));
    }
    figures.value("search.recall", "%", as_f64(found) / as_f64(asked) * 100.0);
    let times = each(amount.samples, async |_| {
        served.page(&format!("/search?q={}", held.rare_word(&mut dice))).await.map(drop)
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
    let nobody = json!({ "agent": null });
    let taken = json!({ "agent": served.agent });
    let times = each(amount.samples, async |number| {
        // The same case to a person, then to nobody.
        let (case, body) = (&cases[number / 2 % cases.len()], if number % 2 == 0 { &taken } else { &nobody });
        served.api(&format!("cases/{case}/assignment"), Some(body)).await.map(drop)
    })
    .await?;
    figures.latency("act.assign", times);
    served.wait_sent().await
}

/// New cases by the API.
pub async fn creates(served: &Served, amount: Amount, figures: &mut Figures) -> anyhow::Result<()> {
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

//! Programs open cases while the process is killed at random instants and started again: each asks under a key of its own,
//! again and again until it is answered. One case for each key, one answer for each key, no matter how often it was asked.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::dice::{Dice, seed};
use super::node::{Place, closed_port};
use super::stage::{INBOX, Stage};
use super::{inspect, pass, prove_on_both_engines};
use crate::support::Engine;

/// How often the process is killed.
const KILLS: u32 = 15;
/// Programs that ask at the same time.
const PROGRAMS: u32 = 4;
/// Cases that each opens.
const CASES: u32 = 60;
/// Cases that each may open in one life of the process, so that every life and every kill has its share.
const CASES_A_LIFE: u32 = 4;
/// Longest wait for one answer, with all tries.
const LONGEST: Duration = Duration::from_mins(2);

prove_on_both_engines!(opened_once, proof_api_kill_sqlite, proof_api_kill_postgres);

async fn opened_once(engine: Engine) {
    let started = Instant::now();
    let dice = Dice::new(seed("proof_api_kill"));
    let Some(stage) = Stage::set(engine, closed_port()) else { return };
    let mut node = stage.node("desk");
    let token = node.place.admin(&["add-token", "shop", "--user", "alex@lavande.example"]).trim().to_owned();
    node.start().await;
    let lives = watch::Sender::new(1);
    let mut programs = JoinSet::new();
    for number in 0..PROGRAMS {
        let program =
            Program { place: node.place.clone(), token: token.clone(), lives: lives.subscribe(), number };
        programs.spawn(program.open_all());
    }
    for kill in 1..=KILLS {
        pass(Duration::from_millis(200 + dice.below(900))).await;
        node.kill();
        node.spawn();
        lives.send_replace(kill + 1);
    }
    node.greets().await;
    lives.send_replace(u32::MAX / CASES_A_LIFE);
    let told: Vec<(Vec<Value>, u32)> = programs.join_all().await;
    let tries: u32 = told.iter().map(|(_, tries)| tries).sum();
    let references: Vec<&str> =
        told.iter().flat_map(|(receipts, _)| receipts).map(|one| one["case"].as_str().unwrap()).collect();
    node.assert_calm();
    node.stop().await;

    let store = stage.look().await;
    let all = inspect::read_all(&store).await;
    store.close().await;
    let asked = (PROGRAMS * CASES) as usize;
    let distinct: BTreeSet<&str> = references.iter().copied().collect();
    let kept: BTreeSet<String> = all.iter().map(|told| told.case.reference.to_string()).collect();
    assert_eq!((references.len(), distinct.len(), all.len()), (asked, asked, asked), "one case for each key");
    assert!(kept.iter().map(String::as_str).eq(distinct), "what was answered is what is kept");
    println!(
        "proof_api_kill {engine:?}: {KILLS} kills; {asked} cases asked for in {tries} tries; {} opened; {:.0?} in all",
        all.len(),
        started.elapsed()
    );
}

struct Program {
    place: Place,
    token: String,
    lives: watch::Receiver<u32>,
    number: u32,
}

impl Program {
    /// Opens its cases, and gives their receipts and how often it asked.
    async fn open_all(mut self) -> (Vec<Value>, u32) {
        let http =
            reqwest::Client::builder().tls_backend_preconfigured(channels::tls::client_config(&[]).unwrap());
        let http = http.no_proxy().timeout(Duration::from_secs(5)).build().unwrap();
        let (mut receipts, mut tries) = (Vec::new(), 0);
        for nth in 0..CASES {
            self.lives.wait_for(|lives| *lives > nth / CASES_A_LIFE).await.unwrap();
            let key = format!("program-{}-{nth}", self.number);
            let (receipt, asked) = self.insist(&http, &key).await;
            tries += asked;
            // Whoever asks once more, because the answer went astray, is told the same.
            if nth % 5 == 0 {
                let (again, asked) = self.insist(&http, &key).await;
                tries += asked;
                assert_eq!(again, receipt);
            }
            receipts.push(receipt);
        }
        (receipts, tries)
    }

    /// Asks until it is answered. Gives the answer and how often it asked.
    async fn insist(&self, http: &reqwest::Client, key: &str) -> (Value, u32) {
        let mut tries = 0;
        let asking = async {
            loop {
                tries += 1;
                match self.ask(http, key).await {
                    Some(receipt) => break receipt,
                    None => pass(Duration::from_millis(20)).await,
                }
            }
        };
        let receipt = tokio::time::timeout(LONGEST, asking).await.expect("an answer in time");
        (receipt, tries)
    }

    /// Asks once. `None` when the desk is away or does not say.
    async fn ask(&self, http: &reqwest::Client, key: &str) -> Option<Value> {
        let body = json!({
            "brand": "lavande", "inbox": INBOX, "text": format!("Colis perdu, {key}."), "acknowledge": false,
            "customer": { "identities": [{ "kind": "mail", "value": format!("{key}@exemple.fr") }] },
        });
        let post = http.post(format!("http://{}/api/v1/cases", self.place.web)).bearer_auth(&self.token);
        let answer = post.header("idempotency-key", key).json(&body).send().await.ok()?;
        let status = answer.status();
        assert!(status == 201 || status.is_server_error(), "{status}");
        if status == 201 { answer.json().await.ok() } else { None }
    }
}

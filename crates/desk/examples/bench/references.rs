//! What the machine itself can do, in the same run: a sync of its disk, an answer of a bare web server, one durable row.

use std::fs::File;
use std::io::Write as _;
use std::time::Instant;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::Amount;
use crate::figures::Figures;
use crate::served::Served;

/// Measures all of them.
pub async fn measure(served: &Served, amount: Amount, figures: &mut Figures) -> anyhow::Result<()> {
    let mut file = File::create(served.folder.path().join("reference"))?;
    let mut times = Vec::new();
    for _ in 0..amount.samples.min(1_000) {
        let began = Instant::now();
        file.write_all(&[7; 4_096])?;
        file.sync_data()?;
        times.push(began.elapsed());
    }
    figures.latency("reference.fdatasync", times);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let router: Router = Router::new().route("/", get(async || "hello"));
    let hello = tokio::spawn(async move { axum::serve(listener, router).await });
    let mut times = Vec::new();
    for _ in 0..amount.samples {
        let began = Instant::now();
        served.http.get(&url).send().await?.text().await?;
        times.push(began.elapsed());
    }
    hello.abort();
    figures.latency("reference.hello", times);
    let mut times = Vec::new();
    for number in 0..amount.samples.min(1_000) {
        let began = Instant::now();
        served.store.remember_installation(format!("bench {number}"), "1".to_owned()).await?;
        times.push(began.elapsed());
    }
    figures.latency("reference.durable_row", times);
    Ok(())
}

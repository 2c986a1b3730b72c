//! `suivi api`: asks a running desk by its API, for scripts and for people at a terminal. The answer goes to standard output
//! as it came; what was refused goes to standard error, in the words of the desk.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;

use super::line::{WhichDesk, client};
use super::say;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_mins(2);
/// Longest body read from standard input.
const BODY_BYTES_MAX: u64 = 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// What is asked, such as `cases?view=mine` or `cases/K7M2-4Q8P/notes`; `/api` on the desk lists everything.
    path: String,
    /// A JSON object to send, or `-` for standard input; without it the path is read.
    body: Option<String>,
    /// Does it once, however often it is asked for with this word.
    #[arg(long, value_name = "WORD")]
    idempotency_key: Option<String>,
    #[command(flatten)]
    desk: WhichDesk,
}

pub(super) async fn run(options: &Options) -> anyhow::Result<()> {
    let (base, extra_roots) = options.desk.found()?;
    let http = client(options.desk.token(), &extra_roots, PATIENCE)?;
    let path = options.path.trim_start_matches('/').trim_start_matches("api/v1/");
    let url = base.join(&format!("{}/api/v1/{path}", base.path().trim_end_matches('/')))?;
    if url.origin() != base.origin() {
        bail!("{path:?} leads to another place");
    }
    let body = options.body.as_deref().map(read_body).transpose()?;
    let method = if body.is_some() { Method::POST } else { Method::GET };
    let mut request = http.request(method, url);
    if let Some(body) = body {
        request = request.header(CONTENT_TYPE, "application/json").body(body);
    }
    if let Some(word) = &options.idempotency_key {
        let word = HeaderValue::from_str(word).context("this word cannot be a key")?;
        request = request.header(HeaderName::from_static("idempotency-key"), word);
    }
    let answer = request.send().await.with_context(|| format!("{base} does not answer"))?;
    let status = answer.status();
    let bytes = answer.bytes().await?;
    if !status.is_success() {
        let problem: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let words = ["detail", "title"].iter().find_map(|field| problem[field].as_str());
        bail!("{status}: {}", words.unwrap_or("the desk says no more"));
    }
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(value) => say(serde_json::to_string_pretty(&value)?)?,
        // A file: as it is.
        Err(_) => std::io::stdout().write_all(&bytes)?,
    }
    Ok(())
}

fn read_body(given: &str) -> anyhow::Result<String> {
    let mut text = given.to_owned();
    if given == "-" {
        text.clear();
        std::io::stdin().take(BODY_BYTES_MAX).read_to_string(&mut text)?;
    }
    serde_json::from_str::<Value>(&text).context("the body is no JSON")?;
    Ok(text)
}

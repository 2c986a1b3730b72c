//! The line to a running desk: one letter, one answer. What passes is waited out here; what does not is told apart into
//! what is wrong with the letter and what is wrong with the desk.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use casework::Automatic;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, StatusCode, Url};
use serde::Deserialize;

use super::super::line::client;

/// Longest wait for an answer: the desk gives up after half a minute, a slow line may take as long for a large letter.
const PATIENCE: Duration = Duration::from_mins(2);
/// Tries of one letter. With the pauses between them some five minutes: a desk is restarted in less.
const TRIES_MAX: u32 = 32;
/// The first pause; each is twice the one before.
const PAUSE_FIRST: Duration = Duration::from_millis(250);
/// The longest pause.
const PAUSE_LAST: Duration = Duration::from_secs(10);
/// An answer is a few hundred bytes; a proxy's page of words is not read further.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Words of an answer that are repeated.
const WORDS_CHARS_MAX: usize = 200;

/// How letters are to be taken in.
#[derive(Debug)]
pub(super) struct Request<'a> {
    /// The inbox they are for; without it their own addresses tell.
    pub inbox: Option<&'a str>,
    /// Whether their writers get a receipt.
    pub has_receipt: bool,
}

/// What became of a letter, as the API tells it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct TakenIn {
    /// Its id.
    pub letter: String,
    /// Where it ended.
    pub end: End,
    /// Why it was kept aside.
    pub reason: Option<String>,
    /// Whether a case began with it.
    pub is_new: bool,
    /// What kind of machine wrote it.
    pub automatic: Option<Automatic>,
}

/// Where a letter ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum End {
    /// In a case.
    Filed,
    /// The same letter was there before.
    Duplicate,
    /// On a shelf, with a reason.
    Aside,
    /// Kept, to be decided on.
    Waiting,
}

/// Why a letter was not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// This letter is refused, for good; others may pass.
    Letter(String),
    /// No letter can pass.
    Desk(String),
}

/// The line to one desk.
pub(super) struct DeskLine {
    http: Client,
    letters: Url,
    names_inbox: bool,
    /// Letters answered for good. While others pass, a letter that never does is its own trouble, not the desk's.
    answered: AtomicU64,
    /// While the desk does not answer: it is told once, not for each letter.
    is_waiting: AtomicBool,
}

/// What one try came to.
enum Try {
    Told(TakenIn),
    Failed(Trouble),
    Later(String),
}

impl DeskLine {
    /// Prepares asking; nothing is sent.
    pub fn to(base: &Url, token: &str, extra_roots: &[u8], request: &Request<'_>) -> anyhow::Result<Self> {
        let http = client(token, extra_roots, PATIENCE)?;
        let mut letters = base.clone();
        letters.set_path(&format!("{}/api/v1/letters", base.path().trim_end_matches('/')));
        letters.set_fragment(None);
        letters
            .query_pairs_mut()
            .clear()
            .append_pair("receipt", if request.has_receipt { "yes" } else { "no" });
        if let Some(inbox) = request.inbox {
            letters.query_pairs_mut().append_pair("inbox", inbox);
        }
        Ok(Self {
            http,
            letters,
            names_inbox: request.inbox.is_some(),
            answered: AtomicU64::new(0),
            is_waiting: AtomicBool::new(false),
        })
    }

    /// Brings one letter in and waits until it is decided on. Sending it twice does no harm: the desk knows it again.
    pub async fn bring(&self, letter: Bytes) -> Result<TakenIn, Trouble> {
        let post = || {
            let post = self.http.post(self.letters.clone());
            post.header(CONTENT_TYPE, "message/rfc822").body(letter.clone())
        };
        let taken = self.insist(post).await?;
        if taken.end != End::Waiting {
            return Ok(taken);
        }
        let mut place = self.letters.clone();
        place.set_query(None);
        place.set_path(&format!("{}/{}", self.letters.path(), taken.letter));
        self.insist_until_decided(&place).await
    }

    async fn insist_until_decided(&self, place: &Url) -> Result<TakenIn, Trouble> {
        let mut pauses = Pauses::new();
        for _ in 0..TRIES_MAX {
            pauses.rest().await;
            let taken = self.insist(|| self.http.get(place.clone())).await?;
            if taken.end != End::Waiting {
                return Ok(taken);
            }
        }
        Err(Trouble::Letter("kept by the desk, and not decided on yet".to_owned()))
    }

    /// Asks until there is an answer, at most so many times.
    async fn insist(&self, ask: impl Fn() -> RequestBuilder) -> Result<TakenIn, Trouble> {
        let before = self.answered.load(Ordering::Relaxed);
        let mut pauses = Pauses::new();
        let mut last = String::new();
        for _ in 0..TRIES_MAX {
            let answer = match self.try_once(ask()).await {
                Try::Told(taken) => Ok(taken),
                Try::Failed(trouble) => Err(trouble),
                Try::Later(words) => {
                    if !self.is_waiting.swap(true, Ordering::Relaxed) {
                        tracing::warn!(reason = words, "the desk takes no letters now: trying again");
                    }
                    last = words;
                    pauses.rest().await;
                    continue;
                }
            };
            self.answered.fetch_add(1, Ordering::Relaxed);
            self.is_waiting.store(false, Ordering::Relaxed);
            return answer;
        }
        let do_others_pass = self.answered.load(Ordering::Relaxed) > before;
        Err(if do_others_pass { Trouble::Letter(last) } else { Trouble::Desk(last) })
    }

    async fn try_once(&self, request: RequestBuilder) -> Try {
        let (status, body) = match exchange(request).await {
            Ok(answer) => answer,
            Err(error) => return Try::Later(innermost(&error)),
        };
        if status == StatusCode::OK {
            let not_ours = || Try::Failed(Trouble::Desk("what answers there is no desk".to_owned()));
            return serde_json::from_slice(&body).map_or_else(|_| not_ours(), Try::Told);
        }
        self.refusal(status, &words(status, &body))
    }

    fn refusal(&self, status: StatusCode, words: &str) -> Try {
        let of_desk = |words: &str| Try::Failed(Trouble::Desk(words.to_owned()));
        let of_letter = |words: &str| Try::Failed(Trouble::Letter(words.to_owned()));
        match status {
            StatusCode::REQUEST_TIMEOUT
            | StatusCode::CONFLICT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Try::Later(words.to_owned()),
            StatusCode::UNAUTHORIZED => of_desk("it does not know the token"),
            StatusCode::FORBIDDEN => of_desk("only tokens of team leads and administrators bring letters in"),
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => of_desk("there is no such API"),
            status if status.is_redirection() => {
                of_desk("it sends us elsewhere: name the address it has now")
            }
            StatusCode::UNPROCESSABLE_ENTITY if self.names_inbox => of_desk(words),
            StatusCode::UNPROCESSABLE_ENTITY => {
                of_letter("none of its addresses is an inbox of yours; name one with --inbox")
            }
            StatusCode::BAD_REQUEST => of_letter("does not read as a letter"),
            StatusCode::PAYLOAD_TOO_LARGE => of_letter("too large for the desk, or for the proxy before it"),
            _ => of_letter(words),
        }
    }
}

/// Sends a request and reads its answer, of which so much at most.
async fn exchange(request: RequestBuilder) -> reqwest::Result<(StatusCode, Vec<u8>)> {
    let mut response = request.send().await?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER_BYTES_MAX {
            break;
        }
    }
    Ok((status, body))
}

/// What an answer says of a problem (RFC 9457), else its status.
fn words(status: StatusCode, body: &[u8]) -> String {
    let problem: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let word = |key: &str| problem[key].as_str().unwrap_or_default();
    let text = [word("detail"), word("title"), word("trace")];
    let text = text.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let text: String = text.chars().filter(|c| !c.is_control()).take(WORDS_CHARS_MAX).collect();
    if text.is_empty() { status.to_string() } else { text }
}

/// The innermost reason says what happened; the outer ones repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut reason: &dyn std::error::Error = error;
    // Chains of errors are a handful long.
    for _ in 0..10 {
        let Some(source) = reason.source() else { break };
        reason = source;
    }
    reason.to_string()
}

/// Pauses between tries, each twice the one before up to a limit.
struct Pauses(Duration);

impl Pauses {
    fn new() -> Self {
        Self(PAUSE_FIRST)
    }

    async fn rest(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(PAUSE_LAST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(inbox: Option<&str>) -> DeskLine {
        let base = Url::parse("https://desk.example/sous/").unwrap();
        DeskLine::to(&base, "suivi_x", &[], &Request { inbox, has_receipt: false }).unwrap()
    }

    #[test]
    fn letters_go_where_the_desk_is() {
        let there = "https://desk.example/sous/api/v1/letters?receipt=no";
        assert_eq!(line(None).letters.as_str(), there);
        let named = format!("{there}&inbox=a%26b%40x.example");
        assert_eq!(line(Some("a&b@x.example")).letters.as_str(), named);
        let base = Url::parse("https://desk.example").unwrap();
        let request = Request { inbox: None, has_receipt: true };
        for token in ["", "a\nb"] {
            assert!(DeskLine::to(&base, token, &[], &request).is_err(), "{token:?}");
        }
    }

    #[test]
    fn refusals_are_of_the_letter_of_the_desk_or_pass() {
        let (any, named) = (line(None), line(Some("a@x.example")));
        for (line, statuses, expect) in [
            (&any, &[408, 409, 429, 502, 503, 504][..], "later"),
            (&any, &[301, 307, 401, 403, 404, 405], "desk"),
            (&any, &[400, 413, 422, 415, 500, 501], "letter"),
            (&named, &[422], "desk"),
            (&named, &[400, 413, 500], "letter"),
        ] {
            for status in statuses {
                let found = match line.refusal(StatusCode::from_u16(*status).unwrap(), "words") {
                    Try::Told(_) => "told",
                    Try::Later(_) => "later",
                    Try::Failed(Trouble::Desk(_)) => "desk",
                    Try::Failed(Trouble::Letter(_)) => "letter",
                };
                assert_eq!(found, expect, "{status}");
            }
        }
    }

    #[test]
    fn words_of_an_answer_are_short_and_plain() {
        let of = |body: &str| words(StatusCode::BAD_GATEWAY, body.as_bytes());
        assert_eq!(
            of(r#"{"title": "Busy", "detail": "Come\u001b[2J back", "status": 503}"#),
            "Come[2J back Busy"
        );
        let long = format!(r#"{{"detail": "{}"}}"#, "é".repeat(1000));
        assert_eq!(of(&long).chars().count(), WORDS_CHARS_MAX);
        for odd in ["", "<html>", "[1]", "{}", r#"{"detail": 7}"#] {
            assert_eq!(of(odd), "502 Bad Gateway", "{odd}");
        }
    }
}

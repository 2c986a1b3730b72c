//! Telling other programs by HTTP, signed as Standard Webhooks says (specification 1.0.0, of standardwebhooks.com).
//!
//! Here: the signature, one POST and its guard against addresses inside the own network. Not here: what is told, and when again.

mod guard;
mod sign;

use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::Policy;
use thiserror::Error;

pub use guard::is_public;
pub use sign::{SECRET_BYTES, signature, written};

use crate::tls;

/// Longest that one POST may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Longest URL.
const URL_BYTES_MAX: usize = 2_000;

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id: the same however often it is told.
    pub id: String,
    /// When it is told, in seconds since 1970.
    pub at: i64,
    /// JSON.
    pub body: String,
}

/// How other programs are reached.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Certificates trusted besides the usual ones, in PEM.
    pub extra_roots: Vec<u8>,
    /// Whether addresses inside the own network may be told, and without TLS.
    pub may_be_inside: bool,
}

/// Why something was not told.
#[derive(Debug, Error)]
pub enum WebhookFailure {
    /// The address cannot be one.
    #[error("{0}")]
    BadUrl(&'static str),
    /// The host is not known.
    #[error("the host is not known")]
    NoHost,
    /// The host is inside the own network.
    #[error("the host is inside the own network")]
    Inside,
    /// No answer in time.
    #[error("no answer in time")]
    Silent,
    /// The line cannot be had or broke.
    #[error("no connection")]
    NoLine(#[source] reqwest::Error),
    /// It was answered with a refusal.
    #[error("answered {0}")]
    Refused(u16),
}

impl WebhookFailure {
    /// The status that was answered, if any.
    pub fn status(&self) -> Option<u16> {
        if let Self::Refused(status) = self { Some(*status) } else { None }
    }
}

/// An address that can be told: `https`, or `http` where insiders may be; a host; nobody's name and password in it.
pub fn address(url: &str, settings: &Settings) -> Result<Url, WebhookFailure> {
    let bad = WebhookFailure::BadUrl;
    if url.len() > URL_BYTES_MAX {
        return Err(bad("the address is too long"));
    }
    let url = Url::parse(url.trim()).map_err(|_| bad("this is no address"))?;
    let is_plain = url.scheme() == "http" && settings.may_be_inside;
    if url.scheme() != "https" && !is_plain {
        return Err(bad("the address must begin with https://"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(bad("the address names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("the address must hold no name and no password"));
    }
    Ok(url)
}

/// Tells once. The host's addresses are looked at before, and only those are connected to; nobody is followed elsewhere.
pub async fn tell(
    url: &str,
    secret: &[u8],
    message: &Message,
    settings: &Settings,
) -> Result<u16, WebhookFailure> {
    let url = address(url, settings)?;
    let places = tokio::time::timeout(PATIENCE, guard::places(&url, settings.may_be_inside));
    let places = places.await.map_err(|_| WebhookFailure::Silent)??;
    let host = url.host_str().unwrap_or_default().to_owned();
    let tls = tls::client_config(&settings.extra_roots);
    let tls = tls.map_err(|_| WebhookFailure::BadUrl("the extra certificates cannot be read"))?;
    let http = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .resolve_to_addrs(&host, &places)
        .redirect(Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .pool_max_idle_per_host(0)
        .build()
        .map_err(WebhookFailure::NoLine)?;
    let asked = http
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", "Suivi")
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", message.at)
        .header("webhook-signature", signature(secret, message))
        .body(message.body.clone());
    match asked.send().await {
        // What else is answered is not read.
        Ok(answer) if answer.status().is_success() => Ok(answer.status().as_u16()),
        Ok(answer) => Err(WebhookFailure::Refused(answer.status().as_u16())),
        Err(error) if error.is_timeout() => Err(WebhookFailure::Silent),
        Err(error) => Err(WebhookFailure::NoLine(error.without_url())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_cannot_be_told_are_refused() {
        let outside = Settings::default();
        let inside = Settings { may_be_inside: true, ..Settings::default() };
        assert!(address("https://shop.example/hook?x=1", &outside).is_ok());
        assert!(address("http://shop.internal:8080/hook", &inside).is_ok());
        for url in [
            "",
            "shop.example",
            "http://shop.example",
            "ftp://shop.example",
            "file:///etc/passwd",
            "https://a:b@shop.example",
            "https://",
            "javascript:alert(1)",
        ] {
            assert!(address(url, &outside).is_err(), "{url}");
        }
        assert!(address(&format!("https://shop.example/{}", "x".repeat(2_000)), &outside).is_err());
    }

    #[tokio::test]
    async fn nobody_inside_is_told() {
        let message = Message { id: "evt_1".to_owned(), at: 1, body: "{}".to_owned() };
        for url in [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/",
            "https://[::ffff:192.168.0.1]/",
            "https://0x7f000001/",
            "https://2130706433/",
        ] {
            let told = tell(url, b"secret", &message, &Settings::default()).await;
            assert!(matches!(told, Err(WebhookFailure::Inside)), "{url}: {told:?}");
        }
    }
}

//! The line to a running desk: where it is, who asks, and the client that both `suivi take-in` and `suivi api` ask with.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::header::{ACCEPT_LANGUAGE, AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use super::Settings;
use crate::config::Config;

/// Longest wait for a connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
pub(super) struct WhichDesk {
    /// Where the running desk is reached [default: `public_url` of the settings].
    #[arg(long)]
    url: Option<String>,
    /// API token; better in the environment, where others do not see it.
    #[arg(long, env = "SUIVI_TOKEN", hide_env_values = true)]
    token: Token,
    #[command(flatten)]
    settings: Settings,
}

/// An API token. It is written nowhere.
#[derive(Clone)]
struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token")
    }
}

impl FromStr for Token {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.trim().to_owned()))
    }
}

impl WhichDesk {
    /// Where the desk is, and the certificates to trust besides the usual ones. Whoever says where it is needs no settings.
    pub(super) fn found(&self) -> anyhow::Result<(Url, Vec<u8>)> {
        let is_told = self.url.is_some() && self.settings.config.is_none();
        let config: Option<Config> = match self.settings.read() {
            Ok(config) => Some(config),
            Err(_) if is_told => None,
            Err(error) => return Err(error.context("say where the desk is with --url, or mend the settings")),
        };
        let (public_url, extra_roots) =
            config.map(|config| (config.public_url, config.extra_roots)).unwrap_or_default();
        let text = self.url.as_deref().unwrap_or(&public_url);
        let url = Url::parse(text)
            .with_context(|| format!("{text:?} is no address, such as https://desk.brand.fr"))?;
        if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
            bail!("{text:?} is no address of a desk, such as https://desk.brand.fr");
        }
        Ok((url, extra_roots))
    }

    /// Who asks.
    pub(super) fn token(&self) -> &str {
        &self.token.0
    }
}

/// A client that speaks for a token: to the desk that was named, and nowhere else.
pub(super) fn client(token: &str, extra_roots: &[u8], patience: Duration) -> anyhow::Result<Client> {
    if token.is_empty() {
        bail!("the token is empty");
    }
    let mut bearer = HeaderValue::from_str(&format!("Bearer {token}")).ok().context("this is no token")?;
    bearer.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
    Ok(Client::builder()
        .tls_backend_preconfigured(channels::tls::client_config(extra_roots).context("ca_file")?)
        .default_headers(headers)
        .redirect(Policy::none())
        .no_proxy()
        .timeout(patience)
        .connect_timeout(CONNECT_PATIENCE)
        .build()?)
}

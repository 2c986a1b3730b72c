//! Asking a token endpoint (RFC 6749 3.2): one POST, no redirects, bounded in time and size. Tokens are not kept here.

use reqwest::header::ACCEPT;
use reqwest::redirect::Policy;

use super::answer::{Granted, OAuthFailure, read};
use super::settings::{OAuthSettings, endpoint};
use crate::tls;

/// A token of Microsoft's is 2 to 4 KiB; nothing honest is larger.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// An application that asks for tokens.
#[derive(Debug, Clone)]
pub struct OAuthClient {
    settings: OAuthSettings,
    http: reqwest::Client,
    token_url: reqwest::Url,
}

impl OAuthClient {
    /// Prepares asking; nothing is sent. Fails when the address or the extra roots cannot be used.
    pub fn new(settings: OAuthSettings) -> Result<Self, OAuthFailure> {
        let unusable = |text: String| OAuthFailure::ClientRefused { text };
        let token_url = endpoint(&settings.provider.token_url())?;
        let tls =
            tls::client_config(&settings.extra_roots).map_err(|failure| unusable(failure.to_string()))?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(Policy::none())
            .no_proxy()
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout)
            // Tokens are asked for once an hour: a line kept open would only go stale.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|_| unusable("no line can be prepared".to_owned()))?;
        Ok(Self { settings, http, token_url })
    }

    /// A new access token for an old grant (RFC 6749 6).
    pub async fn refresh(&self, refresh_token: &str) -> Result<Granted, OAuthFailure> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("scope", self.settings.provider.scope()),
        ];
        let granted = self.ask(&form, &[refresh_token]).await?;
        // The same again is no rotation.
        let refresh_token = granted.refresh_token.filter(|given| given != refresh_token);
        Ok(Granted { refresh_token, ..granted })
    }

    /// Tokens for the code that a person brought back (RFC 6749 4.1.3, RFC 7636 4.5).
    pub async fn exchange(
        &self,
        code: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<Granted, OAuthFailure> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        self.ask(&form, &[code, verifier]).await
    }

    /// An access token for the application itself, without a person (RFC 6749 4.4).
    pub async fn client_credentials(&self) -> Result<Granted, OAuthFailure> {
        if self.settings.client_secret.is_none() {
            let text = "an application without a secret gets no access of its own".to_owned();
            return Err(OAuthFailure::ClientRefused { text });
        }
        let form = [("grant_type", "client_credentials"), ("scope", self.settings.provider.app_scope())];
        self.ask(&form, &[]).await
    }

    async fn ask(&self, form: &[(&str, &str)], secrets: &[&str]) -> Result<Granted, OAuthFailure> {
        let mut form = form.to_vec();
        form.push(("client_id", &self.settings.client_id));
        let mut secrets = secrets.to_vec();
        if let Some(secret) = &self.settings.client_secret {
            form.push(("client_secret", secret));
            secrets.push(secret);
        }
        // The timeout of the client covers the whole answer.
        let asking = self.http.post(self.token_url.clone()).header(ACCEPT, "application/json").form(&form);
        let response = asking.send().await.map_err(failure)?;
        let status = response.status().as_u16();
        let body = body(response).await?;
        read(status, &body, &secrets)
    }
}

async fn body(mut response: reqwest::Response) -> Result<Vec<u8>, OAuthFailure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(OAuthFailure::unreadable("more than 64 KiB"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err calls")]
fn failure(error: reqwest::Error) -> OAuthFailure {
    if error.is_timeout() {
        return OAuthFailure::passing("no answer in time");
    }
    // The innermost reason says what happened; the outer ones repeat the address.
    let mut reason: &dyn std::error::Error = &error;
    // Chains of errors are a handful long.
    for _ in 0..10 {
        let Some(source) = reason.source() else { break };
        reason = source;
    }
    OAuthFailure::passing(&reason.to_string())
}

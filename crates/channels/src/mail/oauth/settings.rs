//! Whom we ask for tokens, and as whom. No sockets here.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use super::answer::OAuthFailure;

/// Who grants access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// Microsoft 365.
    Microsoft {
        /// The company's tenant (an id or a domain), or `common`.
        tenant: String,
    },
    /// Google Workspace and Gmail.
    Google,
    /// Any other.
    Other {
        /// Where a person grants access (RFC 6749 3.1).
        authorize_url: String,
        /// Where tokens are given (RFC 6749 3.2).
        token_url: String,
        /// What is asked for, separated by spaces.
        scope: String,
    },
}

impl Provider {
    /// Where a person grants access.
    pub fn authorize_url(&self) -> String {
        match self {
            Self::Microsoft { tenant } => microsoft(tenant, "authorize"),
            Self::Google => "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            Self::Other { authorize_url, .. } => authorize_url.clone(),
        }
    }

    /// Where tokens are given.
    pub fn token_url(&self) -> String {
        match self {
            Self::Microsoft { tenant } => microsoft(tenant, "token"),
            Self::Google => "https://oauth2.googleapis.com/token".to_owned(),
            Self::Other { token_url, .. } => token_url.clone(),
        }
    }

    /// What is asked for on behalf of a person: reading and sending mail, for as long as they let us.
    pub fn scope(&self) -> &str {
        match self {
            Self::Microsoft { .. } => {
                "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
            }
            Self::Google => "https://mail.google.com/",
            Self::Other { scope, .. } => scope,
        }
    }

    /// What an application asks for by itself, without a person (RFC 6749 4.4).
    pub fn app_scope(&self) -> &str {
        match self {
            Self::Microsoft { .. } => "https://outlook.office365.com/.default",
            Self::Google | Self::Other { .. } => self.scope(),
        }
    }
}

fn microsoft(tenant: &str, what: &str) -> String {
    // A tenant is an id or a domain; anything else could turn the address into another one.
    let tenant: String =
        tenant.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
    format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/{what}")
}

/// Whom we ask, and as whom.
#[derive(Clone, PartialEq, Eq)]
pub struct OAuthSettings {
    /// Who grants access.
    pub provider: Provider,
    /// The application's id there.
    pub client_id: String,
    /// The application's secret; none for a public application, which PKCE protects.
    pub client_secret: Option<String>,
    /// Root certificates in PEM that are believed beside Mozilla's; may be empty.
    pub extra_roots: Vec<u8>,
    /// The longest wait for an answer, connecting included.
    pub timeout: Duration,
}

impl fmt::Debug for OAuthSettings {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { provider, client_id, timeout, .. } = self;
        write!(
            f,
            "OAuthSettings {{ provider: {provider:?}, client_id: {client_id:?}, timeout: {timeout:?}, .. }}"
        )
    }
}

/// An address that secrets may go to: `https`, or this very machine.
pub(super) fn endpoint(url: &str) -> Result<reqwest::Url, OAuthFailure> {
    let unusable = |text: &str| OAuthFailure::ClientRefused { text: text.to_owned() };
    let url = reqwest::Url::parse(url).map_err(|_| unusable("the address of the provider is no URL"))?;
    let is_here = url.host_str().is_some_and(is_loopback);
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here => Ok(url),
        _ => Err(unusable("the address of the provider must begin with https://")),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || bare.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_to_https_or_nowhere() {
        for url in
            ["https://id.example/token", "http://127.0.0.1:8/t", "http://[::1]/t", "http://localhost/t"]
        {
            assert!(endpoint(url).is_ok(), "{url}");
        }
        for url in ["http://id.example/token", "ftp://127.0.0.1/", "http://127.0.0.1.example/", "token", ""] {
            assert!(endpoint(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_tenant_stays_a_tenant() {
        let url = |tenant: &str| Provider::Microsoft { tenant: tenant.to_owned() }.token_url();
        assert_eq!(
            url("contoso.example"),
            "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token"
        );
        assert_eq!(url("a/../@evil?#x"), "https://login.microsoftonline.com/a..evilx/oauth2/v2.0/token");
    }
}

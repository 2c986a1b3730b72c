//! What a token endpoint answers (RFC 6749 5), and what it means for us. No sockets here.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;

use crate::mail::sentence::one_line;

/// Tokens that live longer than this are believed to live so long; keeps sums with dates within bounds.
const SECONDS_MAX: u64 = 10 * 366 * 24 * 3600;

/// Access that was granted.
#[derive(Clone, PartialEq, Eq)]
pub struct Granted {
    /// What is shown to the mail server.
    pub access_token: String,
    /// How long it is good, when told (RFC 6749 5.1).
    pub expires_in: Option<Duration>,
    /// The refresh token that counts from now on, when it is a new one.
    pub refresh_token: Option<String>,
    /// When the grant itself ends, when told: after that a person has to grant anew.
    pub grant_ends_in: Option<Duration>,
}

impl fmt::Debug for Granted {
    /// Without the tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expires_in, grant_ends_in, .. } = self;
        write!(f, "Granted {{ expires_in: {expires_in:?}, grant_ends_in: {grant_ends_in:?}, .. }}")
    }
}

/// No token was given. Texts are one line of at most 300 characters, without our secrets; they may name people.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OAuthFailure {
    /// The grant or the code has ended, or was taken back: a person has to grant access anew.
    #[error("the grant has ended: {text}")]
    GrantEnded {
        /// The provider's words.
        text: String,
    },
    /// The application itself is refused: wrong id, secret, scope or address. A person has to mend the settings.
    #[error("the application was refused: {text}")]
    ClientRefused {
        /// The provider's words, or ours.
        text: String,
    },
    /// Not reached, too slow, or not now.
    #[error("no token for now: {text}")]
    Passing {
        /// What happened.
        text: String,
    },
    /// The answer is none that a token endpoint gives.
    #[error("the answer cannot be understood: {text}")]
    Unreadable {
        /// What was wrong with it, in our words.
        text: String,
    },
}

impl OAuthFailure {
    /// Whether it stays as it is until a person does something.
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::GrantEnded { .. } | Self::ClientRefused { .. })
    }

    pub(super) fn passing(text: &str) -> Self {
        Self::Passing { text: one_line(text) }
    }

    pub(super) fn unreadable(text: &str) -> Self {
        Self::Unreadable { text: one_line(text) }
    }
}

/// Seconds as a number or, at some providers, as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(f64),
    Text(String),
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    token_type: Option<String>,
    expires_in: Option<Seconds>,
    refresh_token: Option<String>,
    /// Google, Microsoft.
    refresh_token_expires_in: Option<Seconds>,
    /// Keycloak and others.
    refresh_expires_in: Option<Seconds>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    error_description: Option<String>,
}

/// Reads an answer. `secrets` are blotted out in what it says.
pub(super) fn read(status: u16, body: &[u8], secrets: &[&str]) -> Result<Granted, OAuthFailure> {
    if status >= 500 || matches!(status, 408 | 429) {
        return Err(OAuthFailure::passing(&format!("HTTP {status}")));
    }
    if (200..300).contains(&status) {
        return tokens(body);
    }
    if (300..400).contains(&status) {
        return Err(OAuthFailure::unreadable("it leads elsewhere, and secrets are not sent after it"));
    }
    match serde_json::from_slice::<Refusal>(body) {
        Ok(refusal) => Err(refused(&refusal, secrets)),
        Err(_) => Err(OAuthFailure::unreadable(&format!("HTTP {status} without a reason"))),
    }
}

fn tokens(body: &[u8]) -> Result<Granted, OAuthFailure> {
    // The reason of serde may quote what it read, which is a secret.
    let tokens: Tokens =
        serde_json::from_slice(body).map_err(|_| OAuthFailure::unreadable("no tokens in it"))?;
    let is_bearer = tokens.token_type.is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    if !is_bearer || !is_token(&tokens.access_token) {
        return Err(OAuthFailure::unreadable("no bearer token in it"));
    }
    Ok(Granted {
        access_token: tokens.access_token,
        expires_in: tokens.expires_in.and_then(duration),
        refresh_token: tokens.refresh_token.filter(|token| is_token(token)),
        grant_ends_in: tokens
            .refresh_token_expires_in
            .and_then(duration)
            .or_else(|| tokens.refresh_expires_in.and_then(duration)),
    })
}

/// RFC 6749 appendix A.12: visible ASCII. What goes into a header or a login must not end it.
fn is_token(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| matches!(byte, 0x20..=0x7e))
}

/// Nothing and less means "not told": Keycloak says 0 for a grant that does not end.
fn duration(seconds: Seconds) -> Option<Duration> {
    let seconds = match seconds {
        Seconds::Number(seconds) => seconds,
        Seconds::Text(text) => text.trim().parse().ok()?,
    };
    let longest = Duration::from_secs(SECONDS_MAX);
    (seconds >= 1.0)
        .then(|| Duration::try_from_secs_f64(seconds.floor()).map_or(longest, |told| told.min(longest)))
}

fn refused(refusal: &Refusal, secrets: &[&str]) -> OAuthFailure {
    let mut text = refusal.error.clone();
    if let Some(description) = &refusal.error_description {
        text = format!("{text}: {description}");
    }
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "…");
    }
    let text = one_line(&text);
    match refusal.error.as_str() {
        "invalid_grant"
        | "interaction_required"
        | "consent_required"
        | "login_required"
        | "access_denied" => OAuthFailure::GrantEnded { text },
        "temporarily_unavailable" | "server_error" | "slow_down" => OAuthFailure::Passing { text },
        "invalid_client"
        | "unauthorized_client"
        | "invalid_scope"
        | "invalid_request"
        | "invalid_resource"
        | "unsupported_grant_type"
        | "redirect_uri_mismatch"
        | "deleted_client"
        | "disabled_client"
        | "org_internal"
        | "admin_policy_enforced" => OAuthFailure::ClientRefused { text },
        _ => OAuthFailure::Unreadable { text },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(body: &str) -> Result<Granted, OAuthFailure> {
        read(200, body.as_bytes(), &[])
    }

    #[test]
    fn tokens_are_read() {
        let full = granted(
            r#"{"access_token":"a","token_type":"Bearer","expires_in":3599,"refresh_token":"r","refresh_token_expires_in":604799,"x":[]}"#,
        );
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(
            full.unwrap(),
            Granted {
                access_token: "a".to_owned(),
                expires_in: seconds(3599),
                refresh_token: Some("r".to_owned()),
                grant_ends_in: seconds(604_799)
            }
        );
        for (given, expected) in [
            ("\"3600\"", seconds(3600)),
            ("0", None),
            ("-5", None),
            ("1e300", seconds(SECONDS_MAX)),
            ("null", None),
            ("\"soon\"", None),
        ] {
            let body = format!(r#"{{"access_token":"a","expires_in":{given},"refresh_expires_in":{given}}}"#);
            let granted = granted(&body).unwrap();
            assert_eq!((granted.expires_in, granted.grant_ends_in), (expected, expected), "{given}");
        }
    }

    #[test]
    fn what_is_no_token_is_unreadable() {
        for body in [
            "",
            "[]",
            "{}",
            r#"{"access_token":""}"#,
            r#"{"access_token":"a\r\nb"}"#,
            r#"{"access_token":"a","token_type":"mac"}"#,
            r#"{"access_token":7}"#,
            "<html>",
        ] {
            assert!(matches!(granted(body), Err(OAuthFailure::Unreadable { .. })), "{body}");
        }
        assert!(matches!(read(302, b"", &[]), Err(OAuthFailure::Unreadable { .. })));
        assert!(matches!(read(404, b"<html>", &[]), Err(OAuthFailure::Unreadable { .. })));
    }

    #[test]
    fn refusals_are_told_apart() {
        let failure = |status, error: &str| {
            let body =
                format!(r#"{{"error":"{error}","error_description":"AADSTS1: no\r\nTrace: hush-hush"}}"#);
            read(status, body.as_bytes(), &["hush-hush", ""]).unwrap_err()
        };
        let text = "invalid_grant: AADSTS1: no Trace: …".to_owned();
        assert_eq!(failure(400, "invalid_grant"), OAuthFailure::GrantEnded { text });
        assert!(matches!(failure(401, "invalid_client"), OAuthFailure::ClientRefused { .. }));
        assert!(matches!(failure(400, "unauthorized_client"), OAuthFailure::ClientRefused { .. }));
        assert!(matches!(failure(400, "temporarily_unavailable"), OAuthFailure::Passing { .. }));
        assert!(matches!(failure(503, "invalid_grant"), OAuthFailure::Passing { .. }));
        assert!(matches!(failure(429, "invalid_grant"), OAuthFailure::Passing { .. }));
        assert!(matches!(failure(400, "something_new"), OAuthFailure::Unreadable { .. }));
    }

    #[test]
    fn nothing_shows_a_token() {
        let granted = granted(r#"{"access_token":"hush-1","refresh_token":"hush-2"}"#).unwrap();
        assert!(!format!("{granted:?}").contains("hush"));
    }
}

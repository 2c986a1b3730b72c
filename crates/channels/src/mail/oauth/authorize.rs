//! Sending a person to where they grant access (RFC 6749 4.1.1) with proof that the answer comes back to us (RFC 7636).
//! State and verifier are arguments: nothing random is made here.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::answer::OAuthFailure;
use super::settings::{OAuthSettings, Provider, endpoint};

/// What one request for access is made of.
#[derive(Debug, Clone, Copy)]
pub struct Authorization<'a> {
    /// Where the answer goes: our own address, as registered with the provider.
    pub redirect_uri: &'a str,
    /// What comes back untouched, to recognise the request by; random, and known to nobody else.
    pub state: &'a str,
    /// The PKCE verifier: 43 to 128 characters of `A-Z a-z 0-9 - . _ ~` (RFC 7636 4.1), random and kept until the
    /// code is exchanged.
    pub verifier: &'a str,
    /// The account that access is wanted for, so that the person need not pick it.
    pub login_hint: Option<&'a str>,
}

/// The address to send the person to. Fails when the provider's address or the verifier cannot be used.
pub fn authorize_url(settings: &OAuthSettings, request: &Authorization<'_>) -> Result<String, OAuthFailure> {
    if !is_verifier(request.verifier) {
        return Err(OAuthFailure::ClientRefused { text: "the PKCE verifier has a wrong form".to_owned() });
    }
    let mut url = endpoint(&settings.provider.authorize_url())?;
    let mut query = url.query_pairs_mut();
    query
        .append_pair("response_type", "code")
        .append_pair("client_id", &settings.client_id)
        .append_pair("redirect_uri", request.redirect_uri)
        .append_pair("scope", settings.provider.scope())
        .append_pair("state", request.state)
        .append_pair("code_challenge", &challenge(request.verifier))
        .append_pair("code_challenge_method", "S256");
    if let Some(hint) = request.login_hint {
        query.append_pair("login_hint", hint);
    }
    if settings.provider == Provider::Google {
        // Without these Google gives a refresh token the first time only.
        query.append_pair("access_type", "offline").append_pair("prompt", "consent");
    }
    drop(query);
    Ok(url.into())
}

/// `BASE64URL(SHA256(verifier))` (RFC 7636 4.2).
fn challenge(verifier: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()))
}

fn is_verifier(verifier: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    fn settings(provider: Provider) -> OAuthSettings {
        OAuthSettings {
            provider,
            client_id: "desk".to_owned(),
            client_secret: Some("hidden".to_owned()),
            extra_roots: Vec::new(),
            timeout: Duration::from_secs(5),
        }
    }

    fn url(provider: Provider, verifier: &str, login_hint: Option<&str>) -> Result<String, OAuthFailure> {
        let redirect_uri = "https://desk.example/oauth?x=1";
        authorize_url(
            &settings(provider),
            &Authorization { redirect_uri, state: "s&t", verifier, login_hint },
        )
    }

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636 appendix B.
        assert_eq!(challenge(VERIFIER), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_person_is_sent_where_they_can_grant() {
        let tenant = "contoso.example".to_owned();
        let sent = url(Provider::Microsoft { tenant }, VERIFIER, Some("aide@contoso.example")).unwrap();
        assert_eq!(
            sent,
            "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize?response_type=code&client_id=desk\
             &redirect_uri=https%3A%2F%2Fdesk.example%2Foauth%3Fx%3D1\
             &scope=https%3A%2F%2Foutlook.office.com%2FIMAP.AccessAsUser.All+https%3A%2F%2Foutlook.office.com%2FSMTP.Send+offline_access\
             &state=s%26t&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256\
             &login_hint=aide%40contoso.example"
        );
        assert!(
            url(Provider::Google, VERIFIER, None).unwrap().ends_with("&access_type=offline&prompt=consent")
        );
    }

    #[test]
    fn a_weak_verifier_is_refused() {
        for verifier in ["", "short", &"a".repeat(129), &format!("{VERIFIER}é"), &format!("{VERIFIER} ")] {
            assert!(url(Provider::Google, verifier, None).is_err(), "{verifier}");
        }
    }
}

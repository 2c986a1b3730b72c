//! Asking a token server for access, and a real Dovecot that believes it: refresh, exchange, an application by itself.

use std::collections::BTreeMap;
use std::time::Duration;

use channels::mail::imap::{Fetched, ImapFailure, ImapSettings, Login, Mailbox, check};
use channels::mail::oauth::{OAuthClient, OAuthFailure, OAuthSettings, Provider};
use channels::mail::send::Tls;

use super::dovecot::Dovecot;
use super::tokens::{TokenServer, json};

const GOOD: &str = r#"{"access_token":"good-token","token_type":"Bearer","expires_in":3600,"refresh_token":"next","refresh_token_expires_in":86400}"#;

fn settings(token_url: String) -> OAuthSettings {
    OAuthSettings {
        provider: Provider::Other {
            authorize_url: "https://id.example/authorize".to_owned(),
            token_url,
            scope: "mail offline".to_owned(),
        },
        client_id: "desk".to_owned(),
        client_secret: Some("hush-secret".to_owned()),
        extra_roots: Vec::new(),
        timeout: Duration::from_secs(20),
    }
}

fn client(server: &TokenServer) -> OAuthClient {
    OAuthClient::new(settings(format!("{}/token", server.url()))).unwrap()
}

/// The fields of a form without anything that needs decoding.
fn form(body: &str) -> BTreeMap<&str, &str> {
    body.split('&').filter_map(|field| field.split_once('=')).collect()
}

#[tokio::test]
async fn tokens_are_asked_for_as_the_rfc_says() {
    let server = TokenServer::start(|_, _| json(200, GOOD)).await;
    let client = client(&server);
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    for refresh_token in ["old", "next"] {
        let granted = client.refresh(refresh_token).await.unwrap();
        assert_eq!((granted.access_token.as_str(), granted.expires_in), ("good-token", seconds(3600)));
        assert_eq!(granted.grant_ends_in, seconds(86_400));
        assert_eq!(granted.refresh_token.is_some(), refresh_token == "old", "the same again is no new one");
    }
    client.exchange("code", "x", "verifier").await.unwrap();
    client.client_credentials().await.unwrap();
    let ours = [("client_id", "desk"), ("client_secret", "hush-secret")];
    let expected: [&[(&str, &str)]; 4] = [
        &[("grant_type", "refresh_token"), ("refresh_token", "old"), ("scope", "mail+offline")],
        &[("grant_type", "refresh_token"), ("refresh_token", "next"), ("scope", "mail+offline")],
        &[
            ("grant_type", "authorization_code"),
            ("code", "code"),
            ("redirect_uri", "x"),
            ("code_verifier", "verifier"),
        ],
        &[("grant_type", "client_credentials"), ("scope", "mail+offline")],
    ];
    let asked = server.asked();
    assert_eq!(asked.len(), expected.len());
    for ((path, body), expected) in asked.iter().zip(expected) {
        assert_eq!((path.as_str(), form(body)), ("/token", expected.iter().copied().chain(ours).collect()));
    }
}

#[tokio::test]
async fn failures_are_told_apart_and_keep_secrets() {
    let refusal = |error: &str| {
        json(400, &format!(r#"{{"error":"{error}","error_description":"hush-secret hush-refresh"}}"#))
    };
    let large = format!(r#"{{"access_token":"{}"}}"#, "a".repeat(70_000));
    for (answer, kind, is_lasting) in [
        (refusal("invalid_grant"), "the grant has ended", true),
        (refusal("invalid_client"), "the application was refused", true),
        (refusal("temporarily_unavailable"), "no token for now", false),
        (json(503, "{}"), "no token for now: HTTP 503", false),
        (json(200, "{}"), "the answer cannot be understood", false),
        (json(200, &large), "the answer cannot be understood: more than 64 KiB", false),
        (json(404, "<html>"), "the answer cannot be understood", false),
        (
            "HTTP/1.1 302 Found\r\nLocation: /token2\r\nContent-Length: 0\r\n\r\n".to_owned(),
            "the answer cannot be understood",
            false,
        ),
        ("SMTP?\r\n".to_owned(), "no token for now", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_owned(), "no token for now", false),
    ] {
        let server = TokenServer::start(move |_, _| answer.clone()).await;
        let failure = client(&server).refresh("hush-refresh").await.unwrap_err();
        let text = failure.to_string();
        assert!(text.starts_with(kind), "{kind}: {text}");
        assert_eq!(failure.is_lasting(), is_lasting, "{text}");
        assert!(!format!("{text} {failure:?}").contains("hush"), "{text}");
        assert_eq!(server.asked().len(), 1, "secrets are sent once and nowhere else");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_or_silent_is_passing() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", listener.local_addr().unwrap());
    let hurried = OAuthSettings { timeout: Duration::from_millis(200), ..settings(url.clone()) };
    let silent = OAuthClient::new(hurried).unwrap().refresh("r").await.unwrap_err();
    assert_eq!(silent, OAuthFailure::Passing { text: "no answer in time".to_owned() });
    drop(listener);
    let closed = OAuthClient::new(settings(url)).unwrap().refresh("r").await.unwrap_err();
    assert!(matches!(&closed, OAuthFailure::Passing { text } if text.contains("refused")), "{closed}");
}

#[test]
fn settings_show_no_secret_and_go_to_https_only() {
    assert!(!format!("{:?}", settings("https://id.example/token".to_owned())).contains("hush"));
    let client = OAuthClient::new(settings("https://id.example/token".to_owned())).unwrap();
    assert!(!format!("{client:?}").contains("hush"));
    let refused = OAuthClient::new(settings("http://id.example/token".to_owned())).unwrap_err();
    assert!(matches!(refused, OAuthFailure::ClientRefused { .. }));
    let roots =
        OAuthSettings { extra_roots: b"no PEM".to_vec(), ..settings("https://id.example/token".to_owned()) };
    assert!(OAuthClient::new(roots).is_err());
}

#[tokio::test]
async fn a_company_may_have_its_own_authority() {
    // Any server with TLS shows whether its certificate is believed; this one then speaks IMAP and not HTTP.
    let Some(server) = Dovecot::start() else { return };
    // Its greeting comes before our question or after it.
    let understood = ["invalid HTTP", "unexpected message"];
    for (extra_roots, expected) in [(server.roots(), &understood[..]), (Vec::new(), &["UnknownIssuer"])] {
        let url = format!("https://localhost:{}/token", server.imaps);
        let settings = OAuthSettings { extra_roots, ..settings(url) };
        let failure = OAuthClient::new(settings).unwrap().refresh("r").await.unwrap_err();
        let text = failure.to_string();
        assert!(expected.iter().any(|words| text.contains(words)), "{text}");
    }
}

const WITH_TOKENS: &str = "
auth_mechanisms = plain xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = FOLDER/oauth2.conf
}
";

#[tokio::test]
async fn dovecot_believes_a_token_and_refuses_an_old_one() {
    let tokens = TokenServer::start(|path, body| match path {
        "/token" => json(200, GOOD),
        "/introspect" if form(body).get("token") == Some(&"good-token") => {
            json(200, r#"{"active":true,"username":"aide"}"#)
        }
        _ => json(200, r#"{"active":false}"#),
    })
    .await;
    let Some(server) = Dovecot::start_with(WITH_TOKENS) else { return };
    server.write(
        "oauth2.conf",
        &format!(
            "introspection_url = {}/introspect\nintrospection_mode = post\nactive_attribute = active\n\
             active_value = true\nusername_attribute = username\n",
            tokens.url()
        ),
    );
    server.deliver("aide", "1700000000.1.test", b"Subject: jeton\r\n\r\n");
    let granted = client(&tokens).refresh("old").await.unwrap();
    let login = |access_token: &str| Login::XOAuth2 {
        user: "aide".to_owned(),
        access_token: access_token.to_owned(),
    };
    let settings =
        ImapSettings { login: login(&granted.access_token), ..server.settings("aide", Tls::Implicit) };
    let mut mailbox = Mailbox::open(&settings).await.unwrap();
    let letters = mailbox.fetch_after(0, 10, 1_000).await.unwrap();
    assert!(matches!(&letters[..], [Fetched::Letter { uid: 1, .. }]), "{letters:?}");
    mailbox.close().await;
    let failure = check(&ImapSettings { login: login("hush-old"), ..settings }).await.unwrap_err();
    assert!(matches!(&failure, ImapFailure::WrongLogin { text } if text.contains("status 401")), "{failure}");
    assert!(!format!("{failure:?}").contains("hush"));
}

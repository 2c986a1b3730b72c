//! A browser without a screen: keeps cookies, remembers the form token of the last page, sends requests to the router.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use desk::auth::session;
use desk::desk::{Desk, Setup};
use jiff::SignedDuration;
use serde_json::Value;
use tower::ServiceExt;

use crate::support::TestDesk;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }
}

/// A browser at one desk.
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    /// Sent with every request.
    pub headers: Vec<(&'static str, String)>,
    /// The form token of the last page.
    pub csrf: String,
    /// The stamp of the last public form.
    pub stamp: String,
}

impl Browser {
    pub fn new(desk: &Desk) -> Self {
        let router = desk::web::router(desk.clone());
        Self {
            router,
            cookies: BTreeMap::new(),
            headers: Vec::new(),
            csrf: String::new(),
            stamp: String::new(),
        }
    }

    /// A browser in which somebody of the stage is signed in, by a session that the store knows.
    pub async fn of(desk: &Desk, agent: &casework::Agent) -> Self {
        let mut browser = Self::new(desk);
        let token = session::new_token(desk);
        let now = desk.clock.now();
        let end = now.checked_add(SignedDuration::from_hours(12)).unwrap();
        desk.store.begin_session(session::hash_of(&token), agent.id, now, end).await.unwrap();
        browser.cookies.insert("suivi_session".to_owned(), token);
        browser
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, String::new()).await
    }

    /// Sends a form as it stood on the last page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.post_bare(path, &all).await
    }

    /// Sends a form with these fields and no others.
    pub async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
        self.send(Method::POST, path, pairs.collect::<Vec<_>>().join("&")).await
    }

    /// Sends JSON, as programs do, with headers of this request alone.
    pub async fn json(&mut self, path: &str, body: &Value, headers: &[(&'static str, &str)]) -> Answer {
        let own = self.headers.len();
        self.headers.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let answer =
            self.send_as(Method::POST, path, ("application/json", body.to_string().into_bytes())).await;
        self.headers.truncate(own);
        answer
    }

    /// Sends a form with files, each a field's name, a file's name and its bytes.
    pub async fn post_files(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        let csrf = self.csrf.clone();
        for (name, value) in std::iter::once(&("csrf", csrf.as_str())).chain(fields) {
            body.extend(format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes());
            body.extend(value.bytes().chain(*b"\r\n"));
        }
        for (name, bytes) in files {
            let head = format!(
                "--B\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                 Content-Type: text/html\r\n\r\n"
            );
            body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        }
        body.extend(b"--B--\r\n");
        self.send_as(Method::POST, path, ("multipart/form-data; boundary=B", body)).await
    }

    /// Sends bytes of any kind.
    pub async fn post_as(&mut self, path: &str, kind: &str, body: &[u8]) -> Answer {
        self.send_as(Method::POST, path, (kind, body.to_vec())).await
    }

    pub async fn send(&mut self, method: Method, path: &str, form: String) -> Answer {
        self.send_as(method, path, ("application/x-www-form-urlencoded", form.into_bytes())).await
    }

    async fn send_as(&mut self, method: Method, path: &str, (kind, form): (&str, Vec<u8>)) -> Answer {
        let mut request =
            Request::builder().method(method.clone()).uri(path).header(header::HOST, "desk.example");
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let response = self.router.clone().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let is_stream =
            parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_stream { Vec::new() } else { to_bytes(body, 64 << 20).await.unwrap().to_vec() };
        let body = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(token) = body.split("name=\"csrf\" value=\"").nth(1) {
            token.split('"').next().unwrap().clone_into(&mut self.csrf);
        }
        if let Some(stamp) = body.split("name=\"stamp\" value=\"").nth(1) {
            stamp.split('"').next().unwrap().clone_into(&mut self.stamp);
        }
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (pair, rest) = line.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The same desk as a demonstration.
pub fn as_demo(desk: &TestDesk) -> Desk {
    let parts = &desk.desk;
    Desk::new(Setup {
        public_url: parts.public_url.clone(),
        is_demo: true,
        ..Setup::secluded(
            parts.store.clone(),
            parts.clock.clone(),
            desk::chance::Chance::seeded(99),
            parts.secret.clone(),
        )
    })
}

/// The first message that came in.
pub async fn received(desk: &TestDesk, case: &casework::Case) -> casework::MessageId {
    let states = desk.desk.store.message_states(case.brand, case.id).await.unwrap();
    states.into_iter().find(|(_, state)| *state == casework::MessageState::Received).unwrap().0
}

/// The private link of a case, as a path.
pub fn link_of(desk: &Desk, case: &casework::Case) -> String {
    format!("/c/{}", desk.secret.link_token(case, jiff::Timestamp::MAX))
}

fn escaped(value: &str) -> String {
    let bytes: Vec<String> = value.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bytes.concat()
}

//! Who is visiting, as far as their browser says: language, theme, session, where they are. Read once a request, from
//! cookies and headers; nothing here is believed before it is checked.

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};

use super::state::Web;
use crate::auth::form::Basis;
use crate::auth::session;
use crate::desk::Desk;
use crate::web::language::Language;
use crate::web::page::{LANGUAGE_COOKIE, THEME_COOKIE, Theme};

/// The cookie that holds the token of a session.
pub(super) const SESSION_COOKIE: &str = "suivi_session";
/// The cookie to which forms are bound while nobody is signed in.
const VISIT_COOKIE: &str = "suivi_visit";
/// The cookie that carries a word on what was done over one redirect.
const FLASH_COOKIE: &str = "suivi_flash";
/// Longest value of a cookie that is read, in bytes.
const COOKIE_BYTES_MAX: usize = 100;
/// Longest path and query that a page remembers of itself, in bytes.
const HERE_BYTES_MAX: usize = 500;
/// How long a choice of language or theme is kept.
const CHOICE_SECONDS: u32 = 365 * 24 * 60 * 60;

/// One visit.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// The language they chose, if they did.
    pub chosen: Option<Language>,
    /// The language they read, as far as can be told.
    pub language: Language,
    /// The theme they chose.
    pub theme: Theme,
    /// The token of their session, unchecked.
    pub session: Option<String>,
    /// What their forms are bound to while they are not signed in.
    pub token: String,
    /// Path and query of this request.
    pub here: String,
    /// The catalogue key of a word to show once.
    pub flash: Option<String>,
    /// True when only a part of a page is asked for.
    pub is_part: bool,
    /// Where they come from.
    pub peer: Option<IpAddr>,
}

impl Visit {
    fn read(desk: &Desk, request: &Request) -> (Self, bool) {
        let headers = request.headers();
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(Language::from_code);
        let accepted = text(header::ACCEPT_LANGUAGE);
        let is_part = headers.contains_key("hx-request");
        let known = cookie(headers, VISIT_COOKIE).map(str::to_owned);
        let is_new = known.is_none();
        let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let visit = Self {
            chosen,
            language: chosen.unwrap_or_else(|| Language::choose(None, accepted)),
            theme: cookie(headers, THEME_COOKIE).map(Theme::from_code).unwrap_or_default(),
            session: cookie(headers, SESSION_COOKIE).map(str::to_owned),
            token: known.unwrap_or_else(|| session::new_token(desk)),
            here: if here.len() <= HERE_BYTES_MAX { here.to_owned() } else { "/".to_owned() },
            flash: cookie(headers, FLASH_COOKIE).filter(|_| !is_part).map(str::to_owned),
            is_part,
            peer: peer.map(|ConnectInfo(address)| address.ip()),
        };
        (visit, is_new)
    }

    /// What this visitor's forms are bound to.
    pub fn basis(&self) -> Basis<'_> {
        match &self.session {
            Some(session) => Basis::Session(session),
            None => Basis::Visit(&self.token),
        }
    }
}

/// Reads the visit for all that follows. Somebody who comes for the first time and gets a page also gets the cookie
/// that its forms are bound to; a word that was shown is forgotten.
pub(super) async fn greet(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let (visit, is_new) = Visit::read(&web.desk, &request);
    let (token, had_flash) = (visit.token.clone(), visit.flash.is_some());
    request.extensions_mut().insert(visit);
    let mut response = next.run(request).await;
    let media_type = response.headers().get(header::CONTENT_TYPE);
    if media_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html")) {
        if is_new {
            set_cookie(
                &mut response,
                &cookie_line(&web.desk, VISIT_COOKIE, &token, Keep::Session, Reach::Server),
            );
        }
        if had_flash {
            set_cookie(
                &mut response,
                &cookie_line(&web.desk, FLASH_COOKIE, "", Keep::Seconds(0), Reach::Server),
            );
        }
    }
    response
}

/// How long a browser keeps a cookie.
#[derive(Debug, Clone, Copy)]
enum Keep {
    /// Until it is closed.
    Session,
    /// This long.
    Seconds(u32),
}

/// Who may read a cookie.
#[derive(Debug, Clone, Copy)]
enum Reach {
    /// Only we.
    Server,
    /// The scripts of our pages as well.
    Page,
}

/// The line that begins a session in the browser.
pub(super) fn begin_session(desk: &Desk, token: &str) -> String {
    let seconds = u32::try_from(session::LASTS.as_secs()).unwrap_or_default();
    cookie_line(desk, SESSION_COOKIE, token, Keep::Seconds(seconds), Reach::Server)
}

/// The line that ends it.
pub(super) fn end_session(desk: &Desk) -> String {
    cookie_line(desk, SESSION_COOKIE, "", Keep::Seconds(0), Reach::Server)
}

/// The line that carries a word over a redirect.
pub(super) fn flash(desk: &Desk, key: &str) -> String {
    cookie_line(desk, FLASH_COOKIE, key, Keep::Seconds(30), Reach::Server)
}

/// The line that keeps a choice of language or theme.
pub(super) fn choice(desk: &Desk, name: &str, value: &str) -> String {
    cookie_line(desk, name, value, Keep::Seconds(CHOICE_SECONDS), Reach::Page)
}

/// Adds a `Set-Cookie` line.
pub(super) fn set_cookie(response: &mut Response, line: &str) {
    if let Ok(value) = HeaderValue::from_str(line) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn cookie_line(desk: &Desk, name: &str, value: &str, keep: Keep, reach: Reach) -> String {
    let age = match keep {
        Keep::Session => String::new(),
        Keep::Seconds(seconds) => format!("; Max-Age={seconds}"),
    };
    let hidden = match reach {
        Reach::Server => "; HttpOnly",
        Reach::Page => "",
    };
    let secure = if desk.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; SameSite=Lax{age}{hidden}{secure}")
}

/// The first cookie of that name, if it is made of the plain characters that ours are made of (RFC 6265, 5.4).
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let value = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(found, value)| (found.trim() == name).then_some(value.trim()))?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (!value.is_empty() && value.len() <= COOKIE_BYTES_MAX && value.chars().all(is_plain)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_by_name_and_odd_ones_passed_over() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; suivi_session=abc-_9;b=2"));
        headers.append(header::COOKIE, HeaderValue::from_static("odd=\"x\"; empty=; c=3"));
        for (name, expect) in [("a", Some("1")), ("suivi_session", Some("abc-_9")), ("c", Some("3"))] {
            assert_eq!(cookie(&headers, name), expect, "{name}");
        }
        for name in ["odd", "empty", "session", ""] {
            assert_eq!(cookie(&headers, name), None, "{name}");
        }
    }
}

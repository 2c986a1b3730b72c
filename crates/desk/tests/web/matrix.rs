//! The access matrix: every row of the table of routes, asked by every kind of visitor, with and without the token of a
//! form. One snapshot; a change in it is a change of who may do what.

use std::fmt::Write as _;

use axum::http::{Method, StatusCode};
use casework::proof::LinkTo;
use casework::{BrandId, Case, MessageId};
use desk::auth::session;
use desk::desk::Desk;
use desk::web::routes::{Access, Route, table};
use jiff::Timestamp;

use super::browser::{Browser, as_demo, received};
use crate::support::{Engine, INBOX, TestDesk, new_token};

/// What routes are asked about.
struct Subject {
    case: Case,
    message: MessageId,
    mail: String,
    link: String,
}

impl Subject {
    async fn of(desk: &TestDesk) -> Self {
        desk.hand_in("nadia@exemple.fr", INBOX, LETTER.as_bytes()).await;
        desk.settle().await;
        let case = desk.only_case().await;
        let message = received(desk, &case).await;
        let mail = desk.desk.store.postbox(1).await.unwrap()[0].id.to_string();
        let link = desk.desk.secret.link_token(&case, Timestamp::MAX);
        Self { case, message, mail, link }
    }

    fn path(&self, route: &Route, link: &str) -> String {
        let nothing = uuid::Uuid::nil().to_string();
        // Public addresses name a brand as people do.
        let is_public = route.path.starts_with("/f/") || route.path.starts_with("/api/");
        let brand = if is_public { "atelier".to_owned() } else { self.case.brand.to_string() };
        let asset = desk::web::assets::url("app.css").trim_start_matches("/assets/");
        let names = [
            ("{reference}", self.case.reference.to_string()),
            ("{message}", self.message.to_string()),
            ("{index}", "0".to_owned()),
            ("{brand}", brand),
            ("{form}", "contact".to_owned()),
            ("{customer}", self.case.customer.to_string()),
            ("{order}", nothing.clone()),
            ("{letter}", nothing),
            ("{mail}", self.mail.clone()),
            ("{token}", link.to_owned()),
            ("{rule}", uuid::Uuid::nil().to_string()),
            ("{commitment}", uuid::Uuid::nil().to_string()),
            ("{account}", uuid::Uuid::nil().to_string()),
            ("{file}", asset.to_owned()),
        ];
        names.iter().fold(route.path.to_owned(), |path, (name, value)| path.replace(name, value))
    }
}

/// A letter with everything that has a route: HTML and a file.
const LETTER: &str = "From: Nadia <nadia@exemple.fr>\r\nSubject: Colis en retard\r\nMessage-ID: <first@exemple.fr>\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=M\r\n\r\n--M\r\nContent-Type: text/html\r\n\r\n\
    <p>Bonjour</p>\r\n--M\r\nContent-Type: application/pdf; name=facture.pdf\r\n\
    Content-Disposition: attachment; filename=facture.pdf\r\n\r\n%PDF-1.7\r\n--M--\r\n";

/// What each form holds when it is filled in.
const FIELDS: [(&str, &str); 10] = [
    ("pattern", "promo.example"),
    ("verdict", "junk"),
    ("body", "Nous regardons."),
    ("to", "complaint"),
    ("reason", "Elle réclame"),
    ("agent", ""),
    ("theme", "dark"),
    ("back", "/"),
    ("email", ""),
    ("password", "x"),
];

/// Asks once, as a fresh visitor. `form` says whether the token of a form is sent along.
async fn ask(mut browser: Browser, name: &str, route: &Route, path: &str, form: bool) -> StatusCode {
    if form {
        // The page that the form would stand on gives its token.
        let page = match route.access {
            Access::PrivateLink => path.rsplit_once('/').unwrap().0.to_owned(),
            Access::Form => path.to_owned(),
            _ if browser.cookies.contains_key("suivi_session") => "/cases".to_owned(),
            _ => "/sign-in".to_owned(),
        };
        browser.get(&page).await;
        let fields = FIELDS.iter().map(|(field, value)| match (*field, route.path) {
            ("to", "/cases/{reference}/status") => ("to", "open"),
            // Each a name of their own, or the fifth would find it locked.
            ("email", _) => ("email", name),
            _ => (*field, *value),
        });
        let stamp = browser.stamp.clone();
        let mut fields: Vec<_> = fields.collect();
        fields.push(("stamp", &stamp));
        return browser.post(path, &fields).await.status;
    }
    browser.send(route.method.clone(), path, String::new()).await.status
}

fn bearer(desk: &Desk, token: &str) -> Browser {
    let mut browser = Browser::new(desk);
    browser.headers.push(("authorization", format!("Bearer {token}")));
    browser
}

async fn visitor(desk: &TestDesk, demo: &Desk, name: &str) -> Browser {
    match name {
        "nobody" => Browser::new(&desk.desk),
        "demo" => Browser::new(demo),
        "token" => bearer(&desk.desk, "suivi_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        "lead-token" => bearer(&desk.desk, "suivi_dddddddddddddddddddddddddddddddddddddddddd"),
        "revoked" => bearer(&desk.desk, "suivi_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"),
        "wrong" => bearer(&desk.desk, "suivi_cccccccccccccccccccccccccccccccccccccccccc"),
        agent => Browser::of(&desk.desk, desk.agent(agent)).await,
    }
}

async fn add_tokens(desk: &TestDesk) {
    let (store, now) = (&desk.desk.store, desk.desk.clock.now());
    for (letter, agent) in [("a", "camille"), ("b", "camille"), ("d", "sophie")] {
        let (token, agent) = (format!("suivi_{}", letter.repeat(42)), desk.agent(agent).id);
        let token = new_token(session::hash_of(&token), letter, agent);
        store.add_token(token, now).await.unwrap();
    }
    assert!(store.revoke_token("b".to_owned(), now).await.unwrap());
}

#[tokio::test]
async fn access_matrix() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let subject = Subject::of(&desk).await;
    let demo = as_demo(&desk);
    add_tokens(&desk).await;
    // `camille` works the case's team, `idriss` another one, `sophie` leads it.
    let visitors =
        ["nobody", "camille", "idriss", "sophie", "admin", "token", "lead-token", "revoked", "wrong", "demo"];
    let mut matrix = String::new();
    for route in table() {
        let path = subject.path(&route, &subject.link);
        writeln!(matrix, "{} {} · {:?}", route.method, route.path, route.access).unwrap();
        let forms: &[bool] = if route.method == Method::POST { &[false, true] } else { &[false] };
        for form in forms {
            let mut line = String::new();
            for name in visitors {
                let browser = visitor(&desk, &demo, name).await;
                let status = ask(browser, name, &route, &path, *form).await;
                write!(line, " {name} {}", status.as_u16()).unwrap();
            }
            let kind = if *form { "with form" } else { "bare" };
            writeln!(matrix, "  {kind}:{line}").unwrap();
        }
    }
    desk.settle().await;
    insta::assert_snapshot!("access_matrix", matrix);
}

#[tokio::test]
async fn private_links_open_one_case_only() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let subject = Subject::of(&desk).await;
    let case = &subject.case;
    let secret = &desk.desk.secret;
    let link = LinkTo::from(case);
    let end = Timestamp::MAX;
    let older = secret.link_token(LinkTo { generation: link.generation + 1, ..link }, end);
    let other_brand = secret.link_token(LinkTo { brand: BrandId(2), ..link }, end);
    let ended = secret.link_token(link, desk.desk.clock.now());
    // The claim of this case, with the signature of another one.
    let other = secret.link_token(LinkTo { case: casework::CaseId(uuid::Uuid::max()), ..link }, end);
    let bytes = |token: &str| data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
    let mut forged = bytes(&subject.link)[..28].to_vec();
    forged.extend(&bytes(&other)[28..]);
    let forged = data_encoding::BASE64URL_NOPAD.encode(&forged);
    for route in table().iter().filter(|route| route.access == Access::PrivateLink) {
        for wrong in [&older, &ended, &other_brand, &other, &forged, &"x".to_owned(), &"%00".to_owned()] {
            let path = subject.path(route, wrong);
            let mut browser = Browser::new(&desk.desk);
            browser.get(&format!("/c/{}", subject.link)).await;
            let csrf = browser.csrf.clone();
            let status = match route.method {
                Method::POST => browser.post(&path, &[("csrf", &csrf)]).await.status,
                _ => browser.get(&path).await.status,
            };
            assert_eq!(status, StatusCode::NOT_FOUND, "{} {path}", route.method);
        }
    }
}

#[tokio::test]
async fn what_is_not_in_the_table_is_refused() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut browser = Browser::of(&desk.desk, desk.agent("admin")).await;
    for path in ["/nowhere", "/cases/", "/api/v1", "/api/v2/cases", "/assets/../Cargo.toml", "/.git/config"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::POST] {
        let answer = browser.send(method.clone(), "/cases/rows", String::new()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method}");
    }
}

#[tokio::test]
async fn every_form_needs_its_own_token() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let subject = Subject::of(&desk).await;
    let mut stranger = Browser::of(&desk.desk, desk.agent("idriss")).await;
    stranger.get("/cases").await;
    let foreign = stranger.csrf.clone();
    // Programs send no forms: without a token of their own they are nobody, whatever cookies come along.
    let is_of_programs = |route: &&Route| route.access.is_for_programs();
    for route in table().iter().filter(is_of_programs) {
        let mut browser = Browser::of(&desk.desk, desk.agent("admin")).await;
        let answer = browser.send(route.method.clone(), route.path, String::new()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {}", route.method, route.path);
    }
    let is_form = |route: &&Route| route.method == Method::POST && !is_of_programs(route);
    for route in table().iter().filter(is_form) {
        let path = subject.path(route, &subject.link);
        for csrf in ["", "x", foreign.as_str()] {
            let mut browser = Browser::of(&desk.desk, desk.agent("admin")).await;
            let answer = browser.post_bare(&path, &[("csrf", csrf), ("body", "x"), ("back", "/")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {csrf:?}");
        }
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let mut browser = Browser::of(&desk.desk, desk.agent("admin")).await;
            let page = if route.access == Access::PrivateLink {
                format!("/c/{}", subject.link)
            } else {
                "/cases".to_owned()
            };
            browser.get(&page).await;
            browser.headers.push((name, value.to_owned()));
            let answer = browser.post(&path, &[]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
        }
    }
    assert_eq!(desk.only_case().await, subject.case, "nothing happened");
}

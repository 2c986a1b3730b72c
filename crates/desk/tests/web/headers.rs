//! The headers that protect, on the answer of every route.

use axum::http::StatusCode;
use desk::web::page::{CONTENT_SECURITY_POLICY, MAIL_CONTENT_SECURITY_POLICY};

use super::browser::{Browser, as_demo, link_of, received};
use crate::support::{Engine, Letter, TestDesk};

#[tokio::test]
async fn every_answer_is_protected() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.mail(&Letter::default()).await;
    let case = desk.only_case().await;
    let mut browser = Browser::of(&desk.desk, desk.agent("admin")).await;
    let mut demo = Browser::new(&as_demo(&desk));
    let message = received(&desk, &case).await;
    let mail = desk.desk.store.postbox(1).await.unwrap()[0].id;
    let case_path = format!("/cases/{}", case.reference);
    let letter = format!("{case_path}/messages/{message}/letter.eml");
    let link = link_of(&desk.desk, &case);
    let paths = [
        "/",
        "/health",
        "/sign-in",
        "/cases",
        "/cases/rows",
        "/cases/views",
        &case_path,
        &letter,
        "/outbox",
        "/letters",
        "/postbox",
        "/live",
        &link,
        "/c/x",
        "/nowhere",
        "/api/v1/cases",
    ];
    for path in paths {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy");
        if path == letter {
            assert_eq!(policy, "default-src 'none'; sandbox");
        } else {
            assert_eq!(policy, CONTENT_SECURITY_POLICY, "{path}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert!(["same-origin", "no-referrer"].contains(&answer.header("referrer-policy")), "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert!(
            answer.header("cache-control").starts_with("no-"),
            "{path}: {}",
            answer.header("cache-control")
        );
        assert!(answer.header("strict-transport-security").contains("max-age="), "{path}");
    }
    let shown = demo.get(&format!("/postbox/{mail}/html")).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.header("content-security-policy"), MAIL_CONTENT_SECURITY_POLICY);
    assert_eq!(shown.header("x-frame-options"), "SAMEORIGIN");
    let asset = browser.get(desk::web::assets::url("app.css")).await;
    assert!(asset.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn too_much_is_refused_in_words() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    browser.get("/cases").await;
    let answer = browser.post("/preferences", &[("back", &"x".repeat(1 << 20))]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("trop volumineux"), "{}", answer.body);
}

#[tokio::test]
async fn parts_of_a_page_do_not_turn_into_messages() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut browser = Browser::new(&desk.desk);
    browser.headers.push(("hx-request", "true".to_owned()));
    let answer = browser.get("/cases/rows").await;
    assert_eq!((answer.status, answer.header("hx-reswap")), (StatusCode::UNAUTHORIZED, "none"));
}

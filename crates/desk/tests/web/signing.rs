//! Signing in and out: passwords, lockout, sessions, and where one lands.

use axum::http::StatusCode;
use desk::auth::session;
use desk::demo::setting::PASSWORD;
use jiff::SignedDuration;

use super::browser::{Answer, Browser, as_demo};
use crate::support::{Engine, TestDesk};

async fn open() -> (TestDesk, Browser) {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let browser = Browser::new(&desk.desk);
    (desk, browser)
}

async fn try_in(browser: &mut Browser, email: &str, password: &str, next: &str) -> Answer {
    browser.get("/sign-in").await;
    browser.post("/sign-in", &[("email", email), ("password", password), ("next", next)]).await
}

const CAMILLE: &str = "camille@atelier.example";

#[tokio::test]
async fn a_person_signs_in_and_out() {
    let (desk, mut browser) = open().await;
    let refused = browser.get("/cases?view=team").await;
    assert_eq!(refused.location(), "/sign-in?next=/cases%3Fview%3Dteam");

    let answer = try_in(&mut browser, " Camille@Atelier.example ", PASSWORD, "/cases?view=team").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/cases?view=team"));
    let cookie = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
    let cookie = cookie.into_iter().find(|line| line.starts_with("suivi_session=")).unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let page = browser.get("/cases?view=mine").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Camille Moreau") && page.body.contains("L&#39;Atelier"), "{}", page.body);

    let token = browser.cookies["suivi_session"].clone();
    let answer = browser.post("/sign-out", &[]).await;
    assert_eq!(answer.location(), "/sign-in");
    assert!(!browser.cookies.contains_key("suivi_session"));
    let gone = session::agent_of_session(&desk.desk, &token).await.unwrap();
    assert_eq!(gone, None, "the session is over for whoever kept the cookie");
}

#[tokio::test]
async fn signing_in_again_replaces_the_session() {
    let (desk, mut browser) = open().await;
    try_in(&mut browser, CAMILLE, PASSWORD, "").await;
    let first = browser.cookies["suivi_session"].clone();
    try_in(&mut browser, CAMILLE, PASSWORD, "").await;
    assert_ne!(browser.cookies["suivi_session"], first);
    assert_eq!(session::agent_of_session(&desk.desk, &first).await.unwrap(), None);
}

#[tokio::test]
async fn wrong_passwords_and_unknown_names_get_the_same_answer() {
    let (_desk, mut browser) = open().await;
    let wrong = try_in(&mut browser, CAMILLE, "pas le bon", "").await;
    let unknown = try_in(&mut browser, "personne@atelier.example", "pas le bon", "").await;
    for answer in [&wrong, &unknown] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("ne vont pas ensemble"), "{}", answer.body);
        assert!(!answer.body.contains("pas le bon"), "a password is never shown again");
    }
    assert!(!browser.cookies.contains_key("suivi_session"));
}

#[tokio::test]
async fn too_many_tries_lock_a_name_for_a_while() {
    let (desk, mut browser) = open().await;
    for name in [CAMILLE, "personne@atelier.example"] {
        for _ in 0..5 {
            assert_eq!(try_in(&mut browser, name, "x", "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let locked = try_in(&mut browser, name, PASSWORD, "").await;
        assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS, "{name}");
        assert!(locked.body.contains("Réessayez dans 1"), "{}", locked.body);
    }
    let other = try_in(&mut browser, "sophie@atelier.example", PASSWORD, "").await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "others may still come in");
    desk.pass(SignedDuration::from_mins(16));
    let again = try_in(&mut Browser::new(&desk.desk), CAMILLE, PASSWORD, "").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours() {
    let (desk, mut browser) = open().await;
    try_in(&mut browser, CAMILLE, PASSWORD, "").await;
    desk.pass(SignedDuration::from_mins(12 * 60 - 1));
    assert_eq!(browser.get("/cases").await.status, StatusCode::OK);
    desk.pass(SignedDuration::from_mins(2));
    assert_eq!(browser.get("/cases").await.status, StatusCode::SEE_OTHER);
    // An expired cookie does not keep anybody from signing in.
    assert_eq!(try_in(&mut browser, CAMILLE, PASSWORD, "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/cases").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_is_sent_to_a_foreign_place() {
    let (_desk, mut browser) = open().await;
    for next in
        ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\r\nX: y"]
    {
        let answer = try_in(&mut browser, CAMILLE, PASSWORD, next).await;
        assert_eq!(answer.location(), "/cases?view=mine", "{next}");
        browser.get("/cases").await;
        let answer = browser.post("/preferences", &[("theme", "dark"), ("back", next)]).await;
        assert_eq!(answer.location(), "/", "{next}");
    }
}

#[tokio::test]
async fn a_demonstration_shows_who_may_be_played() {
    let (desk, mut browser) = open().await;
    assert!(!browser.get("/sign-in").await.body.contains(CAMILLE), "only in a demonstration");
    let page = Browser::new(&as_demo(&desk)).get("/sign-in").await;
    assert!(page.body.contains(CAMILLE) && page.body.contains(PASSWORD), "{}", page.body);
}

#[tokio::test]
async fn language_and_theme_are_kept_by_the_browser() {
    let (_desk, mut browser) = open().await;
    browser.get("/sign-in").await;
    let answer = browser.post("/preferences", &[("language", "en"), ("back", "/sign-in?next=/cases")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in?next=/cases"));
    browser.post("/preferences", &[("theme", "dark"), ("back", "/")]).await;
    let page = browser.get("/sign-in").await;
    assert!(page.body.contains("<html lang=\"en\" data-bs-theme=\"dark\">"), "{}", page.body);
}

#[tokio::test]
async fn the_browser_s_language_is_heard() {
    let (_desk, mut browser) = open().await;
    browser.headers.push(("accept-language", "en-GB,en;q=0.9".to_owned()));
    let page = browser.get("/nowhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("<html lang=\"en\""), "{}", page.body);
}

//! The API: lists page by page, one case, and problems in words that programs can read.

use axum::http::StatusCode;
use desk::auth::session;
use serde_json::Value;
use store::NewToken;

use super::browser::{Answer, Browser};
use crate::support::{Engine, Letter, TestDesk, new_token};

/// A program with a token that may do all that its user may.
pub async fn program(desk: &TestDesk, agent: &str) -> Browser {
    program_with(desk, agent, |token| token).await
}

/// A program with a token that was made otherwise.
pub async fn program_with(
    desk: &TestDesk,
    agent: &str,
    otherwise: impl FnOnce(NewToken) -> NewToken,
) -> Browser {
    let token = format!("suivi_{}", session::new_token(&desk.desk));
    let new = new_token(session::hash_of(&token), &token, desk.agent(agent).id);
    desk.desk.store.add_token(otherwise(new), desk.desk.clock.now()).await.unwrap();
    let mut browser = Browser::new(&desk.desk);
    browser.headers.push(("authorization", format!("Bearer {token}")));
    browser
}

/// The body of an answer.
pub fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn lists_are_read_page_by_page() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    for number in 0..5 {
        let (id, from) = (format!("{number}@exemple.fr"), format!("client{number}@exemple.fr"));
        desk.mail(&Letter { id: &id, from: &from, ..Letter::default() }).await;
    }
    let mut program = program(&desk, "camille").await;
    let mut seen = Vec::new();
    let mut path = "/api/v1/cases?view=team&limit=2".to_owned();
    loop {
        let page = json(&program.get(&path).await);
        seen.extend(page["cases"].as_array().unwrap().iter().map(|case| case["reference"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/cases?view=team&limit=2&after={next}");
    }
    let mut expect: Vec<_> = desk.cases().await.iter().map(|case| case.reference.to_string()).collect();
    let mut found: Vec<_> = seen.iter().map(|reference| reference.as_str().unwrap().to_owned()).collect();
    expect.sort();
    found.sort();
    assert_eq!(found, expect);
}

#[tokio::test]
async fn a_case_is_given_out_without_notes_and_quoted_history() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let text = "Toujours rien.\r\n\r\nLe mar. 3 mars 2026 à 09:00, L'Atelier <bonjour@atelier.example> a écrit :\r\n> Bonjour\r\n> Nous regardons.\r\n";
    desk.mail(&Letter { text, ..Letter::default() }).await;
    let case = desk.only_case().await;
    let mut browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    let path = format!("/cases/{}", case.reference);
    browser.get(&path).await;
    browser.post(&format!("{path}/notes"), &[("body", "Soyons généreux.")]).await;
    let mut program = program(&desk, "camille").await;
    let answer = program.get(&format!("/api/v1{path}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.body.contains("généreux") && !answer.body.contains("Nous regardons"), "{}", answer.body);
    let found = json(&answer);
    assert_eq!(found["messages"][0]["text"], "Toujours rien.");
    assert_eq!(found["opened_at"], "2026-03-03T09:00:00Z");
    let events: Vec<_> =
        found["timeline"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["opened", "message_received", "message_written", "message_sent", "note_written"]);
}

#[tokio::test]
async fn problems_are_told_as_rfc_9457_says() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.mail(&Letter::default()).await;
    let hidden = format!("/api/v1/cases/{}", desk.only_case().await.reference);
    let mut stranger = program(&desk, "idriss").await;
    for (path, status) in [
        (hidden.as_str(), 404),
        ("/api/v1/cases/zzz", 404),
        ("/api/v1/nowhere", 404),
        ("/api/v1/cases?view=odd", 400),
        ("/api/v1/cases?after=odd", 400),
        ("/api/v1/cases?limit=odd", 400),
    ] {
        let answer = stranger.get(path).await;
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(json(&answer)["status"], status, "{path}");
        assert_eq!(answer.status.as_u16(), status, "{path}");
    }
    let mut nobody = Browser::new(&desk.desk);
    let answer = nobody.get("/api/v1/cases").await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    let mut signed_in = Browser::of(&desk.desk, desk.agent("admin")).await;
    assert_eq!(signed_in.get("/api/v1/cases").await.status, StatusCode::UNAUTHORIZED, "a cookie is no token");
}

//! The search at the screen and by the API: what is found, for whom, and that nothing typed does anything.

use axum::http::StatusCode;

use super::api::{json, program};
use super::browser::Browser;
use crate::support::{Engine, Letter, TestDesk};

async fn open() -> TestDesk {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let text =
        "Bonjour, mes colis sont arrivés cassés. <script>alert(1)</script> Rappelez au 06 12 34 56 78.";
    desk.mail(&Letter { text, ..Letter::default() }).await;
    desk
}

#[tokio::test]
async fn words_lead_to_the_message_in_its_case() {
    let desk = open().await;
    let case = desk.only_case().await;
    let mut browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    for typed in ["colis+cass%C3%A9", "%2B33612345678", "%22arriv%C3%A9s+casses%22"] {
        let page = browser.get(&format!("/search?q={typed}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("<mark>"), "{typed}");
        assert!(page.body.contains(&format!("href=\"/cases/{}#m-", case.reference)), "{typed}");
        assert!(!page.body.contains("<script>alert"), "{typed}");
    }
    let page = browser.get(&format!("/search?q={}", case.reference)).await;
    assert_eq!(page.headers["location"], format!("/cases/{}", case.reference));
    let page = browser.get("/search?q=introuvable").await;
    assert!(page.body.contains("Rien de tel"));
}

#[tokio::test]
async fn another_teams_agent_and_a_stranger_find_nothing() {
    let desk = open().await;
    let mut other = Browser::of(&desk.desk, desk.agent("idriss")).await;
    assert!(other.get("/search?q=colis").await.body.contains("Rien de tel"));
    let mut stranger = Browser::new(&desk.desk);
    assert_ne!(stranger.get("/search?q=colis").await.status, StatusCode::OK);
    assert_eq!(stranger.get("/api/v1/search?q=colis").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_is_typed_is_shown_and_does_nothing() {
    let desk = open().await;
    let mut browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    for typed in [
        "%22%3E%3Csvg+onload%3Dalert(1)%3E",
        "-colis",
        "%00",
        "%22",
        "%C2%AB",
        "a%27%22%5C*+OR+NEAR(",
        "--+--",
    ] {
        let page = browser.get(&format!("/search?q={typed}")).await;
        assert_eq!(page.status, StatusCode::OK, "{typed}");
        assert!(!page.body.contains("<svg onload"), "{typed}");
    }
    let long = "colis ".repeat(100).replace(' ', "+");
    assert!(browser.get(&format!("/search?q={long}")).await.body.contains("trop long"));
}

#[tokio::test]
async fn programs_find_messages_but_no_notes() {
    let desk = open().await;
    let case = desk.only_case().await;
    let mut program = program(&desk, "camille").await;
    let note = serde_json::json!({ "text": "Note sur ces colis" });
    let path = format!("/api/v1/cases/{}/notes", case.reference);
    assert!(program.json(&path, &note, &[]).await.status.is_success());
    let found = json(&program.get("/api/v1/search?q=colis").await);
    assert_eq!(found["hits"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["hits"][0]["reference"], case.reference.as_str());
    for typed in ["", "q=-colis", "q="] {
        let answer = program.get(&format!("/api/v1/search?{typed}")).await;
        assert!(answer.status.is_client_error(), "{typed} {}", answer.status);
    }
}

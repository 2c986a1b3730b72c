//! The private page of a case: what the customer sees there, and that only a POST acts.

use axum::http::StatusCode;
use casework::act::Act;
use casework::proof::LinkTo;
use casework::write::Words;
use casework::{Case, Closing, Status, What};
use desk::door::act;

use super::browser::{Browser, link_of};
use crate::support::{BRAND, Engine, Letter, TestDesk};

fn words(text: &str) -> Words {
    Words { text: text.to_owned(), html: Some(format!("<p>{text}</p>")), files: Vec::new() }
}

async fn do_act(desk: &TestDesk, agent: &str, deed: Act) -> Case {
    let case = desk.only_case().await;
    act::by_agent(&desk.desk, desk.agent(agent), (BRAND, case.id), deed, None).await.unwrap();
    desk.settle().await;
    desk.only_case().await
}

/// A case with an answer by a colleague, a note, and a proposal by the agent in charge.
async fn proposed() -> (TestDesk, Case, Browser) {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.mail(&Letter::default()).await;
    do_act(&desk, "camille", Act::Reply { words: words("Je regarde."), waits: false }).await;
    do_act(&desk, "sophie", Act::Reply { words: words("Le transporteur a répondu."), waits: false }).await;
    do_act(&desk, "sophie", Act::Note(words("Cliente fidèle, soyons généreux."))).await;
    let case = do_act(&desk, "camille", Act::Propose(words("Un nouveau colis part ce soir."))).await;
    let browser = Browser::new(&desk.desk);
    (desk, case, browser)
}

async fn count(desk: &TestDesk, case: &Case, is_it: fn(&What) -> bool) -> usize {
    let events = desk.desk.store.timeline(BRAND, case.id).await.unwrap();
    events.iter().filter(|event| is_it(&event.what)).count()
}

#[tokio::test]
async fn the_customer_sees_what_was_exchanged_and_nothing_else() {
    let (desk, case, mut browser) = proposed().await;
    let page = browser.get(&link_of(&desk.desk, &case)).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in [
        "Mon colis MG-2481",
        "Je regarde.",
        "Le transporteur a répondu.",
        "Un nouveau colis part ce soir.",
        "Camille Moreau",
    ] {
        assert!(page.body.contains(shown), "{shown} in {}", page.body);
    }
    for hidden in ["généreux", "Sophie Lemaire", "Service client", "nadia@exemple.fr"] {
        assert!(!page.body.contains(hidden), "{hidden} in {}", page.body);
    }
}

#[tokio::test]
async fn looking_changes_nothing() {
    let (desk, case, mut browser) = proposed().await;
    let link = link_of(&desk.desk, &case);
    for path in ["", "/confirmation", "/reopening"] {
        browser.get(&format!("{link}{path}")).await;
        browser.send(axum::http::Method::HEAD, &format!("{link}{path}"), String::new()).await;
    }
    assert_eq!(desk.only_case().await, case);
}

#[tokio::test]
async fn confirming_twice_is_confirming_once_and_needs_no_cookie() {
    let (desk, case, mut browser) = proposed().await;
    let link = link_of(&desk.desk, &case);
    for _ in 0..2 {
        if browser.csrf.is_empty() {
            browser.get(&link).await;
        }
        browser.cookies.clear();
        let answer = browser.post(&format!("{link}/confirmation"), &[]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, link.as_str()));
    }
    let case = desk.only_case().await;
    assert_eq!((case.status, case.closing), (Status::Closed, Some(Closing::Confirmed)));
    assert_eq!(count(&desk, &case, |what| matches!(what, What::Closed { .. })).await, 1);
    assert!(browser.get(&link).await.body.contains("merci de nous l’avoir confirmé"));
}

#[tokio::test]
async fn reopening_twice_is_reopening_once() {
    let (desk, case, mut browser) = proposed().await;
    let link = link_of(&desk.desk, &case);
    browser.get(&link).await;
    for _ in 0..2 {
        let answer = browser.post(&format!("{link}/reopening"), &[("body", "Toujours rien reçu.")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    let case = desk.only_case().await;
    assert_eq!(case.status, Status::Open);
    assert_eq!(count(&desk, &case, |what| matches!(what, What::Reopened { .. })).await, 1);
    assert_eq!(count(&desk, &case, |what| matches!(what, What::MessageReceived { .. })).await, 2);
    let page = browser.get(&link).await;
    assert!(page.body.contains("nous reprenons votre dossier") && page.body.contains("Toujours rien reçu."));
}

#[tokio::test]
async fn what_is_too_long_comes_back_with_the_words_kept() {
    let (desk, case, mut browser) = proposed().await;
    let link = link_of(&desk.desk, &case);
    browser.get(&link).await;
    let body = format!("Trop long {}", "x".repeat(210 * 1024));
    let answer = browser.post(&format!("{link}/reopening"), &[("body", &body)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Ce texte est trop long") && answer.body.contains("Trop long xxx"));
    assert_eq!(desk.only_case().await, case);
}

#[tokio::test]
async fn the_page_speaks_the_customer_s_language_until_they_choose() {
    let (desk, case, mut browser) = proposed().await;
    browser.headers.push(("accept-language", "en".to_owned()));
    let link = link_of(&desk.desk, &case);
    assert!(browser.get(&link).await.body.contains("<html lang=\"fr\""));
    let answer = browser.post("/preferences", &[("language", "en"), ("back", &link)]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, link.as_str()));
    assert!(browser.get(&link).await.body.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn a_revoked_link_says_where_to_write() {
    let (desk, case, mut browser) = proposed().await;
    let older = desk.desk.secret.link_token(
        LinkTo { generation: case.link_generation + 1, ..LinkTo::from(&case) },
        jiff::Timestamp::MAX,
    );
    let page = browser.get(&format!("/c/{older}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("bonjour@atelier.example"), "{}", page.body);
    assert!(!page.body.contains("Colis en retard"));
}

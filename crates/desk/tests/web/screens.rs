//! The screens of the desk at work: a list, a case, an answer, a note, an assignment, what comes back and why.

use axum::http::StatusCode;
use casework::{Case, Nature, Status, What};
use jiff::SignedDuration;

use super::browser::{Answer, Browser};
use crate::support::{BRAND, Engine, Letter, TestDesk};

async fn open() -> (TestDesk, Case, Browser) {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.mail(&Letter::default()).await;
    let case = desk.only_case().await;
    let browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    (desk, case, browser)
}

/// A hidden field of the page's forms.
fn hidden(page: &Answer, name: &str) -> String {
    let rest = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn act(browser: &mut Browser, case: &Case, form: &str, fields: &[(&str, &str)]) -> Answer {
    browser.get(&format!("/cases/{}", case.reference)).await;
    browser.post(&format!("/cases/{}/{form}", case.reference), fields).await
}

#[tokio::test]
async fn a_case_is_found_in_the_lists_of_those_who_may_see_it() {
    let (desk, case, mut browser) = open().await;
    let reference = case.reference.as_str();
    for (view, is_there) in [
        ("mine", false),
        ("team", true),
        ("unassigned", true),
        ("all", true),
        ("waiting", false),
        ("closed", false),
    ] {
        let page = browser.get(&format!("/cases?view={view}")).await;
        assert_eq!(page.body.contains(&format!("id=\"case-{reference}\"")), is_there, "{view}");
    }
    let row = browser.get("/cases/rows?view=team").await;
    assert!(
        row.body.contains("Nadia Ferrand")
            && row.body.contains("Colis en retard")
            && !row.body.contains("<html")
    );
    let mut other = Browser::of(&desk.desk, desk.agent("idriss")).await;
    assert!(!other.get("/cases?view=all").await.body.contains(reference));
    let hidden = other.get(&format!("/cases/{reference}")).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let mut admin = Browser::of(&desk.desk, desk.agent("admin")).await;
    assert!(admin.get("/cases?view=all").await.body.contains(reference));
}

#[tokio::test]
async fn pages_of_a_list_follow_one_another() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    for number in 0..52 {
        let (id, from) = (format!("{number}@exemple.fr"), format!("client{number}@exemple.fr"));
        desk.pass(SignedDuration::from_secs(1));
        desk.mail(&Letter { id: &id, from: &from, ..Letter::default() }).await;
    }
    let mut browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    let first = browser.get("/cases?view=team").await;
    assert_eq!(first.body.matches("class=\"case is-unread\"").count(), 50);
    let next = first
        .body
        .split("rel=\"next\" href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&");
    let second = browser.get(&next).await;
    assert_eq!(second.body.matches("class=\"case is-unread\"").count(), 2);
    assert!(!second.body.contains("rel=\"next\""));
    let back = second
        .body
        .split("rel=\"prev\" href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&");
    assert_eq!(browser.get(&back).await.body.matches("class=\"case is-unread\"").count(), 50);
}

#[tokio::test]
async fn a_reply_sent_twice_leaves_once() {
    let (desk, case, mut browser) = open().await;
    let path = format!("/cases/{}", case.reference);
    let page = browser.get(&path).await;
    let (word, seen) = (hidden(&page, "act"), hidden(&page, "seen"));
    let fields = [
        ("act", word.as_str()),
        ("seen", &seen),
        ("body", "Je vérifie.\r\nÀ bientôt"),
        ("then", "waiting_customer"),
    ];
    for _ in 0..2 {
        let answer = browser.post(&format!("{path}/replies"), &fields).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, format!("{path}#latest").as_str())
        );
    }
    desk.settle().await;
    assert_eq!(desk.sent().await.len(), 2, "the receipt and the answer");
    let case = desk.only_case().await;
    assert_eq!((case.status, case.assignee), (Status::WaitingCustomer, Some(desk.agent("camille").id)));
    let page = browser.get(&path).await;
    assert!(
        page.body.contains("Réponse envoyée.") && page.body.contains("<p>Je vérifie.<br>"),
        "{}",
        page.body
    );
    assert!(!browser.get(&path).await.body.contains("Réponse envoyée."), "said once");
}

#[tokio::test]
async fn an_answer_written_past_news_comes_back_once() {
    let (desk, case, mut browser) = open().await;
    let path = format!("/cases/{}", case.reference);
    let page = browser.get(&path).await;
    let (word, seen) = (hidden(&page, "act"), hidden(&page, "seen"));
    let more = Letter {
        id: "b@exemple.fr",
        answers: &["first@exemple.fr"],
        text: "Le colis est arrivé !\r\n",
        ..Letter::default()
    };
    desk.mail(&more).await;
    for form in ["replies", "proposals"] {
        let fields = [("act", word.as_str()), ("seen", &seen), ("body", "Nous le cherchons.")];
        let back = browser.post(&format!("{path}/{form}"), &fields).await;
        assert_eq!(back.status, StatusCode::CONFLICT);
        for kept in
            ["Nous le cherchons.</textarea>", "a changé pendant que vous écriviez", "Le colis est arrivé !"]
        {
            assert!(back.body.contains(kept), "{kept} in {}", back.body);
        }
        assert_eq!(hidden(&back, "act"), word);
    }
    let page = browser.get(&path).await;
    let fields = [("act", word.as_str()), ("seen", &hidden(&page, "seen")), ("body", "Nous le cherchons.")];
    assert_eq!(browser.post(&format!("{path}/replies"), &fields).await.status, StatusCode::SEE_OTHER);
    desk.settle().await;
}

#[tokio::test]
async fn a_colleague_s_answer_is_news_and_one_s_own_is_not() {
    let (desk, case, mut browser) = open().await;
    let path = format!("/cases/{}/replies", case.reference);
    let seen = case.seq.to_string();
    let own = act(&mut browser, &case, "replies", &[("act", "a"), ("seen", &seen), ("body", "Un.")]).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER);
    let again = browser.post(&path, &[("act", "b"), ("seen", &seen), ("body", "Deux.")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let mut sophie = Browser::of(&desk.desk, desk.agent("sophie")).await;
    sophie.get("/cases").await;
    let late = sophie.post(&path, &[("act", "c"), ("seen", &seen), ("body", "Trois.")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let note = sophie
        .post(&path.replace("replies", "notes"), &[("act", "d"), ("seen", &seen), ("body", "Vu.")])
        .await;
    assert_eq!(note.status, StatusCode::SEE_OTHER, "a note holds nobody up");
    desk.settle().await;
}

#[tokio::test]
async fn what_the_desk_refuses_comes_back_with_a_reason() {
    let (desk, case, mut browser) = open().await;
    let empty = act(&mut browser, &case, "replies", &[("body", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("écrivez quelques mots"), "{}", empty.body);
    for (form, fields, sentence) in [
        (
            "status",
            &[("to", "waiting_third_party"), ("third_party", "Transporteur"), ("chase_on", "2020-01-01")][..],
            "une date de relance à venir",
        ),
        (
            "status",
            &[("to", "waiting_third_party"), ("third_party", "Transporteur"), ("chase_on", "demain")],
            "une date de relance à venir",
        ),
        ("nature", &[("to", "complaint"), ("reason", " ")], "pourquoi vous corrigez"),
        ("assignment", &[("agent", &desk.agent("idriss").id.to_string())], "ne fait pas partie de l’équipe"),
    ] {
        let refused = act(&mut browser, &case, form, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(refused.body.contains(sentence), "{sentence} in {}", refused.body);
        assert!(refused.body.contains(&format!("href=\"/cases/{}\"", case.reference)), "the way back");
    }
    assert_eq!(desk.only_case().await, case);
}

#[tokio::test]
async fn a_case_is_taken_given_paused_and_corrected() {
    let (desk, case, mut browser) = open().await;
    let camille = desk.agent("camille").id.to_string();
    act(&mut browser, &case, "assignment", &[("agent", &camille)]).await;
    act(
        &mut browser,
        &case,
        "status",
        &[("to", "waiting_third_party"), ("third_party", "Transporteur"), ("chase_on", "2026-03-10")],
    )
    .await;
    act(
        &mut browser,
        &case,
        "nature",
        &[("to", "complaint"), ("reason", "Le client réclame un dédommagement")],
    )
    .await;
    let now = desk.only_case().await;
    assert_eq!(
        (now.assignee, now.status, now.nature),
        (Some(desk.agent("camille").id), Status::WaitingThirdParty, Nature::Complaint)
    );
    assert_eq!(now.chase_at, Some("2026-03-10T08:00:00Z".parse().unwrap()), "nine in the morning in Paris");
    let page = browser.get(&format!("/cases/{}", case.reference)).await;
    for told in [
        "Camille Moreau s’en occupe",
        "En attente de Transporteur",
        "Le client réclame un dédommagement",
        "10\u{a0}mars",
    ] {
        assert!(page.body.contains(told), "{told} in {}", page.body);
    }
    // Given to another team without anybody in charge, it is out of sight.
    act(&mut browser, &case, "assignment", &[("team", &team(&desk, "Magasin").await), ("agent", "")]).await;
    assert_eq!(browser.get(&format!("/cases/{}", case.reference)).await.status, StatusCode::NOT_FOUND);
}

async fn team(desk: &TestDesk, name: &str) -> String {
    let teams = desk.desk.store.teams().await.unwrap();
    teams.into_iter().find(|(_, _, found)| found == name).unwrap().1.to_string()
}

#[tokio::test]
async fn the_timeline_tells_every_event_with_its_cause() {
    let (desk, case, mut browser) = open().await;
    act(&mut browser, &case, "proposals", &[("body", "Un nouveau colis part ce soir.")]).await;
    desk.settle().await;
    for _ in 0..2 {
        desk.pass(SignedDuration::from_hours(5 * 24 + 1));
        desk.settle().await;
    }
    let events = desk.desk.store.timeline(BRAND, case.id).await.unwrap();
    assert!(events.iter().any(|event| matches!(event.what, What::Closed { .. })));
    // The first session is long over.
    let mut browser = Browser::of(&desk.desk, desk.agent("camille")).await;
    let page = browser.get(&format!("/cases/{}/timeline", case.reference)).await;
    for told in [
        "Dossier ouvert par un message du client",
        "Accusé de réception, avec le lien privé du client.",
        "Solution proposée par Camille Moreau",
        "Rappel envoyé au client",
        "Clos sans réponse du client",
    ] {
        assert!(page.body.contains(told), "{told} in {}", page.body);
    }
}

#[tokio::test]
async fn leads_mind_what_is_stuck_and_what_was_kept_aside() {
    let (desk, _, _) = open().await;
    let headers = "Auto-Submitted: auto-replied\r\n";
    desk.mail(&Letter {
        from: "robot@exemple.org",
        id: "auto@exemple.org",
        subject: "Absent du bureau",
        headers,
        ..Letter::default()
    })
    .await;
    let mut sophie = Browser::of(&desk.desk, desk.agent("sophie")).await;
    let page = sophie.get("/letters").await;
    assert!(
        page.body.contains("Absent du bureau") && page.body.contains("robot@exemple.org"),
        "{}",
        page.body
    );
    let raw = page.body.split("href=\"/letters/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let letter = sophie.get(&format!("/letters/{raw}")).await;
    assert!(letter.body.contains("Auto-Submitted"), "{}", letter.body);
    let id = raw.split('/').next().unwrap();
    let answer = sophie.post(&format!("/letters/{id}/replays"), &[]).await;
    assert_eq!(answer.location(), "/letters");
    desk.settle().await;
    assert_eq!(desk.cases().await.len(), 2, "a person insisted: it is a case now");
    assert!(sophie.get("/outbox").await.body.contains("Tous les messages sont partis."));
}

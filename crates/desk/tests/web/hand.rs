//! What conseillers write down by hand: cases from calls, visits and paper, calls they make, promises, links withdrawn.

use axum::http::StatusCode;
use casework::{Channel, ClockKind, Status, What};
use jiff::SignedDuration;

use super::browser::{Browser, link_of};
use crate::on_both_engines;
use crate::support::{BRAND, Engine, INBOX, Letter, TestDesk};

async fn written(browser: &mut Browser, fields: &[(&str, &str)]) -> super::browser::Answer {
    browser.get("/cases/new").await;
    let usual = [("inbox", INBOX), ("act", "1"), ("body", "Colis ouvert, il manque la lampe.")];
    let given = |name: &str| fields.iter().any(|(field, _)| *field == name);
    let mut all: Vec<_> = usual.into_iter().filter(|(name, _)| !given(name)).collect();
    all.extend(fields);
    browser.post("/cases", &all).await
}

on_both_engines! {
    async fn a_caller_is_found_by_any_spelling_of_their_number(desk: TestDesk) {
        let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
        let made = written(&mut camille, &[("name", "Nadia Ferrand"), ("phone", "06.12.34.56.78"), ("email", "nadia@exemple.fr"), ("number", "cl-42"), ("receipt", "yes")]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        desk.settle().await;
        let case = desk.only_case().await;
        assert_eq!(made.location(), format!("/cases/{}", case.reference));
        assert_eq!(desk.sent().await.len(), 1, "the receipt with the link");
        for who in ["0612345678", "+33 6 12 34 56 78", "06/12/34/56/78", "0033612345678", "NADIA@exemple.fr", "CL-42", case.reference.as_str()] {
            let page = camille.get(&format!("/cases/new?who={}", who.replace('+', "%2B").replace(' ', "+"))).await;
            assert!(page.body.contains("Nadia Ferrand"), "{who}: {}", page.body);
        }
        let again = written(&mut camille, &[("act", "2"), ("customer", &format!("{BRAND}/{}", case.customer))]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
        desk.settle().await;
        assert!(desk.cases().await.iter().all(|found| found.customer == case.customer));
        let twice = written(&mut camille, &[("act", "2"), ("customer", &format!("{BRAND}/{}", case.customer))]).await;
        assert_eq!((twice.location(), desk.cases().await.len()), (again.location(), 2), "a button pressed twice");
        let nobody = camille.get("/cases/new?who=0699999999").await;
        assert!(nobody.body.contains("Personne n"), "{}", nobody.body);
    }

    async fn a_registered_letter_starts_its_clock_on_its_day(desk: TestDesk) {
        let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
        let made = written(&mut camille, &[("channel", "post"), ("received_on", "2026-03-02"), ("email", "luc@exemple.fr")]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let case = desk.only_case().await;
        assert_eq!(case.unanswered_since.unwrap().to_string(), "2026-03-02T08:00:00Z");
        let page = desk.desk.store.case_page(case, None).await.unwrap();
        assert_eq!(page.messages[0].message.channel, Channel::Post);
        for (on, status) in [("2026-03-04", 422), ("2020-01-01", 422), ("hier", 422)] {
            let refused = written(&mut camille, &[("act", on), ("received_on", on), ("email", "luc@exemple.fr")]).await;
            assert_eq!(refused.status.as_u16(), status, "{on}");
            assert!(refused.body.contains("il manque la lampe"), "what was typed stays");
        }
        desk.settle().await;
    }

    async fn calls_are_written_down_and_made_again(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let path = format!("/cases/{}", case.reference);
        let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
        camille.get(&path).await;
        let absent = [("direction", "outbound"), ("result", "absent"), ("again_on", "2026-03-03"), ("again_at", "15:00")];
        assert_eq!(camille.post(&format!("{path}/calls"), &absent).await.status, StatusCode::SEE_OTHER);
        let after = desk.only_case().await;
        assert_eq!(after.call_again_at.unwrap().to_string(), "2026-03-03T14:00:00Z");
        assert_eq!(after.unanswered_since, case.unanswered_since, "nobody has been heard");
        desk.pass(SignedDuration::from_hours(6));
        desk.settle().await;
        let events = desk.desk.store.timeline(BRAND, case.id).await.unwrap();
        assert!(events.iter().any(|event| matches!(event.what, What::ClockRang { kind: ClockKind::CallAgain, .. })));
        let page = camille.get(&path).await;
        assert!(page.body.contains("pas de réponse"), "{}", page.body);
        let reached = [("direction", "outbound"), ("result", "reached"), ("body", "Livraison demain, secret interne.")];
        camille.post(&format!("{path}/calls"), &reached).await;
        let after = desk.only_case().await;
        assert_eq!((after.call_again_at, after.unanswered_since, after.status), (None, None, Status::Open));
        let theirs = Browser::new(&desk.desk).get(&link_of(&desk.desk, &after)).await;
        assert!(theirs.body.contains("essayé de vous appeler") && !theirs.body.contains("secret interne"), "{}", theirs.body);
    }

    async fn promises_are_shown_to_whom_they_were_made(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let path = format!("/cases/{}", case.reference);
        let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
        camille.get(&path).await;
        camille.post(&format!("{path}/commitments"), &[("promise", "Remboursement de 49 €"), ("due_on", "2026-03-05")]).await;
        let link = link_of(&desk.desk, &case);
        let mut nadia = Browser::new(&desk.desk);
        assert!(nadia.get(&link).await.body.contains("Remboursement de 49 €"));
        desk.pass(SignedDuration::from_hours(24 * 4));
        desk.settle().await;
        assert!(nadia.get(&link).await.body.contains("nous sommes en retard"));
        let owed = desk.only_case().await.commitments[0].id;
        let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
        camille.get(&path).await;
        camille.post(&format!("{path}/commitments/{owed}/keeping"), &[]).await;
        assert!(!nadia.get(&link).await.body.contains("nous sommes en retard"));
        assert!(camille.get(&path).await.body.contains("Promesse tenue"));
    }

    async fn withdrawn_links_lead_nowhere(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let path = format!("/cases/{}", case.reference);
        let link = link_of(&desk.desk, &case);
        let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
        camille.get(&path).await;
        camille.post(&format!("{path}/links/revocation"), &[]).await;
        let mut nadia = Browser::new(&desk.desk);
        assert_eq!(nadia.get(&link).await.status, StatusCode::NOT_FOUND);
        nadia.get("/follow").await;
        nadia.post("/follow", &[("reference", case.reference.as_str()), ("email", "nadia@exemple.fr")]).await;
        desk.settle().await;
        let mails = desk.sent().await;
        let token = mails.last().unwrap().1.text.split("/c/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        assert_eq!(nadia.get(&format!("/c/{token}")).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn nobody_writes_down_cases_for_other_teams() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut idriss = Browser::of(&desk.desk, desk.agent("idriss")).await;
    let refused = written(&mut idriss, &[("email", "luc@exemple.fr")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    desk.mail(&Letter::default()).await;
    let case = desk.only_case().await;
    for act in ["calls", "statements", "commitments", "links/revocation"] {
        let path = format!("/cases/{}/{act}", case.reference);
        let answer =
            idriss.post(&path, &[("direction", "inbound"), ("body", "x"), ("channel", "visit")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_case_needs_somebody_who_can_be_answered() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
    let refused = written(&mut camille, &[("name", "Nadia")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("moyen de répondre"), "{}", refused.body);
}

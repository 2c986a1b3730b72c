//! The public form as somebody without an account meets it, and the page where a lost link is asked for.

use axum::http::StatusCode;
use casework::{Channel, IdentityKind, MessageState};
use jiff::SignedDuration;

use super::browser::{Answer, Browser, link_of};
use crate::on_both_engines;
use crate::support::{BRAND, Engine, Letter, TestDesk};

const FORM: &str = "/f/atelier/contact";
const STORY: &str = "Ma commande MG-2481 devait arriver mardi 3 mars et le livreur n'est jamais venu.";

/// Fills the form in as somebody who takes their time.
async fn send(desk: &TestDesk, browser: &mut Browser, more: &[(&str, &str)]) -> Answer {
    browser.get(FORM).await;
    desk.pass(SignedDuration::from_mins(3));
    again(browser, "send", more).await
}

/// Sends the form of the last page once more.
async fn again(browser: &mut Browser, action: &str, more: &[(&str, &str)]) -> Answer {
    let stamp = browser.stamp.clone();
    let mut fields = vec![("stamp", stamp.as_str()), ("do", action), ("what", STORY)];
    if !more.iter().any(|(name, _)| *name == "email") {
        fields.push(("email", "nadia@exemple.fr"));
    }
    fields.extend(more);
    browser.post(FORM, &fields).await
}

on_both_engines! {
    async fn a_form_becomes_a_case_with_a_page_to_follow_it(desk: TestDesk) {
        let mut browser = Browser::new(&desk.desk);
        let page = browser.get(FORM).await;
        assert!(page.body.contains("au plus tard"), "the delay is told before: {}", page.body);
        desk.pass(SignedDuration::from_mins(3));
        let more = [("reference", "MG-2481"), ("wanted", "refund"), ("phone", "06/12.34.56.78"), ("name", "Nadia")];
        let review = again(&mut browser, "review", &more).await;
        assert_eq!(review.status, StatusCode::OK);
        assert!(review.body.contains("Un remboursement") && review.body.contains("MG-2481"), "{}", review.body);
        assert!(desk.cases().await.is_empty(), "nothing is sent before it was read over");
        let sent = again(&mut browser, "send", &more).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        desk.settle().await;
        let case = desk.only_case().await;
        let page = desk.desk.store.case_page(case.clone(), None).await.unwrap();
        let message = page.messages.last().unwrap();
        assert_eq!((message.message.channel, message.message.state), (Channel::Form, MessageState::Received));
        assert!(message.text.contains("livreur") && message.text.contains("Un remboursement"), "{}", message.text);
        let known: Vec<_> = page.customer.identities.iter().map(|known| (known.kind, known.address.as_str(), known.is_proved)).collect();
        assert_eq!(known, [(IdentityKind::Mail, "nadia@exemple.fr", false), (IdentityKind::Phone, "+33612345678", false)]);
        let receipts = desk.sent().await;
        assert_eq!(receipts.len(), 1);
        assert!(receipts[0].1.text.contains("/c/"), "the lasting link is in the receipt");
        let done = browser.get(sent.location()).await;
        assert!(done.body.contains(case.reference.as_str()), "{}", done.body);
        let follow = done.body.split("href=\"/c/").nth(1).unwrap().split('"').next().unwrap();
        let first_look = format!("/c/{follow}");
        assert!(browser.get(&first_look).await.body.contains("livreur"));
        desk.pass(SignedDuration::from_hours(1));
        assert_eq!(browser.get(&first_look).await.status, StatusCode::NOT_FOUND, "anybody can type an address");
        assert_eq!(browser.get(&link_of(&desk.desk, &case)).await.status, StatusCode::OK);
    }

    async fn a_form_sent_twice_is_one_case(desk: TestDesk) {
        let mut browser = Browser::new(&desk.desk);
        let first = send(&desk, &mut browser, &[]).await;
        let second = again(&mut browser, "send", &[]).await;
        assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        desk.settle().await;
        assert_eq!(desk.cases().await.len(), 1);
        assert_eq!(desk.sent().await.len(), 1);
        // The same words on another day are another problem, until a person says that they are not.
        send(&desk, &mut browser, &[]).await;
        desk.settle().await;
        assert_eq!(desk.cases().await.len(), 2);
    }

    async fn who_leaves_a_number_alone_is_answered_on_their_page(desk: TestDesk) {
        let mut browser = Browser::new(&desk.desk);
        let sent = send(&desk, &mut browser, &[("email", ""), ("phone", "06 12 34 56 78")]).await;
        let done = browser.get(sent.location()).await;
        let token = done.body.split("href=\"/c/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let case = desk.only_case().await;
        let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
        let path = format!("/cases/{}", case.reference);
        camille.get(&path).await;
        let answered = camille.post(&format!("{path}/replies"), &[("body", "Le colis repart ce soir.")]).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
        desk.settle().await;
        assert!(desk.sent().await.is_empty());
        desk.pass(SignedDuration::from_hours(24 * 7));
        assert!(browser.get(&format!("/c/{token}")).await.body.contains("repart ce soir"), "their link lasts");
    }

    async fn a_draft_comes_back_to_whoever_has_its_address(desk: TestDesk) {
        let mut browser = Browser::new(&desk.desk);
        browser.get(FORM).await;
        let kept = again(&mut browser, "draft", &[("name", "Nadia")]).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
        let mut elsewhere = Browser::new(&desk.desk);
        let page = elsewhere.get(kept.location()).await;
        assert!(page.body.contains("livreur") && page.body.contains("Nadia"), "{}", page.body);
        let guessed = elsewhere.get(&format!("{FORM}?draft=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).await;
        assert!(!guessed.body.contains("livreur"));
        desk.pass(SignedDuration::from_hours(24 * 15));
        assert!(!elsewhere.get(kept.location()).await.body.contains("livreur"), "not for ever");
    }

    async fn a_lost_link_is_sent_to_its_owner_and_to_nobody_else(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let mut browser = Browser::new(&desk.desk);
        let mut answers = Vec::new();
        for (reference, email) in [
            (case.reference.as_str(), "stranger@exemple.fr"),
            ("K7M2-4Q8P", "nadia@exemple.fr"),
            (case.reference.as_str(), "Nadia@exemple.fr"),
        ] {
            browser.get("/follow").await;
            let answer = browser.post("/follow", &[("reference", reference), ("email", email)]).await;
            let csrf = browser.csrf.clone();
            answers.push((answer.status, answer.body.replace(&csrf, "")));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "the answer tells nothing");
        desk.settle().await;
        let sent = desk.sent().await;
        assert_eq!(sent.len(), 2, "the receipt, and one link");
        assert_eq!(sent[1].0, "nadia@exemple.fr");
        assert!(sent[1].1.text.contains("/c/") && sent[1].1.text.contains("nouveau lien"), "{}", sent[1].1.text);
        assert_eq!(desk.only_case().await.unanswered_since, case.unanswered_since, "a machine's mail is no answer");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_question_and_nothing_typed_is_lost() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut browser = Browser::new(&desk.desk);
    let page =
        send(&desk, &mut browser, &[("email", "nadia"), ("phone", "12"), ("product", "Lampe \"Nova\"")])
            .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in ["nom@exemple.fr", "Ce numéro", "livreur", "Lampe &#34;Nova&#34;"] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    assert!(desk.cases().await.is_empty());
}

#[tokio::test]
async fn robots_are_told_kindly_to_wait_and_lose_nothing() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut browser = Browser::new(&desk.desk);
    browser.get(FORM).await;
    let fast = again(&mut browser, "send", &[]).await;
    assert_eq!(fast.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(fast.body.contains("livreur"), "{}", fast.body);
    let trapped = send(&desk, &mut browser, &[("website", "https://promo.example")]).await;
    assert_eq!(trapped.status, StatusCode::UNPROCESSABLE_ENTITY);
    browser.get(FORM).await;
    desk.pass(SignedDuration::from_hours(25));
    let old = again(&mut browser, "send", &[]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(desk.cases().await.is_empty());
    desk.pass(SignedDuration::from_mins(1));
    assert_eq!(again(&mut browser, "send", &[]).await.status, StatusCode::SEE_OTHER, "the new stamp holds");
    desk.settle().await;
}

#[tokio::test]
async fn a_form_without_our_stamp_is_refused() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut browser = Browser::new(&desk.desk);
    browser.get(FORM).await;
    desk.pass(SignedDuration::from_mins(1));
    let fields = [("do", "send"), ("what", STORY), ("email", "nadia@exemple.fr")];
    let (stamp, csrf) = (browser.stamp.clone(), browser.csrf.clone());
    let other = stamp.replace('.', "1.");
    for (stamp, csrf) in [("", csrf.as_str()), (&stamp, ""), (&other, &csrf), (&stamp, "AAAA")] {
        let mut all = vec![("csrf", csrf), ("stamp", stamp)];
        all.extend(fields);
        assert_eq!(browser.post_bare(FORM, &all).await.status, StatusCode::FORBIDDEN, "{stamp} {csrf}");
    }
    browser.headers.push(("sec-fetch-site", "cross-site".to_owned()));
    assert_eq!(again(&mut browser, "send", &[]).await.status, StatusCode::FORBIDDEN, "another site's form");
    assert!(desk.cases().await.is_empty());
}

#[tokio::test]
async fn what_is_typed_is_never_markup() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut browser = Browser::new(&desk.desk);
    let evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>";
    let fields = [
        ("what", evil),
        ("reference", evil),
        ("product", evil),
        ("name", evil),
        ("tried", evil),
        ("wanted_more", evil),
    ];
    browser.get(FORM).await;
    desk.pass(SignedDuration::from_mins(1));
    let stamp = browser.stamp.clone();
    let mut all = vec![("stamp", stamp.as_str()), ("do", "send"), ("email", "nadia@exemple.fr")];
    all.extend(fields);
    let sent = browser.post(FORM, &all).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    desk.settle().await;
    let case = desk.only_case().await;
    let mut camille = Browser::of(&desk.desk, desk.agent("camille")).await;
    let customer = format!("/customers/{BRAND}/{}", case.customer);
    let pages = [
        camille.get(&format!("/cases/{}", case.reference)).await,
        camille.get("/cases?view=team").await,
        camille.get(&customer).await,
        browser.get(&link_of(&desk.desk, &case)).await,
        browser.get(sent.location()).await,
    ];
    for page in pages {
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"), "{}", page.body);
    }
}

#[tokio::test]
async fn only_sites_that_a_form_names_may_frame_it() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut browser = Browser::new(&desk.desk);
    let plain = browser.get(&format!("{FORM}?embed=1")).await;
    assert_eq!(plain.header("x-frame-options"), "DENY", "the usual form names none");
    let inbox = desk.desk.store.inboxes().await.unwrap().remove(0);
    let form = store::StoredForm {
        brand: BRAND,
        id: uuid::Uuid::from_u128(1),
        slug: "boutique".to_owned(),
        inbox: inbox.id,
        nature: casework::Nature::Complaint,
        body: r#"{"embeds":["https://www.atelier.example"],"questions":{"product":"hidden","reference":"required"}}"#.to_owned(),
        is_open: true,
    };
    desk.desk.store.save_form(form.clone(), desk.desk.clock.now()).await.unwrap();
    let framed = browser.get("/f/atelier/boutique?embed=1&lang=en").await;
    assert_eq!(framed.header("x-frame-options"), "");
    assert!(
        framed
            .header("content-security-policy")
            .contains("frame-ancestors 'self' https://www.atelier.example")
    );
    assert!(
        framed.body.contains("What happened?") && !framed.body.contains("name=\"product\""),
        "{}",
        framed.body
    );
    let shut = store::StoredForm { is_open: false, ..form };
    desk.desk.store.save_form(shut, desk.desk.clock.now()).await.unwrap();
    assert_eq!(browser.get("/f/atelier/boutique").await.status, StatusCode::NOT_FOUND);
}

//! Letters brought in by a program: every end a letter may have, and whoever may not.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use casework::intake::JunkRule;
use casework::{AgentId, BrandId, InboxId, Mint as _, Role, TeamId};
use desk::auth::session;
use desk::demo::setting::office_hours;
use serde_json::{Value, json};
use store::{Brand, Inbox, JunkField, NewAgent, StoredJunkRule, Team};
use tower::ServiceExt;

use super::browser::Browser;
use crate::on_both_engines;
use crate::support::{BRAND, Engine, INBOX, Letter, TestDesk, new_token};

/// A program with a token of somebody.
struct Program {
    router: Router,
    token: String,
}

impl Program {
    async fn of(desk: &TestDesk, agent: AgentId) -> Self {
        let token = format!("suivi_{}", session::new_token(&desk.desk));
        let (store, now) = (&desk.desk.store, desk.desk.clock.now());
        store.add_token(new_token(session::hash_of(&token), &token, agent), now).await.unwrap();
        Self { router: desk::web::router(desk.desk.clone()), token }
    }

    async fn lead(desk: &TestDesk) -> Self {
        Self::of(desk, desk.agent("sophie").id).await
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, String, Value) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, kind.unwrap_or_default(), serde_json::from_slice(&body).unwrap_or_default())
    }

    /// Brings a letter in and gives the answer.
    async fn bring(&self, query: &str, letter: impl Into<Body>) -> (StatusCode, String, Value) {
        let request = Request::post(format!("/api/v1/letters{query}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "message/rfc822");
        self.send(request.body(letter.into()).unwrap()).await
    }

    /// Brings a letter in that is taken.
    async fn taken(&self, query: &str, letter: impl Into<Body>) -> Value {
        let (status, _, told) = self.bring(query, letter).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        told
    }

    /// Brings a letter in that is refused, as RFC 9457 says.
    async fn refused(&self, query: &str, letter: impl Into<Body>) -> (StatusCode, Value) {
        let (status, kind, told) = self.bring(query, letter).await;
        let is_problem = kind == "application/problem+json" && told["status"] == status.as_u16();
        assert!(is_problem, "{status} {kind} {told}");
        (status, told["detail"].clone())
    }

    async fn ask(&self, letter: &Value) -> (StatusCode, Value) {
        let request = Request::get(format!("/api/v1/letters/{}", letter.as_str().unwrap()))
            .header("authorization", format!("Bearer {}", self.token));
        let (status, _, told) = self.send(request.body(Body::empty()).unwrap()).await;
        (status, told)
    }
}

fn letter(desk: &TestDesk, letter: &Letter<'_>) -> String {
    letter.to_mail(desk.desk.clock.now())
}

/// An answer without the id, which is drawn.
fn told(mut answer: Value) -> Value {
    assert!(answer["letter"].as_str().unwrap().parse::<uuid::Uuid>().is_ok());
    answer.as_object_mut().unwrap().remove("letter");
    answer
}

fn aside(reason: &str, automatic: Option<&str>) -> Value {
    json!({"end": "aside", "reason": reason, "case": null, "is_new": false, "automatic": automatic})
}

on_both_engines! {
    async fn a_letter_opens_a_case_and_the_next_joins_it(desk: TestDesk) {
        let program = Program::lead(&desk).await;
        let first = program.taken("", letter(&desk, &Letter::default())).await;
        let case = desk.only_case().await;
        let reference = case.reference.to_string();
        let filed = |is_new, automatic: Option<&str>| json!({
            "end": "filed", "reason": null, "case": reference, "is_new": is_new, "automatic": automatic
        });
        assert_eq!(told(first.clone()), filed(true, None));
        assert_eq!(program.ask(&first["letter"]).await, (StatusCode::OK, first));

        let second = Letter { id: "second@exemple.fr", answers: &["first@exemple.fr"], text: "Toujours rien.\r\n", ..Letter::default() };
        assert_eq!(told(program.taken("", letter(&desk, &second)).await), filed(false, None));
        let absent = Letter { id: "absent@exemple.fr", headers: "Auto-Submitted: auto-replied\r\n", text: "Absente.\r\n", ..second };
        assert_eq!(told(program.taken("", letter(&desk, &absent)).await), filed(false, Some("reply")));
        assert_eq!(desk.cases().await.len(), 1);
        desk.settle().await;
        assert!(desk.sent().await.is_empty(), "what is brought over gets no receipt");
    }

    async fn the_same_letter_again_is_a_duplicate(desk: TestDesk) {
        let program = Program::lead(&desk).await;
        let mail = letter(&desk, &Letter::default());
        program.taken("", mail.clone()).await;
        let reference = desk.only_case().await.reference.to_string();
        let duplicate = |case: Option<&str>| json!({
            "end": "duplicate", "reason": null, "case": case, "is_new": false, "automatic": null
        });
        assert_eq!(told(program.taken("", mail.clone()).await), duplicate(Some(&reference)));
        // As a file on another system has it.
        assert_eq!(told(program.taken("", mail.replace("\r\n", "\n")).await), duplicate(Some(&reference)));

        let list = Letter { id: "list@exemple.fr", headers: "List-Id: <nouvelles.exemple.fr>\r\n", ..Letter::default() };
        let kept = program.taken("", letter(&desk, &list)).await;
        let again = program.taken("", letter(&desk, &list)).await;
        assert_eq!(again["letter"], kept["letter"], "it is kept aside once");
        assert_eq!(told(again), duplicate(None));
        assert_eq!(desk.cases().await.len(), 1);
    }

    async fn what_opens_no_case_is_kept_aside_with_its_reason(desk: TestDesk) {
        let program = Program::lead(&desk).await;
        let (id, store) = (desk.desk.mint().uuid(), &desk.desk.store);
        let (verdict, field, pattern) = (JunkRule::Junk, JunkField::Domain, "promo.example".to_owned());
        store.set_junk_rule(StoredJunkRule { id, brand: BRAND, verdict, field, pattern }, desk.desk.clock.now()).await.unwrap();
        for (number, (headers, from, expect)) in [
            ("Auto-Submitted: auto-replied\r\n", "nadia@exemple.fr", aside("automatic_reply", Some("reply"))),
            ("List-Id: <nouvelles.exemple.fr>\r\n", "nadia@exemple.fr", aside("list", Some("list"))),
            ("", "luc@promo.example", aside("junk", None)),
            ("", INBOX, aside("own_loop", Some("own_loop"))),
        ].into_iter().enumerate() {
            let id = format!("{number}@exemple.fr");
            let mail = letter(&desk, &Letter { id: &id, from, headers, ..Letter::default() });
            assert_eq!(told(program.taken("", mail).await), expect, "{headers}{from}");
        }
        let bounce = format!(
            "From: <MAILER-DAEMON@exemple.fr>\r\nTo: <{INBOX}>\r\nSubject: Undelivered\r\nMessage-ID: <b@exemple.fr>\r\n\
             Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=R\r\n\r\n--R\r\n\r\nFailed\r\n--R\r\n\
             Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.fr\r\n\r\n\
             Final-Recipient: rfc822; x@exemple.fr\r\nAction: failed\r\nStatus: 5.1.1\r\n--R--\r\n"
        );
        assert_eq!(told(program.taken("", bounce).await), aside("bounce", Some("bounce")));
        let nameless = format!("To: <{INBOX}>\r\nSubject: Bonjour\r\n\r\nQui suis-je ?\r\n");
        assert_eq!(told(program.taken("", nameless).await), aside("no_sender", None));
        assert!(desk.cases().await.is_empty());
    }
}

#[tokio::test]
async fn a_receipt_is_sent_when_it_is_asked_for() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let program = Program::lead(&desk).await;
    program.taken("?receipt=yes", letter(&desk, &Letter::default())).await;
    desk.settle().await;
    assert_eq!(desk.sent().await[0].0, "nadia@exemple.fr");
    let (status, _) = program.refused("?receipt=perhaps", letter(&desk, &Letter::default())).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_inbox_is_named_or_told_by_the_letter() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let program = Program::lead(&desk).await;
    let elsewhere = Letter { to: "autre@ailleurs.example", ..Letter::default() };
    let (status, detail) = program.refused("", letter(&desk, &elsewhere)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(detail, "Aucune de vos boîtes n’a cette adresse.");
    program.taken("?inbox=Magasin%40atelier.example", letter(&desk, &elsewhere)).await;
    let shop = desk.only_case().await;
    assert_eq!(Some(&(BRAND, shop.team)), desk.agent("idriss").teams.first());

    // The signed address in its header proves the case, whichever inbox is named.
    let signed = desk.desk.secret.reply_address(INBOX, shop.brand, shop.id);
    let reply = Letter {
        id: "second@exemple.fr",
        to: &signed,
        subject: "Merci",
        text: "Bien reçu.\r\n",
        ..elsewhere
    };
    let told = program.taken("", letter(&desk, &reply)).await;
    assert_eq!((&told["case"], &told["is_new"]), (&json!(shop.reference.to_string()), &json!(false)));
    let (status, _) = program.refused("?inbox=nowhere%40atelier.example", letter(&desk, &reply)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "the inbox that is named counts");
}

/// A second brand with a lead of its own.
async fn second_brand(desk: &TestDesk) -> AgentId {
    let (store, brand) = (&desk.desk.store, BrandId(2));
    let (slug, name) = ("autre".to_owned(), "L'Autre".to_owned());
    let (language, zone) = ("fr".to_owned(), "Europe/Paris".to_owned());
    store
        .add_brand(Brand { id: brand, slug, name: name.clone(), language, zone: zone.clone() })
        .await
        .unwrap();
    let mut mint = desk.desk.mint();
    let team = TeamId(mint.uuid());
    let (policy, calendar) = (casework::Policy::default(), office_hours(&zone).unwrap());
    store.add_team(Team { brand, id: team, name: name.clone(), policy, calendar }).await.unwrap();
    let (id, address) = (InboxId(mint.uuid()), "aide@autre.example".to_owned());
    store.add_inbox(Inbox { brand, id, address, name, team }).await.unwrap();
    let lead = AgentId(mint.uuid());
    let (email, name) = ("lea@autre.example".to_owned(), "Léa".to_owned());
    let agent = NewAgent { id: lead, email, name, role: Role::Lead, password_hash: String::new() };
    store.add_agent(agent, desk.desk.clock.now()).await.unwrap();
    store.join_team(lead, brand, team).await.unwrap();
    lead
}

#[tokio::test]
async fn inboxes_of_other_brands_do_not_exist() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let lead = second_brand(&desk).await;
    let (own, other) = (Program::lead(&desk).await, Program::of(&desk, lead).await);
    let admin = Program::of(&desk, desk.agent("admin").id).await;
    let to_other = letter(&desk, &Letter { to: "aide@autre.example", ..Letter::default() });
    for query in ["", "?inbox=aide%40autre.example"] {
        assert_eq!(own.refused(query, to_other.clone()).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // A letter to both brands goes to the one whose program it is.
    let both = letter(&desk, &Letter { to: &format!("{INBOX}>, <aide@autre.example"), ..Letter::default() });
    let told = other.taken("", both).await;
    assert_eq!(desk.only_case().await.brand, BrandId(2));
    assert_eq!(own.ask(&told["letter"]).await.0, StatusCode::NOT_FOUND);
    assert_eq!(admin.ask(&told["letter"]).await.0, StatusCode::OK);
    assert_eq!(admin.taken("", to_other).await["end"], "duplicate");
}

#[tokio::test]
async fn what_is_no_letter_is_refused() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let program = Program::lead(&desk).await;
    let named = format!("?inbox={INBOX}");
    for body in ["", "\u{0}\u{1}\u{2}", "Bonjour, voici ma lettre sans en-tête.\r\n"] {
        assert_eq!(program.refused(&named, body).await.0, StatusCode::BAD_REQUEST, "{body:?}");
    }
    let mail = letter(&desk, &Letter::default());
    for kind in ["application/x-www-form-urlencoded", "text/plain", "message/rfc8222", ""] {
        let request = Request::post("/api/v1/letters")
            .header("authorization", format!("Bearer {}", program.token))
            .header("content-type", kind);
        let (status, ..) = program.send(request.body(Body::from(mail.clone())).unwrap()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{kind}");
    }
    assert!(desk.cases().await.is_empty());
    assert_eq!(desk.desk.store.unread_letters().await.unwrap(), 0);
}

#[tokio::test]
async fn letters_are_taken_up_to_their_limit() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let program = Program::lead(&desk).await;
    let mut mail = letter(&desk, &Letter::default()).into_bytes();
    mail.resize(64 * 1024 * 1024 + 1, b'\n');
    assert_eq!(program.refused("", mail.clone()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    // More than any other route takes.
    mail.truncate(3 * 1024 * 1024);
    assert_eq!(program.taken("", mail).await["end"], "filed");
}

#[tokio::test]
async fn only_tokens_of_leads_bring_letters_in() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mail = letter(&desk, &Letter::default());
    let agent = Program::of(&desk, desk.agent("camille").id).await;
    assert_eq!(agent.refused("", mail.clone()).await.0, StatusCode::FORBIDDEN);
    let wrong = Program { token: format!("suivi_{}", "c".repeat(43)), ..agent };
    assert_eq!(wrong.refused("", mail.clone()).await.0, StatusCode::UNAUTHORIZED);
    let mut lead = Browser::of(&desk.desk, desk.agent("sophie")).await;
    lead.get("/cases").await;
    let answer = lead.post("/api/v1/letters", &[]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a cookie is no token");
    assert!(desk.cases().await.is_empty());
}

#[tokio::test]
async fn a_letter_that_waits_is_told_as_waiting() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let program = Program::lead(&desk).await;
    desk.hand_in("nadia@exemple.fr", INBOX, letter(&desk, &Letter::default()).as_bytes()).await;
    let waiting = desk.desk.store.claim_letters(desk.desk.clock.now(), 1).await.unwrap();
    desk.desk.store.return_letter(waiting[0]).await.unwrap();
    let id = json!(waiting[0].to_string());
    assert_eq!(program.ask(&id).await.1["end"], "waiting");
    desk.settle().await;
    assert_eq!(program.ask(&id).await.1["end"], "filed");
    assert_eq!(program.ask(&json!(uuid::Uuid::nil().to_string())).await.0, StatusCode::NOT_FOUND);
}

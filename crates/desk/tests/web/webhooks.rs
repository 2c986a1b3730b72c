//! Webhooks and the feed as other programs see them: a real receiver on loopback, which answers as the test says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use channels::webhook::{Message, Settings, signature};
use desk::chance::Chance;
use desk::desk::{Desk, Setup};
use desk::worker::webhooks::tell_next;
use jiff::SignedDuration;
use serde_json::Value;
use store::NewToken;

use super::api::{json, program, program_with};
use super::browser::Browser;
use crate::on_both_engines;
use crate::support::{Engine, Letter, TestDesk};

/// What came in, and how it is answered.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(Message, String)>>>,
    is_away: Arc<Mutex<bool>>,
}

impl Receiver {
    /// Listens, and gives its address.
    async fn listen(&self) -> String {
        async fn hear(State(own): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
            if *own.is_away.lock().unwrap() {
                return StatusCode::INTERNAL_SERVER_ERROR;
            }
            let header = |name: &str| headers[name].to_str().unwrap().to_owned();
            let (id, at) = (header("webhook-id"), header("webhook-timestamp").parse().unwrap());
            own.got.lock().unwrap().push((Message { id, at, body }, header("webhook-signature")));
            StatusCode::NO_CONTENT
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/hook", post(hear)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        format!("http://{address}/hook")
    }

    fn away(&self, is_away: bool) {
        *self.is_away.lock().unwrap() = is_away;
    }

    fn ids(&self) -> Vec<String> {
        self.got.lock().unwrap().iter().map(|(message, _)| message.id.clone()).collect()
    }
}

/// The same desk, which may tell programs inside its own network.
fn open_inside(desk: &TestDesk) -> Desk {
    let parts = &desk.desk;
    Desk::new(Setup {
        webhooks: Settings { may_be_inside: true, ..Settings::default() },
        ..Setup::secluded(parts.store.clone(), parts.clock.clone(), Chance::seeded(5), parts.secret.clone())
    })
}

async fn tell_all(desk: &Desk) {
    while desk.store.place_events().await.unwrap() > 0 {}
    while tell_next(desk).await.unwrap() {}
}

/// Adds an address at the screen, and gives its secret.
async fn add(desk: &Desk, admin: &casework::Agent, url: &str, events: &str) -> Vec<u8> {
    let mut browser = Browser::of(desk, admin).await;
    browser.get("/webhooks").await;
    let page = browser.post("/webhooks", &[("name", "boutique"), ("url", url), ("events", events)]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let secret = page.body.split("whsec_").nth(1).unwrap().split('<').next().unwrap();
    let again = browser.get("/webhooks").await;
    assert!(again.body.contains("boutique") && !again.body.contains("whsec_"), "shown once");
    data_encoding::BASE64.decode(secret.replace("&#43;", "+").as_bytes()).unwrap()
}

on_both_engines! {
    async fn what_happens_is_told_in_order_and_signed(desk: TestDesk) {
        let inside = open_inside(&desk);
        let receiver = Receiver::default();
        let secret = add(&inside, desk.agent("admin"), &receiver.listen().await, "").await;
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        tell_all(&inside).await;
        let got = receiver.got.lock().unwrap().clone();
        assert!(got.len() >= 3);
        for (nth, (message, signed)) in (1..).zip(&got) {
            assert_eq!(message.id, format!("evt_{nth}"));
            assert_eq!(*signed, signature(&secret, message));
            let body: Value = serde_json::from_str(&message.body).unwrap();
            assert_eq!((body["data"]["case"].as_str(), body["data"]["seq"].as_u64()), (Some(case.reference.as_str()), Some(nth)));
            assert!(!message.body.contains("nadia"), "ids and words of ours, nothing personal: {}", message.body);
        }
        let first: Value = serde_json::from_str(&got[0].0.body).unwrap();
        assert_eq!((first["type"].as_str(), first["data"]["brand"].as_str()), (Some("case.opened"), Some("atelier")));
        tell_all(&inside).await;
        assert_eq!(receiver.ids().len(), got.len(), "each once");
    }

    async fn what_fails_is_told_again_and_days_of_failure_switch_it_off(desk: TestDesk) {
        let inside = open_inside(&desk);
        let receiver = Receiver::default();
        receiver.away(true);
        add(&inside, desk.agent("admin"), &receiver.listen().await, "opened closed").await;
        desk.mail(&Letter::default()).await;
        tell_all(&inside).await;
        assert_eq!(receiver.ids(), Vec::<String>::new());
        desk.pass(SignedDuration::from_secs(59));
        tell_all(&inside).await;
        receiver.away(false);
        tell_all(&inside).await;
        assert_eq!(receiver.ids(), Vec::<String>::new(), "not before its time");
        desk.pass(SignedDuration::from_secs(2));
        tell_all(&inside).await;
        assert_eq!(receiver.ids(), ["evt_1"], "what it wants to hear, and nothing else");

        receiver.away(true);
        desk.mail(&Letter { id: "zwei@exemple.fr", from: "luc@exemple.fr", ..Letter::default() }).await;
        for _ in 0..40 {
            tell_all(&inside).await;
            desk.pass(SignedDuration::from_hours(4));
        }
        let hook = inside.store.webhooks().await.unwrap().remove(0);
        assert!(!hook.is_on && hook.failing_since.is_some(), "{hook:?}");
        let mut admin = Browser::of(&inside, desk.agent("admin")).await;
        let page = admin.get("/webhooks").await;
        assert!(page.body.contains("cinq jours") && page.body.contains("answered 500"), "{}", page.body);
        receiver.away(false);
        tell_all(&inside).await;
        assert_eq!(receiver.ids(), ["evt_1"]);
        let switched = admin.post("/webhooks/switching", &[("name", "boutique"), ("to", "on")]).await;
        assert_eq!(switched.status, StatusCode::SEE_OTHER);
        tell_all(&inside).await;
        assert_eq!(receiver.ids().len(), 2, "it goes on where it stood");
        admin.get("/webhooks").await;
        admin.post("/webhooks/switching", &[("name", "boutique"), ("to", "on"), ("from", "1")]).await;
        tell_all(&inside).await;
        assert_eq!(receiver.ids()[2..], receiver.ids()[..2], "a replay tells the same ids");
        admin.get("/webhooks").await;
        admin.post("/webhooks/switching", &[("name", "boutique"), ("to", "remove")]).await;
        assert!(inside.store.webhooks().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn addresses_inside_and_odd_ones_are_not_told() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let mut admin = Browser::of(&desk.desk, desk.agent("admin")).await;
    for (name, url, events) in [
        ("", "https://a.example", ""),
        ("a", "http://a.example", ""),
        ("a", "javascript:alert(1)", ""),
        ("a", "https://a:b@a.example", ""),
        ("a", "https://a.example", "nothing_such"),
    ] {
        admin.get("/webhooks").await;
        let page = admin.post("/webhooks", &[("name", name), ("url", url), ("events", events)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
    }
    add(&desk.desk, desk.agent("admin"), "https://localhost/<script>", "").await;
    let taken =
        admin.post("/webhooks", &[("name", "boutique"), ("url", "https://a.example"), ("events", "")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    desk.mail(&Letter::default()).await;
    tell_all(&desk.desk).await;
    let page = admin.get("/webhooks").await;
    assert!(page.body.contains("inside the own network"), "{}", page.body);
    assert!(!page.body.contains("/<script>"));
}

#[tokio::test]
async fn the_feed_is_read_with_a_token_that_is_good_for_it() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    desk.mail(&Letter::default()).await;
    while desk.desk.store.place_events().await.unwrap() > 0 {}
    let mut program = program(&desk, "camille").await;
    let first = json(&program.get("/api/v1/events?limit=2").await);
    assert_eq!(first["events"].as_array().unwrap().len(), 2);
    assert_eq!(first["next"], 2);
    let rest = json(&program.get("/api/v1/events?after=2").await);
    assert_eq!(rest["events"][0]["position"], 3);
    let next = rest["next"].as_i64().unwrap();
    assert_eq!(
        json(&program.get(&format!("/api/v1/events?after={next}")).await)["events"].as_array().unwrap().len(),
        0
    );
    for odd in ["after=-1", "after=x", "limit=0"] {
        assert!(!program.get(&format!("/api/v1/events?{odd}")).await.status.is_server_error(), "{odd}");
    }
    let only_cases = |token: NewToken| NewToken { scopes: "cases:read".to_owned(), ..token };
    let mut other = program_with(&desk, "camille", only_cases).await;
    assert_eq!(other.get("/api/v1/events").await.status, StatusCode::FORBIDDEN);
    let mut idriss = super::api::program(&desk, "idriss").await;
    assert_eq!(
        json(&idriss.get("/api/v1/events").await)["events"].as_array().unwrap().len(),
        0,
        "another team's"
    );
}

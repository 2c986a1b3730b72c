//! A mail of ours that comes back, through a real mail server: who did not get it still waits, and the conseiller is told.

use std::sync::Arc;

use casework::act::Act;
use casework::write::Words;
use casework::{MessageState, Status};
use channels::mail::send::SmtpSettings;
use channels::mail::server::{Answer, Envelope, Kept, Letterbox, Protocol, Rules, serve};
use desk::demo::player::work;
use desk::door::act;
use desk::letterbox::DeskLetterbox;
use desk::postman::Postman;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::exim::{Exim, Route};
use crate::support::{BRAND, Engine, Letter, TestDesk};
use crate::web::browser::Browser;

/// A server that knows nobody.
struct Nobody;

impl Letterbox for Nobody {
    async fn recipient(&self, _: &str) -> Answer {
        Answer::NotOurs
    }

    async fn keep(&self, letter: Envelope) -> Vec<Kept> {
        vec![Kept::Refused("nobody here".to_owned()); letter.recipients.len()]
    }
}

async fn listening<L: Letterbox>(protocol: Protocol, letterbox: L) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let rules = Rules::new(protocol, "far.example".to_owned());
    tokio::spawn(serve(listener, rules, Arc::new(letterbox), CancellationToken::new()));
    port
}

#[tokio::test]
async fn a_true_bounce_leaves_the_customer_waiting_and_the_agent_told() {
    let desk = TestDesk::open(Engine::Sqlite).await.unwrap();
    let far = listening(Protocol::Smtp, Nobody).await;
    let letterbox = DeskLetterbox { desk: desk.desk.clone(), protocol: Protocol::Lmtp };
    let own = listening(Protocol::Lmtp, letterbox).await;
    let routes = [
        Route { domain: "client.example", port: far, is_lmtp: false },
        Route { domain: "atelier.example", port: own, is_lmtp: true },
    ];
    let Some(exim) = Exim::new(&routes, 10) else { return };
    let door = exim.open(false).await;
    let settings = SmtpSettings::new("127.0.0.1", door.port, "desk.atelier.example");
    let node = desk.node_by(Postman::by(settings).unwrap()).await;

    desk.hand_in("nadia@client.example", crate::support::INBOX, LETTER.as_bytes()).await;
    work(&node).await.unwrap();
    let case = desk.only_case().await;
    let camille = desk.agent("camille").clone();
    let words = Words { text: "Un nouveau colis part ce soir.".to_owned(), html: None, files: Vec::new() };
    act::by_agent(&node, &camille, (BRAND, case.id), Act::Propose(words), None).await.unwrap();
    work(&node).await.unwrap();
    assert_eq!(desk.only_case().await.status, Status::Resolved, "the next server took it");

    // The server finds out that nobody is there, and writes back to the signed address of the case.
    exim.run_queue().await;
    exim.run_queue().await;
    work(&node).await.unwrap();
    let case = desk.only_case().await;
    assert_eq!(case.status, Status::Open, "a solution that nobody read is no solution");
    assert!(case.unanswered_since.is_some() && case.undelivered_at.is_some());
    let states = node.store.message_states(BRAND, case.id).await.unwrap();
    assert!(states.iter().any(|(_, state)| *state == MessageState::Refused), "{states:?}");
    let timeline = node.store.timeline(BRAND, case.id).await.unwrap();
    assert_eq!(casework::fold::fold(BRAND, case.id, &timeline), Some(case.clone()));

    let mut browser = Browser::of(&desk.desk, &camille).await;
    let page = browser.get(&format!("/cases/{}", case.reference)).await.body;
    for words in ["Notre dernier message n’est pas arrivé", "ne reçoit plus nos messages", "Refusé"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(browser.get("/cases?view=mine").await.body.contains("Non remis"));
    // DSN asked for with the recipient as we wrote it.
    let log = exim.log();
    assert!(log.contains("NOTIFY=") && log.contains("RET=HDRS"), "{log}");

    // She writes again from there: the address lives.
    let again = Letter {
        from: "nadia@client.example",
        id: "again@client.example",
        answers: &["first@client.example"],
        ..Letter::default()
    };
    desk.hand_in("nadia@client.example", crate::support::INBOX, again.to_mail(node.clock.now()).as_bytes())
        .await;
    work(&node).await.unwrap();
    let page = browser.get(&format!("/cases/{}", case.reference)).await.body;
    assert!(!page.contains("ne reçoit plus nos messages"));
    assert_eq!(desk.only_case().await.undelivered_at, None);
    node.store.close().await;
}

const LETTER: &str = "From: Nadia Ferrand <nadia@client.example>\r\nTo: <bonjour@atelier.example>\r\n\
    Subject: Colis en retard\r\nMessage-ID: <first@client.example>\r\nMIME-Version: 1.0\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\r\nMon colis MG-2481 devait arriver mardi dernier.\r\n";

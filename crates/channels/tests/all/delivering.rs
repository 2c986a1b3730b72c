//! Mails to a real Exim: what it takes, what it refuses and when, how it dies, and the report it sends back.

use std::collections::BTreeSet;
use std::time::Duration;

use casework::inbound::Automatic;
use channels::mail::read::read;
use channels::mail::send::{Courier, Login, SendFailure, SmtpSettings, Tls};
use channels::mail::server::{Answer, Envelope, Kept, Letterbox, Protocol, serve};
use futures::future::join_all;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use super::serving::rules;
use crate::exim::{Exim, Route};

/// Longest wait for what a machine with two busy cores does at once.
const PATIENCE: Duration = Duration::from_mins(1);

/// A letterbox that tells of each letter, or knows nobody.
struct Telling {
    letters: UnboundedSender<Envelope>,
    answer: Answer,
}

impl Letterbox for Telling {
    async fn recipient(&self, _address: &str) -> Answer {
        self.answer
    }

    async fn keep(&self, letter: Envelope) -> Vec<Kept> {
        let kept = vec![Kept::Yes; letter.recipients.len()];
        self.letters.send(letter).unwrap();
        kept
    }
}

/// A listener of ours behind the server.
async fn behind(protocol: Protocol, answer: Answer) -> (u16, UnboundedReceiver<Envelope>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (letters, arriving) = unbounded_channel();
    let letterbox = Telling { letters, answer };
    tokio::spawn(serve(listener, rules(protocol), letterbox.into(), CancellationToken::new()));
    (port, arriving)
}

/// Exim with our listener behind it for `desk.example`, and one that knows nobody for `far.example`.
async fn exim(mails_per_connection: u32) -> Option<(Exim, UnboundedReceiver<Envelope>)> {
    let (desk, arriving) = behind(Protocol::Lmtp, Answer::Ours).await;
    let (far, _) = behind(Protocol::Smtp, Answer::NotOurs).await;
    let routes = [
        Route { domain: "desk.example", port: desk, is_lmtp: true },
        Route { domain: "far.example", port: far, is_lmtp: false },
    ];
    Some((Exim::new(&routes, mails_per_connection)?, arriving))
}

fn settings(port: u16) -> SmtpSettings {
    let settings = SmtpSettings::new("localhost", port, "desk.example");
    SmtpSettings { timeout: PATIENCE, ..settings }
}

fn courier(port: u16) -> Courier {
    Courier::new(settings(port)).unwrap()
}

fn letter(id: &str) -> Vec<u8> {
    format!("From: aide@desk.example\r\nMessage-ID: <{id}@desk.example>\r\nSubject: x\r\n\r\n.{id}\r\n.\r\n")
        .into_bytes()
}

async fn next(arriving: &mut UnboundedReceiver<Envelope>) -> Envelope {
    tokio::time::timeout(PATIENCE, arriving.recv()).await.expect("nothing came").unwrap()
}

fn id(letter: &Envelope) -> String {
    read(&letter.bytes, "").0.message_id.unwrap()
}

#[tokio::test]
async fn two_hundred_mails_go_over_four_connections() {
    let Some((exim, mut arriving)) = exim(1_000).await else { return };
    let door = exim.open(false).await;
    let courier = courier(door.port);
    let ids: Vec<String> = (0..200).map(|number| format!("m{number}")).collect();
    let sending = ids.iter().map(|id| {
        let courier = courier.clone();
        // Every tenth goes through to us, the others are taken and thrown away.
        let to = if id.ends_with('0') { "jeanne@desk.example" } else { "jeanne@hole.example" };
        async move { courier.send("retour@desk.example", to, &letter(id)).await }
    });
    for accepted in join_all(sending).await {
        assert!(accepted.unwrap().answer.starts_with("250 OK id="));
    }
    assert!(door.accepted() <= 4, "{}", door.accepted());
    let taken = exim.log().matches(" <= retour@desk.example ").count();
    assert_eq!(taken, 200);
    let mut arrived = BTreeSet::new();
    for _ in 0..20 {
        let letter = next(&mut arriving).await;
        assert!(letter.bytes.ends_with(&self::letter(&id(&letter).replace("@desk.example", ""))));
        assert!(arrived.insert(id(&letter)));
    }
}

#[tokio::test]
async fn a_server_that_wants_a_new_connection_gets_one() {
    let Some((exim, _)) = exim(3).await else { return };
    let door = exim.open(false).await;
    let courier = courier(door.port);
    for number in 0..10 {
        let accepted =
            courier.send("retour@desk.example", "a@hole.example", &letter(&number.to_string())).await;
        assert!(accepted.is_ok(), "{accepted:?}");
    }
    assert_eq!(door.accepted(), 4);
    assert_eq!(exim.log().matches(" <= retour@desk.example ").count(), 10);
}

#[tokio::test]
async fn each_refusal_is_what_it_is() {
    let Some((exim, _)) = exim(1_000).await else { return };
    let door = exim.open(false).await;
    let courier = courier(door.port);
    for (to, is_temporary, code, status) in [
        ("nobody@hole.example", false, 550, Some("5.1.1")),
        ("a@elsewhere.example", false, 550, Some("5.7.1")),
        ("grey@hole.example", true, 451, Some("4.7.1")),
        ("full@hole.example", true, 552, Some("5.2.2")),
        ("refused@hole.example", false, 554, Some("5.6.0")),
        ("over@hole.example", false, 552, Some("5.2.2")),
        ("a@members.example", false, 550, Some("5.7.1")),
        ("busy@hole.example", true, 421, Some("4.3.2")),
    ] {
        let failure = courier.send("retour@desk.example", to, &letter("x")).await.unwrap_err();
        let found = match &failure {
            SendFailure::Temporary { code, status, .. } => (true, *code, status.as_deref()),
            SendFailure::Permanent { code, status, .. } => (false, *code, status.as_deref()),
            SendFailure::Unreachable { text } => panic!("{to}: {text}"),
        };
        assert_eq!(found, (is_temporary, code, status), "{to}: {failure}");
    }
    // A refusal does not cost the connection, but hanging up does; that mail was then tried once more.
    assert_eq!(door.accepted(), 2);
    courier.send("retour@desk.example", "a@hole.example", &letter("y")).await.unwrap();
    assert_eq!(door.accepted(), 3);
    let big = [letter("z"), vec![b'x'; 2 * 1024 * 1024]].concat();
    let failure = courier.send("retour@desk.example", "a@hole.example", &big).await.unwrap_err();
    assert!(matches!(failure, SendFailure::Permanent { code: 552, .. }), "{failure}");
}

#[tokio::test]
async fn what_a_dying_server_had_accepted_arrives_and_the_rest_is_sent_again() {
    let Some((exim, mut arriving)) = exim(1_000).await else { return };
    let door = exim.open(false).await;
    let port = door.port;
    let courier = courier(port);
    let to = "jeanne@desk.example";
    courier.send("retour@desk.example", to, &letter("first")).await.unwrap();
    assert_eq!(id(&next(&mut arriving).await), "first@desk.example");
    // It dies while many mails are on their way, some of them between the content and the answer.
    let all: BTreeSet<String> = (0..40).map(|number| format!("m{number}")).collect();
    let (telling, mut taken) = unbounded_channel();
    let sending = all.iter().map(async |id| {
        let outcome = courier.send("retour@desk.example", to, &letter(id)).await;
        telling.send(()).unwrap();
        (id, outcome)
    });
    let dying = async {
        for _ in 0..5 {
            taken.recv().await.unwrap();
        }
        door.slam().await;
    };
    let (outcomes, ()) = tokio::join!(join_all(sending), dying);
    let (mut accepted, mut failed) = (0, vec![]);
    for (id, outcome) in outcomes {
        match outcome {
            Ok(_) => accepted += 1,
            Err(SendFailure::Unreachable { .. }) => failed.push(id),
            Err(other) => panic!("{id}: {other}"),
        }
    }
    assert!(accepted >= 5 && !failed.is_empty(), "{accepted} accepted");
    // It is back on the same port; connections that died meanwhile are not in the way.
    let _door = exim.open_again(port).await;
    for id in failed {
        courier.send("retour@desk.example", to, &letter(id)).await.unwrap();
    }
    exim.run_queue().await;
    let mut arrived = BTreeSet::new();
    while arrived.len() < all.len() {
        arrived.insert(self::id(&next(&mut arriving).await));
    }
    assert_eq!(arrived, all.iter().map(|id| format!("{id}@desk.example")).collect());
}

#[tokio::test]
async fn a_connection_that_died_while_it_waited_is_replaced_unseen() {
    let Some((exim, _)) = exim(1_000).await else { return };
    let door = exim.open(false).await;
    let port = door.port;
    let courier = courier(port);
    courier.send("retour@desk.example", "a@hole.example", &letter("1")).await.unwrap();
    door.slam().await;
    let failure = courier.send("retour@desk.example", "a@hole.example", &letter("2")).await.unwrap_err();
    assert!(matches!(failure, SendFailure::Unreachable { .. }), "{failure}");
    let door = exim.open_again(port).await;
    courier.send("retour@desk.example", "a@hole.example", &letter("2")).await.unwrap();
    door.slam().await;
    let door = exim.open_again(port).await;
    courier.send("retour@desk.example", "a@hole.example", &letter("3")).await.unwrap();
    assert_eq!(door.accepted(), 1);
}

#[tokio::test]
async fn reports_are_asked_for_and_the_report_is_understood() {
    let Some((exim, mut arriving)) = exim(1_000).await else { return };
    let door = exim.open(false).await;
    let courier = courier(door.port);
    let sender = "retour+a=b@desk.example";
    courier.send(sender, "jeanne+colis@far.example", &letter("lost")).await.unwrap();
    courier.send("", "a@hole.example", &letter("silent")).await.unwrap();
    let log = exim.log();
    for said in [
        "said MAIL FROM:<retour+a=b@desk.example> SIZE=82 RET=HDRS ENVID=lost@desk.example\n",
        "said RCPT TO:<jeanne+colis@far.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;jeanne+2Bcolis@far.example\n",
        "said MAIL FROM:<> SIZE=86\n",
        "said RCPT TO:<a@hole.example> NOTIFY=NEVER\n",
    ] {
        assert!(log.contains(said), "{said} in {log}");
    }
    // Exim took the mail, the next server refused it, and Exim says so to the envelope sender.
    let bounce = next(&mut arriving).await;
    assert_eq!((bounce.from.as_str(), bounce.recipients), ("", vec![sender.to_owned()]));
    let words = String::from_utf8_lossy(&bounce.bytes).into_owned();
    assert!(words.contains("Original-Envelope-ID: lost@desk.example"), "{words}");
    assert!(words.contains("text/rfc822-headers") && !words.contains("\r\n.lost"), "{words}");
    let (letter, _) = read(&bounce.bytes, "");
    assert_eq!(letter.automatic, Some(Automatic::Bounce));
    assert!(words.contains("Final-Recipient: rfc822;jeanne+colis@far.example"), "{words}");
    assert!(words.contains("Diagnostic-Code: smtp; 550 5.1.1"), "{words}");
    let report = letter.report.unwrap();
    assert_eq!(
        report.recipient.as_deref(),
        Some("jeanne+colis@far.example"),
        "escaped by us, left so by Exim: {words}"
    );
    assert!(letter.answers.contains(&"lost@desk.example".to_owned()), "{:?}", letter.answers);
}

#[tokio::test]
async fn tls_is_believed_with_the_companys_own_authority_only() {
    let Some((exim, _)) = exim(1_000).await else { return };
    for tls in [Tls::StartTls, Tls::Implicit] {
        let door = exim.open(tls == Tls::Implicit).await;
        let send = async |settings: SmtpSettings| {
            let courier = Courier::new(settings).unwrap();
            courier.send("retour@desk.example", "a@hole.example", &letter("tls")).await
        };
        let trusting = SmtpSettings { tls, extra_roots: exim.roots(), ..settings(door.port) };
        send(trusting.clone()).await.unwrap();
        // A stranger's certificate, and one for another name.
        for distrusted in [
            SmtpSettings { extra_roots: vec![], ..trusting.clone() },
            SmtpSettings { host: "127.0.0.1".to_owned(), ..trusting },
        ] {
            let failure = send(distrusted).await.unwrap_err();
            assert!(matches!(failure, SendFailure::Unreachable { .. }), "{failure}");
        }
    }
    assert_eq!(exim.log().matches(" <= retour@desk.example ").count(), 2);
    assert_eq!(exim.log().matches("P=esmtps ").count(), 2);
    for roots in ["no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let settings = SmtpSettings { tls: Tls::StartTls, extra_roots: roots.into(), ..settings(1) };
        assert!(matches!(Courier::new(settings), Err(SendFailure::Unreachable { .. })));
    }
}

#[tokio::test]
async fn logging_in_by_password_and_by_token() {
    let Some((exim, _)) = exim(1_000).await else { return };
    let door = exim.open(false).await;
    let password = |word: &str| Login::Password { user: "suivi".to_owned(), password: word.to_owned() };
    let token = |word: &str| Login::XOAuth2 { user: "suivi".to_owned(), access_token: word.to_owned() };
    let courier = Courier::new(SmtpSettings { login: token("stale"), ..settings(door.port) }).unwrap();
    let send = async |login: Login| {
        courier.log_in_with(login);
        courier.check().await?;
        courier.send("retour@desk.example", "a@members.example", &letter("in")).await
    };
    for wrong in [token("stale"), password("wrong")] {
        let failure = send(wrong).await.unwrap_err();
        assert!(matches!(failure, SendFailure::Temporary { code: 535, .. }), "{failure}");
    }
    send(token("fresh")).await.unwrap();
    assert!(exim.log().contains(" A=xoauth2:suivi "), "{}", exim.log());
    let courier = Courier::new(SmtpSettings { login: password("secret"), ..settings(door.port) }).unwrap();
    courier.send("retour@desk.example", "a@members.example", &letter("in")).await.unwrap();
    assert!(exim.log().contains(" A=plain:suivi "), "{}", exim.log());
}

#[tokio::test]
async fn addresses_in_other_scripts() {
    let Some((exim, _)) = exim(1_000).await else { return };
    let door = exim.open(false).await;
    let courier = courier(door.port);
    courier.send("retour@désk.example", "zoé@hole.example", &letter("utf8")).await.unwrap();
    let log = exim.log();
    for said in [
        "said MAIL FROM:<retour@xn--dsk-bma.example> SMTPUTF8 SIZE=82 RET=HDRS ENVID=utf8@desk.example\n",
        "said RCPT TO:<zo\\303\\251@hole.example> NOTIFY=FAILURE,DELAY\n",
        "P=utf8esmtp ",
    ] {
        assert!(log.contains(said), "{said} in {log}");
    }
}

//! Sending to our own listener and to servers that misbehave: what comes back says whether to try again.

use std::time::Duration;

use channels::mail::send::{Courier, Login, SendFailure, SmtpSettings, Tls};
use channels::mail::server::{Answer, Kept, Protocol};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::serving::{rules, start};

fn courier(port: u16, tls: Tls) -> Courier {
    let settings = SmtpSettings::new("127.0.0.1", port, "desk.suivi.test");
    Courier::new(SmtpSettings { tls, timeout: Duration::from_secs(5), ..settings }).unwrap()
}

const LETTER: &[u8] = b"From: aide@desk.example\r\nSubject: x\r\n\r\n.un point\r\n";

#[tokio::test]
async fn a_mail_arrives_byte_for_byte() {
    let running = start(rules(Protocol::Smtp), Answer::Ours, Kept::Yes).await;
    let courier = courier(running.address.port(), Tls::None);
    courier.check().await.unwrap();
    for sender in ["retour@desk.example", ""] {
        let accepted = courier.send(sender, "jeanne@exemple.example", LETTER).await.unwrap();
        assert_eq!(accepted.answer, "250 2.0.0 Kept");
    }
    let letters = running.letterbox.letters.lock().unwrap();
    assert_eq!(letters.len(), 2);
    assert_eq!((letters[0].from.as_str(), letters[1].from.as_str()), ("retour@desk.example", ""));
    assert!(letters.iter().all(|letter| letter.bytes == LETTER && letter.helo == "desk.suivi.test"));
}

#[tokio::test]
async fn the_servers_answer_decides() {
    for (answer, kept, expected) in [
        (Answer::Ours, Kept::TryLater, (true, 451)),
        (Answer::TryLater, Kept::Yes, (true, 450)),
        (Answer::NotOurs, Kept::Yes, (false, 550)),
        (Answer::Ours, Kept::Refused("Boîte fermée".to_owned()), (false, 550)),
    ] {
        let running = start(rules(Protocol::Smtp), answer, kept).await;
        let failure =
            courier(running.address.port(), Tls::None).send("", "a@b.example", LETTER).await.unwrap_err();
        let found = match &failure {
            SendFailure::Temporary { code, .. } => (true, *code),
            SendFailure::Permanent { code, .. } => (false, *code),
            SendFailure::Unreachable { text } => panic!("{text}"),
        };
        assert_eq!(found, expected, "{failure}");
    }
}

/// A server that answers each command with the next line of its script and then hangs up.
async fn scripted(script: &'static [&'static str]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 64 * 1024];
        for (at, line) in script.iter().enumerate() {
            if at > 0 && stream.read(&mut buffer).await.unwrap_or(0) == 0 {
                return;
            }
            stream.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        }
        let _ = stream.read(&mut buffer).await;
    });
    port
}

#[tokio::test]
async fn a_line_that_breaks_is_to_be_tried_again() {
    for script in [
        &["220 mx", "250 mx", "250 ok", "250 ok", "354 go"][..],
        &["220 mx", "250 mx", "250 ok"],
        &["220 mx"],
        &["hello, this is not mail"],
        &["421 4.3.2 later"],
        &["220 mx", "250 mx", "421 4.7.0 too\tmuch\u{7}"],
    ] {
        let port = scripted(script).await;
        let failure = courier(port, Tls::None).send("", "a@b.example", LETTER).await.unwrap_err();
        assert!(!matches!(failure, SendFailure::Permanent { .. }), "{script:?}: {failure}");
        assert!(!failure.to_string().contains(char::is_control));
    }
}

#[tokio::test]
async fn no_server_no_tls_no_address() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let failure = courier(closed, Tls::None).check().await.unwrap_err();
    assert!(matches!(failure, SendFailure::Unreachable { .. }), "{failure}");
    let running = start(rules(Protocol::Smtp), Answer::Ours, Kept::Yes).await;
    for tls in [Tls::StartTls, Tls::Implicit] {
        // Our listener speaks no TLS: nothing may go out in the clear instead.
        let failure = courier(running.address.port(), tls).send("", "a@b.example", LETTER).await.unwrap_err();
        assert!(matches!(failure, SendFailure::Unreachable { .. }), "{failure}");
    }
    assert!(running.letterbox.letters.lock().unwrap().is_empty());
    let failure = courier(closed, Tls::None).send("", "pas une adresse", LETTER).await.unwrap_err();
    assert!(matches!(failure, SendFailure::Permanent { code: 553, .. }), "{failure}");
}

#[tokio::test]
async fn a_wrong_password_is_no_reason_to_give_up_the_mail() {
    let script = &["220 mx", "250-mx\r\n250 AUTH PLAIN", "535 5.7.8 Bad\r\n"];
    let settings = SmtpSettings {
        login: Login::Password { user: "suivi".to_owned(), password: "secret".to_owned() },
        timeout: Duration::from_secs(5),
        ..SmtpSettings::new("127.0.0.1", scripted(script).await, "desk")
    };
    assert!(!format!("{settings:?}").contains("secret"));
    let failure = Courier::new(settings).unwrap().send("", "a@b.example", LETTER).await.unwrap_err();
    assert!(matches!(failure, SendFailure::Temporary { code: 535, .. }), "{failure}");
}

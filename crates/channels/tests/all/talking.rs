//! What is said to a server, word by word: to one that answers from a script and writes down what it hears. It lies,
//! breaks off and speaks out of turn, as servers and those between us and them do.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use channels::mail::send::{Courier, Login, SendFailure, SmtpSettings, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const LETTER: &[u8] = b"Message-ID: <1@desk.example>\r\nSubject: x\r\n\r\n.un\r\n";

/// What is answered where nothing else is asked for.
const USUAL: [(&str, &str); 7] = [
    ("", "220 mx"),
    ("EHLO", "250 mx"),
    ("MAIL", "250 ok"),
    ("RCPT", "250 ok"),
    ("DATA", "354 go"),
    (".", "250 kept"),
    ("RSET", "250 ok"),
];

/// A server that answers each command by its first word; an empty answer hangs up. `.` stands for the content's end.
struct Puppet {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    /// Tells of each command.
    hearing: UnboundedReceiver<String>,
}

impl Puppet {
    async fn start(special: &[(&str, &str)]) -> Self {
        let bytes = special.iter().map(|(word, answer)| ((*word).to_owned(), answer.as_bytes().to_vec()));
        Self::start_with_bytes(bytes.collect()).await
    }

    async fn start_with_bytes(mut answers: Vec<(String, Vec<u8>)>) -> Self {
        answers.extend(USUAL.map(|(word, answer)| (word.to_owned(), answer.as_bytes().to_vec())));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (telling, hearing) = unbounded_channel();
        let heard = Arc::new(Mutex::new(vec![]));
        let (book, answers) = (heard.clone(), Arc::new(answers));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answers, book, telling) = (answers.clone(), book.clone(), telling.clone());
                tokio::spawn(serve(stream, answers, move |command| {
                    book.lock().unwrap().push(command.clone());
                    let _ = telling.send(command);
                }));
            }
        });
        Self { port, heard, hearing }
    }

    fn settings(&self) -> SmtpSettings {
        let settings = SmtpSettings::new("127.0.0.1", self.port, "desk.example");
        SmtpSettings { timeout: Duration::from_secs(20), ..settings }
    }

    async fn send(&self, from: &str, to: &str, bytes: &[u8]) -> Result<String, SendFailure> {
        let courier = Courier::new(self.settings()).unwrap();
        courier.send(from, to, bytes).await.map(|accepted| accepted.answer)
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, answers: Arc<Vec<(String, Vec<u8>)>>, tell: impl Fn(String)) {
    let (mut word, mut heard) = (String::new(), Vec::new());
    loop {
        let known = answers.iter().find(|(known, _)| *known == word).map(|(_, answer)| answer.as_slice());
        let answer = known.unwrap_or(b"334 ");
        if answer.is_empty() || stream.write_all(&[answer, b"\r\n"].concat()).await.is_err() {
            return;
        }
        let end: &[u8] = if word == "DATA" && answer.starts_with(b"354") { b"\r\n.\r\n" } else { b"\r\n" };
        while !heard.ends_with(end) {
            if stream.read_buf(&mut heard).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let command = String::from_utf8(std::mem::take(&mut heard)).unwrap();
        word = if end.len() > 2 {
            ".".to_owned()
        } else {
            command.split_whitespace().next().unwrap_or("-").to_owned()
        };
        tell(command.trim_end().to_owned());
    }
}

#[tokio::test]
async fn a_plain_server_is_told_no_more_than_it_knows() {
    let puppet = Puppet::start(&[]).await;
    assert_eq!(puppet.send("a@desk.example", "b+c@x.example", LETTER).await.unwrap(), "250 kept");
    let content = "Message-ID: <1@desk.example>\r\nSubject: x\r\n\r\n..un\r\n.";
    let commands =
        ["EHLO desk.example", "MAIL FROM:<a@desk.example>", "RCPT TO:<b+c@x.example>", "DATA", content];
    assert_eq!(puppet.heard(), commands);
}

#[tokio::test]
async fn a_server_that_knows_all_is_told_all() {
    let offers = "250-mx\r\n250-dsn\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250 SMTPUTF8";
    let puppet = Puppet::start(&[("EHLO", offers)]).await;
    let puppet = &puppet;
    let told = async |from: &str, to: &str, letter: &[u8]| {
        let before = puppet.heard().len();
        puppet.send(from, to, letter).await.unwrap();
        puppet.heard()[before + 1..before + 3].to_vec()
    };
    assert_eq!(
        told("a@desk.example", "b+c=d@x.example", LETTER).await,
        [
            "MAIL FROM:<a@desk.example> SIZE=49 RET=HDRS ENVID=1@desk.example",
            "RCPT TO:<b+c=d@x.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b+2Bc+3Dd@x.example",
        ]
    );
    // Nobody reads reports about reports.
    assert_eq!(
        told("", "b@x.example", LETTER).await,
        ["MAIL FROM:<> SIZE=49", "RCPT TO:<b@x.example> NOTIFY=NEVER"]
    );
    // Without a usable id there is none; bytes beyond ASCII are announced.
    for letter in ["Subject: x\r\n\r\nà\r\n", "Message-ID: <\u{e9}>\r\n\r\nx\r\nMessage-ID: <2@x>\r\n"] {
        let [mail, _] =
            <[String; 2]>::try_from(told("a@x.example", "b@x.example", letter.as_bytes()).await).unwrap();
        assert!(mail.contains(" BODY=8BITMIME ") && mail.ends_with(" RET=HDRS"), "{mail}");
    }
    let long = format!("Message-ID: <{}@desk.example>\r\n\r\nx\r\n", "=".repeat(40));
    assert!(told("a@x.example", "b@x.example", long.as_bytes()).await[0].ends_with(" RET=HDRS"));
    assert_eq!(
        told("a@désk.example", "zoé@xn--dsk-bma.example", LETTER).await,
        [
            "MAIL FROM:<a@xn--dsk-bma.example> SMTPUTF8 SIZE=49 RET=HDRS ENVID=1@desk.example",
            "RCPT TO:<zoé@xn--dsk-bma.example> NOTIFY=FAILURE,DELAY",
        ]
    );
}

#[tokio::test]
async fn what_the_server_cannot_carry_is_not_tried_again() {
    let puppet = Puppet::start(&[]).await;
    for (from, to, letter, expected) in [
        ("a@x.example", "zoé@x.example", LETTER, (553, "5.6.7")),
        ("a@x.example", "b@x.example", "Subject: x\r\n\r\nà\r\n".as_bytes(), (554, "5.6.3")),
        ("a@x.example", "b@x.example> NOTIFY=NEVER", LETTER, (553, "5.1.3")),
        ("a@x.example", "b@x.example\r\nQUIT", LETTER, (553, "5.1.3")),
        ("a@x.example", "\"b\r\nQUIT\"@x.example", LETTER, (553, "5.1.3")),
        ("pas une adresse", "b@x.example", LETTER, (553, "5.1.3")),
        ("a@x.example", &format!("b@{}example", "x.".repeat(130)), LETTER, (553, "5.1.3")),
    ] {
        match puppet.send(from, to, letter).await.unwrap_err() {
            SendFailure::Permanent { code, status, is_of_recipient, .. } => {
                assert_eq!((code, status.as_deref(), is_of_recipient), (expected.0, Some(expected.1), false));
            }
            other => panic!("{to}: {other}"),
        }
    }
    assert!(puppet.heard().iter().all(|command| command.starts_with("EHLO")), "{:?}", puppet.heard());
}

#[tokio::test]
async fn lone_line_ends_smuggle_nothing() {
    let puppet = Puppet::start(&[]).await;
    let letter = b"Subject: x\n\na\n.\nMAIL FROM:<x>\r\r\n.\rb\r\n..\r\n";
    puppet.send("a@x.example", "b@x.example", letter).await.unwrap();
    let content = "Subject: x\r\n\r\na\r\n..\r\nMAIL FROM:<x>\r\n\r\n..\r\nb\r\n...\r\n.";
    assert_eq!(puppet.heard().last().unwrap(), content);
    assert_eq!(puppet.heard().len(), 5);
}

#[tokio::test]
async fn a_refusal_is_judged_by_its_code_and_its_place() {
    // Place, answer, whether for now, code, status.
    for (place, answer, is_temporary, code, status) in [
        ("", "554 5.7.1 your address is on a list", true, 554, Some("5.7.1")),
        ("", "421 too many", true, 421, None),
        ("EHLO", "550 5.7.1 who?", true, 550, Some("5.7.1")),
        ("MAIL", "553 5.7.1 not your address", false, 553, Some("5.7.1")),
        ("MAIL", "530 5.7.0 log in first", true, 530, Some("5.7.0")),
        ("MAIL", "452 4.3.1 disk full", true, 452, Some("4.3.1")),
        ("MAIL", "552 5.3.4 too big", false, 552, Some("5.3.4")),
        ("RCPT", "550 5.1.1 nobody", false, 550, Some("5.1.1")),
        ("RCPT", "550-5.1.1 nobody\r\n550-5.1.1 of that\r\n550 5.1.1 name", false, 550, Some("5.1.1")),
        ("RCPT", "550 nobody", false, 550, None),
        ("RCPT", "550", false, 550, None),
        ("RCPT", "450 4.2.0 greylisted", true, 450, Some("4.2.0")),
        ("RCPT", "452 4.2.2 full", true, 452, Some("4.2.2")),
        ("RCPT", "552 5.2.2 full", true, 552, Some("5.2.2")),
        ("RCPT", "552 too many recipients", true, 552, None),
        ("RCPT", "552 5.3.4 too big", false, 552, Some("5.3.4")),
        ("RCPT", "552 5.2.3 too big", false, 552, Some("5.2.3")),
        ("RCPT", "521 no mail here", true, 521, None),
        ("RCPT", "550 4.1.1 undecided", false, 550, None),
        ("RCPT", "550 5.1.1000 odd", false, 550, None),
        ("RCPT", "550 5.1 odd", false, 550, None),
        ("DATA", "554 5.7.1 no", false, 554, Some("5.7.1")),
        ("DATA", "451 4.3.0 later", true, 451, Some("4.3.0")),
        (".", "552 5.2.2 full", false, 552, Some("5.2.2")),
        (".", "554 5.6.0 spam", false, 554, Some("5.6.0")),
        (".", "550 spam", false, 550, None),
        (".", "421 4.3.2 going down", true, 421, Some("4.3.2")),
        (".", "451 4.7.1 greylisted", true, 451, Some("4.7.1")),
    ] {
        let puppet = Puppet::start(&[(place, answer)]).await;
        let failure = puppet.send("a@x.example", "b@x.example", LETTER).await.unwrap_err();
        let found = match &failure {
            SendFailure::Temporary { code, status, .. } => (true, *code, status.as_deref()),
            SendFailure::Permanent { code, status, is_of_recipient, .. } => {
                assert_eq!(*is_of_recipient, place == "RCPT", "{place} {answer}");
                (false, *code, status.as_deref())
            }
            SendFailure::Unreachable { text } => panic!("{place} {answer}: {text}"),
        };
        assert_eq!(found, (is_temporary, code, status), "{place} {answer}");
        assert!(!failure.to_string().contains(['\r', '\n']));
    }
}

#[tokio::test]
async fn sentences_are_kept_whatever_their_letters() {
    let refused = |answer: &[u8]| Puppet::start_with_bytes(vec![("RCPT".to_owned(), answer.to_vec())]);
    for (answer, expected) in [
        (&b"550 5.1.1 Bo\xeete inconnue"[..], "5.1.1 Boîte inconnue"),
        ("550 5.1.1 Boîte inconnue".as_bytes(), "5.1.1 Boîte inconnue"),
        (b"550-5.1.1 a\r\n550-5.1.1 b\r\n550 c", "5.1.1 a b c"),
        (b"550 a\tb\x07c\x1b[2J", "a b c [2J"),
    ] {
        let puppet = refused(answer).await;
        match puppet.send("a@x.example", "b@x.example", LETTER).await.unwrap_err() {
            SendFailure::Permanent { code: 550, text, .. } => assert_eq!(text, expected),
            other => panic!("{other}"),
        }
    }
    let long = [b"550 ", "é".repeat(5_000).as_bytes()].concat();
    let failure = refused(&long).await.send("a@x.example", "b@x.example", LETTER).await.unwrap_err();
    assert!(matches!(failure, SendFailure::Permanent { text, .. } if text.chars().count() == 300));
}

#[tokio::test]
async fn answers_that_are_none_end_the_line_and_not_the_mail() {
    let endless = "250-x\r\n".repeat(10_000);
    let wide = "2".repeat(100_000);
    for (place, answer) in [
        ("", "this is no mail server"),
        ("", "22"),
        ("", "220x"),
        ("EHLO", &endless),
        ("EHLO", &wide),
        ("MAIL", "354 go"),
        ("MAIL", "199 what"),
        ("RCPT", "999 what"),
        ("DATA", "250 ok"),
        (".", "354 more"),
        (".", ""),
        ("DATA", ""),
        ("", ""),
    ] {
        let puppet = Puppet::start(&[(place, answer)]).await;
        let failure = puppet.send("a@x.example", "b@x.example", LETTER).await.unwrap_err();
        assert!(matches!(failure, SendFailure::Unreachable { .. }), "{place}: {failure}");
    }
}

#[tokio::test]
async fn after_the_content_nothing_is_tried_again_by_itself() {
    for answer in ["", "421 4.3.2 going down"] {
        let puppet = Puppet::start(&[(".", answer)]).await;
        let courier = Courier::new(puppet.settings()).unwrap();
        courier.send("a@x.example", "b@x.example", LETTER).await.unwrap_err();
        assert_eq!(puppet.heard().iter().filter(|command| *command == "DATA").count(), 1);
    }
}

#[tokio::test]
async fn between_mails_the_server_is_told_to_forget_and_idle_lines_are_closed() {
    let mut puppet = Puppet::start(&[]).await;
    let courier = Courier::new(puppet.settings()).unwrap();
    for _ in 0..2 {
        courier.send("a@x.example", "b@x.example", LETTER).await.unwrap();
    }
    let words: Vec<String> = puppet.heard().iter().map(|command| command[..4].to_owned()).collect();
    assert_eq!(words, ["EHLO", "MAIL", "RCPT", "DATA", "Mess", "RSET", "MAIL", "RCPT", "DATA", "Mess"]);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    tokio::time::resume();
    let last = async {
        while let Some(command) = puppet.hearing.recv().await {
            if command == "QUIT" {
                return;
            }
        }
        panic!("the line was left open");
    };
    tokio::time::timeout(Duration::from_secs(20), last).await.unwrap();
    // The next mail finds no line and opens one.
    courier.send("a@x.example", "b@x.example", LETTER).await.unwrap();
    assert_eq!(puppet.heard().iter().filter(|command| command.starts_with("EHLO")).count(), 2);
}

#[tokio::test]
async fn what_is_said_before_tls_is_not_believed_after() {
    let starttls = "220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n235 in\r\n250 ok\r\n250 ok\r\n354 go\r\n250 kept";
    let login = Login::Password { user: "suivi".to_owned(), password: "secret".to_owned() };
    for (offer, answer) in
        [("250-mx\r\n250 STARTTLS", starttls), ("250 mx", ""), ("250-mx\r\n250 STARTTLS", "502 no")]
    {
        let puppet = Puppet::start(&[("EHLO", offer), ("STARTTLS", answer)]).await;
        let settings = SmtpSettings { tls: Tls::StartTls, login: login.clone(), ..puppet.settings() };
        let failure =
            Courier::new(settings).unwrap().send("a@x.example", "b@x.example", LETTER).await.unwrap_err();
        assert!(!matches!(failure, SendFailure::Permanent { .. }), "{failure}");
        assert!(puppet.heard().iter().all(|command| !command.contains("AUTH") && !command.contains("MAIL")));
    }
}

#[tokio::test]
async fn logins_in_the_ways_that_servers_offer() {
    let password = Login::Password { user: "suivi".to_owned(), password: "sésame".to_owned() };
    let token = Login::XOAuth2 { user: "a@x.example".to_owned(), access_token: "t0k".to_owned() };
    for (login, offer, answers, heard) in [
        (&password, "AUTH LOGIN PLAIN", vec![("AUTH", "235 in")], vec!["AUTH PLAIN AHN1aXZpAHPDqXNhbWU="]),
        (
            &password,
            "auth=login",
            vec![("c8Opc2FtZQ==", "235 in")],
            vec!["AUTH LOGIN", "c3Vpdmk=", "c8Opc2FtZQ=="],
        ),
        (
            &token,
            "AUTH XOAUTH2",
            vec![("AUTH", "235 in")],
            vec!["AUTH XOAUTH2 dXNlcj1hQHguZXhhbXBsZQFhdXRoPUJlYXJlciB0MGsBAQ=="],
        ),
    ] {
        let offer = format!("250-mx\r\n250 {offer}");
        let puppet = Puppet::start(&[&answers[..], &[("EHLO", &offer)]].concat()).await;
        let courier = Courier::new(SmtpSettings { login: login.clone(), ..puppet.settings() }).unwrap();
        courier.send("a@x.example", "b@x.example", LETTER).await.unwrap();
        assert_eq!(puppet.heard()[1..=heard.len()], heard);
        let shown = format!("{login:?} {courier:?}");
        assert!(["a@x", "t0k", "suivi", "sésame"].iter().all(|secret| !shown.contains(secret)), "{shown}");
    }
}

#[tokio::test]
async fn a_login_that_fails_is_ours_to_mend() {
    let token = Login::XOAuth2 { user: "a@x.example".to_owned(), access_token: "old".to_owned() };
    for (offer, answers, code) in [
        // The reason comes as a challenge, and the code after an empty answer to it.
        ("AUTH XOAUTH2", vec![("AUTH", "334 eyJzdGF0dXMiOiI0MDAifQ=="), ("-", "535 5.7.8 stale")], Some(535)),
        ("AUTH XOAUTH2", vec![("AUTH", "550 5.7.1 no")], Some(550)),
        ("AUTH XOAUTH2", vec![("AUTH", "454 4.7.0 later")], Some(454)),
        // A server that never stops asking.
        ("AUTH XOAUTH2", vec![], None),
        ("AUTH PLAIN", vec![], None),
        ("SIZE", vec![], None),
    ] {
        let offer = format!("250-mx\r\n250 {offer}");
        let puppet = Puppet::start(&[&answers[..], &[("EHLO", &offer)]].concat()).await;
        let courier = Courier::new(SmtpSettings { login: token.clone(), ..puppet.settings() }).unwrap();
        match courier.send("a@x.example", "b@x.example", LETTER).await.unwrap_err() {
            SendFailure::Temporary { code: found, .. } => assert_eq!(Some(found), code, "{offer}"),
            SendFailure::Unreachable { .. } => assert_eq!(None, code, "{offer}"),
            other @ SendFailure::Permanent { .. } => panic!("{other}"),
        }
        assert!(
            puppet.heard().len() < 10 && puppet.heard().iter().all(|command| !command.starts_with("MAIL"))
        );
    }
}

#[tokio::test]
async fn an_old_server_is_greeted_the_old_way() {
    let puppet = Puppet::start(&[("EHLO", "502 what"), ("HELO", "250 mx")]).await;
    puppet.send("a@x.example", "b@x.example", LETTER).await.unwrap();
    assert_eq!(puppet.heard()[..3], ["EHLO desk.example", "HELO desk.example", "MAIL FROM:<a@x.example>"]);
}

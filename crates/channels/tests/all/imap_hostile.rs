//! Servers that lie, drip, refuse and hang up: nothing is lost, nothing waits for ever, nothing is done untold.

use std::time::Duration;

use channels::mail::imap::{AfterReading, Fetched, ImapFailure, ImapSettings, Login, Mailbox, Wait, check};
use channels::mail::send::Tls;
use tokio_util::sync::CancellationToken;

use super::hostile::{Hostile, Reply, beginning, letter, listing, say};

const GREETING: &str = "* OK ready\r\n";

/// What came, as short words.
fn words(fetched: &[Fetched]) -> Vec<String> {
    let word = |fetched: &Fetched| match fetched {
        Fetched::Letter { uid, bytes, .. } => format!("{uid} {}", String::from_utf8_lossy(bytes)),
        Fetched::TooLarge { uid, size_bytes } => format!("{uid} too large: {size_bytes}"),
        Fetched::NotGiven { uid, why } => format!("{uid} not given: {why}"),
    };
    fetched.iter().map(word).collect()
}

/// A server with letters 1, 2 and 3, that answers to contents as the closure says.
async fn with_three(mut contents: impl FnMut(&str) -> Reply + Send + 'static) -> Hostile {
    Hostile::start(GREETING, move |command| {
        let known = beginning(command, "").or_else(|| listing(command, &[(1, 5), (2, 5), (3, 5)]));
        known.unwrap_or_else(|| contents(command))
    })
    .await
}

#[tokio::test]
async fn lies_about_letters_are_seen_through() {
    let large = "x".repeat(80_000);
    let odd = format!(
        "* 9 FETCH (FLAGS (\\Seen))\r\n* 1 FETCH (UID 77 BODY[] {{3}}\r\nlie)\r\n{}{}{}TAG OK\r\n",
        letter(3, "trois"),
        letter(1, "un"),
        letter(1, "autre"),
    );
    let server = with_three(move |command| match command {
        "UID FETCH 1,2,3 (UID INTERNALDATE BODY.PEEK[])" => say(&odd),
        // Larger than it said, and than we want: passed over, and the conversation goes on.
        "UID FETCH 2 (UID INTERNALDATE BODY.PEEK[])" => Reply::Say(format!(
            "* 1 FETCH (BODY[] {{80000}}\r\n{large} INTERNALDATE NIL UID 2)\r\nTAG OK\r\n"
        )),
        _ => say("TAG BAD what?\r\n"),
    })
    .await;
    let mut mailbox = Mailbox::open(&server.settings()).await.unwrap();
    let letters = mailbox.fetch_after(0, 10, 70_000).await.unwrap();
    assert_eq!(words(&letters), ["1 un", "2 too large: 80000", "3 trois"]);
}

#[tokio::test]
async fn a_small_letter_over_a_small_limit_is_too_large_all_the_same() {
    let server = with_three(|command| match command {
        "UID FETCH 1 (UID INTERNALDATE BODY.PEEK[])" => {
            say(&format!("{}TAG OK\r\n", letter(1, "larger than 5")))
        }
        _ => Reply::Silence,
    })
    .await;
    let mut mailbox = Mailbox::open(&server.settings()).await.unwrap();
    assert_eq!(words(&mailbox.fetch_after(0, 1, 5).await.unwrap()), ["1 too large: 13"]);
}

#[tokio::test]
async fn a_letter_that_is_refused_ends_the_batch_and_is_named() {
    let server = with_three(|command| match command {
        "UID FETCH 1 (UID INTERNALDATE BODY.PEEK[])" => say(&format!("{}TAG OK\r\n", letter(1, "un"))),
        "UID FETCH 2 (UID INTERNALDATE BODY.PEEK[])" => say("TAG NO [UNAVAILABLE] disk\r\n"),
        "UID FETCH 3 (UID INTERNALDATE BODY.PEEK[])" => say(&format!("{}TAG OK\r\n", letter(3, "trois"))),
        _ => say("TAG NO not so many at once\r\n"),
    })
    .await;
    let mut mailbox = Mailbox::open(&server.settings()).await.unwrap();
    let letters = mailbox.fetch_after(0, 10, 99).await.unwrap();
    assert_eq!(words(&letters), ["1 un", "2 not given: the server refused: disk"]);
    let letters = mailbox.fetch_after(2, 10, 99).await.unwrap();
    assert_eq!(words(&letters), ["3 trois"], "and it can be gone past");
}

#[tokio::test]
async fn a_letter_that_is_gone_is_no_failure_and_one_without_content_is() {
    for (is_there, expected) in [
        (
            "* 2 FETCH (UID 2)\r\n",
            &["1 un", "2 not given: the server refused: the server lists the letter and does not give it"][..],
        ),
        ("", &["1 un", "3 trois"]),
    ] {
        let probe = format!("{is_there}TAG OK\r\n");
        let server = with_three(move |command| match command {
            "UID FETCH 2 (UID)" => say(&probe),
            "UID FETCH 2 (UID INTERNALDATE BODY.PEEK[])" => say("* 2 FETCH (UID 2 BODY[] NIL)\r\nTAG OK\r\n"),
            _ => say(&format!("{}{}TAG OK\r\n", letter(1, "un"), letter(3, "trois"))),
        })
        .await;
        let mut mailbox = Mailbox::open(&server.settings()).await.unwrap();
        assert_eq!(words(&mailbox.fetch_after(0, 10, 99).await.unwrap()), expected);
    }
}

#[tokio::test]
async fn a_line_that_breaks_leaves_no_gap() {
    let third = format!("{}{}", letter(3, "trois"), letter(1, "un"));
    for (reply, expected) in [
        // The third has come and the second not: only the first counts.
        (Reply::HangUp(third.clone()), &["1 un", "2 not given: the line broke off: the server hung up"][..]),
        (
            Reply::HangUp("* 1 FETCH (UID 1 BODY[] {50}\r\nhalf".to_owned()),
            &["1 not given: the line broke off: the server hung up"],
        ),
        (
            Reply::HangUp("* BYE tired\r\n".to_owned()),
            &["1 not given: the line broke off: the server said good-bye: tired"],
        ),
        (
            Reply::Say(format!("{third}* 1 FETCH (UID 2 BODY[] {{4294967295}}\r\nhalf")),
            &["1 un", "2 not given: too slow: waiting for an answer"],
        ),
        (Reply::Say(format!("{}{}", letter(1, "un"), "(".repeat(70_000))), {
            &["1 un", "2 not given: the server cannot be understood: a line without end"]
        }),
        (Reply::Forever("* OK still here\r\n"), &["1 not given: too slow: fetching letters"]),
    ] {
        let mut reply = Some(reply);
        let server = with_three(move |_| reply.take().unwrap_or(Reply::Silence)).await;
        let mut mailbox = Mailbox::open(&server.hurried()).await.unwrap();
        assert_eq!(words(&mailbox.fetch_after(0, 10, u64::MAX).await.unwrap()), expected);
        let again = mailbox.fetch_after(0, 10, 99).await.unwrap_err();
        assert!(
            matches!(again, ImapFailure::BrokenOff { .. }),
            "what comes late is not taken for an answer: {again}"
        );
    }
}

#[tokio::test]
async fn numbers_far_apart_are_found_in_a_few_steps() {
    let sizes = [(1, 5), (4_000_000_000, 5), (u32::MAX, 5)];
    let server = Hostile::start(GREETING, move |command| {
        let known = beginning(command, "").or_else(|| listing(command, &sizes));
        let uid = command
            .trim_start_matches("UID FETCH ")
            .split(' ')
            .next()
            .unwrap_or_default()
            .parse()
            .unwrap_or(0);
        known.unwrap_or_else(|| say(&format!("{}TAG OK\r\n", letter(uid, "x"))))
    })
    .await;
    let mut mailbox = Mailbox::open(&server.settings()).await.unwrap();
    for (after, expected) in [(0, 1), (1, 4_000_000_000), (4_000_000_000, u32::MAX)] {
        let letters = mailbox.fetch_after(after, 1, 99).await.unwrap();
        assert_eq!(words(&letters), [format!("{expected} x")]);
    }
    assert_eq!(words(&mailbox.fetch_after(u32::MAX, 1, 99).await.unwrap()), [""; 0]);
    assert!(server.commands().len() < 70, "{:?}", server.commands());
}

#[tokio::test]
async fn greetings_that_are_none() {
    for (greeting, is_understood) in [
        ("220 smtp.example ESMTP\r\n", false),
        ("* 3 EXISTS\r\n", false),
        ("* BYE too busy\r\n", true),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", false),
    ] {
        let server = Hostile::start(greeting, |_| Reply::Silence).await;
        let failure = check(&server.settings()).await.unwrap_err();
        let expected = if is_understood { "too busy" } else { "no greeting" };
        assert!(failure.to_string().contains(expected) && !failure.is_lasting(), "{greeting}: {failure}");
    }
    let silent = Hostile::start("", |_| Reply::Silence).await;
    assert!(matches!(check(&silent.hurried()).await, Err(ImapFailure::TooSlow { .. })));
    let endless = Hostile::start(GREETING, |_| Reply::Forever("* OK [ALERT] wait {5}\r\n")).await;
    assert!(matches!(check(&endless.hurried()).await, Err(ImapFailure::TooSlow { .. })));
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let failure = check(&ImapSettings { port: closed, ..endless.settings() }).await.unwrap_err();
    assert!(matches!(failure, ImapFailure::Unreachable { .. }), "{failure}");
    let failure = check(&ImapSettings { host: "no-such-host.invalid".to_owned(), ..endless.settings() })
        .await
        .unwrap_err();
    assert!(matches!(failure, ImapFailure::Unreachable { .. }), "{failure}");
}

#[tokio::test]
async fn nobody_can_talk_us_out_of_tls() {
    let offered = |reply: &'static str| {
        move |command: &str| match command {
            "STARTTLS" => say(reply),
            "CAPABILITY" => say("* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK\r\n"),
            _ => say("TAG OK\r\n"),
        }
    };
    let servers = [
        Hostile::start(GREETING, |command| beginning(command, "").unwrap_or(Reply::Silence)).await,
        Hostile::start("* PREAUTH come in\r\n", offered("TAG OK\r\n")).await,
        Hostile::start(GREETING, offered("TAG NO later\r\n")).await,
        Hostile::start(GREETING, offered("TAG OK\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")).await,
    ];
    for (at, server) in servers.iter().enumerate() {
        let failure = check(&ImapSettings { tls: Tls::StartTls, ..server.settings() }).await.unwrap_err();
        assert!(matches!(failure, ImapFailure::Tls { .. }), "{at}: {failure}");
        assert!(!format!("{:?}", server.commands()).contains("LOGIN"), "{at}: no password in clear");
    }
}

#[tokio::test]
async fn logins_fit_what_the_server_offers() {
    let clear =
        Hostile::start(GREETING, |command| beginning(command, "LOGINDISABLED").unwrap_or(Reply::Silence))
            .await;
    let failure = check(&clear.settings()).await.unwrap_err();
    assert!(
        failure.is_lasting() && !clear.commands().iter().any(|command| command.contains("hush")),
        "{failure}"
    );
    let old = Hostile::start(GREETING, |command| beginning(command, "").unwrap_or(Reply::Silence)).await;
    check(&old.settings()).await.unwrap();
    assert!(old.commands().contains(&r#"LOGIN "aide" "hush \"\\""#.to_owned()), "{:?}", old.commands());
    let login = Login::Password { user: "a\r\nS9 DELETE INBOX".to_owned(), password: String::new() };
    let failure = check(&ImapSettings { login, ..old.settings() }).await.unwrap_err();
    assert!(matches!(failure, ImapFailure::WrongLogin { .. }), "{failure}");
    // A server that asks and asks is answered a few times, and its time ends.
    let curious =
        Hostile::start(GREETING, |command| beginning(command, "AUTH=PLAIN").unwrap_or_else(|| say("+ \r\n")))
            .await;
    assert!(matches!(check(&curious.hurried()).await, Err(ImapFailure::TooSlow { .. })));
    let secrets = curious.commands().iter().filter(|command| command.starts_with("AGFpZGU")).count();
    assert_eq!(secrets, 1, "the password is said once: {:?}", curious.commands());
}

#[tokio::test]
async fn folders_that_cannot_be_read() {
    for (answer, is_lasting) in [
        ("* 3 EXISTS\r\nTAG OK no numbers\r\n", false),
        ("TAG NO [UNAVAILABLE] later\r\n", false),
        ("TAG BAD what\r\n", false),
        ("TAG NO [NONEXISTENT] no\r\n", true),
        ("TAG NO\r\n", true),
    ] {
        let server = Hostile::start(GREETING, move |command| {
            if command.starts_with("EXAMINE") {
                say(answer)
            } else {
                beginning(command, "").unwrap_or(Reply::Silence)
            }
        })
        .await;
        let failure = check(&server.settings()).await.unwrap_err();
        assert_eq!(failure.is_lasting(), is_lasting, "{answer}: {failure}");
    }
}

#[tokio::test]
async fn waiting_goes_on_without_idle() {
    for (abilities, refusal) in
        [("", ""), ("IDLE", "TAG BAD\r\n"), ("IDLE", "TAG OK\r\n"), ("IDLE", "+ \r\nTAG OK\r\n")]
    {
        let mut polls = 0;
        let server = Hostile::start(GREETING, move |command| match command {
            "IDLE" => say(refusal),
            "NOOP" => {
                polls += 1;
                // One letter goes and one comes: as many as before, and one of them is new.
                let news = if polls == 5 { "* 1 EXPUNGE\r\n* 3 EXISTS\r\n" } else { "" };
                Reply::Say(format!("{news}TAG OK\r\n"))
            }
            _ => beginning(command, abilities).unwrap_or(Reply::Silence),
        })
        .await;
        let mut mailbox = Mailbox::open(&server.settings()).await.unwrap();
        let stop = CancellationToken::new();
        let wait = mailbox.wait(Duration::from_secs(30), &stop).await.unwrap();
        assert_eq!(wait, Wait::NewMail, "{abilities} {refusal}");
        assert!(server.commands().iter().filter(|command| *command == "IDLE").count() <= 1);
        let brief = mailbox.wait(Duration::ZERO, &stop).await.unwrap();
        assert_eq!(brief, Wait::NewMail, "it stays news until it is fetched");
        stop.cancel();
    }
}

#[tokio::test]
async fn stopping_needs_no_answer() {
    let mut server = Hostile::start(GREETING, |command| match command {
        "IDLE" => say("+ \r\n* OK still here\r\n"),
        _ => beginning(command, "IDLE").unwrap_or(Reply::Silence),
    })
    .await;
    let mut mailbox = Mailbox::open(&server.hurried()).await.unwrap();
    let stop = CancellationToken::new();
    let stopping = async {
        server.heard("IDLE").await;
        stop.cancel();
    };
    let (wait, ()) = tokio::join!(mailbox.wait(Duration::from_secs(30), &stop), stopping);
    assert_eq!(wait.unwrap(), Wait::Stopped);
    mailbox.close().await;
}

#[tokio::test]
async fn letters_leave_as_the_server_can() {
    let store = "UID STORE 2 +FLAGS.SILENT (\\Deleted)";
    let expunge = "UID EXPUNGE 2";
    let target = AfterReading::MoveTo("Traité".to_owned());
    let copy = "UID COPY 2 \"Trait&AOk-\"";
    for (abilities, after_reading, expected) in [
        ("MOVE UIDPLUS", &target, &["UID MOVE 2 \"Trait&AOk-\""][..]),
        ("UIDPLUS", &target, &[copy, store, expunge]),
        ("", &target, &[copy, store]),
        ("UIDPLUS", &AfterReading::Delete, &[store, expunge]),
        ("", &AfterReading::Delete, &[store]),
        ("", &AfterReading::MarkSeen, &["UID STORE 2 +FLAGS.SILENT (\\Seen)"]),
        ("MOVE UIDPLUS", &AfterReading::Keep, &[]),
    ] {
        let server = Hostile::start(GREETING, move |command| {
            beginning(command, abilities).unwrap_or_else(|| say("TAG OK\r\n"))
        })
        .await;
        let settings = ImapSettings { after_reading: after_reading.clone(), ..server.settings() };
        let mut mailbox = Mailbox::open(&settings).await.unwrap();
        mailbox.after_reading(2).await.unwrap();
        mailbox.close().await;
        let heard = server.commands();
        let told: Vec<&str> =
            heard.iter().map(String::as_str).filter(|command| command.starts_with("UID ")).collect();
        assert_eq!(told, expected, "{abilities} {after_reading:?}");
        let verb = if *after_reading == AfterReading::Keep { "EXAMINE" } else { "SELECT" };
        assert!(heard.contains(&format!("{verb} \"INBOX\"")));
        assert!(!heard.iter().any(|command| command == "EXPUNGE" || command == "CLOSE"));
    }
    // A folder that cannot be made either is told by its name.
    let server = Hostile::start(GREETING, |command| {
        beginning(command, "MOVE").unwrap_or_else(|| say("TAG NO [TRYCREATE] no such folder\r\n"))
    })
    .await;
    let settings = ImapSettings { after_reading: target.clone(), ..server.settings() };
    let failure = Mailbox::open(&settings).await.unwrap().after_reading(2).await.unwrap_err();
    assert!(matches!(&failure, ImapFailure::NoSuchFolder { folder, .. } if folder == "Traité"), "{failure}");
    assert_eq!(server.commands().iter().filter(|command| command.starts_with("CREATE")).count(), 1);
    // What was not copied is not removed.
    let server = Hostile::start(GREETING, |command| {
        beginning(command, "UIDPLUS").unwrap_or_else(|| say("TAG NO quota\r\n"))
    })
    .await;
    let settings = ImapSettings { after_reading: target.clone(), ..server.settings() };
    let failure = Mailbox::open(&settings).await.unwrap().after_reading(2).await.unwrap_err();
    assert_eq!(failure, ImapFailure::Refused { text: "quota".to_owned() });
    assert!(!server.commands().iter().any(|command| command.contains("Deleted")));
}

#[tokio::test]
async fn a_call_dropped_half_way_spoils_no_other() {
    let mut server = Hostile::start(GREETING, |command| {
        let known = beginning(command, "");
        if command == "NOOP" { Reply::Silence } else { known.unwrap_or(Reply::Silence) }
    })
    .await;
    let mut mailbox = Mailbox::open(&server.settings()).await.unwrap();
    tokio::select! {
        _ = mailbox.fetch_after(0, 1, 99) => panic!("the server does not answer"),
        () = server.heard("NOOP") => {}
    }
    assert!(matches!(mailbox.fetch_after(0, 1, 99).await, Err(ImapFailure::BrokenOff { .. })));
}

#[tokio::test]
async fn numbers_that_were_not_asked_for_are_not_believed() {
    let server = Hostile::start(GREETING, |command| match command {
        "UID FETCH 3:3 (UID RFC822.SIZE)" => {
            let all = [1, 3, 2, 9].map(|uid| format!("* 1 FETCH (UID {uid} RFC822.SIZE 5)\r\n"));
            Reply::Say(format!("{}TAG OK\r\n", all.concat()))
        }
        "UID FETCH 3 (UID INTERNALDATE BODY.PEEK[])" => say(&format!("{}TAG OK\r\n", letter(3, "trois"))),
        _ => beginning(command, "").or_else(|| listing(command, &[(3, 5)])).unwrap_or(Reply::Silence),
    })
    .await;
    let mut mailbox = Mailbox::open(&server.hurried()).await.unwrap();
    assert_eq!(words(&mailbox.fetch_after(2, 10, 99).await.unwrap()), ["3 trois"]);
}

#[tokio::test]
async fn sizes_without_measure_are_only_numbers() {
    let size = u64::MAX;
    let server = Hostile::start(GREETING, move |command| match command {
        "UID FETCH 1:2 (UID RFC822.SIZE)" => {
            let both = [1, 2].map(|uid| format!("* 1 FETCH (UID {uid} RFC822.SIZE {size})\r\n"));
            Reply::Say(format!("{}TAG OK\r\n", both.concat()))
        }
        "UID FETCH 1 (UID INTERNALDATE BODY.PEEK[])" => say(&format!("{}TAG OK\r\n", letter(1, "un"))),
        _ => beginning(command, "").or_else(|| listing(command, &[(2, 5)])).unwrap_or(Reply::Silence),
    })
    .await;
    let mut mailbox = Mailbox::open(&server.hurried()).await.unwrap();
    // The first comes whatever its size; the second would be more than a batch may be.
    assert_eq!(words(&mailbox.fetch_after(0, 10, u64::MAX).await.unwrap()), ["1 un"]);
    assert_eq!(
        words(&mailbox.fetch_after(0, 10, 99).await.unwrap()),
        [format!("1 too large: {size}"), format!("2 too large: {size}")]
    );
}

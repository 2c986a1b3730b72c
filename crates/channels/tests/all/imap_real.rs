//! Reading mailboxes of a real Dovecot: opening, fetching, waiting, and what becomes of letters afterwards.

use std::time::Duration;

use channels::mail::imap::{AfterReading, Fetched, ImapFailure, ImapSettings, Login, Mailbox, Wait, check};
use channels::mail::send::Tls;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::dovecot::Dovecot;
use super::relay::{Hand, Relay};

/// What no test waits longer for; reaching it is a failure.
const LONG: Duration = Duration::from_secs(40);
const MIB: u64 = 1024 * 1024;

fn letter(number: usize) -> String {
    format!(
        "From: jeanne@client.example\r\nTo: aide@desk.example\r\nSubject: Lettre {number}\r\n\r\nBonjour {number}\r\n"
    )
}

/// The letter's bytes as text, or what came instead.
fn shown(fetched: &Fetched) -> String {
    match fetched {
        Fetched::Letter { bytes, .. } => String::from_utf8_lossy(bytes).into_owned(),
        other => format!("{other:?}"),
    }
}

fn deliver_some(server: &Dovecot, user: &str, count: usize) {
    for number in 1..=count {
        server.deliver(
            user,
            &format!("{}.{number:05}.test", 1_700_000_000 + number),
            letter(number).as_bytes(),
        );
    }
}

/// Everything after `uid`, batch by batch.
async fn read_all(mailbox: &mut Mailbox, mut uid: u32, count_max: usize) -> Vec<Fetched> {
    let mut all = Vec::new();
    loop {
        let batch = mailbox.fetch_after(uid, count_max, MIB).await.unwrap();
        let Some(last) = batch.last() else { return all };
        assert!(batch.len() <= count_max);
        uid = last.uid();
        all.extend(batch);
    }
}

#[tokio::test]
async fn letters_come_over_every_kind_of_line() {
    let Some(server) = Dovecot::start() else { return };
    server.deliver("aide", "1700000000.1.test", letter(1).as_bytes());
    for tls in [Tls::None, Tls::StartTls, Tls::Implicit] {
        let settings = server.settings("aide", tls);
        let checked = check(&settings).await.unwrap();
        assert_eq!((checked.messages, checked.has_idle, checked.can_remove), (1, true, true));
        let mut mailbox = Mailbox::open(&settings).await.unwrap();
        assert_eq!((mailbox.validity(), mailbox.uid_next()), (checked.uid_validity, Some(2)));
        let letters = mailbox.fetch_after(0, 10, MIB).await.unwrap();
        assert_eq!(letters.iter().map(shown).collect::<Vec<_>>(), [letter(1)], "{tls:?}");
        assert!(matches!(letters[0], Fetched::Letter { uid: 1, internal_date: Some(_), .. }));
        // The trap of `n:*`: the last letter, although its number is smaller.
        assert_eq!(mailbox.fetch_after(1, 10, MIB).await.unwrap(), []);
        assert_eq!(mailbox.fetch_after(u32::MAX, 10, MIB).await.unwrap(), []);
        mailbox.close().await;
    }
    let mut hand = Hand::of(&server, "aide").await;
    hand.ask("EXAMINE INBOX").await;
    assert!(!hand.ask("UID FETCH 1 (FLAGS)").await.contains("\\Seen"), "reading marks nothing");
}

#[tokio::test]
async fn a_stranger_to_tls_is_not_believed() {
    let Some(server) = Dovecot::start() else { return };
    for (tls, host, has_roots) in [
        (Tls::Implicit, "localhost", false),
        (Tls::StartTls, "localhost", false),
        (Tls::Implicit, "127.0.0.1", true),
    ] {
        let mut settings = ImapSettings { host: host.to_owned(), ..server.settings("aide", tls) };
        if !has_roots {
            settings.extra_roots.clear();
        }
        let failure = check(&settings).await.unwrap_err();
        assert!(matches!(failure, ImapFailure::Tls { .. }) && failure.is_lasting(), "{host}: {failure}");
    }
    let roots = b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n".to_vec();
    let settings = ImapSettings { extra_roots: roots, ..server.settings("aide", Tls::Implicit) };
    assert!(matches!(check(&settings).await, Err(ImapFailure::Tls { .. })));
    // A server without TLS behind a port where we expect it.
    let settings = ImapSettings { port: server.imap, ..server.settings("aide", Tls::Implicit) };
    assert!(matches!(check(&settings).await, Err(ImapFailure::Tls { .. })));
}

#[tokio::test]
async fn refusals_are_told_apart() {
    let Some(server) = Dovecot::start() else { return };
    let right = server.settings("aide", Tls::None);
    let password = "hush-hush".to_owned();
    let wrong =
        ImapSettings { login: Login::Password { user: "aide".to_owned(), password }, ..right.clone() };
    let failure = check(&wrong).await.unwrap_err();
    assert!(matches!(failure, ImapFailure::WrongLogin { .. }) && failure.is_lasting(), "{failure}");
    assert!(!format!("{failure:?} {failure} {wrong:?}").contains("hush"));
    let token = Login::XOAuth2 { user: "aide".to_owned(), access_token: "x".to_owned() };
    let failure = check(&ImapSettings { login: token, ..right.clone() }).await.unwrap_err();
    assert!(matches!(failure, ImapFailure::WrongLogin { .. }), "{failure}");
    let elsewhere = ImapSettings { folder: "Réclamations".to_owned(), ..right.clone() };
    let failure = Mailbox::open(&elsewhere).await.err().unwrap();
    assert!(
        matches!(&failure, ImapFailure::NoSuchFolder { folder, .. } if folder == "Réclamations"),
        "{failure}"
    );
    let moving = AfterReading::MoveTo("x".repeat(600));
    let failure = check(&ImapSettings { after_reading: moving, ..right }).await.unwrap_err();
    assert!(matches!(&failure, ImapFailure::NoSuchFolder { .. }), "{failure}");
}

#[tokio::test]
async fn a_thousand_letters_come_in_order_without_gaps() {
    let Some(server) = Dovecot::start() else { return };
    deliver_some(&server, "aide", 1_000);
    let mut mailbox = Mailbox::open(&server.settings("aide", Tls::None)).await.unwrap();
    let all = read_all(&mut mailbox, 0, 300).await;
    assert_eq!(all.iter().map(Fetched::uid).collect::<Vec<_>>(), (1..=1_000).collect::<Vec<_>>());
    let mut texts: Vec<String> = all.iter().map(shown).collect();
    texts.sort();
    let mut expected: Vec<String> = (1..=1_000).map(letter).collect();
    expected.sort();
    assert_eq!(texts, expected);
    // Numbers with holes, the largest wider than a window.
    let mut hand = Hand::of(&server, "aide").await;
    hand.ask("SELECT INBOX").await;
    hand.ask("UID STORE 2:9,11:990 +FLAGS.SILENT (\\Deleted)").await;
    hand.ask("EXPUNGE").await;
    let left = read_all(&mut mailbox, 0, 7).await;
    let expected: Vec<u32> = [1, 10].into_iter().chain(991..=1_000).collect();
    assert_eq!(left.iter().map(Fetched::uid).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn a_letter_over_the_limit_is_named_and_left() {
    let Some(server) = Dovecot::start() else { return };
    let large = format!("Subject: grand\r\n\r\n{}", "0123456789\r\n".repeat(10_000));
    for (at, text) in [letter(1), large.clone(), letter(3)].iter().enumerate() {
        server.deliver("aide", &format!("{}.a.test", 1_700_000_000 + at), text.as_bytes());
    }
    let relay = Relay::start(server.imap, usize::MAX).await;
    let settings =
        ImapSettings { port: relay.port, host: "127.0.0.1".to_owned(), ..server.settings("aide", Tls::None) };
    let mut mailbox = Mailbox::open(&settings).await.unwrap();
    let letters = mailbox.fetch_after(0, 10, 100_000).await.unwrap();
    let size_bytes = large.len() as u64;
    assert_eq!(letters[1], Fetched::TooLarge { uid: 2, size_bytes });
    assert_eq!((shown(&letters[0]), shown(&letters[2]), letters.len()), (letter(1), letter(3), 3));
    assert!(!relay.asked().contains(" 2 (UID INTERNALDATE"), "it is not asked for: {}", relay.asked());
    let letters = mailbox.fetch_after(1, 1, size_bytes).await.unwrap();
    assert_eq!(letters.iter().map(shown).collect::<Vec<_>>(), [large]);
}

#[tokio::test]
async fn a_folder_made_anew_has_another_validity() {
    let Some(server) = Dovecot::start() else { return };
    let mut hand = Hand::of(&server, "aide").await;
    let mut validities = Vec::new();
    for _ in 0..2 {
        hand.ask("CREATE R&AOk-clamations").await;
        server.deliver("aide", "1700000000.1.test", letter(1).as_bytes());
        hand.ask("SELECT INBOX").await;
        hand.ask("UID MOVE 1:* R&AOk-clamations").await;
        let settings =
            ImapSettings { folder: "Réclamations".to_owned(), ..server.settings("aide", Tls::None) };
        let mut mailbox = Mailbox::open(&settings).await.unwrap();
        validities.push(mailbox.validity());
        assert_eq!(read_all(&mut mailbox, 0, 10).await.len(), 1);
        hand.ask("DELETE R&AOk-clamations").await;
    }
    assert!(validities[0] != 0 && validities[0] != validities[1], "{validities:?}");
}

#[tokio::test]
async fn new_mail_is_told_while_waiting() {
    let Some(server) = Dovecot::start() else { return };
    deliver_some(&server, "aide", 1);
    let mut relay = Relay::start(server.imap, usize::MAX).await;
    let settings =
        ImapSettings { port: relay.port, host: "127.0.0.1".to_owned(), ..server.settings("aide", Tls::None) };
    let mut mailbox = Mailbox::open(&settings).await.unwrap();
    assert_eq!(mailbox.fetch_after(0, 10, MIB).await.unwrap().len(), 1);
    let stop = CancellationToken::new();
    assert_eq!(mailbox.wait(Duration::ZERO, &stop).await.unwrap(), Wait::TimedOut);
    let delivering = async {
        relay.answered("+ idling\r\n").await;
        server.deliver("aide", "1700009999.b.test", letter(2).as_bytes());
    };
    let (wait, ()) =
        timeout(LONG, async { tokio::join!(mailbox.wait(LONG, &stop), delivering) }).await.unwrap();
    assert_eq!(wait.unwrap(), Wait::NewMail);
    let letters = mailbox.fetch_after(1, 10, MIB).await.unwrap();
    assert_eq!(letters.iter().map(shown).collect::<Vec<_>>(), [letter(2)]);
    let stopping = async { stop.cancel() };
    let (wait, ()) = tokio::join!(mailbox.wait(LONG, &stop), stopping);
    assert_eq!(wait.unwrap(), Wait::Stopped);
    mailbox.close().await;
    assert!(relay.asked().contains("DONE\r\n"));
}

#[tokio::test]
async fn a_server_killed_in_the_middle_loses_nothing() {
    let Some(mut server) = Dovecot::start() else { return };
    deliver_some(&server, "aide", 100);
    // Somewhere in the contents: what comes before is about 2 KiB and the list of sizes 4 KiB.
    let bytes_max = 16_000;
    let mut relay = Relay::start(server.imap, bytes_max).await;
    let settings =
        ImapSettings { port: relay.port, host: "127.0.0.1".to_owned(), ..server.settings("aide", Tls::None) };
    let mut mailbox = Mailbox::open(&settings).await.unwrap();
    let killing = async {
        relay.through(bytes_max).await;
        server.kill();
        relay.cut();
    };
    let (first, ()) = tokio::join!(mailbox.fetch_after(0, 100, MIB), killing);
    let mut all = first.unwrap();
    let last = all.pop().unwrap();
    assert!(matches!(last, Fetched::NotGiven { why: ImapFailure::BrokenOff { .. }, .. }), "{last:?}");
    assert_eq!(last.uid() as usize, all.len() + 1, "the first that is missing is named");
    assert!(!all.is_empty() && all.len() < 100);
    assert!(matches!(mailbox.fetch_after(0, 1, MIB).await, Err(ImapFailure::BrokenOff { .. })));
    server.serve();
    let mut mailbox = Mailbox::open(&server.settings("aide", Tls::None)).await.unwrap();
    let from = u32::try_from(all.len()).unwrap();
    all.extend(read_all(&mut mailbox, from, 30).await);
    assert_eq!(all.iter().map(Fetched::uid).collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
    let mut texts: Vec<String> = all.iter().map(shown).collect();
    texts.sort();
    let mut expected: Vec<String> = (1..=100).map(letter).collect();
    expected.sort();
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn only_what_was_told_becomes_of_letters() {
    let Some(server) = Dovecot::start() else { return };
    deliver_some(&server, "aide", 6);
    let mut hand = Hand::of(&server, "aide").await;
    hand.ask("CREATE Trait&AOk-").await;
    hand.ask("SELECT INBOX").await;
    // Marked by somebody else, and none of our business.
    hand.ask("UID STORE 6 +FLAGS (\\Deleted)").await;
    let relay_to = |after_reading| {
        let settings = server.settings("aide", Tls::None);
        ImapSettings { after_reading, ..settings }
    };
    for (after_reading, uid) in [
        (AfterReading::Keep, 1),
        (AfterReading::MarkSeen, 2),
        (AfterReading::MoveTo("Traité".to_owned()), 3),
        (AfterReading::Delete, 4),
    ] {
        let mut mailbox = Mailbox::open(&relay_to(after_reading.clone())).await.unwrap();
        // Twice, and for a letter that never was: no harm.
        for uid in [uid, uid, 99] {
            mailbox
                .after_reading(uid)
                .await
                .unwrap_or_else(|failure| panic!("{after_reading:?} {uid}: {failure}"));
        }
        mailbox.close().await;
    }
    hand.ask("NOOP").await;
    let listed = hand.ask("UID FETCH 1:* (FLAGS)").await;
    for (uid, flags) in
        [(1, Some("")), (2, Some("\\Seen")), (3, None), (4, None), (5, Some("")), (6, Some("\\Deleted"))]
    {
        let line = listed.lines().rev().find(|line| line.contains(&format!("(UID {uid} ")));
        let is_there = line.is_some_and(|line| line.contains("FLAGS"));
        assert_eq!(is_there, flags.is_some(), "{uid}: {listed}");
        if let (Some(line), Some(flags)) = (line, flags) {
            let has_only = ["\\Seen", "\\Deleted"].iter().all(|flag| line.contains(flag) == (*flag == flags));
            assert!(has_only, "{uid}: {listed}");
        }
    }
    assert!(hand.ask("STATUS Trait&AOk- (MESSAGES)").await.contains("MESSAGES 1"));
    let new = relay_to(AfterReading::MoveTo("Déjà lus".to_owned()));
    let mut mailbox = Mailbox::open(&new).await.unwrap();
    mailbox.after_reading(5).await.unwrap();
    assert!(
        hand.ask("STATUS \"D&AOk-j&AOA- lus\" (MESSAGES)").await.contains("MESSAGES 1"),
        "the folder was made"
    );
    let nowhere = relay_to(AfterReading::MoveTo("a//b".to_owned()));
    let mut mailbox = Mailbox::open(&nowhere).await.unwrap();
    mailbox.after_reading(6).await.unwrap_err();
    assert_eq!(mailbox.fetch_after(5, 1, MIB).await.unwrap().len(), 1, "a letter that cannot move stays");
}

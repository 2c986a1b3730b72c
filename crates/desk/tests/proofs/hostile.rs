//! Letters and lines that want harm. Each gets the answer it deserves, none does harm, and afterwards a good letter is
//! taken as fast as ever. What the reader of letters makes of them is tested in `channels`.

use std::time::{Duration, Instant};

use casework::MessageState;
use tokio::time::{MissedTickBehavior, interval};

use super::inspect;
use super::letters::simple;
use super::lmtp::{Client, stuffed};
use super::node::{Node, Place};
use super::recorder::{Recorder, Temper};
use super::stage::{INBOX, Stage, administrator};
use super::{prove_on_both_engines, until};
use crate::support::Engine;

/// Longest time until a good letter is answered, whatever came before it.
const GOOD_LETTER_MAX: Duration = Duration::from_secs(2);
/// Largest letter taken, and lines at the same time, as the listener says.
const LETTER_BYTES_MAX: usize = 25 * 1024 * 1024;
const LINES_MAX: usize = 200;
/// Longest time until all that came is read.
const READ_MAX: Duration = Duration::from_mins(1);

prove_on_both_engines!(hostile_mail, proof_hostile_mail_sqlite, proof_hostile_mail_postgres);

async fn hostile_mail(engine: Engine) {
    let started = Instant::now();
    let recorder = Recorder::start(1, Temper { refused: 0, cut: 0 }).await;
    let Some(stage) = Stage::set(engine, recorder.port()) else { return };
    let mut node = stage.node("desk");
    node.start().await;
    let drip = tokio::spawn(drip(node.place.clone()));
    let mut taken = 0;
    for (name, letter) in letters() {
        let told = hand_in(&node.place, &letter).await;
        assert!(told.starts_with("250"), "{name}: {told}");
        taken += 1;
        node.assert_calm();
    }
    for (name, letter, expected) in refused_letters() {
        let told = hand_in(&node.place, &letter).await;
        assert!(told.starts_with(expected), "{name}: {told}");
    }
    for (name, line, expected) in lines() {
        let mut client = Client::connect(node.place.lmtp).await.unwrap();
        client.write(&line).await.unwrap();
        let told = client.answer().await.unwrap();
        assert!(told.starts_with(expected), "{name}: {told}");
    }
    half_a_letter(&node.place).await;
    taken += many_recipients(&node.place).await;
    too_many_lines(&node).await;
    assert!(
        !drip.is_finished(),
        "the slow one was cut before its time, or the proof is slower than ten minutes"
    );
    let good = good_letter(&node, &recorder).await;
    drip.abort();
    let store = stage.look().await;
    until("everything to be read", READ_MAX, async || {
        matches!((store.unread_letters().await, store.undone_orders().await), (Ok(0), Ok(0)))
    })
    .await;
    store.close().await;
    node.stop().await;
    node.assert_calm();
    let filed = check_harmless(&stage, &recorder, taken + 1).await;
    println!(
        "proof_hostile_mail {engine:?}: {taken} hostile letters taken, {} refused, {} hostile lines, {filed}; then a good \
         letter answered in {good:.0?}; {:.0?} in all",
        refused_letters().len(),
        lines().len(),
        started.elapsed()
    );
}

/// Letters that are taken: what they mean is another matter.
fn letters() -> Vec<(&'static str, Vec<u8>)> {
    let injected = "From: =?utf-8?Q?Eve=0D=0ABcc:_victim@evil.example?= <eve@evil.example>\r\n\
                    Subject: =?utf-8?Q?Colis=0D=0ABcc:_victim@evil.example=0D=0A=0D=0Abody?=\r\n\
                    Message-ID: <inject\t@evil.example>\r\nReply-To: <x@evil.example>,\r\n <victim@evil.example>\r\n\r\nx\r\n";
    let injected_address =
        "From: <\"eve\\\r\n BCC: <victim@evil.example>\"@evil.example>\r\nSubject: a\r\n\r\nx\r\n";
    let injected_id =
        "From: <id@evil.example>\r\nMessage-ID: <a>\r\n\tBcc: <victim@evil.example>\r\n\r\nx\r\n";
    let klingon = "From: <k@evil.example>\r\nSubject: =?klingon?Q?=FF=FE?= =?utf-8?B?////?=\r\n\
                   Content-Type: text/plain; charset=klingon\r\n\r\n\u{e9}\u{ff}\r\n";
    let unclosed = "From: <m@evil.example>\r\nSubject: a\r\nContent-Type: multipart/mixed; boundary=\"\r\n\r\n--\r\n--x\r\n";
    let loops = "From: <l@evil.example>\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\
                 Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n--a--\r\n--a\r\n";
    let utf16 = b"From: <u@evil.example>\r\nSubject: \xFF\xFEa\r\nContent-Type: text/html; charset=utf-16\r\n\r\n<b>\xD8x\r\n";
    let utf7 =
        "From: <7@evil.example>\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+ADw-script+AD4-\r\n";
    let base64 = "From: <b@evil.example>\r\nContent-Transfer-Encoding: base64\r\n\r\n=====%%%%\r\n";
    let people: Vec<String> = (0..5_000).map(|at| format!(" p{at}@evil.example,\r\n")).collect();
    let people = people.concat();
    let zeroes = "From: Z\0ero <z\0ero@evil.example>\r\nSubject: z\0\0\r\nMessage-ID: <z\0@evil.example>\r\n\
                  References: <\0@evil.example>\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\n\r\na\0b\0\r\n--z\r\n\
                  Content-Disposition: attachment; filename=\"\0.\0\"\r\nContent-ID: <\0>\r\n\r\n\0\r\n--z--\r\n";
    let text = |words: &str| words.as_bytes().to_vec();
    vec![
        ("header injection by encoded words", text(injected)),
        ("header injection by an address", text(injected_address)),
        ("header injection by a Message-ID", text(injected_id)),
        ("unknown charset", text(klingon)),
        ("lone surrogate", utf16.to_vec()),
        ("utf-7", text(utf7)),
        ("broken base64", text(base64)),
        ("empty boundary", text(unclosed)),
        ("a boundary within itself", text(loops)),
        ("ten thousand deep", nested(10_000)),
        (
            "five thousand addresses",
            text(&format!("From: <p@evil.example>\r\nTo:{people} q@evil.example\r\n\r\nx\r\n")),
        ),
        ("a million fields", [b"From: <f@evil.example>\r\n".to_vec(), b"a:\r\n".repeat(500_000)].concat()),
        ("zero bytes everywhere", text(zeroes)),
        ("zero bytes only", [vec![0; 100_000], text("\r\n")].concat()),
        ("no sender", text("Subject: nobody\r\n\r\nx\r\n")),
        ("nothing at all", Vec::new()),
        ("as large as may be", [text("From: <g@evil.example>\r\n\r\n"), b"x\r\n".repeat(8_000_000)].concat()),
    ]
}

/// Letters that are not taken, and the answer.
fn refused_letters() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let large = b"xxxxxxxx\r\n".repeat(LETTER_BYTES_MAX / 10 + 100_000);
    let smuggled = "Subject: a\r\n\r\nx\n.\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<bonjour@lavande.example>\r\nDATA\r\n\
                    Subject: smuggled\r\n\r\nx\r\n";
    let text = |words: &str| words.as_bytes().to_vec();
    vec![
        ("26 MiB", large, "552 5.3.4"),
        ("bare LF", text("Subject: a\n\nx\r\n"), "550 5.6.11"),
        ("bare CR", text("Subject: a\r\rx\r\n"), "550 5.6.11"),
        ("a second letter after LF . LF", text(smuggled), "550 5.6.11"),
        ("a line without end", [vec![b'x'; 2 * 1024 * 1024], text("\r\n")].concat(), "550 5.6.0"),
    ]
}

/// Commands that are not taken, and the answer.
fn lines() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let text = |words: &str| words.as_bytes().to_vec();
    vec![
        ("26 MiB announced", text("MAIL FROM:<a@evil.example> SIZE=27262976\r\n"), "552 5.3.4"),
        ("a million bytes in one line", [vec![b'x'; 1_000_000], text("\r\n")].concat(), "500"),
        ("zero bytes", text("\0\0\0\r\n"), "500"),
        ("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03\r\n".to_vec(), "500"),
        ("an HTTP request", text("GET / HTTP/1.1\r\n"), "500"),
        ("an address with a line in it", text("MAIL FROM:<a\rRCPT TO:<b@evil.example>\r\n"), "500"),
        ("bare LF", text("MAIL FROM:<a@evil.example>\n"), "500"),
        ("letters before greetings", text("DATA\r\n"), "503"),
    ]
}

fn nested(levels: usize) -> Vec<u8> {
    let mut letter = b"From: <deep@evil.example>\r\nSubject: deep\r\n".to_vec();
    for level in 0..levels {
        letter.extend_from_slice(
            format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n").as_bytes(),
        );
    }
    letter.extend_from_slice(b"\r\nthe bottom\r\n");
    letter
}

/// Hands in a letter as it is. Gives the answer to it.
async fn hand_in(place: &Place, letter: &[u8]) -> String {
    let mut client = Client::connect(place.lmtp).await.unwrap();
    assert_eq!(client.announce("eve@evil.example", &[INBOX]).await.unwrap(), None);
    // The desk may answer and close before it has read all of it.
    drop(client.write(&stuffed(letter)).await);
    client.answer().await.unwrap()
}

/// A byte a second, for as long as the proof lasts: it must not hold up anybody. That such a line is cut in the end is
/// tested in `channels` with the clock in hand.
async fn drip(place: Place) {
    let mut client = Client::connect(place.lmtp).await.unwrap();
    assert_eq!(client.announce("slow@evil.example", &[INBOX]).await.unwrap(), None);
    let mut seconds = interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        seconds.tick().await;
        client.write(b"x").await.unwrap();
    }
}

/// A line that breaks in the middle of a letter leaves nothing behind.
async fn half_a_letter(place: &Place) {
    let mut client = Client::connect(place.lmtp).await.unwrap();
    assert_eq!(client.announce("half@evil.example", &[INBOX]).await.unwrap(), None);
    client.write(b"From: <half@evil.example>\r\nSubject: half\r\n\r\nhalf").await.unwrap();
}

/// Five thousand recipients, each with a tag of its own: a hundred are taken, the others are told to wait.
/// Gives how many letters were taken.
async fn many_recipients(place: &Place) -> usize {
    let mut client = Client::connect(place.lmtp).await.unwrap();
    assert!(client.command("MAIL FROM:<many@evil.example>").await.unwrap().starts_with("250"));
    let (local, host) = INBOX.split_once('@').unwrap();
    let (mut ours, mut later) = (0, 0);
    for number in 0..5_000 {
        let told = client.command(&format!("RCPT TO:<{local}+t{number}@{host}>")).await.unwrap();
        match &told[..3] {
            "250" => ours += 1,
            "452" => later += 1,
            _ => panic!("{told}"),
        }
    }
    assert_eq!((ours, later), (100, 4_900));
    assert!(client.command("DATA").await.unwrap().starts_with("354"));
    let letter = "From: <many@evil.example>\r\nMessage-ID: <many@evil.example>\r\n\r\nx\r\n.\r\n";
    client.write(letter.as_bytes()).await.unwrap();
    for _ in 0..ours {
        let told = client.answer().await.unwrap();
        assert!(told.starts_with("250"), "LMTP answers for each recipient: {told}");
    }
    ours
}

/// As many lines as there may be, and one more.
async fn too_many_lines(node: &Node) {
    // The slow one has a line already.
    let mut lines = Vec::new();
    let mut refused = None;
    for _ in 0..=LINES_MAX {
        let mut line = Client::open(node.place.lmtp).await.unwrap();
        let told = line.answer().await.unwrap();
        if told.starts_with("421") {
            refused = Some(told);
            break;
        }
        lines.push(line);
    }
    assert!(refused.is_some_and(|told| told.starts_with("421 4.3.2")));
    // Lines of clients that have just hung up may still be counted.
    assert!((LINES_MAX - 20..LINES_MAX).contains(&lines.len()), "{} lines", lines.len());
    drop(lines);
    until("room for a line", READ_MAX, async || Client::connect(node.place.lmtp).await.is_ok()).await;
}

/// A good letter is answered at once, and its receipt leaves. Gives how long the answer took.
async fn good_letter(node: &Node, recorder: &Recorder) -> Duration {
    let mail = simple("bonne", "Mon colis n'est pas arrivé, pouvez-vous me dire où il se trouve ?");
    let since = Instant::now();
    let mut client = Client::connect(node.place.lmtp).await.unwrap();
    let told = client.send(&mail, || ()).await.unwrap();
    let took = since.elapsed();
    assert!(told.starts_with("250"), "{told}");
    assert!(took < GOOD_LETTER_MAX, "a good letter took {took:?}");
    until("its receipt", READ_MAX, async || recorder.receipt_for(&mail.id).is_some()).await;
    took
}

/// Every letter taken is in a case, a repetition, or kept aside, and no mail went to anybody who did not write, or with
/// a header that somebody smuggled in. Gives the figures in words.
async fn check_harmless(stage: &Stage, recorder: &Recorder, taken: usize) -> String {
    let store = stage.look().await;
    let all = inspect::read_all(&store).await;
    let messages = all.iter().flat_map(|told| &told.messages);
    let filed = messages.filter(|m| m.message.state == MessageState::Received).count();
    let aside = store
        .aside_letters((administrator(&store).await, true), casework::decision::AsideReason::ALL, None, 1_000)
        .await
        .unwrap();
    let unreadable = aside.iter().filter(|letter| letter.reason == "unreadable").count();
    let duplicates = usize::try_from(store.duplicate_letters().await.unwrap()).unwrap();
    store.close().await;
    assert_eq!(filed + aside.len() + duplicates, taken, "filed, aside, repeated = taken");
    assert_eq!(unreadable, 0, "a letter that the desk failed to decide on: {aside:?}");
    for recipient in recorder.recipients() {
        assert!(!recipient.contains("victim"), "{recipient}");
    }
    for copy in recorder.copies().into_values().flatten() {
        let mail = String::from_utf8_lossy(&copy.bytes).to_lowercase();
        let (head, _) = mail.split_once("\r\n\r\n").unwrap();
        let fields: Vec<&str> = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])).collect();
        assert!(!fields.iter().any(|field| field.starts_with("bcc")), "{head}");
        for name in ["from:", "to:", "subject:", "message-id:"] {
            assert_eq!(fields.iter().filter(|field| field.starts_with(name)).count(), 1, "{name} {head}");
        }
    }
    format!("{filed} filed, {} aside, {duplicates} repeated", aside.len())
}

//! The bounds that every letter keeps, whatever it is, and letters made to break them.

use casework::inbound::{Defect, Inbound};
use channels::mail::read::{file, inline, read};
use proptest::prelude::*;

/// Asserts what `inbound.rs` promises, and that every listed file can be taken out.
pub fn check_bounds(raw: &[u8], letter: &Inbound, defects: &[Defect]) {
    let people = letter.from.iter().chain(&letter.reply_to).chain(&letter.recipients);
    for mailbox in people {
        assert!(mailbox.address.len() <= 254 && mailbox.address.contains('@'), "{mailbox:?}");
        assert!(!mailbox.address.chars().any(|c| c.is_control() || c.is_whitespace()), "{mailbox:?}");
        let name = mailbox.name.as_deref().unwrap_or_default();
        assert!(name.chars().count() <= 200 && !name.chars().any(char::is_control), "{mailbox:?}");
    }
    assert!(letter.recipients.len() <= 100);
    assert!(letter.subject.chars().count() <= 500 && !letter.subject.chars().any(char::is_control));
    assert!(letter.answers.len() <= 50);
    for (at, id) in letter.answers.iter().enumerate() {
        assert!(!id.contains(['<', '>', ' ', '\r', '\n']) && !letter.answers[..at].contains(id), "{id:?}");
    }
    assert!(letter.text.len() <= 200 * 1024);
    assert!(letter.html.as_deref().unwrap_or_default().len() <= 1024 * 1024);
    assert!(letter.files.len() <= 200 && defects.len() <= 50);
    for listed in letter.files.iter().take(5) {
        assert!((1..=200).contains(&listed.name.chars().count()), "{:?}", listed.name);
        assert!(!listed.name.contains(['/', '\\', '\0', '\n']), "{:?}", listed.name);
        let taken = file(raw, listed.index).unwrap();
        assert_eq!((taken.name, taken.bytes.len() as u64), (listed.name.clone(), listed.size_bytes));
        if let Some(id) = &listed.content_id {
            assert!(inline(raw, id).is_some());
        }
    }
    assert!(file(raw, u32::MAX).is_none());
}

fn check(raw: &[u8]) -> (Inbound, Vec<Defect>) {
    let (letter, defects) = read(raw, "mark");
    check_bounds(raw, &letter, &defects);
    (letter, defects)
}

fn nested(kind: &str, levels: usize) -> Vec<u8> {
    let mut raw = b"From: a@example.org\nSubject: deep\n".to_vec();
    for level in 0..levels {
        let head = match kind {
            "message/rfc822" => "Content-Type: message/rfc822\n\nSubject: inner\n".to_owned(),
            _ => format!("Content-Type: {kind}; boundary=b{level}\n\n--b{level}\n"),
        };
        raw.extend_from_slice(head.as_bytes());
    }
    raw.extend_from_slice(b"\nthe bottom\n");
    raw
}

#[test]
fn ten_thousand_nested_parts_do_no_harm() {
    for kind in ["multipart/mixed", "multipart/alternative", "multipart/digest", "message/rfc822"] {
        let (letter, defects) = check(&nested(kind, 10_000));
        assert_eq!(letter.subject, "deep");
        assert!(kind == "message/rfc822" || defects.contains(&Defect::TooDeep), "{kind}: {defects:?}");
    }
}

#[test]
fn a_nest_hidden_in_base64_is_one_file() {
    let inner = data_encoding::BASE64_MIME.encode(&nested("message/rfc822", 10_000));
    let raw = format!(
        "From: a@example.org\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}"
    );
    let (letter, _) = check(raw.as_bytes());
    assert_eq!(letter.files.len(), 1);
    assert_eq!(letter.files[0].name, "file-1.eml");
}

#[test]
fn a_million_headers_parts_and_boundaries_end_soon() {
    let many_fields = "a:\n".repeat(500_000);
    let hidden_fields = format!("--x\n{}", "b:\n".repeat(999)).repeat(300);
    let many_parts = format!("Content-Type: multipart/mixed; boundary=a\n\n{}", "--a\n\n".repeat(300_000));
    let lost = format!(
        "Content-Type: multipart/mixed; boundary=a\n\n{}",
        "--a\nContent-Type: multipart/mixed; boundary=lost\n\nx\n".repeat(40_000)
    );
    let dashes =
        format!("Content-Type: multipart/mixed; boundary={}x\n\n{}", "-".repeat(60), "-".repeat(2_000_000));
    let parameters = format!("Content-Type: text/plain{}\n\nx", "; a*=b'c'd".repeat(100_000));
    for tail in [many_fields, hidden_fields, many_parts, lost, dashes, parameters] {
        // Without bounds these take minutes, and the runner's own limit ends them.
        check(format!("From: a@example.org\n{tail}").as_bytes());
    }
}

#[test]
fn long_things_are_cut_and_said() {
    let people: Vec<String> = (0..150).map(|at| format!("p{at}@example.org")).collect();
    let ids: Vec<String> = (0..70).map(|at| format!(" <{at}@x>\n")).collect();
    let files = "--a\nContent-Disposition: attachment; filename=f.bin\n\nx\n".repeat(250);
    let raw = format!(
        "From: a@example.org\nTo: {}\nReferences:{}Subject: {}\nX-Long: {}\n\
         Content-Type: multipart/mixed; boundary=a\n\n--a\n\n{}\n{files}--a--\n",
        people.join(", "),
        ids.concat(),
        "é".repeat(600),
        "y".repeat(20_000),
        "ligne\n".repeat(50_000),
    );
    let (letter, defects) = check(raw.as_bytes());
    assert_eq!((letter.recipients.len(), letter.answers.len(), letter.files.len()), (100, 50, 200));
    for wanted in [
        Defect::TooMany("recipients".into()),
        Defect::TooMany("References".into()),
        Defect::TooMany("files".into()),
        Defect::HeaderTooLong("Subject".into()),
        Defect::HeaderTooLong("X-Long".into()),
        Defect::TextTooLong,
    ] {
        assert!(defects.contains(&wanted), "{wanted:?} in {defects:?}");
    }
}

#[test]
fn html_nested_a_hundred_thousand_deep_is_read() {
    let raw = format!("From: a@example.org\nContent-Type: text/html\n\n{}fond", "<div><b>".repeat(100_000));
    let (letter, _) = check(raw.as_bytes());
    assert_eq!(letter.files.len(), 0);
}

#[test]
fn only_our_own_mark_is_a_loop() {
    let raw = b"From: a@example.org\nX-Suivi-Loop: mark\n\nx";
    assert_eq!(read(raw, "mark").0.automatic, Some(casework::inbound::Automatic::OwnLoop));
    assert_eq!(read(raw, "other").0.automatic, None);
    assert_eq!(read(b"From: a@example.org\nX-Suivi-Loop:\n\nx", "").0.automatic, None);
}

#[test]
fn the_hash_tells_bodies_apart_and_not_their_encoding() {
    let plain = read(b"From: a@x.org\nContent-Type: text/plain; charset=utf-8\n\n\xC3\xA9t\xC3\xA9", "").0;
    let encoded = b"From: b@x.org\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n=E9t=E9\n";
    assert_eq!(plain.body_hash, read(encoded, "").0.body_hash);
    assert_ne!(plain.body_hash, read(b"From: a@x.org\n\nete", "").0.body_hash);
}

/// Pieces from which hostile letters are made.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "From: ",
        "Subject: ",
        "To: a@b.c, ",
        "\r\n",
        "\n",
        "\r",
        " ",
        "\t",
        ":",
        ";",
        "\"",
        "<",
        ">",
        "--b",
        "--b--",
        "Content-Type: multipart/mixed; boundary=b\n\n",
        "Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n",
        "Content-Type: message/rfc822\n\n",
        "Content-Type: text/html; charset=",
        "Content-Type: multipart/digest; boundary=b\n\n",
        "utf-8\n",
        "utf-16\n",
        "windows-1252\n",
        "utf-7\n",
        "iso-2022-jp\n",
        "Content-Transfer-Encoding: base64\n",
        "Content-Transfer-Encoding: quoted-printable\n",
        "=E9=",
        "=?utf-8?Q?=C3=A9?=",
        "=?utf-8?B?w6k=?=",
        "=?x?B?",
        "(",
        ")",
        "Content-Disposition: attachment; filename*0*=utf-8''%C3; filename*1*=%A9\n",
        "References: <a@b> <c@d>\n",
        "Date: Thu, 1 Jan 2026 00:00:00 +0000\n",
        "Received: from x by y; ",
        "é",
        "\u{0}",
        "\u{202E}",
        "\u{2028}",
    ];
    let word = proptest::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    let noise = proptest::collection::vec(any::<u8>(), 0..20);
    proptest::collection::vec(prop_oneof![4 => word, 1 => noise], 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_within_bounds(raw in pieces()) {
        check(&raw);
    }
}

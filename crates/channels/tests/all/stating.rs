//! What a trusted server states in `Authentication-Results`, as a table of text; and that nothing written there breaks
//! the reader. DNS is there, and knows nothing.

use std::time::Duration;

use casework::inbound::SenderProof;
use channels::mail::authentication::{Authenticator, NAMELESS, Origin};
use proptest::prelude::*;

use crate::dns::Zone;

async fn authenticator() -> Authenticator {
    Authenticator::new(Some(Zone::default().serve().await), Duration::from_secs(5)).unwrap()
}

/// One paragraph of the table.
struct Case<'a> {
    title: &'a str,
    letter: String,
    trusted: Vec<String>,
    expected: SenderProof,
}

fn case(paragraph: &str) -> Case<'_> {
    let (title, rest) = paragraph.split_once('\n').unwrap();
    let (mut author, mut trusted, mut header, mut expected) = ("", vec![], String::new(), None);
    for line in rest.lines() {
        if let Some(name) = line.strip_prefix("author ") {
            author = name;
        } else if let Some(name) = line.strip_prefix("trusted ") {
            trusted.push(name.to_owned());
        } else if let Some(verdict) = line.strip_prefix("= ") {
            expected = Some(match verdict {
                "proven" => SenderProof::Proven,
                "forged" => SenderProof::Forged,
                "doubtful" => SenderProof::Doubtful,
                "unknown" => SenderProof::Unknown,
                other => panic!("{title}: {other}"),
            });
        } else {
            header.push_str(line);
            header.push_str("\r\n");
        }
    }
    let letter =
        format!("Return-Path: <x@y.example>\r\nReceived: by mx\r\n{header}From: <{author}>\r\n\r\nx\r\n");
    Case { title, letter, trusted, expected: expected.unwrap() }
}

#[tokio::test]
async fn statements_are_judged_as_written_beside_them() {
    let table = include_str!("../statements.txt");
    let authenticator = authenticator().await;
    let cases: Vec<_> = table.split("\n\n").skip(1).map(case).collect();
    assert!(cases.len() > 30);
    for Case { title, letter, trusted, expected } in cases {
        let found = authenticator.prove(letter.as_bytes(), &Origin::Relay, &trusted).await;
        assert_eq!(found, expected, "{title}");
        assert_eq!(
            Authenticator::read_statements(letter.as_bytes(), &trusted),
            expected,
            "{title}, without DNS"
        );
        // Without trust, and in a letter straight from its sender, the same words say nothing.
        assert_eq!(authenticator.prove(letter.as_bytes(), &Origin::Relay, &[]).await, SenderProof::Unknown);
        let direct = Origin::Direct {
            ip: [192, 0, 2, 1].into(),
            helo: "mx.evil.example".to_owned(),
            mail_from: "x@evil.example".to_owned(),
        };
        assert_eq!(
            authenticator.prove(letter.as_bytes(), &direct, &trusted).await,
            SenderProof::Unknown,
            "{title}"
        );
    }
}

#[tokio::test]
async fn who_wrote_it_must_be_clear() {
    let authenticator = authenticator().await;
    let stated = "Authentication-Results: mx.desk.example; dmarc=pass";
    let author = "From: jeanne@exemple.example";
    let huge = format!("X: {}", "x".repeat(300_000));
    for (header, expected) in [
        (vec![author], SenderProof::Proven),
        (vec!["From: Jeanne <Jeanne@exemple.example>"], SenderProof::Proven),
        (vec!["Subject: x"], SenderProof::Unknown),
        (vec!["From: Jeanne"], SenderProof::Unknown),
        (vec!["From: <jeanne>"], SenderProof::Unknown),
        (vec!["From: jeanne@localhost"], SenderProof::Unknown),
        (vec!["From: a@exemple.example, b@exemple.example"], SenderProof::Unknown),
        (vec!["From: groupe: a@exemple.example, b@autre.example;"], SenderProof::Unknown),
        (vec![author, "From: banque@autre.example"], SenderProof::Unknown),
        // Some programs take this for a From, others do not.
        (vec!["From : banque@autre.example", author], SenderProof::Unknown),
        (vec![author, &huge], SenderProof::Unknown),
    ] {
        let letter = format!("{stated}\r\n{}\r\n\r\nx\r\n", header.join("\r\n"));
        let found =
            authenticator.prove(letter.as_bytes(), &Origin::Relay, &["mx.desk.example".to_owned()]).await;
        assert_eq!(found, expected, "{}", &header[0][..header[0].len().min(80)]);
    }
    for odd in [&b""[..], b"\r\n", b"\n", b"x", b"From: jeanne@exemple.example", &[0xff; 300]] {
        assert_eq!(authenticator.prove(odd, &Origin::Relay, &[]).await, SenderProof::Unknown);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_written_there_breaks_the_reader(
        value in r#"([ -~]|[\r\n\t;=()"\\]|é){0,200}"#,
        top in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let authenticator = authenticator().await;
            let trusted = ["mx.desk.example".to_owned(), NAMELESS.to_owned()];
            for name in ["", "mx.desk.example; dmarc=fail "] {
                let fields = format!("Authentication-Results: {name}{value}\r\nFrom: a@exemple.example\r\n\r\n");
                let letter = [&top, fields.as_bytes()].concat();
                authenticator.prove(&letter, &Origin::Relay, &trusted).await;
            }
        });
    }
}

//! Conversations as text files: `C:` is what the other side says, `S:` what is answered, `K:` what was handed over to be kept.
//! Lines above the first `C:` set the scene: `protocol: lmtp`, `size: 100`, `errors: 3`, `recipients: 2`, `keep: yes, later, no Full`.
//! `C:` gets a CR LF; `C!` is sent as it is, with `\r`, `\n`, `\0` and `\\` written out.
//! `…@suivi.test` is ours, `later@…` cannot be told, everything else is not ours.

use std::fmt::Write;
use std::sync::Arc;

use channels::mail::session::{Answer, Kept, Limits, Protocol, Session, Step};
use proptest::prelude::*;

use super::expect::{expect_file, fixtures};

struct Scene {
    limits: Arc<Limits>,
    kept: Vec<Kept>,
}

impl Scene {
    fn new() -> Self {
        let limits = Limits {
            protocol: Protocol::Smtp,
            hostname: "desk.suivi.test".to_owned(),
            size_bytes_max: 2_000,
            recipients_max: 100,
            errors_max: 20,
            command_bytes_max: 512,
            line_bytes_max: 1_000,
        };
        Self { limits: Arc::new(limits), kept: Vec::new() }
    }

    fn set(&mut self, name: &str, value: &str) {
        let limits = Arc::make_mut(&mut self.limits);
        match name {
            "protocol" if value == "lmtp" => limits.protocol = Protocol::Lmtp,
            "size" => limits.size_bytes_max = value.parse().unwrap(),
            "errors" => limits.errors_max = value.parse().unwrap(),
            "recipients" => limits.recipients_max = value.parse().unwrap(),
            "keep" => self.kept = value.split(", ").map(kept).collect(),
            _ => panic!("unknown setting {name}: {value}"),
        }
    }
}

fn kept(word: &str) -> Kept {
    match word.split_once(' ') {
        None if word == "yes" => Kept::Yes,
        Some(("no", sentence)) => Kept::Refused(sentence.to_owned()),
        _ => Kept::TryLater,
    }
}

fn answer(address: &str) -> Answer {
    if address.starts_with("later@") {
        Answer::TryLater
    } else if address.ends_with("@suivi.test") || address == "postmaster" {
        Answer::Ours
    } else {
        Answer::NotOurs
    }
}

/// Feeds the bytes and appends what comes out. False when the session closed.
fn feed(session: &mut Session, scene: &Scene, mut input: &[u8], log: &mut String) -> bool {
    loop {
        let reply = match session.step(&mut input) {
            Step::Read => return true,
            Step::Close => return false,
            Step::Say(reply) => reply,
            Step::Ask(address) => session.answer(answer(&address)),
            Step::Keep(letter) => {
                let all = vec![Kept::Yes; letter.recipients.len()];
                let shown = String::from_utf8_lossy(&letter.bytes).escape_debug().to_string();
                writeln!(
                    log,
                    "K: <{}> to {} from {}: {shown}",
                    letter.from,
                    letter.recipients.join(" "),
                    letter.helo
                )
                .unwrap();
                session.kept(if scene.kept.is_empty() { &all } else { &scene.kept })
            }
        };
        for line in reply.as_str().lines() {
            writeln!(log, "S: {line}").unwrap();
        }
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let text = text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0").replace("\\\\", "\\");
    text.into_bytes()
}

fn play(script: &str) -> String {
    let mut scene = Scene::new();
    let is_said = |line: &&str| line.starts_with("C:") || line.starts_with("C!");
    let mut log = String::new();
    for line in script.lines().take_while(|line| !is_said(line)).filter(|line| !line.starts_with("S:")) {
        writeln!(log, "{line}").unwrap();
        if let Some((name, value)) = line.split_once(": ").filter(|_| !line.starts_with('#')) {
            scene.set(name, value);
        }
    }
    let mut session = Session::new(scene.limits.clone(), "192.0.2.1".to_owned());
    write!(log, "S: {}", session.greeting().as_str().replace("\r\n", "\n")).unwrap();
    for line in script.lines().filter(is_said) {
        writeln!(log, "{line}").unwrap();
        let said = line.get(3..).unwrap_or_default();
        let bytes = if line.starts_with("C!") { unescape(said) } else { format!("{said}\r\n").into_bytes() };
        if !feed(&mut session, &scene, &bytes, &mut log) {
            log.push_str("closed\n");
            break;
        }
    }
    log
}

#[test]
fn conversations_go_as_written() {
    for path in fixtures("sessions", "txt") {
        let script = std::fs::read_to_string(&path).unwrap();
        expect_file(&path, &play(&script));
    }
}

/// Everything said and kept, for bytes cut at the given places.
fn transcript(protocol: Protocol, bytes: &[u8], cuts: &[usize]) -> String {
    let mut scene = Scene::new();
    Arc::make_mut(&mut scene.limits).protocol = protocol;
    let mut session = Session::new(scene.limits.clone(), String::new());
    let mut log = String::new();
    let mut rest = bytes;
    for cut in cuts.iter().chain([&usize::MAX]) {
        let (part, tail) = rest.split_at((*cut).min(rest.len()));
        rest = tail;
        if !feed(&mut session, &scene, part, &mut log) {
            log.push_str("closed\n");
            break;
        }
    }
    log
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "EHLO a.example\r\n",
        "LHLO a.example\r\n",
        "HELO a\r\n",
        "MAIL FROM:<a@b.example>\r\n",
        "MAIL FROM:<>\r\n",
        "RCPT TO:<x@suivi.test>\r\n",
        "RCPT TO:<later@b>\r\n",
        "RCPT TO:<postmaster>\r\n",
        "DATA\r\n",
        ".\r\n",
        "..\r\n",
        "\r\n",
        "\r",
        "\n",
        ".",
        "RSET\r\n",
        "NOOP\r\n",
        "QUIT\r\n",
        "BDAT 5 LAST\r\n",
        "Subject: x\r\n",
        "VRFY a\r\n",
        "\n.\n",
        "\r\n.\r\n",
        "\r\n.\n",
        "MAIL FROM:<a@b> SIZE=99999\r\n",
        "AUTH PLAIN\r\n",
        "é",
        "\0",
    ];
    let word = proptest::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    let noise = proptest::collection::vec(any::<u8>(), 0..12);
    let long = Just(vec![b'x'; 600]);
    proptest::collection::vec(prop_oneof![20 => word, 2 => noise, 1 => long], 0..40)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cutting_the_bytes_changes_nothing(
        bytes in pieces(),
        cuts in proptest::collection::vec(0_usize..40, 0..60),
        is_lmtp: bool,
    ) {
        let protocol = if is_lmtp { Protocol::Lmtp } else { Protocol::Smtp };
        let prefix: &[u8] = if is_lmtp { b"LHLO a\r\nMAIL FROM:<a@b.c>\r\n" } else { b"EHLO a\r\nMAIL FROM:<a@b.c>\r\n" };
        let bytes = [prefix, &bytes].concat();
        let whole = transcript(protocol, &bytes, &[]);
        prop_assert_eq!(&whole, &transcript(protocol, &bytes, &cuts));
        prop_assert_eq!(&whole, &transcript(protocol, &bytes, &vec![1; bytes.len()]));
    }

    #[test]
    fn what_is_sent_is_what_is_kept(lines in proptest::collection::vec("[ -~]{0,30}|[.]{1,4}", 0..20)) {
        let letter: Vec<u8> = lines.iter().flat_map(|line| format!("{line}\r\n").into_bytes()).collect();
        let stuffed: String = lines.iter().map(|line| if line.starts_with('.') { format!(".{line}\r\n") } else { format!("{line}\r\n") }).collect();
        let bytes = format!("EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a@suivi.test>\r\nDATA\r\n{stuffed}.\r\n");
        let scene = Scene::new();
        let mut session = Session::new(scene.limits.clone(), String::new());
        let mut input = bytes.as_bytes();
        let kept = loop {
            match session.step(&mut input) {
                Step::Keep(envelope) => break envelope.bytes,
                Step::Ask(address) => { session.answer(answer(&address)); }
                Step::Say(_) => {}
                step => panic!("{step:?}"),
            }
        };
        prop_assert_eq!(kept, letter);
    }
}

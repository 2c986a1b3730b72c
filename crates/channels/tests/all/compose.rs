//! Composed mails: always the same bytes, always within the rules of the wire, and read back as they were written.

use casework::inbound::{Automatic, Mailbox};
use casework::outbound::Outbound;
use channels::mail::compose::compose;
use channels::mail::read::read;
use jiff::Timestamp;
use proptest::prelude::*;

fn mailbox(address: &str, name: &str) -> Mailbox {
    Mailbox { address: address.to_owned(), name: Some(name.to_owned()).filter(|name| !name.is_empty()) }
}

fn outbound() -> Outbound {
    Outbound {
        files: Vec::new(),
        message_id: "9f86d081884c7d659a2feaa0c55ad015@desk.example".to_owned(),
        written_at: Timestamp::from_second(1_772_550_000).unwrap(),
        from: mailbox("aide@desk.example", "Maison Élan, service client"),
        reply_to: mailbox("aide+s2041.x7@desk.example", ""),
        to: mailbox("jeanne@exemple.example", "Jeanne Lefèvre"),
        subject: "Votre colis — dossier S-2041".to_owned(),
        in_reply_to: Some("1234@exemple.example".to_owned()),
        references: vec!["racine@exemple.example".to_owned(), "1234@exemple.example".to_owned()],
        text: "Bonjour,\n\nvotre colis est retrouvé ; il part ce soir.\n\n.\nÀ bientôt".to_owned(),
        html: Some("<p>Bonjour,</p><p>votre colis est <b>retrouvé</b>.</p>".to_owned()),
        language: "fr".to_owned(),
        is_automatic: false,
        loop_mark: "desk-1".to_owned(),
    }
}

/// Asserts what every composed mail keeps: 7-bit lines ending in CR LF, none too long, and one of each header.
fn check_wire(bytes: &[u8]) {
    assert!(bytes.is_ascii() && bytes.ends_with(b"\r\n"));
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    for line in text.split("\r\n") {
        assert!(line.len() <= 998 && !line.contains(['\r', '\n', '\0']), "{line:?}");
    }
    let (header, _) = text.split_once("\r\n\r\n").unwrap();
    let names: Vec<String> = header
        .split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| {
            line.split_once(':').unwrap_or_else(|| panic!("no header: {line:?}")).0.to_ascii_lowercase()
        })
        .collect();
    let known = [
        "from",
        "to",
        "reply-to",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "auto-submitted",
        "x-auto-response-suppress",
        "x-suivi-loop",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-language",
    ];
    for (at, name) in names.iter().enumerate() {
        assert!(known.contains(&name.as_str()) && !names[..at].contains(name), "{name} in {header}");
    }
}

#[test]
fn a_mail_is_read_back_as_it_was_written() {
    let out = outbound();
    let bytes = compose(&out);
    check_wire(&bytes);
    let (letter, defects) = read(&bytes, "another desk");
    assert_eq!(defects, vec![]);
    assert_eq!(letter.from, Some(out.from));
    assert_eq!(letter.reply_to, Some(out.reply_to));
    assert_eq!(letter.recipients, vec![out.to]);
    assert_eq!(letter.subject, out.subject);
    assert_eq!(letter.message_id, Some(out.message_id));
    assert_eq!(letter.answers, vec!["1234@exemple.example", "racine@exemple.example"]);
    assert_eq!(letter.sent_at, Some(out.written_at));
    assert_eq!(letter.text, out.text);
    assert!(letter.html.unwrap().contains("<p>Bonjour,</p><p>votre colis est <b>retrouvé</b>.</p>"));
    assert_eq!((letter.files.len(), letter.automatic), (0, None));
}

#[test]
fn a_mail_looks_as_it_should() {
    let shown = String::from_utf8(compose(&outbound())).unwrap().replace("\r\n", "\n");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails/composed.expected");
    super::expect::expect_file(&path, &shown);
}

#[test]
fn machines_say_what_they_are() {
    let answer = Outbound { is_automatic: true, ..outbound() };
    let first = Outbound { in_reply_to: None, references: vec![], html: None, ..answer.clone() };
    let kind = |out: &Outbound, mark: &str| read(&compose(out), mark).0.automatic;
    assert_eq!(kind(&answer, ""), Some(Automatic::Reply));
    assert_eq!(kind(&first, ""), Some(Automatic::Generated));
    assert_eq!(kind(&outbound(), "desk-1"), Some(Automatic::OwnLoop));
    let text = String::from_utf8(compose(&first)).unwrap();
    assert!(text.contains("Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"));
    check_wire(text.as_bytes());
}

#[test]
fn hostile_names_and_subjects_forge_nothing() {
    let evil = "x\r\nBcc: tous@exemple.example\r\n\r\nfaux corps\u{2028}\u{0}";
    let out = Outbound {
        subject: evil.to_owned(),
        from: mailbox("aide@desk.example\r\nBcc: a@b.c", evil),
        to: mailbox("a@b.c>, <tous@exemple.example", evil),
        in_reply_to: Some(evil.to_owned()),
        references: vec![evil.to_owned(); 40],
        message_id: evil.to_owned(),
        loop_mark: evil.to_owned(),
        language: "fr\"><script>".to_owned(),
        ..outbound()
    };
    let bytes = compose(&out);
    check_wire(&bytes);
    let (letter, _) = read(&bytes, "");
    assert_eq!(letter.recipients.len(), 1);
    assert_eq!(letter.subject, "x Bcc: tous@exemple.example faux corps");
    assert!(!letter.html.unwrap().contains("<script>"));
}

#[test]
fn words_that_look_encoded_stay_as_they_are_written() {
    let evil = "=?utf-8?Q?x=0D=0ABcc:_tous@exemple.example?= =?UTF-8?b?YQ==?=";
    let out = Outbound { subject: evil.to_owned(), to: mailbox("a@b.example", evil), ..outbound() };
    let (letter, _) = read(&compose(&out), "");
    let shown = evil.replace("=?", "= ?");
    assert_eq!((letter.subject.as_str(), letter.recipients[0].name.as_ref()), (shown.as_str(), Some(&shown)));
    let harmless = Outbound { subject: "2+2=?".to_owned(), ..outbound() };
    assert_eq!(read(&compose(&harmless), "").0.subject, "2+2=?");
}

#[test]
fn domains_in_other_scripts_need_no_more_than_ascii() {
    let out = Outbound {
        from: mailbox("aide@désk.example", "Aide"),
        to: mailbox("jeanne@éxemple.example", ""),
        ..outbound()
    };
    let bytes = compose(&out);
    check_wire(&bytes);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("From: \"Aide\" <aide@xn--dsk-bma.example>\r\n"), "{text}");
    assert!(text.contains("To: <jeanne@xn--xemple-9ua.example>\r\n"), "{text}");
}

#[test]
fn of_many_references_the_first_and_the_last_stay() {
    let references: Vec<String> = (0..30).map(|at| format!("{at}@x.example")).collect();
    let out = Outbound { references, in_reply_to: None, ..outbound() };
    let (letter, _) = read(&compose(&out), "");
    assert_eq!(letter.answers.len(), 20);
    assert_eq!((letter.answers[0].as_str(), letter.answers[19].as_str()), ("29@x.example", "0@x.example"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_mail_is_the_same_twice_and_keeps_the_rules(
        (subject, name, text) in (".{0,300}", ".{0,100}", "(.|\n|\r){0,400}"),
        html in proptest::option::of("(.|\n|\r){0,300}"),
        (address, id, mark) in ("[ -~\r\n\t]{0,80}", ".{0,1200}", ".{0,300}"),
        references in proptest::collection::vec("[ -~]{0,600}", 0..30),
        is_automatic: bool,
    ) {
        let out = Outbound {
            subject,
            to: mailbox(&address, &name),
            text,
            html,
            message_id: id,
            loop_mark: mark,
            references,
            is_automatic,
            ..outbound()
        };
        let bytes = compose(&out);
        prop_assert_eq!(&bytes, &compose(&out.clone()));
        check_wire(&bytes);
    }

    #[test]
    fn ordinary_words_come_back(
        subject in "[a-zA-Zéèàçœ€’«» 0-9,:;()<>@=?_-]{0,200}",
        name in "[a-zA-Zéèàç,.()\"' -]{0,60}",
        text in "[a-zA-Zéèàç€ =.\t\n-]{0,600}",
    ) {
        let out = Outbound { subject, to: mailbox("jeanne@exemple.example", &name), text, ..outbound() };
        let (letter, defects) = read(&compose(&out), "");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(letter.subject, words(&out.subject));
        let to = out.to.name.as_deref().map(words).filter(|name| !name.is_empty());
        prop_assert_eq!(letter.recipients[0].name.clone(), to);
        if !out.text.trim().is_empty() {
            prop_assert_eq!(letter.text, out.text.trim_end());
        }
        prop_assert_eq!(defects, vec![]);
    }
}

//! Any input: nothing panics, nothing is lost, nothing dangerous comes out.

use proptest::prelude::*;
use text::reading::{PartKind, read};
use text::{fold, forward, html, language, similar, subject};

/// Lines that mail programs write, in any order, between any words.
fn mail() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("Le 3 nov. 2026 à 14:02, X <x@y.example> a écrit :".to_owned()),
        Just("On 3 Nov 2026 at 14:02,".to_owned()),
        Just("-----Message d'origine-----".to_owned()),
        Just("---------- Forwarded message ---------".to_owned()),
        Just("----- Forwarded Message -----  From: X <x@y.example>".to_owned()),
        Just("De : X <x@y.example> À : Z Envoyé : mardi 14:02 Objet : RE   Bonjour".to_owned()),
        Just("De \"X\" <x@y.example>".to_owned()),
        Just("Date 03/03/2026 10:22:15".to_owned()),
        Just("Objet RE".to_owned()),
        Just("> Début du message transféré :".to_owned()),
        Just("> De: \"X\" <x@y.example>".to_owned()),
        Just("X wrote:".to_owned()),
        Just("Ce message est confidentiel, si vous n'êtes pas le destinataire, détruisez-le.".to_owned()),
        Just("Cordialement,".to_owned()),
        Just("Tél. : +33 2 00 00 00 00".to_owned()),
        Just("www.y.example".to_owned()),
        Just("Garanti sans virus. www.avast.com".to_owned()),
        Just("Voici mes réponses en rouge :".to_owned()),
        Just("-------- Fin du message transféré --------".to_owned()),
        Just("De : X <x@y.example>".to_owned()),
        Just("Envoyé : mardi 14:02".to_owned()),
        Just("Objet : RE".to_owned()),
        Just("________________".to_owned()),
        Just("-- ".to_owned()),
        Just("Envoyé de mon iPhone".to_owned()),
        Just("Sent with Spark".to_owned()),
        Just(">= 60 W".to_owned()),
        Just(">>> URGENT <<<".to_owned()),
        Just("> Mes retours".to_owned()),
        Just(String::new()),
        "[> ]{0,3}[a-zé :@]{0,30}",
        "\\PC{0,20}",
    ];
    (proptest::collection::vec(line, 0..24), prop_oneof![Just("\n"), Just("\r\n"), Just("\r")])
        .prop_map(|(lines, end)| lines.join(end))
}

/// Markup, broken in every way.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "</?(b|p|div|table|tr|td|li|ul|a|blockquote|pre|font|svg|math|style|script|title|img|img|o:p)",
        " (href|src|srcset|style|class|onclick|background)=[\"']?(gmail_signature|javascript:x|http://x/y|https://x/y|cid:1|data:x|color:red|position:fixed|url\\(x\\))?[\"']?",
        Just(">".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("&nbsp;&#0;&amp".to_owned()),
        "\\PC{0,8}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn check_reading(mail: &str) -> Result<(), TestCaseError> {
    let reading = read(mail);
    let whole: String = reading.parts.iter().map(|part| part.text.as_str()).collect();
    prop_assert_eq!(whole, mail.replace("\r\n", "\n").replace('\r', "\n"));
    prop_assert!(reading.parts.windows(2).all(|two| two[0].kind != two[1].kind));
    prop_assert!(reading.parts.iter().all(|part| !part.text.is_empty()));
    let has_words = mail.chars().any(|c| !c.is_whitespace() && !fold::is_invisible(c));
    prop_assert!(!has_words || !reading.visible().is_empty());
    prop_assert!(!has_words || reading.parts.iter().any(|part| part.kind == PartKind::Visible));
    check_lines_in_order(&reading.visible(), &mail.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Every line of the first text stands in the second, in the same order; spaces at its ends aside.
fn check_lines_in_order(visible: &str, mail: &str) -> Result<(), TestCaseError> {
    let mut rest = mail.split('\n');
    for line in visible.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        prop_assert!(rest.any(|written| written.trim() == line), "{:?} is not in order in {:?}", line, mail);
    }
    Ok(())
}

/// What is read of a forward stands in it: the comment's lines in order, every line of the text but for its marks.
fn check_forward(subject: &str, mail: &str) -> Result<(), TestCaseError> {
    let Some(read) = forward::read(subject, mail) else { return Ok(()) };
    let mail = mail.replace("\r\n", "\n").replace('\r', "\n");
    check_lines_in_order(&read.comment, &mail)?;
    let mut rest = mail.split('\n');
    for line in read.text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        prop_assert!(rest.any(|written| written.trim().ends_with(line)), "{:?} of {:?}", line, mail);
    }
    prop_assert!(read.from_address.is_none_or(|address| address.contains('@')));
    Ok(())
}

fn check_markup(markup: &str) -> Result<(), TestCaseError> {
    html::to_text(markup);
    for tag in html::for_viewing_with(markup, html::RemoteImages::Shown).split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default().to_ascii_lowercase();
        let source = tag.split_once(" src=\"").map(|(_, source)| source);
        let is_known = |source: &str| source.starts_with("https://") || source.starts_with("cid:");
        prop_assert!(!tag.starts_with("img ") || source.is_none_or(is_known), "{}", tag);
        prop_assert!(!tag.contains(" style=") || !tag.contains("url("), "{}", tag);
        prop_assert!(!tag.contains(" srcset=\"") && !tag.contains(" background=\""), "{}", tag);
    }
    for safe in [html::for_viewing(markup), html::composed(markup)] {
        let tags: Vec<&str> =
            safe.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default()).collect();
        for tag in tags {
            let lower = tag.to_ascii_lowercase();
            let is_bad =
                ["script", "style", "svg", "math", "iframe", "form", "input", "link", "meta", "object"]
                    .iter()
                    .any(|name| lower.trim_start_matches('/').split_whitespace().next() == Some(name));
            prop_assert!(!is_bad, "{}", safe);
            prop_assert!(!lower.contains(" onclick="), "{}", safe);
            prop_assert!(
                !lower.contains("javascript:") || lower.contains("title=") || lower.contains("alt="),
                "{}",
                safe
            );
            prop_assert!(!lower.contains("src=\"http") && !lower.contains("src=\"data"), "{}", safe);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn nothing_of_a_mail_is_lost(mail in mail()) {
        check_reading(&mail)?;
        for subject in ["TR: x", "Re: x", "x"] {
            check_forward(subject, &mail)?;
        }
    }

    #[test]
    fn markup_comes_out_safe(markup in markup()) {
        check_markup(&markup)?;
    }

    #[test]
    fn no_text_panics(text in any::<String>(), other in "\\PC*") {
        check_reading(&text)?;
        check_forward(&other, &text)?;
        check_forward("TR: x", &text)?;
        check_markup(&text)?;
        subject::is_forward(&text);
        language::of(&text);
        let plain = subject::plain(&text);
        prop_assert_eq!(subject::plain(&plain), plain.clone());
        let likeness = similar::likeness(&text, &other);
        prop_assert!((0.0..=1.0).contains(&likeness));
        fold::folded(&text);
        let page = html::from_plain(&text);
        prop_assert!(!page.contains("<script"));
    }
}

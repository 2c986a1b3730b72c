//! Any input: nothing panics, nothing is lost, nothing dangerous comes out.

use proptest::prelude::*;
use text::reading::{PartKind, read};
use text::{fold, html, language, similar, subject};

/// Lines that mail programs write, in any order, between any words.
fn mail() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("Le 3 nov. 2026 à 14:02, X <x@y.example> a écrit :".to_owned()),
        Just("On 3 Nov 2026 at 14:02,".to_owned()),
        Just("-----Message d'origine-----".to_owned()),
        Just("---------- Forwarded message ---------".to_owned()),
        Just("De : X <x@y.example>".to_owned()),
        Just("Envoyé : mardi 14:02".to_owned()),
        Just("Objet : RE".to_owned()),
        Just("________________".to_owned()),
        Just("-- ".to_owned()),
        Just("Envoyé de mon iPhone".to_owned()),
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
        "</?(b|p|div|table|tr|td|li|ul|a|blockquote|pre|font|svg|math|style|script|title|img|o:p)",
        " (href|src|style|class|onclick|background)=[\"']?(javascript:x|http://x/y|cid:1|data:x|color:red|position:fixed|url\\(x\\))?[\"']?",
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
    Ok(())
}

fn check_markup(markup: &str) -> Result<(), TestCaseError> {
    html::to_text(markup);
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
    }

    #[test]
    fn markup_comes_out_safe(markup in markup()) {
        check_markup(&markup)?;
    }

    #[test]
    fn no_text_panics(text in any::<String>(), other in "\\PC*") {
        check_reading(&text)?;
        check_markup(&text)?;
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

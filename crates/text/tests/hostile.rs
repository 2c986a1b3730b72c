//! Input that is made to be slow. Nothing here looks at a watch: what is linear is done in seconds, what is not would not
//! end before the test runner ends it.

use text::forward;
use text::html::{composed, for_viewing, from_plain, to_text};
use text::reading::read;
use text::similar::likeness;
use text::subject::plain;

const KIB: usize = 1 << 10;

fn filled(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

/// Pieces that differ by their number, so that nothing can be told to be a repetition.
fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect::<Vec<_>>().concat()
}

#[test]
fn mails_of_one_piece() {
    let pieces = [
        ">",
        ">\n",
        "> > \n",
        "\n",
        "-- \n",
        "--\nx\n",
        "On \n",
        "Le 3 nov 14:02, a@b a écrit :\n",
        "a@b\n",
        "De : a@b\n",
        "De : a@b\nDate : 14:02\nObjet : x\n",
        "Le 3 à 14:02, a@b\n",
        "-----Message d'origine-----\n",
        "------ Message d'origine ------\nDe a@b\nDate 1\n",
        "________________\n",
        "Envoyé de mon iPhone\n",
        "x\n--\n\n\n",
        ":",
        "\u{200b}",
        "é",
        "* ",
        "---------- Forwarded message\n> x\n",
    ];
    for piece in pieces {
        let mail = filled(piece, 64 * KIB);
        assert!(!read(&mail).parts.is_empty());
        let after_words = format!("Bonjour\n{mail}\nx{}\n> y", "\n".repeat(64 * KIB));
        assert!(read(&after_words).visible().starts_with("Bonjour"));
    }
}

#[test]
fn a_mebibyte_of_what_openings_begin_with() {
    for piece in [">", "\n", "Le ", "Le \n", "De :", "De :\n"] {
        check_whole(&filled(piece, 1024 * KIB));
    }
}

#[test]
fn what_rules_look_ahead_for() {
    let pieces = [
        "X wrote:\n",
        "a :\n> b\n\n",
        "Ce message\n",
        "---\n",
        "-- \na\n\n",
        "Cordialement,\nX\nTel: 0102030405\nwww.x\n",
        "----- Forwarded Message ----- x\n",
        "mes réponses en rouge\n> x\n",
        "x\n> 1\n\n",
        ">= 1\n>\n",
        ">:(\nx\n> a\n",
        ">>> x <<<\n",
        "Envoyé de mon iPhone\n\nx\n",
        "De : a@b À : ",
        "De : a@b À : c Envoyé : 14:02 Objet x\n",
        "Envoyé avec Spark\n\n",
    ];
    for piece in pieces {
        check_whole(&filled(piece, 128 * KIB));
    }
}

#[test]
fn blank_lines_between_marks_that_are_looked_above() {
    let blanks = "\n".repeat(256 * KIB);
    check_whole(&format!("X <x@y.example> wrote on 3 Nov 14:02:\n{blanks}{}", filled("> 1\nx\n", 256 * KIB)));
    check_whole(&filled(&format!("> 1\n{}x\nSent with Spark\n", "\n".repeat(40)), 256 * KIB));
}

/// Nothing of it is lost, and nobody forwards anything in it.
fn check_whole(mail: &str) {
    let whole: usize = read(mail).parts.iter().map(|part| part.text.len()).sum();
    assert_eq!(whole, mail.len());
    assert!(forward::read("TR: x", mail).is_none());
}

#[test]
fn a_mebibyte_of_forwards_is_one_forward() {
    let mail =
        filled("---------- Forwarded message ---------\nDe : a@b.example\nObjet : x\n\ny\n", 1024 * KIB);
    let read = forward::read("x", &mail).expect("the first is read");
    assert!(read.from_address.as_deref() == Some("a@b.example") && read.text.len() > 1000 * KIB);
}

#[test]
fn a_mebibyte_of_quotation_marks() {
    let marks = filled(">", 1024 * KIB);
    assert_eq!(read(&marks).visible(), marks);
}

#[test]
fn markup_of_one_piece() {
    let pieces = [
        "<",
        "<!--",
        "<!",
        "</",
        "<a ",
        "<a b='",
        "<p>",
        "<b>",
        "<b><p>",
        "<p><b>x",
        "<font color=1>",
        "<table>",
        "<tr><td>",
        "<table><b>",
        "<li>",
        "<a>",
        "<blockquote>",
        "<blockquote><br>",
        "<style>",
        "<title></title>",
        "<svg><style>",
        "&",
        "&amp;",
        "&nbsp;",
        "<ul><li>",
        "<pre>\n",
        "</p>",
        "<td><td>",
        "<div style='a:b;c:d'>",
        "<math><mi>",
        "<div id=Signature>",
        "a b c<div id=Signature>www.x</div>",
        "<i><div>",
        "<dd><b>",
    ];
    for piece in pieces {
        let markup = filled(piece, 64 * KIB);
        drop(to_text(&markup));
        drop(for_viewing(&markup));
        drop(composed(&markup));
    }
}

#[test]
fn a_hundred_thousand_divs_keep_their_words() {
    let deep = format!("{}fond{}après", "<div>".repeat(100_000), "</div>".repeat(100_000));
    assert_eq!(to_text(&deep), "fond\naprès");
    assert!(for_viewing(&deep).contains("fond"));
}

#[test]
fn many_attributes_and_many_styles() {
    let attributes = numbered(150_000, |n| format!(" a{n}=1"));
    assert_eq!(to_text(&format!("<p{attributes}>mot</p>")), "mot");
    let fonts = numbered(40_000, |n| format!("<font color={n}><p>x"));
    assert!(for_viewing(&fonts).contains('x'));
    let ids = numbered(40_000, |n| format!("<b id={n}><div>x</b>"));
    assert!(to_text(&ids).contains('x'));
}

#[test]
fn short_functions_on_long_input() {
    for piece in
        ["http://", "http://a)", "(", "https://a.", "&", "\r", "\n", "[EXTERNE] ", "Re: ", "Re[", "a "]
    {
        let text = filled(piece, 256 * KIB);
        drop(from_plain(&text));
        drop(plain(&text));
        assert!(likeness(&text, &text) <= 1.0);
        assert!(text::language::of(&text).is_none_or(|found| found.code().len() == 2));
    }
}

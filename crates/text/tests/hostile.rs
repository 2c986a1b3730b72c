//! Input that is made to be slow: each must be read in a moment, even without optimisation.

use std::time::{Duration, Instant};

use text::html::{composed, for_viewing, from_plain, to_text};
use text::reading::read;
use text::similar::likeness;
use text::subject::plain;

/// Wide for a busy machine without optimisation; linear work on these inputs takes under a second, quadratic far more.
const MOMENT: Duration = Duration::from_secs(8);

const KIB: usize = 1 << 10;

fn filled(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

/// Pieces that differ by their number, so that nothing can be told to be a repetition.
fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect::<Vec<_>>().concat()
}

fn in_a_moment(name: &str, work: impl FnOnce()) {
    let start = Instant::now();
    work();
    assert!(start.elapsed() < MOMENT, "{name} took {:?}", start.elapsed());
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
        let mail = filled(piece, 256 * KIB);
        in_a_moment(piece, || assert!(!read(&mail).parts.is_empty()));
        let after_words = format!("Bonjour\n{mail}\nx{}\n> y", "\n".repeat(256 * KIB));
        in_a_moment(piece, || assert!(read(&after_words).visible().starts_with("Bonjour")));
    }
}

#[test]
fn a_mebibyte_of_quotation_marks() {
    let marks = filled(">", 1024 * KIB);
    in_a_moment("marks", || assert_eq!(read(&marks).visible(), marks));
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
        "<i><div>",
        "<dd><b>",
    ];
    for piece in pieces {
        let markup = filled(piece, 64 * KIB);
        in_a_moment(piece, || drop(to_text(&markup)));
        in_a_moment(piece, || drop(for_viewing(&markup)));
        in_a_moment(piece, || drop(composed(&markup)));
    }
}

#[test]
fn a_hundred_thousand_divs_keep_their_words() {
    let deep = format!("{}fond{}après", "<div>".repeat(100_000), "</div>".repeat(100_000));
    in_a_moment("divs", || assert_eq!(to_text(&deep), "fond\naprès"));
    in_a_moment("divs", || assert!(for_viewing(&deep).contains("fond")));
}

#[test]
fn many_attributes_and_many_styles() {
    let attributes = numbered(150_000, |n| format!(" a{n}=1"));
    in_a_moment("attributes", || assert_eq!(to_text(&format!("<p{attributes}>mot</p>")), "mot"));
    let fonts = numbered(40_000, |n| format!("<font color={n}><p>x"));
    in_a_moment("fonts", || assert!(for_viewing(&fonts).contains('x')));
    let ids = numbered(40_000, |n| format!("<b id={n}><div>x</b>"));
    in_a_moment("ids", || assert!(to_text(&ids).contains('x')));
}

#[test]
fn short_functions_on_long_input() {
    for piece in
        ["http://", "http://a)", "(", "https://a.", "&", "\r", "\n", "[EXTERNE] ", "Re: ", "Re[", "a "]
    {
        let text = filled(piece, 256 * KIB);
        in_a_moment(piece, || drop(from_plain(&text)));
        in_a_moment(piece, || drop(plain(&text)));
        in_a_moment(piece, || assert!(likeness(&text, &text) <= 1.0));
        in_a_moment(piece, || assert!(text::language::of(&text).is_none_or(|found| found.code().len() == 2)));
    }
}

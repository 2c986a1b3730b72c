//! Elements that mail programs make for signatures: a signature in one folds, a customer's words in one stay.

use text::html::to_text;
use text::reading::read;

/// How the programs write such an element.
const ELEMENTS: &[&str] = &[
    "<div dir=ltr class=gmail_signature data-smartmail=gmail_signature>INSIDE</div>",
    "<div id=Signature class=elementToProof><div>INSIDE</div></div>",
    "<div id=x_Signature>INSIDE</div>",
    "<div class=moz-signature>INSIDE</div>",
    "<pre class=moz-signature cols=72>INSIDE</pre>",
    "<div id=AppleMailSignature dir=ltr>INSIDE</div>",
    "<div id=ms-outlook-mobile-signature><p>INSIDE</p></div>",
    "<span class=\"a gmail_signature b\">INSIDE</span>",
];

const GMAIL: &str = "<div class=gmail_quote><div class=gmail_attr>On Tue, Mar 3, 2026 at 10:22 AM Atelier \
    &lt;a@b.example&gt; wrote:<br></div><blockquote class=gmail_quote>It left.</blockquote></div>";
const OUTLOOK: &str = "<hr><div id=divRplyFwdMsg><b>De :</b> Atelier &lt;a@b.example&gt;<br><b>Envoyé :</b> mardi 3 \
    mars 2026 10:22<br><b>À :</b> Tom<br><b>Objet :</b> RE: Lampe</div><div>Elle est partie.</div>";

const SIGNATURE: &str = "Tom Baker<br>Head Gardener, Kew Farm Ltd<br>+44 20 7946 0018";

fn visible(html: &str) -> String {
    read(&to_text(html)).visible()
}

fn holding(inside: &str) -> impl Iterator<Item = String> {
    ELEMENTS.iter().map(move |element| element.replace("INSIDE", inside))
}

#[test]
fn a_signature_folds_at_the_end_and_above_history() {
    for element in holding(SIGNATURE) {
        for below in ["", GMAIL, OUTLOOK, "<br>"] {
            let html = format!("<div>Hi,</div><div>The green one, please.</div><br>{element}{below}");
            assert_eq!(visible(&html), "Hi,\nThe green one, please.", "{html}");
        }
    }
}

#[test]
fn the_programs_own_mark_is_not_doubled() {
    let marked = ["<span class=gmail_signature_prefix>-- </span><br>IT", "IT"];
    for (frame, inside) in marked.iter().zip([SIGNATURE.to_owned(), format!("-- <br>{SIGNATURE}")]) {
        for element in holding(&inside) {
            let text = to_text(&format!("<p>The green one, please.</p>{}", frame.replace("IT", &element)));
            assert_eq!(text.matches("--").count(), 1, "{text}");
        }
    }
}

#[test]
fn words_of_a_customer_in_such_an_element_stay() {
    for said in [
        "La lampe ne marche pas.<br>Tom, 06 00 00 00 00",
        "Toujours en panne<br>tom@kew.example",
        "Ma commande LM-1<br>06 00 00 00 00",
        "Commande 48213<br>www.kew.example",
        "Is it broken?<br>+44 20 7946 0018",
        "Please call<br>+44 20 7946 0018",
        "The lamp is dead<br>+44 20 7946 0018",
        "Merci<br>Tom<br>+44 20 7946 0018",
        "Tom Baker",
        "La lampe clignote",
    ] {
        for element in holding(said) {
            let html = format!("<div>Bonjour, deux mots :</div><div>une suite.</div><br>{element}{GMAIL}");
            for line in said.split("<br>") {
                assert!(visible(&html).contains(line), "{html}");
            }
        }
    }
}

#[test]
fn a_signature_that_is_the_letter_or_asked_for_stays() {
    for element in holding(SIGNATURE) {
        for (above, below) in [
            ("", ""),
            ("<div>Bonjour Madame Dupont,</div>", GMAIL),
            ("<div>Please call my number below.</div>", GMAIL),
            ("<div>The green one, please.</div>", "<div>And a blue one.</div>"),
        ] {
            let html = format!("{above}{element}{below}");
            assert!(visible(&html).contains("Head Gardener"), "{html}");
        }
    }
}

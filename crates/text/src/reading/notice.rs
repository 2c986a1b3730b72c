//! Legal notices and pleas for trees: whole paragraphs that an employer's mail server adds.
//!
//! Here: telling them from a person who asks for discretion. A beginning alone proves nothing ("Ce message et ses pièces
//! jointes prouvent que…"): a notice speaks of several things that only notices speak of together.

use super::signature::is_first_person;
use crate::copied::line::Line;
use crate::fold::folded;

/// Characters of a paragraph that are looked at, and of a plea for trees.
const SEEN_CHARS_MAX: usize = 2_000;
const PLEA_CHARS_MAX: usize = 240;
/// Lines of a paragraph that are looked at.
const LINES_MAX: usize = 30;
/// Things of [`TELLTALES`] that a paragraph must speak of.
const TELLTALES_MIN: usize = 3;

/// How notices begin, folded.
const BEGINNINGS: &[&str] = &[
    "ce message",
    "ce courriel",
    "ce mail",
    "cet e-mail",
    "cet email",
    "le contenu de ce",
    "les informations contenues",
    "l'information contenue",
    "si vous avez recu ce",
    "avis de confidentialite",
    "avertissement",
    "clause de confidentialite",
    "confidentialit",
    "confidential",
    "this message",
    "this email",
    "this e-mail",
    "this communication",
    "this transmission",
    "the contents of this",
    "the information contained",
    "the information in this",
    "if you have received this",
    "if you are not the intended",
    "disclaimer",
    "important notice",
    "legal notice",
    "diese e-mail",
    "diese nachricht",
    "der inhalt dieser",
];

/// What notices speak of, folded; one word of each list counts.
const TELLTALES: &[&[&str]] = &[
    &["confidenti", "vertraulich"],
    &["piece jointe", "pieces jointes", "attachment", "fichiers", "files", "anhang", "anlagen"],
    &["destinataire", "intended", "addressee", "recipient", "empfanger", "adressat"],
    &["par erreur", "in error", "by mistake", "irrtumlich"],
    &["detruire", "supprimer", "effacer", "delete", "destroy", "loschen", "vernichten"],
    &["expediteur", "emetteur", "sender", "absender"],
    &[
        "diffus",
        "divulg",
        "copie",
        "disclos",
        "distribut",
        "dissemin",
        "autoris",
        "unauthori",
        "prohibit",
        "weitergabe",
    ],
    &["privileg", "secret professionnel"],
    &["integrite", "alter", "liab", "responsabilite", "haftung"],
];

const PLEAS: &[&str] = &[
    "pensez a l'environnement",
    "pensons a l'environnement",
    "avant d'imprimer",
    "n'imprimez ce",
    "merci de ne pas imprimer",
    "please consider the environment",
    "think of the environment",
    "before printing",
    "denken sie an die umwelt",
];

/// The line after the notice that starts at `at`, if one does.
pub(super) fn end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?.folded();
    // A leaf or a tree may be drawn before the words.
    let first = first.trim_start_matches(|c: char| !c.is_alphanumeric());
    let may_be_notice = BEGINNINGS.iter().any(|start| first.starts_with(start));
    let may_be_plea = PLEAS.iter().any(|start| first.starts_with(start));
    if !may_be_notice && !may_be_plea {
        return None;
    }
    let text = paragraph(lines, at);
    let is_spoken = text.split(|c: char| !c.is_alphanumeric()).any(is_first_person);
    let is_notice = may_be_notice && telltales(&text) >= TELLTALES_MIN;
    let is_plea = may_be_plea && text.len() <= PLEA_CHARS_MAX && is_about_paper(&text);
    (!is_spoken && (is_notice || is_plea)).then(|| paragraph_end(lines, at))
}

fn telltales(text: &str) -> usize {
    TELLTALES.iter().filter(|words| words.iter().any(|word| text.contains(word))).count()
}

fn is_about_paper(text: &str) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    says(&["imprim", "print", "druck"])
        && says(&["mail", "message", "courriel", "document", "nachricht"])
        && says(&["environ", "planet", "arbre", "tree", "necessaire", "umwelt"])
}

fn paragraph(lines: &[Line<'_>], at: usize) -> String {
    let rest = lines.iter().skip(at).take(LINES_MAX).take_while(|line| !line.is_blank() && !line.is_quoted());
    let text = rest.flat_map(|line| line.bare.chars().chain([' '])).take(SEEN_CHARS_MAX).collect::<String>();
    folded(&text)
}

fn paragraph_end(lines: &[Line<'_>], at: usize) -> usize {
    at + lines.iter().skip(at).take_while(|line| !line.is_blank() && !line.is_quoted()).count()
}

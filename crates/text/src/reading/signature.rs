//! Signatures, advertisements of mail programs, legal notices: lines that say nothing about the matter.
//!
//! Here: what is marked or worded as such by programs. Not here: "Cordialement, Camille": it is the writer's, it stays.

use super::opening;
use crate::copied::line::Line;

/// Lines with words, and characters, of a signature; longer text under a `--` is no signature.
const SIGNATURE_LINES_MAX: usize = 14;
const SIGNATURE_CHARS_MAX: usize = 1_200;
/// Words that an advertisement adds to its known beginning: the telephone's name.
const ADDED_WORDS_MAX: usize = 6;

/// Beginnings of advertisements, folded.
const ADVERTISEMENTS: &[&str] = &[
    "envoye de mon",
    "envoye depuis mon",
    "envoye depuis l'appli",
    "envoye depuis yahoo",
    "envoye depuis outlook",
    "envoye depuis la messagerie",
    "envoye depuis un mobile",
    "envoye depuis un telephone",
    "envoye depuis gmail",
    "envoye depuis proton",
    "envoye avec proton",
    "envoye avec la messagerie",
    "envoye a partir de mon",
    "envoye a partir de outlook",
    "envoye a partir d'outlook",
    "envoye a partir de courrier",
    "envoye a partir de yahoo",
    "envoye via l'appli",
    "envoye par mon",
    "obtenir outlook pour",
    "obtenez outlook pour",
    "telecharger outlook pour",
    "provenance : courrier pour",
    "provenance: courrier pour",
    "sent from my",
    "sent from mail for",
    "sent from outlook",
    "sent from yahoo",
    "sent from gmail",
    "sent from proton",
    "sent from samsung",
    "sent via",
    "sent with proton",
    "sent with the",
    "get outlook for",
    "garanti sans virus",
    "sans virus.",
    "virus-free",
    "cet e-mail a ete verifie par",
    "cet email a ete verifie par",
    "this email has been checked for viruses",
];

/// Beginnings of legal notices, folded; the whole paragraph goes.
const NOTICES: &[&str] = &[
    "ce message et toutes les pieces jointes",
    "ce message et ses pieces jointes",
    "ce message et les pieces jointes",
    "ce courriel et ses pieces jointes",
    "cet e-mail et ses pieces jointes",
    "ce message electronique et tous les fichiers",
    "this email and any attachments",
    "this e-mail and any attachments",
    "this message and any attachments",
    "this email and any files",
    "this e-mail and any files",
    "avant d'imprimer",
    "pensez a l'environnement",
    "please consider the environment",
];

/// The line after the signature that starts at `at`, if one does.
pub(super) fn end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let line = lines.get(at)?;
    if line.bare == "--" {
        return marked_end(lines, at);
    }
    let folded = line.folded();
    if is_advertisement(&folded) {
        return Some(at + 1);
    }
    let is_notice = NOTICES.iter().any(|notice| folded.starts_with(notice));
    is_notice.then(|| paragraph_end(lines, at))
}

/// A marked signature goes to the quoted history or the end, unless it is too long to be one.
fn marked_end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let (mut written, mut chars) = (0, 0);
    for (place, line) in lines.iter().enumerate().skip(at + 1) {
        if line.is_blank() {
            // Blank lines cost one character each, so that they are bounded as well.
            chars += 1;
        } else if line.is_quoted() || opening::at(lines, place).is_some() {
            return Some(place);
        } else {
            written += 1;
            chars += line.bare.len();
        }
        if written > SIGNATURE_LINES_MAX || chars > SIGNATURE_CHARS_MAX {
            return None;
        }
    }
    Some(lines.len())
}

fn is_advertisement(folded: &str) -> bool {
    let known = ADVERTISEMENTS.iter().find_map(|start| folded.strip_prefix(start));
    known.is_some_and(|rest| {
        let said = rest.split(['<', '(', '[']).next().unwrap_or_default();
        let words = said.split_whitespace().filter(|word| !word.contains("://"));
        !said.contains([',', '!', '?', ';']) && words.count() <= ADDED_WORDS_MAX
    })
}

fn paragraph_end(lines: &[Line<'_>], at: usize) -> usize {
    at + lines.iter().skip(at).take_while(|line| !line.is_blank() && !line.is_quoted()).count()
}

//! "Envoyé de mon iPhone", "Garanti sans virus": what programs add below their user's words.
//!
//! Here: telling it from a sentence that begins alike. Not here: legal notices, which people's employers add.

use crate::copied::line::Line;
use crate::copied::separator::is_strokes;

/// Words that a program adds to its known beginning: the telephone's name.
const ADDED_WORDS_MAX: usize = 6;
/// Lines of links above and below an antivirus program's words.
const LINKS_MAX: usize = 4;

/// Beginnings of advertisements, folded, without brackets.
const ADVERTISEMENTS: &[&str] = &[
    "envoye de mon",
    "envoye depuis mon",
    "envoye depuis l'appli",
    "envoye depuis l'adresse",
    "envoye depuis yahoo",
    "envoye depuis outlook",
    "envoye depuis la messagerie",
    "envoye depuis un mobile",
    "envoye depuis un telephone",
    "envoye depuis gmail",
    "envoye depuis proton",
    "envoye depuis spark",
    "envoye depuis laposte",
    "envoye avec proton",
    "envoye avec spark",
    "envoye avec l'appli",
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
    "telechargez outlook pour",
    "provenance : courrier pour",
    "provenance: courrier pour",
    "sent from my",
    "sent from mail for",
    "sent from outlook",
    "sent from yahoo",
    "sent from gmail",
    "sent from proton",
    "sent from samsung",
    "sent from spark",
    "sent via",
    "sent with proton",
    "sent with spark",
    "sent with the",
    "get outlook for",
    "gesendet von mein",
    "gesendet von mail fur",
    "gesendet von outlook",
    "gesendet mit der",
    "gesendet mit proton",
    "outlook fur ios beziehen",
    "outlook fur android beziehen",
    "holen sie sich outlook fur",
    "enviado desde mi",
    "enviado desde outlook",
    "enviado do meu",
    "inviato da iphone",
    "inviato dal mio",
    "inviato da outlook",
    "verzonden vanaf mijn",
    "verstuurd vanaf mijn",
];

/// What may follow an advertisement's full stop.
const EXCUSES: &[&str] = &["excus", "brievete", "brevity", "typo", "faute"];

/// Beginnings of an antivirus program's short words, folded.
const VIRUS_FREE: &[&str] = &["garanti sans virus", "sans virus.", "virus-free", "virenfrei."];
/// Beginnings of its sentences.
const CHECKED: &[&str] = &[
    "l'absence de virus dans ce courrier",
    "cet e-mail a ete verifie par",
    "cet email a ete verifie par",
    "ce courrier electronique ne contient aucun virus",
    "this email has been checked for viruses",
    "this e-mail has been checked for viruses",
    "no virus found in this",
    "diese e-mail wurde von avast",
];

/// Antivirus programs, as their links name them.
const PROGRAMS: &[&str] = &["avast", "avg.com", "norton", "mcafee", "kaspersky", "eset"];

/// True for a line that a mail program added.
pub(super) fn is_one(line: Line<'_>) -> bool {
    let folded = line.folded().replace('[', "");
    // "Von meinem iPhone gesendet" has its verb behind.
    let is_german = folded.starts_with("von mein") && folded.trim_end_matches('.').ends_with(" gesendet");
    let known = ADVERTISEMENTS.iter().find_map(|start| folded.strip_prefix(start));
    let known = known.or_else(|| is_german.then_some(folded.as_str()));
    known.is_some_and(|rest| is_short(without_excuse(rest)))
}

/// The line after the words of an antivirus program that start here: a drawn line or links above them, links below.
pub(super) fn antivirus_end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    // A link above may be the writer's own, unless it is the program's.
    let is_programs =
        |line: &Line<'_>| is_link(*line) && PROGRAMS.iter().any(|name| line.bare.contains(name));
    let above = |line: &Line<'_>| is_strokes(*line) || is_programs(line) || line.is_blank();
    let lead = lines.iter().skip(at).take(LINKS_MAX).take_while(|line| above(line)).count();
    let words = at + lead;
    let end = virus_words_end(lines, words)?;
    let below = lines.iter().skip(end).take(LINKS_MAX).take_while(|line| is_link(**line)).count();
    Some(end + below)
}

fn virus_words_end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?.folded();
    if CHECKED.iter().any(|start| first.starts_with(start)) {
        let rest = lines.iter().skip(at + 1).take(LINKS_MAX);
        return Some(at + 1 + rest.take_while(|line| !line.is_blank() && !line.is_quoted()).count());
    }
    let is_virus_free =
        |text: &str| VIRUS_FREE.iter().filter_map(|start| text.strip_prefix(start)).any(is_short);
    if is_virus_free(&first) {
        return Some(at + 1);
    }
    let second = lines.get(at + 1).filter(|line| !line.is_blank() && !line.is_quoted())?;
    // "Garanti / sans virus" is wrapped where the program had no room.
    (first.len() < 20 && is_virus_free(&format!("{first} {}", second.folded()))).then_some(at + 2)
}

/// True for a line that is nothing but an address.
fn is_link(line: Line<'_>) -> bool {
    let bare = line.bare.trim_matches(['<', '>', '[', ']', '(', ')']);
    let starts = ["http://", "https://", "www.", "#"];
    starts.iter().any(|start| bare.starts_with(start)) && !bare.contains(char::is_whitespace)
}

fn without_excuse(rest: &str) -> &str {
    match rest.split_once(". ") {
        Some((said, excuse)) if EXCUSES.iter().any(|word| excuse.contains(word)) => said,
        _ => rest,
    }
}

/// A telephone's or program's name, without a comma: a sentence that goes on is a person's.
fn is_short(rest: &str) -> bool {
    let said = rest.split(['<', '(', ']']).next().unwrap_or_default();
    let words = said.split_whitespace().filter(|word| !word.contains("://"));
    !said.contains([',', '!', '?', ';']) && words.count() <= ADDED_WORDS_MAX
}

//! A business card below "Cordialement, Sophie Marchand" that no `-- ` parts from the letter.
//!
//! Here: title, company, telephones, addresses of a firm, where several prove each other. Not here: closing and name,
//! which stay; a private telephone number or a customer number, which may be what the letter is about.

use super::program_words::is_in;
use super::{advertisement, notice, opening};
use crate::copied::line::Line;
use crate::fold::folded;

/// Written lines of a card.
const LINES_MAX: usize = 12;
/// Characters of its lines.
const LINE_CHARS_MAX: usize = 90;
/// Lines that say how to reach a firm.
const CONTACTS_MIN: usize = 2;
/// Words of a name or a closing.
const NAME_WORDS_MAX: usize = 6;
/// Lines above that are searched for a closing, and for a wish to be called.
const CLOSING_LINES_MAX: usize = 5;
const WISH_LINES_MAX: usize = 80;

const CLOSINGS: &[&str] = &[
    "cordialement",
    "bien cordialement",
    "tres cordialement",
    "cdt",
    "cdlt",
    "bien a vous",
    "salutations",
    "sinceres salutations",
    "meilleures salutations",
    "respectueusement",
    "best regards",
    "kind regards",
    "warm regards",
    "regards",
    "yours sincerely",
    "yours faithfully",
    "sincerely",
    "mit freundlichen gru",
    "freundliche gru",
    "viele gru",
    "beste gru",
    "mfg",
];

/// Words before a telephone number, folded.
const TELEPHONES: &[&str] = &[
    "tel",
    "telephone",
    "t",
    "mob",
    "mobile",
    "m",
    "port",
    "portable",
    "fax",
    "phone",
    "ph",
    "cell",
    "direct",
    "ligne directe",
    "standard",
    "handy",
    "fon",
];

/// Words, whole and folded, of a letter that asks to use the number or address below the name.
const WISHES: &str = "\
    address addresses adresse adresses anruf anrufen anschrift appel appeler appelez call callback calling contact \
    contacter contactez contactiez coordonnees details joignable joignez joindre mobile number numbers numero \
    numeros nummer phone portable rappel rappeler rappelez rappeliez rappelle reach ring sms tel telefon telefonisch \
    telefonnummer telephone telephoner telephonez telephoniez telephonique";
/// What a number is of when it is nobody's telephone: "numéro de suivi", "order number".
const FILED: &str = "\
    suivi commande facture dossier client colis serie contrat reference tracking order invoice serial \
    customer case model parcel";

/// Words of lines that name a file.
const REFERENCES: &[&str] = &[
    "client",
    "commande",
    "dossier",
    "contrat",
    "facture",
    "reference",
    "ref",
    "abonne",
    "police",
    "sinistre",
    "customer",
    "order",
    "account",
    "case",
    "invoice",
    "policy",
    "contract",
    "kundennummer",
    "bestellnummer",
    "pj",
    "ps",
    "imei",
];

/// The line after the card that starts at `at`, directly below a name that stands below a closing.
pub(super) fn end(lines: &[Line<'_>], at: usize) -> Option<usize> {
    if !is_signed(lines, at) {
        return None;
    }
    let (mut written, mut contacts) = (0, 0);
    // Contacts when the paragraph began that is being read.
    let mut contacts_before = 0;
    let mut place = at;
    while let Some(line) = lines.get(place).filter(|_| !is_over(lines, place)) {
        if line.is_blank() {
            // Below the telephones, a paragraph that reaches nobody is the writer's.
            let is_added = written > 0 && contacts_before > 0 && contacts == contacts_before;
            if is_added && !lines[place - 1].is_blank() || place > at + 2 * LINES_MAX {
                return None;
            }
            contacts_before = contacts;
        } else if written == LINES_MAX || !is_of_card(*line) {
            return None;
        } else {
            (written, contacts) = (written + 1, contacts + usize::from(is_contact(*line)));
        }
        place += 1;
    }
    let ends_in_words = contacts_before > 0 && contacts == contacts_before && !lines[place - 1].is_blank();
    let is_card = contacts >= CONTACTS_MIN && written > contacts && !ends_in_words;
    (is_card && !is_wished(&lines[..at])).then_some(place)
}

fn is_over(lines: &[Line<'_>], place: usize) -> bool {
    lines.get(place).is_none_or(|line| {
        line.is_quoted()
            || line.bare == "--"
            || advertisement::is_one(*line)
            || opening::at(lines, place).is_some()
            || notice::end(lines, place).is_some()
    })
}

/// A short line without numbers above, a closing above that.
fn is_signed(lines: &[Line<'_>], at: usize) -> bool {
    let from = at.saturating_sub(CLOSING_LINES_MAX);
    let mut above = lines[from..at].iter().rev().filter(|line| !line.is_blank());
    let is_adjacent = at > 0 && !lines[at - 1].is_blank();
    let Some(name) = above.next().filter(|_| is_adjacent) else { return false };
    if is_closing(&name.folded()) {
        return name.bare.split_whitespace().count() > 2 && name.bare.contains(',');
    }
    let is_name = name.bare.split_whitespace().count() <= NAME_WORDS_MAX
        && !name.bare.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '?' | '!' | ':' | '@'));
    is_name && above.next().is_some_and(|line| is_closing(&line.folded()))
}

fn is_closing(folded: &str) -> bool {
    folded.split_whitespace().count() <= NAME_WORDS_MAX
        && CLOSINGS.iter().any(|closing| {
            let rest = folded.strip_prefix(closing);
            // "Freundliche Grüße" and "Gruss" are cut within the word.
            rest.is_some_and(|rest| closing.ends_with("gru") || !rest.starts_with(char::is_alphanumeric))
        })
}

/// No sentence, no question, no file number: those are the letter's.
pub(super) fn is_of_card(line: Line<'_>) -> bool {
    let folded = line.folded();
    let is_file = folded.split(|c: char| !c.is_alphanumeric()).any(|word| REFERENCES.contains(&word));
    let is_sentence = folded.ends_with(['.', '?', '!']) && folded.split_whitespace().count() > NAME_WORDS_MAX;
    line.bare.chars().nth(LINE_CHARS_MAX).is_none()
        && !is_file
        && !is_sentence
        && !folded.contains(['?', '!'])
}

/// A labelled telephone, a web site, an address.
pub(super) fn is_contact(line: Line<'_>) -> bool {
    let folded = line.folded();
    let label = folded.split([':', '+', '.', '|']).next().unwrap_or_default().trim();
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    let is_telephone = digits >= 8 && (TELEPHONES.contains(&label) || folded.starts_with(['+', '(', '0']));
    is_telephone
        || folded.contains("www.")
        || folded.contains("://")
        || (folded.contains('@') && folded.contains('.'))
}

/// True when the letter itself speaks of calling or of an address.
pub(super) fn is_wished(above: &[Line<'_>]) -> bool {
    let near = &above[above.len().saturating_sub(WISH_LINES_MAX)..];
    near.iter().any(|line| {
        let text = folded(line.bare.get(..line.bare.floor_char_boundary(2_000)).unwrap_or_default());
        let words: Vec<&str> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let is_wish = |place: usize| is_in(WISHES, words[place]) && !is_filed_number(&words, place);
        (0..words.len()).any(is_wish)
    })
}

/// "le numéro de suivi", "my order number": no number to call.
fn is_filed_number(words: &[&str], place: usize) -> bool {
    let is_filed = |word: Option<&&str>| word.is_some_and(|word| is_in(FILED, word));
    match words.get(place) {
        Some(&"numero" | &"numeros") => {
            matches!(words.get(place + 1), Some(&"de" | &"du")) && is_filed(words.get(place + 2))
        }
        Some(&"number" | &"numbers") => {
            place.checked_sub(1).is_some_and(|before| is_filed(words.get(before)))
        }
        _ => false,
    }
}

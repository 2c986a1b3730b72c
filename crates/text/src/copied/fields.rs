//! "De : / Envoyé : / À : / Objet :": the fields of a copied header, in the languages of our customers' programs.
//!
//! Here: which field one line is, and its value. Not here: which lines make a header.

use super::line::Line;
use crate::fold::folded;

/// Characters before the colon of a field's name.
pub(super) const NAME_CHARS_MAX: usize = 28;

/// A field of a copied header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    From,
    Sent,
    To,
    Subject,
    Other,
}

/// Names, folded: French, English, German, Spanish, Italian, Dutch, Portuguese.
const NAMES: &[(Field, &[&str])] = &[
    (Field::From, &["de", "from", "expediteur", "von", "da", "van"]),
    (
        Field::Sent,
        &[
            "envoye",
            "envoye le",
            "sent",
            "date",
            "date d'envoi",
            "message du",
            "gesendet",
            "datum",
            "enviado",
            "enviado el",
            "enviada",
            "enviada em",
            "inviato",
            "verzonden",
            "fecha",
        ],
    ),
    (Field::To, &["a", "to", "pour", "destinataire", "destinataires", "an", "para", "aan"]),
    (Field::Subject, &["objet", "sujet", "subject", "betreff", "asunto", "oggetto", "onderwerp", "assunto"]),
    (
        Field::Other,
        &[
            "cc",
            "bcc",
            "cci",
            "copie",
            "copie a",
            "copies",
            "kopie",
            "importance",
            "priorite",
            "priority",
            "reply-to",
            "repondre a",
            "antwort an",
            "pieces jointes",
            "piece jointe",
            "attachments",
            "anlagen",
            "organisation",
            "organization",
        ],
    ),
];

/// The field that a line is, if it is one.
pub(crate) fn field_of(line: Line<'_>) -> Option<Field> {
    named(line).map(|(field, _)| field)
}

/// The field that a line is, and what is written behind its colon, without the stars of bold type.
pub(crate) fn named(line: Line<'_>) -> Option<(Field, &str)> {
    let bare = line.bare.trim_start_matches(['*', '_', ' ']);
    let (colon, mark) = bare.char_indices().take(NAME_CHARS_MAX).find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = folded(&bare[..colon]);
    let name = name.trim_matches(['*', '_', ' ']);
    if let Some(field) = field_named(name) {
        return Some((field, value(&bare[colon + mark.len_utf8()..])));
    }
    // "Message du 03/11/2026 14:02": the colon belongs to the time.
    let date = name.strip_prefix("message du ").filter(|date| date.starts_with(|c: char| c.is_ascii_digit()));
    date.map(|_| (Field::Sent, value(bare.get("message du".len()..).unwrap_or_default())))
}

/// The field of a line that has no colon behind its name, as eM Client writes: `De "Camille" <camille@…>`. Only to be
/// asked where a separator announced a header: such a line may be anybody's sentence.
pub(crate) fn named_without_colon(line: Line<'_>) -> Option<(Field, &str)> {
    let (name, rest) = line.bare.split_once([' ', '\t'])?;
    let is_title = name.chars().next().is_some_and(char::is_uppercase);
    field_named(&folded(name)).filter(|_| is_title).map(|field| (field, value(rest)))
}

/// The field of a name, folded.
pub(super) fn field_named(name: &str) -> Option<Field> {
    NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(field, _)| *field)
}

fn value(written: &str) -> &str {
    written.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|'))
}

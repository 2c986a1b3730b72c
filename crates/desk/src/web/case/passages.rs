//! A letter's text as it is read on screen: the writer's words, with what they answer between them where they answered point
//! by point, and the rest folded. Whose words a line is, is known already.

use text::{Part, PartKind, Reading};

use crate::web::view::timeline::Passage;

/// Lines of a quotation that stand open between answers; a longer one is folded where it stands.
const OPEN_LINES_MAX: usize = 8;

/// The passages to show, and all else to fold behind them.
pub fn passages(reading: &Reading) -> (Vec<Passage>, String) {
    let parts = &reading.parts;
    let is_own = |part: &Part| part.kind == PartKind::Visible && !part.text.trim().is_empty();
    let (first, last) = (parts.iter().position(is_own), parts.iter().rposition(is_own));
    let (Some(first), Some(last)) = (first, last) else {
        return (vec![own(&reading.visible())], folded(parts.iter()));
    };
    let is_between = parts[first..last].iter().any(|part| part.kind == PartKind::Quote);
    if !is_between {
        let rest = parts.iter().filter(|part| part.kind != PartKind::Visible);
        return (vec![own(&reading.visible())], folded(rest));
    }
    let shown = parts[..=last].iter().filter_map(|part| match part.kind {
        PartKind::Visible if part.text.trim().is_empty() => None,
        PartKind::Visible => Some(own(part.text.trim_matches('\n'))),
        PartKind::Quote => Some(quoted(&part.text)),
        PartKind::Signature => None,
    });
    let signatures = parts[..=last].iter().filter(|part| part.kind == PartKind::Signature);
    let rest = parts[last + 1..].iter().filter(|part| part.kind != PartKind::Visible);
    (shown.collect(), folded(signatures.chain(rest)))
}

fn own(text: &str) -> Passage {
    Passage { is_quoted: false, is_long: false, text: text.to_owned() }
}

fn quoted(text: &str) -> Passage {
    let text = unmarked(text.trim());
    Passage { is_quoted: true, is_long: text.lines().count() > OPEN_LINES_MAX, text }
}

fn folded<'a>(parts: impl Iterator<Item = &'a Part>) -> String {
    let texts: Vec<&str> = parts.map(|part| part.text.trim_end()).collect();
    unmarked(texts.join("\n\n").trim())
}

/// A quotation without its outermost marks: on screen a line beside it says the same.
fn unmarked(quoted: &str) -> String {
    let bare =
        |line| str::strip_prefix(line, ">").map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest));
    quoted.lines().map(bare).collect::<Vec<&str>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (Vec<String>, String) {
        let (passages, folded) = passages(&text::reading::read(text));
        let mark = |passage: &Passage| match (passage.is_quoted, passage.is_long) {
            (false, _) => passage.text.clone(),
            (true, false) => format!("» {}", passage.text),
            (true, true) => format!("» … {}", passage.text.lines().count()),
        };
        (passages.iter().map(mark).collect(), folded)
    }

    #[test]
    fn questions_stand_between_their_answers() {
        let text = "Bonjour,\n\n> Avez-vous le numéro ?\n\nOui, le 6A.\n\n> À quelle date ?\n\nLe 3.\n\n> Cordialement\n> Alex\n";
        let passages = ["Bonjour,", "» Avez-vous le numéro ?", "Oui, le 6A.", "» À quelle date ?", "Le 3."];
        assert_eq!(shown(text), (passages.map(str::to_owned).to_vec(), "Cordialement\nAlex".to_owned()));
    }

    #[test]
    fn history_behind_or_before_the_words_is_folded() {
        let behind =
            "Merci.\n\nLe lun. 2 mars 2026 à 10:00, Marque <b@c.fr> a écrit :\n> Bonjour,\n> Quand ?\n";
        let (passages, folded) = shown(behind);
        assert_eq!(passages, ["Merci."]);
        assert!(folded.ends_with("a écrit :\nBonjour,\nQuand ?"), "{folded}");
        let before = "Le lun. 2 mars 2026 à 10:00, Marque <b@c.fr> a écrit :\n> Quand ?\n\nDemain.\n";
        assert_eq!(shown(before).0, ["Demain."]);
    }

    #[test]
    fn a_long_quotation_between_answers_is_folded_where_it_stands() {
        let text = format!("Un.\n\n{}\nDeux.\n", "> ligne\n".repeat(9));
        assert_eq!(shown(&text).0, ["Un.", "» … 9", "Deux."]);
    }

    #[test]
    fn a_text_that_is_all_quotation_is_shown() {
        assert_eq!(shown("> Rien d'autre.\n").0, ["> Rien d'autre."]);
    }
}

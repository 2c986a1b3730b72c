//! How a story could be clearer: kind hints before it is sent, none of which stands in its way. Tone is answered once,
//! calmly: it changes nothing about how the case is treated.

use super::answers::Answers;

/// A story shorter than this rarely holds the facts, in characters.
const SHORT_CHARS: usize = 80;
/// Letters from which on a text in capitals reads as shouting, and the share of them in percent.
const SHOUT_LETTERS_MIN: usize = 30;
const SHOUT_PERCENT: usize = 60;

/// The keys of the hints that fit, at most four.
pub(super) fn hints(answers: &Answers) -> Vec<&'static str> {
    let story = answers.what.trim();
    let has_number = !answers.reference.is_empty() || has_reference(story);
    let has_date = !answers.when.is_empty() || has_day(story);
    let has_wish = !answers.wanted.is_empty() || !answers.wanted_more.is_empty();
    let hints = [
        (is_shouted(story), "form-hint-calm"),
        (story.chars().count() < SHORT_CHARS, "form-hint-short"),
        (!has_number, "form-hint-reference"),
        (!has_date, "form-hint-date"),
        (!has_wish, "form-hint-wish"),
    ];
    hints.into_iter().filter(|(fits, _)| *fits).map(|(_, key)| key).take(4).collect()
}

/// A word with at least four digits: an order, a contract, a parcel.
fn has_reference(story: &str) -> bool {
    let words = story.split(|c: char| !(c.is_alphanumeric() || c == '-'));
    words.map(|word| word.chars().filter(char::is_ascii_digit).count()).any(|digits| digits >= 4)
}

/// A weekday, a month or a date in digits.
fn has_day(story: &str) -> bool {
    const DAYS: [&str; 12] = [
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "monday",
        "tuesday",
        "hier",
        "yesterday",
        "semaine",
    ];
    const MONTHS: [&str; 8] =
        ["janvier", "février", "mars", "avril", "juillet", "septembre", "octobre", "novembre"];
    let lower = story.to_lowercase();
    let is_named = DAYS.iter().chain(&MONTHS).any(|word| lower.contains(word));
    let is_written = lower.split_whitespace().any(|word| {
        let parts: Vec<&str> = word.trim_matches(|c: char| !c.is_ascii_digit()).split(['/', '.']).collect();
        parts.len() >= 2
            && parts
                .iter()
                .all(|part| !part.is_empty() && part.len() <= 4 && part.chars().all(|c| c.is_ascii_digit()))
    });
    is_named || is_written
}

fn is_shouted(story: &str) -> bool {
    let letters = story.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = story.chars().filter(|c| c.is_uppercase()).count();
    letters >= SHOUT_LETTERS_MIN && capitals * 100 >= letters * SHOUT_PERCENT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(what: &str) -> Vec<&'static str> {
        hints(&Answers { what: what.to_owned(), ..Answers::default() })
    }

    #[test]
    fn hints_fit_what_is_missing() {
        let whole = "Ma commande MG-2481 devait arriver mardi 3 mars ; le livreur a écrit qu'il avait sonné, personne n'est venu.";
        assert_eq!(of(whole), ["form-hint-wish"]);
        assert_eq!(
            of("Toujours rien !"),
            ["form-hint-short", "form-hint-reference", "form-hint-date", "form-hint-wish"]
        );
        assert!(of("VOUS ÊTES DES VOLEURS RENDEZ-MOI MON ARGENT TOUT DE SUITE").contains(&"form-hint-calm"));
        assert!(!of("Livré le 12/03.").contains(&"form-hint-date"));
        let filled = Answers {
            wanted: "refund".to_owned(),
            when: "2026-03-01".to_owned(),
            reference: "X1".to_owned(),
            what: whole.to_owned(),
            ..Answers::default()
        };
        assert_eq!(hints(&filled), Vec::<&str>::new());
    }
}

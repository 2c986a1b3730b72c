//! What somebody filled in: bounded, checked, and made into the words of a case.

use casework::IdentityKind;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use text::phone::Country;

use crate::door::report::sign;
use crate::forms::{Ask, FormBody, Question};
use crate::web::language::Language;
use crate::web::view::Reader;

/// Longest story, in characters.
const STORY_CHARS_MAX: usize = 20_000;
/// Longest other answer, in characters.
const LINE_CHARS_MAX: usize = 500;

/// What was filled in. Everything is text, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Answers {
    /// What happened.
    pub what: String,
    /// Order or contract.
    pub reference: String,
    /// Product or service.
    pub product: String,
    /// When, `YYYY-MM-DD`.
    pub when: String,
    /// What was tried.
    pub tried: String,
    /// What they want: one of [`WISHES`], or nothing.
    pub wanted: String,
    /// The same in their words.
    pub wanted_more: String,
    /// By when, `YYYY-MM-DD`.
    pub by_when: String,
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// Their phone number.
    pub phone: String,
}

/// What people want, as they can choose it.
pub(super) const WISHES: [&str; 8] =
    ["refund", "delivery", "exchange", "repair", "cancel", "explanation", "apology", "other"];

/// What is wrong with an answer: the field, and the key of a sentence.
pub(super) type Problem = (&'static str, &'static str);

impl Answers {
    /// The same, none longer than it may be.
    pub fn bounded(self) -> Self {
        let cut = |text: String, chars_max: usize| text.chars().take(chars_max).collect::<String>();
        let line = |text: String| cut(text, LINE_CHARS_MAX).trim().to_owned();
        let story = |text: String| cut(text.replace("\r\n", "\n"), STORY_CHARS_MAX);
        Self {
            what: story(self.what),
            tried: story(self.tried),
            reference: line(self.reference),
            product: line(self.product),
            when: line(self.when),
            wanted: line(self.wanted),
            wanted_more: line(self.wanted_more),
            by_when: line(self.by_when),
            name: line(self.name),
            email: line(self.email),
            phone: line(self.phone),
        }
    }

    /// What must be put right before it can be sent.
    pub fn problems(&self, body: &FormBody, country: Country) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.what.trim().is_empty() {
            problems.push(("what", "form-problem-what"));
        }
        for (question, answer) in self.asked() {
            if body.ask(question) == Ask::Required && answer.trim().is_empty() {
                problems.push((question.code(), "form-problem-required"));
            }
        }
        for (field, date) in [("when", &self.when), ("by_when", &self.by_when)] {
            if !date.is_empty() && date.parse::<Date>().is_err() {
                problems.push((field, "form-problem-date"));
            }
        }
        if !self.wanted.is_empty() && !WISHES.contains(&self.wanted.as_str()) {
            problems.push(("wanted", "form-problem-required"));
        }
        if self.email.is_empty() && self.phone.is_empty() {
            problems.push(("email", "form-problem-reach"));
        }
        if !self.email.is_empty() && sign(IdentityKind::Mail, &self.email, country).is_err() {
            problems.push(("email", "form-problem-email"));
        }
        if !self.phone.is_empty() && sign(IdentityKind::Phone, &self.phone, country).is_err() {
            problems.push(("phone", "form-problem-phone"));
        }
        problems
    }

    fn asked(&self) -> [(Question, &str); 7] {
        [
            (Question::Reference, &self.reference),
            (Question::Product, &self.product),
            (Question::When, &self.when),
            (Question::Tried, &self.tried),
            (Question::Wanted, &self.wanted),
            (Question::ByWhen, &self.by_when),
            (Question::Phone, &self.phone),
        ]
    }

    /// How they can be reached, in normal form, the mail address first.
    pub fn signs(&self, country: Country) -> Vec<(IdentityKind, String)> {
        let given = [(IdentityKind::Mail, &self.email), (IdentityKind::Phone, &self.phone)];
        let given = given.into_iter().filter(|(_, typed)| !typed.is_empty());
        given.filter_map(|(kind, typed)| sign(kind, typed, country).ok()).collect()
    }

    /// The answers with their questions, in the order of the form; those left empty are left out. Dates are written out.
    pub fn lines(&self, language: Language) -> Vec<(String, String)> {
        let wish = match (self.wanted.as_str(), self.wanted_more.as_str()) {
            ("", more) => more.to_owned(),
            (wanted, "") => language.t(wish_key(wanted)),
            (wanted, more) => format!("{} – {more}", language.t(wish_key(wanted))),
        };
        let lines = [
            ("form-line-what", self.what.trim().to_owned()),
            ("form-line-reference", self.reference.clone()),
            ("form-line-product", self.product.clone()),
            ("form-line-when", day(&self.when, language)),
            ("form-line-tried", self.tried.trim().to_owned()),
            ("form-line-wanted", wish),
            ("form-line-by-when", day(&self.by_when, language)),
        ];
        let filled = lines.into_iter().filter(|(_, answer)| !answer.is_empty());
        filled.map(|(key, answer)| (language.t(key), answer)).collect()
    }

    /// The words of the case: the story as it was told, then the other answers below their questions.
    pub fn text(&self, language: Language) -> String {
        let lines = self.lines(language);
        let mut paragraphs: Vec<String> = Vec::new();
        for (place, (question, answer)) in lines.into_iter().enumerate() {
            let is_story = place == 0 || answer.contains('\n');
            paragraphs.push(match (place, is_story) {
                (0, _) => answer,
                (_, true) => format!("{question}\n{answer}"),
                (_, false) => format!("{question} {answer}"),
            });
        }
        paragraphs.join("\n\n")
    }
}

/// The catalogue key of a wish; unknown ones have been refused before.
pub(super) fn wish_key(wanted: &str) -> &'static str {
    match wanted {
        "refund" => "form-wish-refund",
        "delivery" => "form-wish-delivery",
        "exchange" => "form-wish-exchange",
        "repair" => "form-wish-repair",
        "cancel" => "form-wish-cancel",
        "explanation" => "form-wish-explanation",
        "apology" => "form-wish-apology",
        _ => "form-wish-other",
    }
}

/// A date as people write it; what cannot be read stays as it is.
fn day(typed: &str, language: Language) -> String {
    let Ok(date) = typed.parse::<Date>() else { return typed.to_owned() };
    let Ok(midnight) = date.to_zoned(TimeZone::UTC) else { return typed.to_owned() };
    let reader = Reader { language, zone: TimeZone::UTC, now: Timestamp::UNIX_EPOCH };
    reader.day(midnight.timestamp()).words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Answers {
        Answers {
            what: "Mon colis n'est jamais arrivé.\r\nIl devait venir lundi.".to_owned(),
            reference: " MG-2481 ".to_owned(),
            wanted: "refund".to_owned(),
            email: "Nadia@exemple.fr".to_owned(),
            phone: "06 12 34 56 78".to_owned(),
            ..Answers::default()
        }
        .bounded()
    }

    #[test]
    fn answers_become_words_and_signs() {
        let answers = filled();
        let text = answers.text(Language::French);
        assert!(text.starts_with("Mon colis n'est jamais arrivé.\nIl devait venir lundi.\n\n"), "{text}");
        assert!(text.contains("MG-2481") && text.contains("Un remboursement"), "{text}");
        let signs = answers.signs(Country::France);
        assert_eq!(signs[0], (IdentityKind::Mail, "nadia@exemple.fr".to_owned()));
        assert_eq!(signs[1], (IdentityKind::Phone, "+33612345678".to_owned()));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let usual = FormBody::default();
        assert_eq!(filled().problems(&usual, Country::France), []);
        let nothing = Answers::default().problems(&usual, Country::France);
        assert_eq!(nothing, [("what", "form-problem-what"), ("email", "form-problem-reach")]);
        let wrong = Answers {
            email: "nadia".to_owned(),
            phone: "12".to_owned(),
            when: "hier".to_owned(),
            ..filled()
        };
        let fields: Vec<_> =
            wrong.problems(&usual, Country::France).iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["when", "email", "phone"]);
        let mut strict = FormBody::default();
        strict.questions.insert(Question::Product, Ask::Required);
        assert_eq!(filled().problems(&strict, Country::France), [("product", "form-problem-required")]);
        let forged = Answers { wanted: "<script>".to_owned(), ..filled() };
        assert_eq!(forged.problems(&usual, Country::France), [("wanted", "form-problem-required")]);
    }

    #[test]
    fn every_answer_is_bounded() {
        let long = "é".repeat(100_000);
        let bounded = Answers { what: long.clone(), name: long, ..Answers::default() }.bounded();
        assert_eq!(
            (bounded.what.chars().count(), bounded.name.chars().count()),
            (STORY_CHARS_MAX, LINE_CHARS_MAX)
        );
    }
}

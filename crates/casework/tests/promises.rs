//! Promises in sentences written for this project, and in traps: what is found, and when each falls due. The report that
//! it prints is the figure that the project answers for.

use calendar::{Calendar, CalendarSpec, HolidaySet};
use casework::promised;
use jiff::Timestamp;
use jiff::civil::DateTime;
use text::Language;
use text::promises::{self, When};

const FRENCH: &str = include_str!("promises/french.txt");
const ENGLISH: &str = include_str!("promises/english.txt");
/// Written after the rules: they say how far the rules reach, and hold no figure up.
const FRENCH_LATER: &str = include_str!("promises/french_later.txt");
const ENGLISH_LATER: &str = include_str!("promises/english_later.txt");
/// What the corpora say of themselves.
const SAID_AT: &str = "2026-03-10T10:00:00+01:00";

fn desk() -> Calendar {
    Calendar::new(CalendarSpec {
        zone: "Europe/Paris".to_owned(),
        hours: "Mo-Fr 09:00-12:30,14:00-18:00".to_owned(),
        holidays: HolidaySet::FRANCE,
        closures: vec![],
    })
    .unwrap()
}

/// How well promises were found.
#[derive(Default)]
struct Tally {
    right: usize,
    wrong: Vec<String>,
    missed: Vec<String>,
}

impl Tally {
    fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong.len())
    }

    fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed.len())
    }
}

#[allow(clippy::cast_precision_loss, reason = "a few hundred sentences")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// One promise as the corpora write it.
fn written(when: When, calendar: &Calendar) -> String {
    let said_at: Timestamp = SAID_AT.parse().unwrap();
    if when == When::Undated {
        return "?".to_owned();
    }
    let Some(due) = promised::due(when, said_at, calendar) else { return "never".to_owned() };
    let wall: DateTime = calendar.time_zone().to_datetime(due.at);
    if wall.strftime("%H:%M:%S").to_string() == "23:59:59" {
        return wall.strftime("%m-%d").to_string();
    }
    wall.strftime("%m-%d %H:%M").to_string()
}

fn tally(corpus: &str, language: Language) -> Tally {
    let calendar = desk();
    let mut tally = Tally::default();
    for line in corpus.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (sentence, expected) = line.rsplit_once('|').expect("a sentence, a bar, the promises in it");
        let (sentence, expected) = (sentence.trim(), expected.trim());
        let mut expected: Vec<&str> = if expected == "-" { vec![] } else { expected.split(" + ").collect() };
        for promise in promises::find(sentence, language) {
            let found = written(promise.when, &calendar);
            match expected.iter().position(|due| *due == found) {
                Some(place) => {
                    expected.remove(place);
                    tally.right += 1;
                }
                None => tally.wrong.push(format!("{sentence} -> {found}")),
            }
        }
        tally.missed.extend(expected.into_iter().map(|due| format!("{sentence} -> {due}")));
    }
    tally
}

#[track_caller]
fn check(name: &str, corpus: &str, language: Language, sentences_min: usize, recall_min: f64) {
    let sentences = corpus.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
    assert!(sentences >= sentences_min, "{sentences} sentences");
    let tally = tally(corpus, language);
    println!(
        "promises, {name}: {sentences} sentences, precision {:.3}, recall {:.3}\n  wrong: {:#?}\n  missed: {:#?}",
        tally.precision(),
        tally.recall(),
        tally.wrong,
        tally.missed
    );
    assert!(tally.precision() >= 0.95, "precision {:.3}", tally.precision());
    assert!(tally.recall() >= recall_min, "recall {:.3}", tally.recall());
}

#[test]
fn promises_in_french() {
    check("French", FRENCH, Language::French, 150, 0.95);
    check("French, written later", FRENCH_LATER, Language::French, 40, 0.75);
}

#[test]
fn promises_in_english() {
    check("English", ENGLISH, Language::English, 100, 0.95);
    check("English, written later", ENGLISH_LATER, Language::English, 25, 0.75);
}

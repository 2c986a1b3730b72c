//! Instants in words, at a fixed now: Wednesday 18 November 2026, 10:00 in Paris.

use super::*;

fn reader(language: Language) -> Reader {
    let zone = TimeZone::get("Europe/Paris").unwrap();
    Reader { language, zone, now: "2026-11-18T09:00:00Z".parse().unwrap() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_past_in_french() {
    let reader = reader(Language::French);
    let table = [
        ("2026-11-18T08:59:40Z", "à l’instant"),
        ("2026-11-18T08:48:00Z", "il y a 12\u{a0}min"),
        ("2026-11-18T05:50:00Z", "il y a 3\u{a0}h"),
        ("2026-11-17T13:05:00Z", "hier à 14:05"),
        ("2026-11-16T13:05:00Z", "lundi 16\u{a0}nov. à 14:05"),
        ("2025-03-02T13:05:00Z", "dimanche 2\u{a0}mars 2025 à 14:05"),
    ];
    for (instant, expect) in table {
        assert_eq!(reader.ago(at(instant)).words, expect, "{instant}");
    }
}

#[test]
fn limits_say_how_late_or_how_near() {
    let table = [
        ("2026-11-18T07:00:00Z", "en retard de 2\u{a0}h", "2\u{a0}h late", Urgency::Late),
        ("2026-11-18T09:00:00Z", "en retard de 1\u{a0}min", "1\u{a0}min late", Urgency::Late),
        ("2026-11-18T09:45:00Z", "dans 45\u{a0}min", "in 45\u{a0}min", Urgency::Soon),
        ("2026-11-20T10:00:00Z", "dans 2\u{a0}j", "in 2\u{a0}d", Urgency::Calm),
    ];
    for (instant, french, english, urgency) in table {
        let due = reader(Language::French).due(at(instant));
        assert_eq!((due.at.words.as_str(), due.urgency), (french, urgency), "{instant}");
        assert_eq!(reader(Language::English).due(at(instant)).at.words, english, "{instant}");
    }
}

#[test]
fn short_dates_fit_a_column() {
    let reader = reader(Language::English);
    assert_eq!(reader.short(at("2026-11-18T07:05:00Z")).words, "08:05");
    assert_eq!(reader.short(at("2026-11-02T07:05:00Z")).words, "2\u{a0}Nov");
    assert_eq!(reader.short(at("2025-01-02T07:05:00Z")).words, "2\u{a0}Jan 2025");
    assert_eq!(reader.day(at("2026-11-18T07:05:00Z")).words, "18\u{a0}Nov");
}

#[test]
fn the_first_of_a_month_is_an_ordinal_in_french() {
    assert_eq!(reader(Language::French).day(at("2026-11-01T12:00:00Z")).words, "1er\u{a0}nov.");
    assert_eq!(reader(Language::English).day(at("2026-11-01T12:00:00Z")).words, "1\u{a0}Nov");
}

#[test]
fn an_instant_keeps_its_machine_form_and_its_full_date() {
    let moment = reader(Language::French).ago(at("2026-11-17T13:05:00Z"));
    assert_eq!(moment.iso, "2026-11-17T13:05:00Z");
    assert_eq!(moment.exact, "mardi 17\u{a0}nov. 2026 à 14:05");
}

#[test]
fn sizes_are_in_the_reader_s_units() {
    let table = [(812, "812\u{a0}octets"), (340_000, "340\u{a0}Ko"), (2_450_000, "2,4\u{a0}Mo")];
    for (bytes, expect) in table {
        assert_eq!(reader(Language::French).size(bytes), expect);
    }
}

//! Public references: drawn without look-alikes, read as people type them, found where a subject cites them.

use casework::Reference;
use proptest::prelude::*;

use crate::support::Counting;

fn drawn(seed: u64) -> Reference {
    Reference::draw(&mut Counting::seeded(seed))
}

#[test]
fn a_reference_is_read_as_people_type_it() {
    let table = [
        ("K7M2-4Q8P", Some("K7M2-4Q8P")),
        ("k7m24q8p", Some("K7M2-4Q8P")),
        ("  K7 M2 4Q 8P ", Some("K7M2-4Q8P")),
        ("K-7-M-2-4-Q-8-P", Some("K7M2-4Q8P")),
        ("K7M2\u{a0}4Q8P", Some("K7M2-4Q8P")),
        ("K7M2-4Q8", None),
        ("K7M2-4Q8PX", None),
        ("K7M2-4Q80", None),
        ("K7M2-4Q8I", None),
        ("K7M2–4Q8P", None),
        ("ＫK7M24Q8", None),
        ("", None),
    ];
    for (typed, expected) in table {
        assert_eq!(Reference::parse(typed).as_ref().map(Reference::as_str), expected, "{typed:?}");
    }
}

#[test]
fn a_subject_cites_between_brackets() {
    let table: [(&str, &[&str]); 9] = [
        ("Re: Réclamation [K7M2-4Q8P]", &["K7M2-4Q8P"]),
        ("[k7m24q8p] Re: [liste]", &["K7M2-4Q8P"]),
        ("[[K7M2-4Q8P]]", &["K7M2-4Q8P"]),
        ("[K7M2-4Q8P][2222-2222]", &["K7M2-4Q8P", "2222-2222"]),
        ("[ouvert [K7M2-4Q8P]", &["K7M2-4Q8P"]),
        ("K7M2-4Q8P", &[]),
        ("[K7M2-4Q8P", &[]),
        ("K7M2-4Q8P]", &[]),
        ("", &[]),
    ];
    for (subject, expected) in table {
        let cited = Reference::cited_in(subject);
        assert_eq!(cited.iter().map(Reference::as_str).collect::<Vec<_>>(), expected, "{subject:?}");
    }
}

#[test]
fn at_most_five_are_read() {
    let cited = Reference::cited_in(&"[autre] ".repeat(9));
    assert!(cited.is_empty());
    assert_eq!(Reference::cited_in(&"[K7M2-4Q8P] ".repeat(9)).len(), 5);
}

proptest! {
    #[test]
    fn what_is_drawn_can_be_read_back_in_any_dress(seed: u64) {
        let reference = drawn(seed);
        prop_assert_eq!(Reference::parse(reference.as_str()), Some(reference.clone()));
        prop_assert_eq!(Reference::parse(&reference.to_string().to_lowercase()), Some(reference.clone()));
        prop_assert_eq!(Reference::cited_in(&format!("Re: x [{reference}] y")), vec![reference.clone()]);
        prop_assert_eq!(reference.as_str().len(), 9);
        prop_assert!(!reference.as_str().contains(|letter| "015BILOSUVYZ".contains(letter)), "{}", reference);
    }

    #[test]
    fn reading_never_fails(typed in "\\PC{0,60}") {
        let _ = Reference::parse(&typed);
        prop_assert!(Reference::cited_in(&typed).len() <= 5);
    }
}

#[test]
fn references_are_spread_widely() {
    let drawn: std::collections::BTreeSet<Reference> = (0..10_000).map(drawn).collect();
    assert_eq!(drawn.len(), 10_000);
}

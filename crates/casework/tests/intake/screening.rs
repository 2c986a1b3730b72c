//! Which letters become cases at all: repeats, our own mails, machines, letters without sender, and insistence.

use casework::Automatic;
use casework::decision::LetterEnd;
use casework::intake::Known;

use super::check;
use crate::support::{History, OLD, Post, known, march, matched, sender};

const CASE_WITH_RECEIPT: &str =
    "new: opened, received first, wrote acknowledgement; order acknowledgement; filed";
const CASE_BY_MACHINE: &str = "new: opened, received first from a machine; filed";

#[test]
fn machines_are_kept_aside_unless_their_letter_may_be_a_complaint() {
    let post = Post::saying("Mon colis est perdu.");
    let by = |kind| post.clone().by_machine(kind);
    let table = [
        ("a person", post.clone(), CASE_WITH_RECEIPT),
        ("a bounce of nothing", by(Automatic::Bounce), "aside bounce"),
        ("out of office", by(Automatic::Reply), "aside automatic_reply"),
        ("a newsletter", by(Automatic::List), "aside list"),
        ("a web shop's form", by(Automatic::Generated), CASE_BY_MACHINE),
        ("our own mail", by(Automatic::OwnLoop), "aside own_loop"),
        ("no sender", post.clone().by_nobody(), "aside no_sender"),
        ("a machine without name", by(Automatic::Generated).by_nobody(), "aside no_sender"),
    ];
    for (name, post, expected) in table {
        check(name, &post, &known(), expected);
    }
}

#[test]
fn a_person_may_insist_on_a_letter_kept_aside() {
    let post = Post::saying("Mon colis est perdu.").insisted();
    let by = |kind| post.clone().by_machine(kind);
    let table = [
        ("a bounce", by(Automatic::Bounce), CASE_BY_MACHINE),
        ("out of office", by(Automatic::Reply), CASE_BY_MACHINE),
        ("a list", by(Automatic::List), CASE_BY_MACHINE),
        ("nobody to answer", post.clone().by_nobody(), "aside no_sender"),
        ("our own mail", by(Automatic::OwnLoop), CASE_BY_MACHINE),
    ];
    for (name, post, expected) in table {
        check(name, &post, &known(), expected);
    }
}

#[test]
fn a_machine_with_proof_is_filed_and_moves_nothing() {
    let filed = "old: received chain from a machine; filed";
    let leads = |sender_takes_part| {
        let case = History::opened(OLD, march("01T09:00")).case();
        let found = casework::intake::Match { sender_takes_part, ..matched(case) };
        Known { matches: vec![found], sender: Some(sender()), ..known() }
    };
    let hinted = "new: opened, received first from a machine, hint chain_by_stranger; filed";
    let table = [
        ("a bounce, from whatever server", Automatic::Bounce, false, filed),
        ("a participant is out of office", Automatic::Reply, true, filed),
        ("a stranger is out of office", Automatic::Reply, false, "aside automatic_reply"),
        ("a participant's list", Automatic::List, true, filed),
        ("a stranger's list", Automatic::List, false, "aside list"),
        ("a participant's form", Automatic::Generated, true, filed),
        ("a stranger's form", Automatic::Generated, false, hinted),
    ];
    for (name, kind, takes_part, expected) in table {
        let post = Post::saying("Message non remis").by_machine(kind);
        check(name, &post, &leads(takes_part), expected);
        let decision = post.decided(&leads(takes_part));
        for change in decision.cases.iter().filter(|change| change.after.id == OLD) {
            let before = History::opened(OLD, march("01T09:00")).case();
            assert_eq!(change.after.status, before.status, "{name}");
            assert_eq!(change.after.unanswered_since, before.unanswered_since, "{name}");
        }
    }
}

#[test]
fn a_machine_never_says_the_same_problem_again() {
    let case = History::opened(OLD, march("02T09:00")).case();
    let text = "Mon colis AB-20417 est perdu.";
    let known = Known { sender: Some(sender()), open_cases: vec![(case, text.to_owned())], ..known() };
    let post = Post::saying(text).by_machine(Automatic::Generated);
    check("form", &post, &known, "new: opened, received first from a machine, hint alike; filed");
}

#[test]
fn a_bounce_makes_nobody_a_participant() {
    let case = History::opened(OLD, march("01T09:00")).case();
    let found = casework::intake::Match { sender_takes_part: false, ..matched(case) };
    let known = Known { matches: vec![found], sender: Some(sender()), ..known() };
    let decision = Post::saying("Undelivered").by_machine(Automatic::Bounce).decided(&known);
    assert_eq!(decision.messages[0].identity, None);
    assert_eq!(decision.messages[0].author, casework::Actor::Desk);
}

#[test]
fn the_same_letter_is_filed_once() {
    let known = Known { duplicate_of: Some(OLD), ..known() };
    let decision = Post::saying("Mon colis est perdu.").decided(&known);
    assert_eq!(decision.letter.unwrap().end, LetterEnd::Duplicate(OLD));
    assert!(decision.cases.is_empty() && decision.messages.is_empty() && decision.orders.is_empty());
    check("even a loop", &Post::saying("x").by_machine(Automatic::OwnLoop), &known, "duplicate");
}

#[test]
fn a_letter_from_one_of_our_inboxes_is_a_loop_even_with_proof() {
    let case = History::opened(OLD, march("01T09:00")).case();
    let known = Known { sender_is_ours: true, matches: vec![matched(case)], ..known() };
    check("own", &Post::saying("x"), &known, "aside own_loop");
}

#[test]
fn a_fingerprint_tells_letters_apart_by_id_sender_and_body() {
    let print = |change: &dyn Fn(&mut casework::Inbound)| {
        let mut inbound = Post::saying("x").inbound;
        change(&mut inbound);
        casework::intake::fingerprint(&inbound)
    };
    let same = print(&|_| {});
    assert_eq!(
        same,
        print(&|inbound| inbound.subject = "Re: autre".to_owned()),
        "the subject does not count"
    );
    assert_eq!(
        same,
        print(&|inbound| inbound.sent_at = Some(march("01T09:00"))),
        "nor does the date, with an id"
    );
    let without_id = |at| print(&|inbound| (inbound.message_id, inbound.sent_at) = (None, at));
    let others = [
        same,
        print(&|inbound| inbound.message_id = Some("m2@client.example".to_owned())),
        print(&|inbound| inbound.from = None),
        print(&|inbound| inbound.body_hash = [8; 32]),
        without_id(None),
        without_id(Some(march("01T09:00"))),
        without_id(Some(march("01T09:01"))),
    ];
    let shifted = |id: &str, address: &str| {
        print(&|inbound| {
            inbound.message_id = Some(id.to_owned());
            inbound.from = Some(casework::Mailbox { address: address.to_owned(), name: None });
        })
    };
    assert_ne!(shifted("ab", "c@x.example"), shifted("a", "bc@x.example"), "each part keeps to itself");
    let distinct: std::collections::BTreeSet<_> = others.iter().collect();
    assert_eq!(distinct.len(), others.len());
}

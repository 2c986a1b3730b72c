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
        ("a bounce without name", by(Automatic::Bounce).by_nobody(), "aside bounce"),
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
        ("a bounce without name", by(Automatic::Bounce).by_nobody(), "aside no_sender"),
        ("our own mail, which nobody else wrote", by(Automatic::OwnLoop), "aside own_loop"),
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
    let known = Known { matches: Vec::new(), ..known };
    let opened = Post::saying("Une réclamation, écrite du poste d'accueil.").insisted().decided(&known);
    assert!(opened.cases.iter().any(|change| change.after.id != OLD), "unless a person says otherwise");
}

#[test]
fn a_fingerprint_tells_letters_apart_by_id_and_body() {
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
    assert_eq!(same, print(&|inbound| inbound.from = None), "nor the sender, whom a list may rewrite");
    let dated = print(&|inbound| inbound.sent_at = Some(march("01T09:00")));
    assert_eq!(same, dated, "nor the date, with an id");
    let without_id = |at, from: Option<&str>| {
        let from = from.map(|address| casework::Mailbox { address: address.to_owned(), name: None });
        print(&|inbound| {
            (inbound.message_id, inbound.sent_at, inbound.from) = (None, at, from.clone());
        })
    };
    let others = [
        same,
        print(&|inbound| inbound.message_id = Some("m2@client.example".to_owned())),
        print(&|inbound| inbound.body_hash = [8; 32]),
        without_id(None, None),
        without_id(None, Some("anne@client.example")),
        without_id(Some(march("01T09:00")), None),
        without_id(Some(march("01T09:01")), None),
    ];
    let distinct: std::collections::BTreeSet<_> = others.iter().collect();
    assert_eq!(distinct.len(), others.len());
}

#[test]
fn junk_is_kept_aside_and_our_own_rules_go_first() {
    use casework::SenderProof::{Forged, Proven, Unknown};
    use casework::intake::JunkRule::{Accept, Junk};
    let mark = Some(casework::inbound::JunkMark { field: "X-Spam-Flag".to_owned(), score_tenths: Some(97) });
    let table = [
        ("nothing", None, false, Unknown, CASE_WITH_RECEIPT),
        ("a filter's mark", None, true, Unknown, "aside junk"),
        ("a mark on a proven sender", None, true, Proven, "aside junk"),
        ("our rule against it", Some(Junk), false, Proven, "aside junk"),
        ("our rule for it", Some(Accept), true, Unknown, CASE_WITH_RECEIPT),
        ("a forged sender", None, false, Forged, "aside forged"),
        ("a forged sender whom a rule accepts", Some(Accept), true, Forged, "aside forged"),
        ("a forged sender whom a rule refuses", Some(Junk), false, Forged, "aside junk"),
    ];
    for (name, junk_rule, is_marked, proof, expected) in table {
        let mut post = Post::saying("Mon colis est perdu.").proved(proof);
        post.inbound.junk = mark.clone().filter(|_| is_marked);
        let known = Known { junk_rule, ..known() };
        check(name, &post, &known, expected);
        let insisted = match proof {
            Forged => "new: opened, received first; filed",
            _ => CASE_WITH_RECEIPT,
        };
        check(&format!("{name}, insisted"), &post.insisted(), &known, insisted);
    }
}

#[test]
fn no_filter_hides_a_customer_whose_domain_stands_behind_the_letter() {
    use casework::SenderProof::{Proven, Unknown};
    let marked = |proof| {
        let mut post = Post::saying("Mon colis est perdu.").proved(proof);
        post.inbound.junk =
            Some(casework::inbound::JunkMark { field: "X-Spam".to_owned(), score_tenths: None });
        post
    };
    let customer = Known { sender: Some(sender()), ..known() };
    check("a customer", &marked(Proven), &customer, CASE_WITH_RECEIPT);
    check("somebody who says so", &marked(Unknown), &customer, "aside junk");
    let refused = Known { junk_rule: Some(casework::intake::JunkRule::Junk), ..customer };
    check("a customer whom a rule refuses", &marked(Proven), &refused, "aside junk");
}

#[test]
fn a_customers_answer_is_never_junk() {
    let case = History::opened(OLD, march("01T09:00")).case();
    let known = Known {
        sender: Some(sender()),
        matches: vec![matched(case)],
        junk_rule: Some(casework::intake::JunkRule::Junk),
        ..known()
    };
    let mut post = Post::saying("Merci.");
    post.inbound.junk = Some(casework::inbound::JunkMark { field: "X-Spam".to_owned(), score_tenths: None });
    check("in its thread", &post, &known, "old: received chain; filed");
}

#[test]
fn receipts_and_invitations_open_nothing_and_move_nothing() {
    let case = History::opened(OLD, march("01T09:00")).case();
    let leads = Known { sender: Some(sender()), matches: vec![matched(case)], ..known() };
    for (kind, aside) in [(Automatic::Receipt, "aside receipt"), (Automatic::Invitation, "aside invitation")]
    {
        let post = Post::saying("Lu").by_machine(kind);
        check("of no case", &post, &known(), aside);
        check("of a case", &post, &leads, "old: received chain from a machine; filed");
    }
}

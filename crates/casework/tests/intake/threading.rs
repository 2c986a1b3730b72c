//! To which case a letter belongs: by proof only. What merely points to a case becomes a hint for a person.

use casework::event::Hint;
use casework::intake::{Known, Match};
use casework::{Case, Closing, Status, What};

use super::check;
use crate::support::{History, OLD, OTHER, Post, known, march, matched, sender};

fn old_case() -> Case {
    History::opened(OLD, march("01T09:00")).case()
}

fn leading_to(found: Match) -> Known {
    Known { sender: Some(sender()), matches: vec![found], ..known() }
}

#[test]
fn proof_needs_the_right_writer_as_well_as_the_right_key() {
    let table = [
        (false, true, "old: received chain; filed"),
        (true, true, "old: received signed_address; filed"),
        (
            false,
            false,
            "new: opened, received first, hint chain_by_stranger, wrote acknowledgement; order acknowledgement; filed",
        ),
        (
            true,
            false,
            "new: opened, received first, hint signed_address_by_stranger, wrote acknowledgement; \
             order acknowledgement; filed",
        ),
    ];
    for (is_by_address, sender_takes_part, expected) in table {
        let known = leading_to(Match { case: old_case(), is_by_address, sender_takes_part });
        let name = format!("by address: {is_by_address}, participant: {sender_takes_part}");
        check(&name, &Post::saying("Toujours rien."), &known, expected);
    }
}

#[test]
fn a_strangers_letter_writes_nothing_in_the_old_case() {
    let decision = Post::saying("Dites-moi tout.").decided(&leading_to(Match {
        case: old_case(),
        is_by_address: true,
        sender_takes_part: false,
    }));
    assert!(decision.cases.iter().all(|change| change.after.id != OLD && change.before.is_none()));
    assert!(decision.messages.iter().all(|message| message.case != OLD));
    assert!(decision.contents.iter().all(|content| content.case != OLD));
    assert!(decision.thread_keys.iter().all(|key| key.case != OLD));
}

#[test]
fn of_several_cases_the_first_with_proof_wins() {
    let stranger =
        Match { sender_takes_part: false, ..matched(History::opened(OTHER, march("01T09:00")).case()) };
    let known = Known { matches: vec![stranger, matched(old_case())], ..leading_to(matched(old_case())) };
    check("second match", &Post::saying("x"), &known, "old: received chain; filed");
}

#[test]
fn a_customers_words_move_the_case_and_only_where_it_waits_for_them() {
    let opened = || History::opened(OLD, march("01T09:00")).answered(march("01T10:00"));
    let waiting = |to| opened().moved(march("01T10:00"), to).case();
    let proposed = || opened().proposed(march("01T11:00"));
    let closed = |closing| proposed().closed(march("01T12:00"), closing).case();
    let table = [
        ("new", old_case(), "received chain", Status::New),
        ("open", opened().case(), "received chain", Status::Open),
        (
            "waiting for the customer",
            waiting(Status::WaitingCustomer),
            "received chain, status open",
            Status::Open,
        ),
        (
            "waiting for a third party",
            waiting(Status::WaitingThirdParty),
            "received chain",
            Status::WaitingThirdParty,
        ),
        ("solution proposed", proposed().case(), "received chain, status open", Status::Open),
        ("confirmed", closed(Closing::Confirmed), "received chain, reopened with words", Status::Open),
        ("lapsed", closed(Closing::Lapsed), "received chain, reopened with words", Status::Open),
    ];
    for (name, case, events, status) in table {
        let known = leading_to(matched(case));
        let post = Post::saying("Toujours rien.");
        check(name, &post, &known, &format!("old: {events}; filed"));
        let after = post.decided(&known).cases[0].after.clone();
        assert_eq!(after.status, status, "{name}");
        assert!(after.unanswered_since.is_some(), "{name}: the customer waits for an answer");
    }
}

#[test]
fn a_case_closed_for_long_is_not_opened_again() {
    let closed_at = march("01T12:00");
    let closed = History::opened(OLD, march("01T09:00")).proposed(march("01T11:00"));
    let case = closed.closed(closed_at, Closing::Confirmed).case();
    let known = leading_to(matched(case));
    let limit = closed_at + known.policy.reopen_within;
    let just_after = limit + one_second();
    check(
        "at the limit",
        &Post::saying("x").at(limit),
        &known,
        "old: received chain, reopened with words; filed",
    );
    let hinted =
        "new: opened, received first, hint long_closed, wrote acknowledgement; order acknowledgement; filed";
    check("past it", &Post::saying("x").at(just_after), &known, hinted);
    let bounce = Post::saying("x").at(just_after).by_machine(casework::Automatic::Bounce);
    check("a late bounce", &bounce, &known, "old: received chain from a machine; filed");
}

fn one_second() -> jiff::SignedDuration {
    jiff::SignedDuration::from_secs(1)
}

#[test]
fn a_reference_in_the_subject_is_only_a_hint() {
    let known = Known { sender: Some(sender()), cited: vec![old_case()], ..known() };
    let expected =
        "new: opened, received first, hint reference, wrote acknowledgement; order acknowledgement; filed";
    check("by its own customer", &Post::saying("x"), &known, expected);
}

#[test]
fn hints_name_each_case_once_strongest_first_and_at_most_five() {
    let case = |number: u128| {
        History::opened(casework::CaseId(uuid::Uuid::from_u128(number)), march("01T09:00")).case()
    };
    let stranger = Match { case: case(1), is_by_address: false, sender_takes_part: false };
    let known = Known { matches: vec![stranger], cited: (1..=9).map(case).collect(), ..known() };
    let decision = Post::saying("x").decided(&known);
    let hints: Vec<(u128, Hint)> = decision.cases[0]
        .events
        .iter()
        .filter_map(|event| match event.what {
            What::LinkProposed { other, hint } => Some((other.0.as_u128(), hint)),
            _ => None,
        })
        .collect();
    let by_reference = (2..=5).map(|number| (number, Hint::Reference));
    assert_eq!(hints, std::iter::once((1, Hint::ChainByStranger)).chain(by_reference).collect::<Vec<_>>());
}

#[test]
fn a_forged_sender_proves_nothing_whatever_the_key() {
    use casework::SenderProof::Forged;
    for is_by_address in [false, true] {
        let known = leading_to(Match { is_by_address, ..matched(old_case()) });
        let post = Post::saying("Annulez tout.").proved(Forged);
        check("kept aside", &post, &known, "aside forged");
        check("insisted", &post.insisted(), &known, "new: opened, received first, hint forged_sender; filed");
    }
    let said = "Mon colis de la semaine passée est arrivé complètement écrasé et trempé.";
    let known = Known { open_cases: vec![(old_case(), said.to_owned())], ..leading_to(matched(old_case())) };
    let alike = Known { matches: vec![], ..known };
    check("the same words", &Post::saying(said).proved(Forged), &alike, "aside forged");
    let opened = "new: opened, received first, hint alike; filed";
    check("the same words, insisted", &Post::saying(said).proved(Forged).insisted(), &alike, opened);
}

#[test]
fn a_doubtful_sender_opens_a_case_and_gets_into_none() {
    use casework::SenderProof::Doubtful;
    let opened = "new: opened, received first, hint forged_sender, wrote acknowledgement; \
                  order acknowledgement; filed";
    for is_by_address in [false, true] {
        let known = leading_to(Match { is_by_address, ..matched(old_case()) });
        check("with the key", &Post::saying("Annulez tout.").proved(Doubtful), &known, opened);
    }
    let said = "Mon colis de la semaine passée est arrivé complètement écrasé et trempé.";
    let known = Known { open_cases: vec![(old_case(), said.to_owned())], ..leading_to(matched(old_case())) };
    let alike = Known { matches: vec![], ..known };
    let opened =
        "new: opened, received first, hint alike, wrote acknowledgement; order acknowledgement; filed";
    check("the same words", &Post::saying(said).proved(Doubtful), &alike, opened);
}

#[test]
fn a_bounce_needs_no_domain_to_stand_behind_it() {
    let known = Known { matches: vec![Match { sender_takes_part: false, ..matched(old_case()) }], ..known() };
    let post = Post::saying("Undelivered").by_machine(casework::Automatic::Bounce);
    let post = post.proved(casework::SenderProof::Forged);
    check("bounce", &post, &known, "old: received chain from a machine; filed");
}

#[test]
fn another_letter_under_a_known_id_is_kept_and_flagged() {
    let known = Known { repeats_id: true, ..leading_to(matched(old_case())) };
    check("same id", &Post::saying("Autre chose."), &known, "old: received chain, flag repeated_id; filed");
    let stranger = Match { sender_takes_part: false, ..matched(old_case()) };
    let known = Known { repeats_id: true, ..leading_to(stranger) };
    let opened = "new: opened, received first, flag repeated_id, hint chain_by_stranger, wrote acknowledgement; \
                  order acknowledgement; filed";
    check("by somebody else", &Post::saying("Autre chose."), &known, opened);
}

#[test]
fn a_letter_says_whether_its_domain_stands_behind_it() {
    use casework::SenderProof::{Doubtful, Forged, Proven, Unknown};
    for proof in [Proven, Unknown, Doubtful, Forged] {
        let decision = Post::saying("x").proved(proof).insisted().decided(&known());
        assert_eq!(decision.messages[0].sender, proof);
    }
}

#[test]
fn a_letter_from_long_ago_keeps_the_day_it_was_written() {
    use jiff::SignedDuration;
    for (before, is_kept) in [
        (SignedDuration::from_hours(24 * 365 * 20), true),
        (SignedDuration::from_hours(25), true),
        (SignedDuration::from_hours(23), false),
        (SignedDuration::from_hours(-48), false),
    ] {
        let mut post = Post::saying("x");
        let written_at = post.now.checked_sub(before).unwrap();
        post.inbound.sent_at = Some(written_at);
        let found = post.decided(&known()).messages[0].written_at;
        assert_eq!(found, is_kept.then_some(written_at), "{before:?}");
    }
}

#[test]
fn what_the_reader_found_remarkable_is_told() {
    let post = crate::support::Post { flags: vec![casework::Flag::Encrypted], ..Post::saying("") };
    let opened =
        "new: opened, received first, flag encrypted, wrote acknowledgement; order acknowledgement; filed";
    check("encrypted", &post, &known(), opened);
}

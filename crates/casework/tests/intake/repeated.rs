//! The same sender describes the same problem again: it joins the case while that is young, in the same inbox.

use casework::intake::{Known, Match};
use casework::{Case, InboxId, Status};
use jiff::SignedDuration;
use uuid::Uuid;

use super::check;
use crate::support::{ANNE, History, OLD, OTHER, Post, hours, known, march, matched, sender};

const FIRST: &str = "Mon colis AB-20417 n'est jamais arrivé, il devait être livré mardi.";
const AGAIN: &str = "Bonjour, le colis AB-20417 prévu mardi n'est toujours pas arrivé.";
const ANOTHER: &str = "Vous m'avez prélevé deux fois l'abonnement de novembre.";
const JOINED: &str = "old: received same_problem; filed";
const APART: &str = "new: opened, received first, wrote acknowledgement; order acknowledgement; filed";
const ALIKE: &str =
    "new: opened, received first, hint alike, wrote acknowledgement; order acknowledgement; filed";

fn with_open(cases: Vec<(Case, &str)>) -> Known {
    let open_cases = cases.into_iter().map(|(case, words)| (case, words.to_owned())).collect();
    Known { sender: Some(sender()), open_cases, ..known() }
}

fn young() -> Case {
    History::opened(OLD, march("02T09:00")).case()
}

#[test]
fn the_same_problem_joins_and_another_does_not() {
    check("the same", &Post::saying(AGAIN), &with_open(vec![(young(), FIRST)]), JOINED);
    check("another", &Post::saying(ANOTHER), &with_open(vec![(young(), FIRST)]), APART);
    check("nothing said", &Post::saying(""), &with_open(vec![(young(), FIRST)]), APART);
}

#[test]
fn three_days_later_it_is_only_a_hint() {
    let known = with_open(vec![(young(), FIRST)]);
    let limit = march("02T09:00") + hours(72);
    check("at the limit", &Post::saying(AGAIN).at(limit), &known, JOINED);
    check("past it", &Post::saying(AGAIN).at(limit + SignedDuration::from_secs(1)), &known, ALIKE);
}

#[test]
fn another_inbox_is_another_matter_until_a_person_says_otherwise() {
    let elsewhere = Case { inbox: InboxId(Uuid::from_u128(0x1c)), ..young() };
    check("other inbox", &Post::saying(AGAIN), &with_open(vec![(elsewhere.clone(), FIRST)]), ALIKE);
    let both = with_open(vec![(elsewhere, FIRST), (young(), FIRST)]);
    check("both", &Post::saying(AGAIN), &both, JOINED);
}

#[test]
fn another_brand_is_another_matter() {
    let inbox = InboxId(Uuid::from_u128(0x1c));
    let elsewhere = Case { brand: casework::BrandId(2), inbox, ..young() };
    let decision = Post::saying(AGAIN).decided(&with_open(vec![(elsewhere, FIRST)]));
    assert!(
        decision.cases.iter().all(|change| change.before.is_none() && change.after.brand == decision.brand)
    );
}

#[test]
fn of_two_alike_the_more_alike_is_joined() {
    let other = History::opened(OTHER, march("02T10:00")).case();
    let known = with_open(vec![(other, AGAIN), (young(), FIRST)]);
    check("its own words again", &Post::saying(FIRST), &known, JOINED);
}

#[test]
fn headers_that_lead_elsewhere_forbid_guessing() {
    let stranger =
        Match { sender_takes_part: false, ..matched(History::opened(OTHER, march("01T09:00")).case()) };
    let known = Known { matches: vec![stranger], ..with_open(vec![(young(), FIRST)]) };
    let hinted = "new: opened, received first, hint chain_by_stranger, hint alike, wrote acknowledgement; \
                  order acknowledgement; filed";
    check("answers a stranger's case", &Post::saying(AGAIN), &known, hinted);
}

#[test]
fn joining_relies_on_the_customers_set_of_cases() {
    let joined = Post::saying(AGAIN).decided(&with_open(vec![(young(), FIRST)]));
    assert_eq!(joined.customer, Some((ANNE, 4)), "a case opened meanwhile is a conflict");
    let proven = Post::saying(AGAIN).decided(&Known { matches: vec![matched(young())], ..with_open(vec![]) });
    assert_eq!(proven.customer, None, "proof needs no other case");
    assert_eq!(joined.cases[0].before, Some(2));
}

#[test]
fn joining_a_case_that_waits_makes_it_ours_again() {
    let waiting = History::opened(OLD, march("02T09:00"))
        .answered(march("02T10:00"))
        .moved(march("02T10:00"), Status::WaitingCustomer);
    let known = with_open(vec![(waiting.case(), FIRST)]);
    check("waiting", &Post::saying(AGAIN), &known, "old: received same_problem, status open; filed");
}

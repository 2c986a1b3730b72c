//! What is held is kept, what is not settled is not erased, and of what was erased nothing begins again.

use casework::act::{self, Act, CustomerAct};
use casework::{
    Actor, Agent, Cause, Closing, Decision, Ground, Policy, Refusal, Role, Status, erasure, merge, relink,
};

use crate::support::{
    ANNE, History, LEA, OLD, TEAM, agent, events_told as told, lea, march, mint, situation, words,
};

fn lead() -> Agent {
    agent(LEA, Role::Lead, &[TEAM])
}

fn admin() -> Agent {
    agent(LEA, Role::Admin, &[])
}

fn by(agent: &Agent, history: &History, act: &Act) -> Result<Decision, Refusal> {
    act::by_agent(agent, act, &situation(history.case()), &mut mint(), march("09T09:00"))
}

fn closed() -> History {
    History::opened(OLD, march("02T09:00"))
        .proposed(march("03T09:00"))
        .closed(march("04T09:00"), Closing::Confirmed)
}

/// The history with what was decided.
fn after(history: History, decision: &Decision) -> History {
    let events = decision.cases.iter().flat_map(|change| change.events.clone());
    events.fold(history, |history, event| history.then(event.at, event.actor, event.what))
}

fn erased(history: &History, ground: Ground) -> Result<Decision, Refusal> {
    let who = if ground == Ground::Asked { Actor::Agent(LEA) } else { Actor::Desk };
    erasure::erase(&situation(history.case()), (who, ground), march("09T10:00"))
}

#[test]
fn leads_hold_with_a_reason_and_release_once() {
    let history = closed();
    let hold = Act::Hold("Assignation reçue".to_owned());
    assert_eq!(by(&lea(), &history, &hold), Err(Refusal::NotAllowed));
    assert_eq!(by(&lead(), &history, &Act::Hold(" ".to_owned())), Err(Refusal::NoReason));
    let kept = by(&lead(), &history, &hold).unwrap();
    assert_eq!(told(&kept), "held");
    assert_eq!(kept.cases[0].after.held_since, Some(march("09T09:00")));
    assert_eq!(kept.contents[0].text, "Assignation reçue");
    let history = after(history, &kept);
    assert_eq!(erased(&history, Ground::Asked), Err(Refusal::Held));
    assert_eq!(erased(&history, Ground::Expired), Err(Refusal::Held));
    let lifted = by(&lead(), &history, &Act::LiftHold).unwrap();
    assert_eq!((told(&lifted), lifted.cases[0].after.held_since), ("held no longer".to_owned(), None));
    assert_eq!(told(&by(&lead(), &after(history.clone(), &lifted), &Act::LiftHold).unwrap()), "");
}

#[test]
fn only_what_is_settled_is_erased_and_only_once() {
    let open = History::opened(OLD, march("02T09:00"));
    assert_eq!(erased(&open, Ground::Asked), Err(Refusal::NotSettled));
    let history = closed();
    let decision = erased(&history, Ground::Asked).unwrap();
    assert_eq!((told(&decision).as_str(), &decision.erased), ("erased asked", &vec![OLD]));
    let change = &decision.cases[0];
    assert_eq!((change.after.status, change.after.erased_at), (Status::Closed, Some(march("09T10:00"))));
    assert_eq!(change.after.link_generation, history.case().link_generation + 1, "links lead nowhere");
    assert!(change.clocks.is_empty() && change.act_by.is_none());
    assert_eq!(erased(&history, Ground::Expired).unwrap().cases[0].events[0].cause, Cause::Rule);
    let history = after(history, &decision);
    let again = erased(&history, Ground::Asked).unwrap();
    assert!(again.cases.is_empty() && again.erased.is_empty());
}

#[test]
fn what_had_been_erased_goes_again_after_a_restore_however_it_stands() {
    let open = History::opened(OLD, march("02T09:00"));
    let held = by(&lead(), &open, &Act::Hold("Assignation".to_owned())).unwrap();
    let decision = erased(&after(open, &held), Ground::Restored).unwrap();
    assert_eq!(told(&decision), "held no longer, closed lapsed, erased restored");
    assert_eq!(decision.erased, [OLD]);
}

#[test]
fn nothing_begins_again_in_a_case_that_was_erased() {
    let history = closed();
    let decision = erased(&history, Ground::Asked).unwrap();
    let history = after(history, &decision);
    for act in [
        Act::Reply { words: words("Bonjour"), waits: false },
        Act::Note(words("note")),
        Act::Resume,
        Act::Hold("pourquoi".to_owned()),
    ] {
        assert_eq!(by(&admin(), &history, &act), Err(Refusal::Erased), "{act:?}");
    }
    let theirs = situation(history.case());
    let now = march("10T09:00");
    for act in [CustomerAct::Confirm, CustomerAct::Reopen(Some(words("Encore moi")))] {
        assert_eq!(act::by_customer(&act, &theirs, &mut mint(), now), Err(Refusal::Erased));
    }
    let to = casework::IdentityId(uuid::Uuid::from_u128(9));
    assert!(relink::decide(&theirs, (to, (0, 0)), "marque.example", &mut mint(), now).cases.is_empty());
    let mut other = closed().case().clone();
    other.id = casework::CaseId(uuid::Uuid::from_u128(77));
    let other = situation(other);
    for pair in [(&theirs, &other), (&other, &theirs)] {
        assert_eq!(merge::merge(&admin(), pair, now), Err(Refusal::NoMerge));
    }
    assert_eq!(merge::undo(&admin(), (&theirs, &other), now), Err(Refusal::Erased));
    assert_eq!(history.case().customer, ANNE, "who it was stays an id");
}

#[test]
fn administrators_ask_and_every_case_counts() {
    let (open, done) = (History::opened(OLD, march("02T09:00")), closed());
    assert_eq!(erasure::may_erase(&admin(), &[done.case().clone()]), Ok(()));
    assert_eq!(erasure::may_erase(&lead(), &[done.case().clone()]), Err(Refusal::NotAllowed));
    let both = [done.case().clone(), open.case().clone()];
    assert_eq!(erasure::may_erase(&admin(), &both), Err(Refusal::NotSettled));
    assert_eq!(Policy::default(), situation(done.case()).policy, "time limits play no part");
}

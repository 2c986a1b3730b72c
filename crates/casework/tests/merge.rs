//! Two cases are one problem: one goes on, the other ends in it, nobody's waiting is lost, and it can be undone.

use casework::act::{self, Act, CustomerAct, Situation};
use casework::{Case, Closing, Decision, Refusal, Role, Status, merge};

use crate::support::{
    ANNE, History, LEA, MARC, OLD, OTHER, OTHER_TEAM, agent, lea, march, mint, situation, told, words,
};

fn ending() -> History {
    History::opened(OLD, march("02T09:00"))
}

fn going_on() -> History {
    History::opened(OTHER, march("01T09:00")).answered(march("01T10:00"))
}

fn merged(ending: Case, going_on: Case) -> Result<Decision, Refusal> {
    merge::merge(&lea(), (&situation(ending), &situation(going_on)), march("02T12:00"))
}

fn after(decision: &Decision) -> (Case, Case) {
    let of = |id| decision.cases.iter().find(|change| change.after.id == id).unwrap().after.clone();
    (of(OLD), of(OTHER))
}

#[test]
fn whoever_waited_in_the_case_that_ends_waits_in_the_one_that_goes_on() {
    let waiting = going_on().moved(march("01T10:00"), Status::WaitingCustomer).case();
    let proposed = going_on().proposed(march("01T11:00")).case();
    let closed = going_on().closed(march("01T12:00"), Closing::Confirmed).case();
    let table = [
        (going_on().case(), "old: merged away; other: took in"),
        (waiting, "old: merged away; other: status open, took in"),
        (proposed, "old: merged away; other: status open, took in"),
        (closed, "old: merged away; other: reopened, took in"),
    ];
    for (going_on, expected) in table {
        let decision = merged(ending().case(), going_on).unwrap();
        assert_eq!(told(&decision), expected);
        let (ended, went_on) = after(&decision);
        assert_eq!((ended.status, ended.closing), (Status::Closed, Some(Closing::Merged)));
        assert_eq!(ended.merged_into, Some(OTHER));
        assert_eq!((went_on.status, went_on.unanswered_since), (Status::Open, Some(march("02T09:00"))));
        assert!(decision.cases.iter().find(|change| change.after.id == OLD).unwrap().clocks.is_empty());
        assert!(decision.cases.iter().find(|change| change.after.id == OTHER).unwrap().act_by.is_some());
    }
}

#[test]
fn a_case_that_nobody_waits_in_moves_nothing() {
    let waiting = going_on().moved(march("01T10:00"), Status::WaitingCustomer).case();
    let decision = merged(ending().answered(march("02T10:00")).case(), waiting).unwrap();
    let (_, went_on) = after(&decision);
    assert_eq!((went_on.status, went_on.unanswered_since), (Status::WaitingCustomer, None));
}

#[test]
fn no_open_case_ends_in_a_closed_one() {
    let closed = || going_on().closed(march("01T12:00"), Closing::Lapsed).case();
    let answered = ending().answered(march("02T10:00"));
    let waits_for_customer =
        ending().answered(march("02T10:00")).moved(march("02T10:00"), Status::WaitingCustomer);
    for open in [answered.case(), waits_for_customer.case()] {
        let decision = merged(open, closed()).unwrap();
        assert_eq!(told(&decision), "old: merged away; other: reopened, took in");
        assert!(decision.cases.iter().find(|change| change.after.id == OTHER).unwrap().act_by.is_some());
    }
}

#[test]
fn a_machine_waits_for_its_first_answer_wherever_it_goes_on() {
    let by_machine = Case { unanswered_since: None, ..ending().case() };
    let waiting = going_on().moved(march("01T10:00"), Status::WaitingCustomer).case();
    let (_, went_on) = after(&merged(by_machine, waiting).unwrap());
    assert_eq!((went_on.status, went_on.unanswered_since), (Status::Open, Some(march("02T09:00"))));
}

#[test]
fn it_is_undone_as_if_it_had_not_been() {
    let (ended, went_on) = after(&merged(ending().case(), going_on().case()).unwrap());
    let undone = merge::undo(&lea(), (&situation(ended), &situation(went_on)), march("02T13:00")).unwrap();
    assert_eq!(told(&undone), "old: merge undone; other: merge undone");
    let (ended, _) = after(&undone);
    assert_eq!((ended.status, ended.merged_into, ended.closing), (Status::Open, None, None));
    assert_eq!(ended.unanswered_since, Some(march("02T09:00")), "Anne waits since she wrote");
    let again = merge::undo(&lea(), (&situation(ended), &situation(going_on().case())), march("02T14:00"));
    assert_eq!(again.unwrap_err(), Refusal::NotMerged);
}

#[test]
fn some_merges_cannot_be() {
    let (ended, went_on) = after(&merged(ending().case(), going_on().case()).unwrap());
    let elsewhere = Case { brand: casework::BrandId(2), ..going_on().case() };
    let table = [
        ("with itself", ending().case(), ending().case()),
        ("twice", ended.clone(), going_on().case()),
        (
            "into one that ended",
            Case { id: casework::CaseId(uuid::Uuid::from_u128(9)), ..ended.clone() },
            ended,
        ),
    ];
    for (name, one, other) in table {
        assert_eq!(merged(one, other).unwrap_err(), Refusal::NoMerge, "{name}");
    }
    assert_eq!(merged(ending().case(), elsewhere).unwrap_err(), Refusal::NotAllowed, "another brand");
    let of_another = Case { customer: casework::CustomerId(uuid::Uuid::from_u128(77)), ..going_on().case() };
    assert_eq!(merged(ending().case(), of_another).unwrap_err(), Refusal::OtherCustomer);
    let stranger = agent(MARC, Role::Agent, &[OTHER_TEAM]);
    let both = (&situation(ending().case()), &situation(went_on));
    assert_eq!(merge::merge(&stranger, both, march("02T12:00")).unwrap_err(), Refusal::NotAllowed);
}

#[test]
fn a_case_that_goes_on_elsewhere_takes_notes_and_nothing_else() {
    let (ended, _) = after(&merged(ending().case(), going_on().case()).unwrap());
    let at = march("02T13:00");
    let by_agent = |act: Act| {
        let situation: Situation = situation(ended.clone());
        act::by_agent(&agent(LEA, Role::Admin, &[]), &act, &situation, &mut mint(), at).map(|_| ())
    };
    assert_eq!(by_agent(Act::Note(words("Vu."))), Ok(()));
    let acts = [Act::Resume, Act::Propose(words("x")), Act::Reply { words: words("x"), waits: false }];
    for act in acts {
        assert_eq!(by_agent(act), Err(Refusal::MergedAway));
    }
    for act in [CustomerAct::Confirm, CustomerAct::Reopen(Some(words("Et alors ?")))] {
        let by_customer = act::by_customer(&act, &situation(ended.clone()), &mut mint(), at);
        assert_eq!(by_customer.unwrap_err(), Refusal::MergedAway);
    }
    assert_eq!(ended.customer, ANNE);
}

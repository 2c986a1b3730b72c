//! What customers do by their private link: confirm, say that it is not solved, write again. Doing it twice does it once.

use casework::act::{self, CustomerAct};
use casework::wording::TEXT_BYTES_MAX;
use casework::{Actor, Case, Cause, Closing, Decision, Proof, Refusal, Status, What};

use crate::support::{ANNE, History, OLD, march, mint, situation, told};

fn opened() -> History {
    History::opened(OLD, march("02T09:00")).answered(march("02T09:30"))
}

fn proposed() -> History {
    opened().proposed(march("02T10:00"))
}

fn closed(closing: Closing) -> Case {
    proposed().closed(march("02T11:00"), closing).case()
}

fn decided(case: Case, act: &CustomerAct) -> Result<Decision, Refusal> {
    act::by_customer(act, &situation(case), &mut mint(), march("02T12:00"))
}

fn reopen(words: &str) -> CustomerAct {
    CustomerAct::Reopen(Some(crate::support::words(words)))
}

#[test]
fn only_a_standing_or_lapsed_solution_can_be_confirmed() {
    let waiting = |to| opened().moved(march("02T10:00"), to).case();
    let table = [
        ("new", History::opened(OLD, march("02T09:00")).case(), Err(Refusal::NothingProposed)),
        ("open", opened().case(), Err(Refusal::NothingProposed)),
        ("waiting for the customer", waiting(Status::WaitingCustomer), Err(Refusal::NothingProposed)),
        ("waiting for somebody else", waiting(Status::WaitingThirdParty), Err(Refusal::NothingProposed)),
        (
            "taken back",
            proposed().moved(march("02T11:00"), Status::Open).case(),
            Err(Refusal::NothingProposed),
        ),
        ("proposed", proposed().case(), Ok("old: closed confirmed")),
        ("lapsed", closed(Closing::Lapsed), Ok("old: closed confirmed")),
        ("confirmed before", closed(Closing::Confirmed), Ok("")),
    ];
    for (name, case, expected) in table {
        let decision = decided(case, &CustomerAct::Confirm);
        assert_eq!(
            decision.as_ref().map(told).map_err(|refusal| *refusal),
            expected.map(str::to_owned),
            "{name}"
        );
    }
}

#[test]
fn a_solution_proposed_after_a_closing_can_be_confirmed() {
    for closing in [Closing::Confirmed, Closing::Lapsed] {
        let again = History::opened(OLD, march("02T09:00"))
            .proposed(march("02T10:00"))
            .closed(march("02T11:00"), closing)
            .proposed(march("02T11:30"));
        let decision = decided(again.case(), &CustomerAct::Confirm).unwrap();
        assert_eq!(told(&decision), "old: closed confirmed", "{closing:?}");
    }
}

#[test]
fn confirming_closes_with_the_customer_as_author() {
    let decision = decided(proposed().case(), &CustomerAct::Confirm).unwrap();
    let change = &decision.cases[0];
    let event = &change.events[0];
    assert_eq!((event.actor, event.cause), (Actor::Customer(ANNE), Cause::PrivateLink));
    assert_eq!((change.after.status, change.after.closing), (Status::Closed, Some(Closing::Confirmed)));
    assert_eq!((change.clocks.len(), change.act_by), (0, None));
}

#[test]
fn confirming_twice_closes_once() {
    let first = decided(proposed().case(), &CustomerAct::Confirm).unwrap();
    let second = decided(first.cases[0].after.clone(), &CustomerAct::Confirm).unwrap();
    assert!(second.cases.is_empty());
}

#[test]
fn reopening_and_writing_again() {
    let waiting = opened().moved(march("02T10:00"), Status::WaitingCustomer).case();
    let quiet = CustomerAct::Reopen(None);
    let table = [
        ("not solved", proposed().case(), quiet.clone(), Ok("old: reopened")),
        (
            "not solved, in words",
            proposed().case(),
            reopen("Non."),
            Ok("old: received private_link, reopened with words"),
        ),
        ("blank words count as none", proposed().case(), reopen(" \n "), Ok("old: reopened")),
        ("after confirming", closed(Closing::Confirmed), quiet.clone(), Ok("old: reopened")),
        (
            "after lapsing",
            closed(Closing::Lapsed),
            reopen("Non."),
            Ok("old: received private_link, reopened with words"),
        ),
        ("nothing to reopen", opened().case(), quiet.clone(), Err(Refusal::Empty)),
        ("blank words", opened().case(), reopen("  "), Err(Refusal::Empty)),
        ("writes again", opened().case(), reopen("Alors ?"), Ok("old: received private_link")),
        ("says what was asked", waiting.clone(), reopen("42"), Ok("old: received private_link, status open")),
        ("says nothing", waiting, quiet, Err(Refusal::Empty)),
        ("no end", proposed().case(), reopen(&"x".repeat(TEXT_BYTES_MAX + 1)), Err(Refusal::TooLong)),
    ];
    for (name, case, act, expected) in table {
        let decision = decided(case, &act);
        assert_eq!(
            decision.as_ref().map(told).map_err(|refusal| *refusal),
            expected.map(str::to_owned),
            "{name}"
        );
        let Ok(decision) = decision else { continue };
        let after = &decision.cases[0].after;
        assert_eq!((after.status, after.closing), (Status::Open, None), "{name}");
        assert_eq!(after.unanswered_since, Some(march("02T12:00")), "{name}: an answer is owed");
        assert!(decision.cases[0].act_by.is_some(), "{name}");
    }
}

#[test]
fn reopening_twice_reopens_once() {
    let first = decided(proposed().case(), &CustomerAct::Reopen(None)).unwrap();
    assert_eq!(decided(first.cases[0].after.clone(), &CustomerAct::Reopen(None)), Err(Refusal::Empty));
}

#[test]
fn what_is_written_on_the_private_page_is_a_message_of_the_customer() {
    let decision = decided(proposed().case(), &reopen("  Toujours cassé.  ")).unwrap();
    let message = &decision.messages[0];
    assert_eq!((message.author, message.letter), (Actor::Customer(ANNE), None));
    assert_eq!(decision.contents[0].text, "Toujours cassé.");
    assert!(decision.orders.is_empty());
    let What::MessageReceived { proof, message: filed, .. } = decision.cases[0].events[0].what else {
        panic!()
    };
    assert_eq!((proof, filed), (Proof::PrivateLink, message.id));
    assert_eq!(decision.cases[0].events[1].what, What::Reopened { message: Some(filed) });
}

//! What single events do to the row, where no law of the random histories would notice.

use casework::{Actor, Automatic, Proof, Purpose, Status, What};

use crate::support::{ANNE, ANNE_MAIL, History, LEA, OLD, march, message};

fn opened() -> History {
    History::opened(OLD, march("02T09:00"))
}

fn received(number: u128, automatic: Option<Automatic>) -> What {
    What::MessageReceived { message: message(number), proof: Proof::Chain, automatic, received_at: None }
}

#[test]
fn who_writes_twice_has_waited_since_the_first_time() {
    let case = opened().then(march("03T09:00"), Actor::Customer(ANNE), received(5, None)).case();
    assert_eq!(case.unanswered_since, Some(march("02T09:00")));
    assert_eq!(case.last_inbound_at, Some(march("03T09:00")));
    let answered = opened().answered(march("02T10:00"));
    let again = answered.then(march("03T09:00"), Actor::Customer(ANNE), received(5, None)).case();
    assert_eq!(again.unanswered_since, Some(march("03T09:00")));
}

#[test]
fn the_last_message_is_the_last_between_the_customer_and_a_person() {
    let last = |actor, what| opened().then(march("03T09:00"), actor, what).case().last_message;
    let wrote = |purpose| What::MessageWritten { message: message(6), purpose, to: ANNE_MAIL };
    let (desk, lea) = (Actor::Desk, Actor::Agent(LEA));
    assert_eq!(last(Actor::Customer(ANNE), received(5, None)), Some(message(5)));
    assert_eq!(last(lea, wrote(Purpose::Answer)), Some(message(6)));
    assert_eq!(last(desk, wrote(Purpose::Acknowledgement)), Some(message(1)), "a receipt says nothing");
    assert_eq!(last(desk, wrote(Purpose::Reminder)), Some(message(1)), "nor does a reminder");
    assert_eq!(last(desk, received(5, Some(Automatic::Reply))), Some(message(1)), "machines do not converse");
    assert_eq!(
        last(lea, What::NoteWritten { message: message(7) }),
        Some(message(1)),
        "a note goes to nobody"
    );
}

#[test]
fn only_a_persons_answer_ends_the_waiting() {
    let answers = |actor, purpose| {
        let what = What::MessageWritten { message: message(5), purpose, to: ANNE_MAIL };
        let case = opened().then(march("03T09:00"), actor, what).case();
        assert_eq!(case.unanswered_since.is_none(), case.last_answer_at.is_some());
        assert_eq!(case.unanswered_since.is_none(), case.status == Status::Open);
        case.last_answer_at.is_some()
    };
    let of_a_person = [Purpose::Answer, Purpose::Proposal];
    for purpose in Purpose::ALL {
        assert_eq!(answers(Actor::Agent(LEA), *purpose), of_a_person.contains(purpose), "{purpose:?}");
        assert!(!answers(Actor::Desk, *purpose), "{purpose:?} by the desk itself");
    }
}

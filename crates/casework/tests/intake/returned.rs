//! A delivery report about a mail of ours: what it says once, whom it leaves waiting, which address it marks.

use casework::inbound::{DeliveryReport, Fate};
use casework::intake::{Known, Match, Returned};
use casework::{Case, Decision, MessageState, Status};

use super::check;
use crate::support::{ANNE_MAIL, History, OLD, Post, known, march, matched, message, sender};

fn report(fate: Fate, status: Option<&str>, recipient: Option<&str>) -> Post {
    Post::saying("Undelivered").reporting(DeliveryReport {
        fate,
        recipient: recipient.map(str::to_owned),
        status: status.map(str::to_owned),
        words: "550 no such user".to_owned(),
    })
}

fn known_of(case: Case, state: MessageState) -> Known {
    let returned = Returned {
        message: message(2),
        state,
        identity: ANNE_MAIL,
        address: "anne@client.example".to_owned(),
        is_named: true,
    };
    let found = Match { sender_takes_part: false, ..matched(case) };
    Known { matches: vec![found], returned: Some(returned), ..known() }
}

fn waiting() -> Case {
    let answered = History::opened(OLD, march("01T09:00")).answered(march("01T10:00"));
    answered.moved(march("01T10:00"), Status::WaitingCustomer).case()
}

fn decided(post: &Post, state: MessageState) -> Decision {
    post.decided(&known_of(waiting(), state))
}

#[test]
fn a_failure_is_told_once_and_leaves_nobody_waiting_in_vain() {
    use MessageState::{Delayed, Queued, Refused, Sent};
    let failed = report(Fate::Failed, Some("5.1.1"), Some("anne@client.example"));
    let told = "old: received chain from a machine, refused, status open; filed";
    let again = "old: received chain from a machine; filed";
    for (state, expected) in [(Sent, told), (Delayed, told), (Queued, told), (Refused, again)] {
        check(&format!("{state:?}"), &failed, &known_of(waiting(), state), expected);
    }
    let decision = decided(&failed, Sent);
    let after = &decision.cases[0].after;
    assert_eq!(after.unanswered_since, Some(march("02T12:00")), "has not heard from us");
    assert_eq!(after.undelivered_at, Some(march("02T12:00")));
    assert_eq!(decision.message_states[0].1, Refused);
    let reason = decision.message_states[0].2.unwrap();
    let reason = decision.contents.iter().find(|content| content.id == reason).unwrap();
    assert_eq!(reason.text, "5.1.1 550 no such user");
}

#[test]
fn a_delay_is_told_and_changes_nothing() {
    use MessageState::{Delayed, Sent};
    let delayed = report(Fate::Delayed, Some("4.4.1"), None);
    check(
        "first",
        &delayed,
        &known_of(waiting(), Sent),
        "old: received chain from a machine, delayed; filed",
    );
    check("again", &delayed, &known_of(waiting(), Delayed), "old: received chain from a machine; filed");
    let after = decided(&delayed, Sent).cases.remove(0).after;
    assert_eq!((after.status, after.unanswered_since), (Status::WaitingCustomer, None));
    let arrived = report(Fate::Delivered, Some("2.0.0"), None);
    check("arrived", &arrived, &known_of(waiting(), Sent), "old: received chain from a machine; filed");
}

#[test]
fn only_a_dead_address_of_ours_is_marked() {
    let marks = |status, recipient| {
        decided(&report(Fate::Failed, status, recipient), MessageState::Sent).identity_marks
    };
    let at = march("02T12:00");
    assert_eq!(marks(Some("5.1.1"), Some("anne@client.example")), [(ANNE_MAIL, Some(at))]);
    assert_eq!(marks(Some("5.1.1"), None), [(ANNE_MAIL, Some(at))]);
    assert_eq!(marks(None, None), [(ANNE_MAIL, Some(at))]);
    assert_eq!(marks(Some("5.2.2"), None), [], "a full mailbox is no dead address");
    assert_eq!(marks(Some("5.1.1"), Some("ailleurs@client.example")), [], "her mail is passed on, in vain");
}

#[test]
fn a_report_that_names_no_mail_tells_and_marks_nothing() {
    let mut known = known_of(waiting(), MessageState::Sent);
    known.returned.as_mut().unwrap().is_named = false;
    let decision = report(Fate::Failed, Some("5.1.1"), Some("anne@client.example")).decided(&known);
    assert_eq!(decision.identity_marks, []);
    assert_eq!(decision.cases[0].after.status, Status::Open, "a person looks at it");
}

#[test]
fn an_address_that_writes_is_alive_again() {
    let (customer, mut identity) = sender();
    identity.undeliverable_at = Some(march("01T10:00"));
    let known = Known { sender: Some((customer, identity)), matches: vec![matched(waiting())], ..known() };
    let marks = |post: Post| post.decided(&known).identity_marks;
    assert_eq!(marks(Post::saying("Me revoilà.")), [(ANNE_MAIL, None)]);
    assert_eq!(marks(Post::saying("Absent").by_machine(casework::Automatic::Reply)), [(ANNE_MAIL, None)]);
    assert_eq!(marks(Post::saying("Lu").by_machine(casework::Automatic::Generated)), []);
    assert_eq!(marks(report(Fate::Failed, None, None)), [], "a report is not by her");
}

//! A person of the desk passes a customer's letter on: the customer wrote it, and the comment stays inside.

use casework::intake::Known;
use casework::{Actor, MessageState};

use super::check;
use crate::support::{History, LEA, OLD, Post, known, march, sender, told};

const TEXT: &str = "Mon colis AB-20417 n'est jamais arrivé.";

#[test]
fn the_case_is_the_customers_and_the_comment_is_a_note() {
    let post = Post::saying(TEXT).forwarded_by(LEA, "Elle m'a écrit directement.");
    let opened =
        "new: opened, received first, forwarded, noted, wrote acknowledgement; order acknowledgement; filed";
    check("with a comment", &post, &known(), opened);
    let decision = post.decided(&known());
    let [letter, note, receipt] = &decision.messages[..] else {
        panic!("three messages: {}", told(&decision))
    };
    assert!(matches!(letter.author, Actor::Customer(_)));
    assert_eq!((note.state, note.author), (MessageState::Note, Actor::Agent(LEA)));
    assert_eq!((note.identity, note.mail_id.clone()), (None, None), "a note has no address and cannot leave");
    assert_eq!(receipt.identity, letter.identity, "the receipt goes to the customer");
    let words = decision.contents.iter().find(|content| content.id == note.text).unwrap();
    assert_eq!(words.text, "Elle m'a écrit directement.");
}

#[test]
fn without_a_comment_there_is_no_note() {
    let post = Post::saying(TEXT).forwarded_by(LEA, " \n");
    let opened =
        "new: opened, received first, forwarded, wrote acknowledgement; order acknowledgement; filed";
    check("bare", &post, &known(), opened);
}

#[test]
fn it_joins_the_case_about_the_same_problem() {
    let case = History::opened(OLD, march("02T09:00")).case();
    let known = Known { sender: Some(sender()), open_cases: vec![(case, TEXT.to_owned())], ..known() };
    let post = Post::saying(TEXT).forwarded_by(LEA, "");
    check("the same", &post, &known, "old: received same_problem, forwarded; filed");
}

#[test]
fn passed_on_by_somebody_unproven_it_joins_nothing_and_is_only_a_hint() {
    let case = History::opened(OLD, march("02T09:00")).case();
    let known = Known { sender: Some(sender()), open_cases: vec![(case, TEXT.to_owned())], ..known() };
    let post = Post::saying(TEXT).forwarded_by(LEA, "").by_proxy();
    let opened = "new: opened, received first, forwarded, hint alike, wrote acknowledgement; order acknowledgement; filed";
    check("as if from a colleague", &post, &known, opened);
}

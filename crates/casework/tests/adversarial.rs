//! Somebody who wants into a case that is not theirs. Each test is an attack, by name; what it gets is nothing.

use casework::intake::{Known, Match};
use casework::proof::Secret;
use casework::{Automatic, BrandId, Case, Decision, Reference};

use crate::support::{ANNE, ANNE_MAIL, BRAND, History, OLD, Post, TEAM, known, march};

fn victims_case() -> Case {
    History::opened(OLD, march("01T09:00")).case()
}

/// A stranger: their address was never seen.
fn stranger(text: &str) -> Post {
    let mut post = Post::saying(text);
    post.inbound.from =
        Some(casework::Mailbox { address: "eve@ailleurs.example".to_owned(), name: Some("Anne".to_owned()) });
    post
}

/// Nothing is written in the victim's case, nothing is sent to the victim, and nothing of the victim's is told.
#[track_caller]
fn assert_gets_nothing(name: &str, decision: &Decision) {
    assert!(decision.cases.iter().all(|change| change.after.id != OLD), "{name}: the case is untouched");
    assert!(decision.messages.iter().all(|message| message.case != OLD), "{name}: no message in it");
    assert!(decision.contents.iter().all(|content| content.case != OLD), "{name}: no text in it");
    assert!(decision.thread_keys.iter().all(|key| key.case != OLD), "{name}: no way into it");
    assert!(
        decision.messages.iter().all(|message| message.identity != Some(ANNE_MAIL)),
        "{name}: nothing for Anne"
    );
    assert!(decision.cases.iter().all(|change| change.after.customer != ANNE), "{name}: nothing as Anne");
    let subjects = decision.messages.iter().filter_map(|message| message.subject);
    let own = |id| decision.contents.iter().any(|content| content.id == id);
    assert!(
        subjects.into_iter().all(own),
        "{name}: the receipt repeats nothing but the stranger's own subject"
    );
}

/// All that a letter may call itself, a person's letter included.
fn disguises() -> impl Iterator<Item = Option<Automatic>> {
    use Automatic::{Generated, List, OwnLoop, Reply};
    [None, Some(Generated), Some(List), Some(OwnLoop), Some(Reply)].into_iter()
}

#[test]
fn a_stranger_who_quotes_a_reference_gets_nothing() {
    let case = victims_case();
    for automatic in disguises() {
        let mut post = stranger("Où en est mon dossier ? Merci de me répondre à cette adresse.");
        post.inbound.subject = format!("Re: Réclamation [{}]", case.reference);
        post.inbound.automatic = automatic;
        assert_eq!(Reference::cited_in(&post.inbound.subject), std::slice::from_ref(&case.reference));
        let known = Known { cited: vec![case.clone()], ..known() };
        assert_gets_nothing(&format!("{automatic:?}"), &post.decided(&known));
    }
}

#[test]
fn a_forged_signed_address_leads_nowhere() {
    let ours = Secret::new(vec![1; 32]).unwrap();
    let theirs = Secret::new(vec![2; 32]).unwrap();
    let inbox = "care@marque.example";
    let genuine = ours.reply_address(inbox, BRAND, OLD);
    let unsigned = {
        let id = data_encoding::BASE32_NOPAD.encode(OLD.0.as_bytes()).to_lowercase();
        format!("care+{id}@marque.example")
    };
    let forged = [
        theirs.reply_address(inbox, BRAND, OLD),
        ours.reply_address(inbox, BrandId(2), OLD),
        unsigned,
        genuine.replacen("care+", "care+a", 1),
        genuine.replace('+', "-"),
        format!("care+{OLD}@marque.example"),
    ];
    assert_eq!(ours.case_of_address(&genuine, BRAND), Some(OLD), "the genuine one does lead there");
    for address in forged {
        assert_eq!(ours.case_of_address(&address, BRAND), None, "{address}");
    }
}

#[test]
fn a_replayed_signed_address_by_a_stranger_gets_nothing() {
    for automatic in disguises() {
        let mut post = stranger("Merci de m'envoyer le remboursement sur ce compte.");
        post.inbound.automatic = automatic;
        let found = Match { case: victims_case(), is_by_address: true, sender_takes_part: false };
        let decision = post.decided(&Known { matches: vec![found], ..known() });
        assert_gets_nothing(&format!("{automatic:?}"), &decision);
    }
}

#[test]
fn a_stolen_message_id_by_a_stranger_gets_nothing() {
    for automatic in disguises() {
        let mut post = stranger("Je réponds à votre mail.");
        post.inbound.automatic = automatic;
        let found = Match { case: victims_case(), is_by_address: false, sender_takes_part: false };
        assert_gets_nothing(
            &format!("{automatic:?}"),
            &post.decided(&Known { matches: vec![found], ..known() }),
        );
    }
}

#[test]
fn a_forged_bounce_moves_nothing_and_lets_nobody_in() {
    let found = Match { case: victims_case(), is_by_address: true, sender_takes_part: false };
    let known = Known { matches: vec![found], ..known() };
    let decision = stranger("550 boîte inconnue").by_machine(Automatic::Bounce).decided(&known);
    let [change] = &decision.cases[..] else { panic!("filed in the case, where an agent sees it") };
    let before = victims_case();
    let after = Case { seq: before.seq, changed_at: before.changed_at, ..change.after.clone() };
    assert_eq!(after, before);
    assert!(decision.orders.is_empty() && decision.new_customer.is_none());
    assert_eq!(decision.messages[0].identity, None, "the stranger is no participant by it");
}

#[test]
fn a_strangers_copy_of_the_same_words_joins_nothing() {
    // `open_cases` holds the sender's own cases only: a stranger has none, however alike their words are.
    let decision = stranger("Mon colis AB-20417 est perdu.").decided(&known());
    assert_gets_nothing("copied words", &decision);
    assert_eq!(decision.cases[0].after.team, TEAM);
}

#[test]
fn insisting_lifts_no_proof() {
    let found = Match { case: victims_case(), is_by_address: true, sender_takes_part: false };
    let known = Known { matches: vec![found], cited: vec![victims_case()], ..known() };
    for automatic in disguises() {
        let mut post = stranger("x").insisted();
        post.inbound.automatic = automatic;
        assert_gets_nothing(&format!("{automatic:?}"), &post.decided(&known));
    }
}

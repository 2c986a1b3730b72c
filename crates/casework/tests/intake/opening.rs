//! A case begins: whose it is, what is kept of the letter, in which language it is answered, and its receipt.

use casework::decision::{ContentKind, Lane};
use casework::intake::Known;
use casework::{ClockKind, InboundFile, MessageState, Nature, Purpose, Status};

use super::check;
use crate::support::{ANNE, ANNE_MAIL, BRAND, INBOX, Post, TEAM, known, march, sender};

#[test]
fn a_first_letter_of_somebody_new_opens_a_case() {
    let decision = Post::saying("Mon colis est perdu.").decided(&known());
    let [change] = &decision.cases[..] else { panic!("one case") };
    let case = &change.after;
    let new = decision.new_customer.clone().unwrap();
    let [identity] = &decision.new_identities[..] else { panic!("one address") };
    assert_eq!((identity.customer, identity.address.as_str()), (new.id, "anne@client.example"));
    assert_eq!((new.id, identity.kind), (case.customer, casework::IdentityKind::Mail));
    assert_eq!((new.name.as_deref(), new.language.as_deref()), (Some("Anne"), Some("fr")));
    assert_eq!((change.before, decision.customer), (None, None));
    assert_eq!((case.brand, case.inbox, case.team, case.assignee), (BRAND, INBOX, TEAM, None));
    assert_eq!((case.status, case.nature, case.seq), (Status::New, Nature::Complaint, 3));
    assert_eq!(case.unanswered_since, Some(march("02T12:00")), "a receipt is no answer");
    assert_eq!(case.last_answer_at, None);
    let [clock] = change.clocks[..] else { panic!("one clock") };
    assert_eq!((clock.kind, Some(clock.due_at)), (ClockKind::FirstReply, change.act_by));
    assert_eq!(clock.due_at, march("02T20:00"));
}

#[test]
fn the_receipt_answers_the_letter_to_its_writer() {
    let decision = Post::saying("Mon colis est perdu.").decided(&known());
    let [received, receipt] = &decision.messages[..] else { panic!("two messages") };
    assert_eq!((received.state, receipt.state), (MessageState::Received, MessageState::Queued));
    assert_eq!(receipt.purpose, Some(Purpose::Acknowledgement));
    assert_eq!((receipt.identity, receipt.author), (received.identity, casework::Actor::Desk));
    assert_eq!(receipt.answers, ["m1@client.example"]);
    let mail_id = receipt.mail_id.clone().unwrap();
    assert!(
        mail_id.ends_with("@marque.example") && mail_id.len() == 32 + "@marque.example".len(),
        "{mail_id}"
    );
    let leads: Vec<&str> = decision.thread_keys.iter().map(|key| key.mail_id.as_str()).collect();
    assert_eq!(leads, ["m1@client.example", &mail_id]);
    assert_eq!(decision.orders[0].message, receipt.id);
    assert_eq!((decision.orders[0].lane, decision.orders[0].due_at), (Lane::Acknowledgement, decision.at));
}

#[test]
fn a_known_sender_opens_a_case_of_their_own() {
    let decision = Post::saying("x").decided(&Known { sender: Some(sender()), ..known() });
    assert_eq!((decision.cases[0].after.customer, decision.new_customer), (ANNE, None));
    assert_eq!(decision.customer, Some((ANNE, 4)), "relied on: which cases Anne has");
    assert!(decision.messages.iter().all(|message| message.identity == Some(ANNE_MAIL)));
}

#[test]
fn what_a_letter_says_is_kept_as_erasable_content() {
    let mut post = Post::saying("Mon colis est perdu.");
    let file = InboundFile {
        index: 0,
        name: "photo.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size_bytes: 12,
        content_id: None,
    };
    post.inbound.files = vec![file.clone()];
    post.inbound.answers = (0..50).map(|number| format!("{number}@x.example")).collect();
    let decision = post.decided(&known());
    let message = &decision.messages[0];
    let text_of = |id| decision.contents.iter().find(|content| Some(content.id) == id).unwrap();
    assert_eq!(text_of(Some(message.text)).text, "Mon colis est perdu.");
    assert_eq!(text_of(message.subject).text, "Réclamation");
    let files = text_of(message.files);
    assert_eq!(files.kind, ContentKind::Files);
    assert_eq!(serde_json::from_str::<Vec<InboundFile>>(&files.text).unwrap(), [file]);
    assert_eq!(message.answers.len(), 20, "long chains are cut");
    assert_eq!(message.answers[0], "0@x.example", "the newest stay");
    let timeline = serde_json::to_string(&decision.cases[0].events).unwrap();
    for word in ["colis", "Réclamation", "anne@", "photo"] {
        assert!(!timeline.contains(word), "{word} is personal and stands on the timeline: {timeline}");
    }
}

#[test]
fn the_receipt_is_withheld_when_machines_may_be_answering_each_other() {
    let acknowledged = "new: opened, received first, wrote acknowledgement; order acknowledgement; filed";
    let withheld = "new: opened, received first, withheld acknowledgement; filed";
    let table = [
        ((0, 0), acknowledged),
        ((4, 19), acknowledged),
        ((5, 5), withheld),
        ((0, 20), withheld),
        ((u32::MAX, u32::MAX), withheld),
    ];
    for (automatic_sent, expected) in table {
        let known = Known { automatic_sent, ..known() };
        check(&format!("{automatic_sent:?}"), &Post::saying("x"), &known, expected);
    }
}

#[test]
fn the_language_is_the_letters_then_the_customers_then_the_brands() {
    let table = [
        (Some("fr"), Some("en"), "en", "fr"),
        (Some("en"), None, "fr", "en"),
        (None, Some("en"), "fr", "en"),
        (None, None, "en", "en"),
        (Some("de"), Some("en"), "fr", "en"),
        (Some("de"), Some("it"), "fr", "fr"),
        (Some("de"), None, "en", "en"),
    ];
    for (letter, before, brand, expected) in table {
        let (mut customer, identity) = sender();
        customer.language = before.map(str::to_owned);
        let known = Known { sender: Some((customer, identity)), brand_language: brand.to_owned(), ..known() };
        let decision = Post::saying("x").in_language(letter).decided(&known);
        assert_eq!(decision.cases[0].after.language, expected, "{letter:?}, {before:?}, {brand}");
    }
}

#[test]
fn a_case_that_a_machine_opened_waits_for_its_first_answer_too() {
    let post = Post::saying("Formulaire").by_machine(casework::Automatic::Generated);
    let change = post.decided(&known()).cases.remove(0);
    assert_eq!(change.after.unanswered_since, None);
    assert_eq!(change.clocks.iter().map(|clock| clock.kind).collect::<Vec<_>>(), [ClockKind::FirstReply]);
    assert!(change.act_by.is_some(), "no open case is ever without a date");
}

#[test]
fn who_takes_no_answers_and_who_wrote_long_ago_gets_no_receipt() {
    let withheld = "new: opened, received first, withheld acknowledgement; filed";
    let acknowledged = "new: opened, received first, wrote acknowledgement; order acknowledgement; filed";
    let table = [
        ("no-reply@boutique.example", withheld),
        ("ne_pas_repondre.factures@boutique.example", withheld),
        ("donotreply@boutique.example", withheld),
        ("leo.nora@boutique.example", acknowledged),
        ("anne@noreply.example", acknowledged),
    ];
    for (address, expected) in table {
        let mut post = Post::saying("Mon colis est perdu.");
        post.inbound.from = Some(casework::Mailbox { address: address.to_owned(), name: None });
        check(address, &post, &known(), expected);
    }
    let old = Post { is_history: true, ..Post::saying("Mon colis est perdu.") };
    check("brought over", &old, &known(), "new: opened, received first; filed");
}

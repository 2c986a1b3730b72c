//! A decision is written whole, and reads back as it was decided.

use std::collections::HashMap;

use casework::act::Act;
use casework::decision::ContentKind;
use casework::{Automatic, ContentId, Decision, InboundFile, Mailbox, Nature, Status};
use jiff::{SignedDuration, Timestamp};

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, mail, minute, opened, words};

both!(
    a_first_letter_reads_back,
    every_act_reads_back,
    an_empty_decision_writes_nothing,
    clocks_are_those_of_the_last_decision,
    never_is_the_largest_number_and_reads_as_none,
    a_thread_key_twice_in_one_letter_is_one_key,
);

/// What the case page shows of the messages and texts of a decision is what was decided.
async fn assert_reads_back(desk: &Desk, decision: &Decision) {
    let change = opened(decision);
    desk.assert_folds(change).await;
    let texts: HashMap<ContentId, &str> = decision.contents.iter().map(|c| (c.id, c.text.as_str())).collect();
    let page = desk.store.case_page(change.after.clone(), Some(&desk.root)).await.unwrap();
    for message in &decision.messages {
        let shown = page.messages.iter().find(|shown| shown.message.id == message.id).expect("it is shown");
        assert_eq!(&shown.message, message);
        assert_eq!(shown.text, texts[&message.text]);
        assert_eq!(shown.html.as_deref(), message.html.map(|id| texts[&id]));
    }
    let is_line = |kind| matches!(kind, ContentKind::Reason | ContentKind::Name);
    for line in decision.contents.iter().filter(|content| is_line(content.kind)) {
        assert_eq!(page.lines.get(&line.id), Some(&line.text));
    }
    let last = &page.events[page.events.len() - change.events.len()..];
    assert_eq!(last, change.events);
    assert_eq!(page.act_by, change.act_by);
}

async fn a_first_letter_reads_back(place: &Place) {
    let desk = Desk::new(place).await;
    let mut letter = mail("luc@exemple.fr", "1@exemple.fr");
    letter.answers = vec!["0@exemple.fr".to_owned(), "00@exemple.fr".to_owned()];
    letter.automatic = Some(Automatic::Generated);
    letter.html = Some("<p>Bonjour</p>".to_owned());
    letter.files = vec![InboundFile {
        index: 2,
        name: "facture d'été.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: 12_345_678_901,
        content_id: None,
    }];
    let decision = desk.receive(letter.clone(), minute(0)).await.unwrap();
    assert_reads_back(&desk, &decision).await;
    assert!(decision.messages[0].has_layout);
    let case = &opened(&decision).after;
    let page = desk.store.case_page(case.clone(), None).await.unwrap();
    assert_eq!(page.subject, letter.subject);
    assert_eq!(page.messages[0].files, letter.files);
    assert_eq!(page.messages[0].address.as_deref(), Some("luc@exemple.fr"));
    assert_eq!(page.customer.name.as_deref(), Some("Luc Martin"));
    assert_eq!(page.customer.language.as_deref(), Some("fr"));
    assert_eq!(page.customer.mail_addresses().collect::<Vec<_>>(), ["luc@exemple.fr"]);
    assert_eq!((page.brand.as_str(), page.zone.as_str()), ("Lumo", "Europe/Paris"));
    assert_eq!(page.inbox, "care@lumo.fr");
}

async fn every_act_reads_back(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let chase_at = minute(600);
    let assign = Act::Assign { team: desk.other_team, agent: Some(desk.bob.id) };
    let acts = [
        Act::Note(words("À vérifier.")),
        Act::Reply { words: words("Bonjour, nous regardons."), waits: true },
        Act::Resume,
        Act::WaitForThirdParty { name: "Réseau Ouest".to_owned(), chase_at },
        Act::ChangeNature { to: Nature::Dispute, reason: "conteste la facture".to_owned() },
        assign,
        Act::Propose(casework::write::Words {
            text: "Remboursé.".to_owned(),
            html: Some("<p>Remboursé.</p>".to_owned()),
            files: Vec::new(),
        }),
    ];
    for (act, at) in acts.into_iter().zip(1..) {
        let decision = desk.act(&desk.root, case.id, act, minute(at)).await.unwrap();
        assert_reads_back(&desk, &decision).await;
    }
    let case = desk.case(case.id).await;
    assert_eq!((case.status, case.transfers, case.assignee), (Status::Resolved, 1, Some(desk.bob.id)));
}

async fn an_empty_decision_writes_nothing(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    desk.store.commit(Decision::empty(desk.brand, START)).await.unwrap();
    assert_eq!(desk.case(case.id).await, case);
}

async fn clocks_are_those_of_the_last_decision(place: &Place) {
    let desk = Desk::new(place).await;
    let letter = desk.receive(mail("luc@exemple.fr", "1@exemple.fr"), minute(0)).await.unwrap();
    let case = opened(&letter).after.id;
    let reply = Act::Reply { words: words("Nous cherchons."), waits: false };
    let decision = desk.act(&desk.alice, case, reply, minute(1)).await.unwrap();
    let due = desk.store.claim_clocks(Timestamp::MAX, 10).await.unwrap();
    let due: Vec<_> = due.into_iter().map(|due| due.clock).collect();
    assert_eq!(due, opened(&decision).clocks);
    assert_ne!(due, opened(&letter).clocks);
}

async fn never_is_the_largest_number_and_reads_as_none(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let act_by = async |case| desk.store.case_page(case, None).await.unwrap().act_by;
    assert!(act_by(case.clone()).await.is_some());
    let decision = desk.act(&desk.root, case.id, Act::Propose(words("Voilà.")), minute(1)).await.unwrap();
    assert_eq!(opened(&decision).act_by, None);
    assert_eq!(act_by(opened(&decision).after.clone()).await, None);
    // An instant at the very end of time is none of "never".
    let mut change = opened(&decision).clone();
    change.before = Some(change.after.seq);
    change.events.clear();
    change.act_by = Some(Timestamp::MAX - SignedDuration::from_nanos(999));
    let mut last = Decision::empty(desk.brand, START);
    last.cases.push(change.clone());
    desk.store.commit(last).await.unwrap();
    assert_eq!(act_by(change.after).await, change.act_by);
}

async fn a_thread_key_twice_in_one_letter_is_one_key(place: &Place) {
    let desk = Desk::new(place).await;
    let mut letter = mail("luc@exemple.fr", "1@exemple.fr");
    // A letter that claims to answer itself.
    letter.answers = vec!["1@exemple.fr".to_owned()];
    letter.from = Some(Mailbox { address: "luc@exemple.fr".to_owned(), name: None });
    let decision = desk.receive(letter, minute(0)).await.unwrap();
    assert_eq!(decision.thread_keys.iter().filter(|key| key.mail_id == "1@exemple.fr").count(), 2);
    desk.assert_folds(opened(&decision)).await;
}

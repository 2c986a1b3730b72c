//! What strangers may write: characters that no database likes, words without end, dates at the edge of time.

use casework::act::Act;
use casework::{Mailbox, Status};
use jiff::Timestamp;
use store::Lookup;

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, mail, minute, new_agent, opened, words};

both!(
    nul_characters_harm_no_column,
    message_ids_are_read_back_as_they_were_written,
    long_texts_are_kept_whole,
    dates_at_the_edge_of_time_read_back,
    quotes_and_wildcards_are_only_text,
);

async fn nul_characters_harm_no_column(place: &Place) {
    let desk = Desk::new(place).await;
    let nasty = "a\0b";
    let mut envelope = desk.letter(b"\0\0\0");
    envelope.recipient = format!("{nasty}@lumo.fr");
    envelope.sender = format!("{nasty}@exemple.fr");
    let id = envelope.id;
    desk.store.keep_letters(vec![envelope]).await.unwrap();
    assert_eq!(desk.store.unread_letter(id).await.unwrap().unwrap().bytes, b"\0\0\0");

    let address = format!("{nasty}@exemple.fr");
    let mut letter = mail(&address, &format!("{nasty}@exemple.fr"));
    letter.from = Some(Mailbox { address: address.clone(), name: Some(nasty.to_owned()) });
    letter.subject = nasty.to_owned();
    letter.text = nasty.to_owned();
    letter.answers = vec![format!("{nasty}2@exemple.fr")];
    let decision = desk.take_in(id, letter.clone(), START).await.unwrap();
    let case = opened(&decision).after.clone();
    let page = desk.store.case_page(case.clone(), Some(&desk.root)).await.unwrap();
    assert_eq!((page.subject.as_str(), page.messages[1].text.as_str()), ("a\u{fffd}b", "a\u{fffd}b"));
    assert_eq!(page.customer.name.as_deref(), Some("a\u{fffd}b"));

    // The same sender is known again by the same address, and the same thread by the same id.
    let mut answer = letter;
    answer.answers = vec![format!("{nasty}@exemple.fr")];
    answer.message_id = None;
    let decision = desk.receive(answer, minute(1)).await.unwrap();
    assert!(decision.new_customer.is_none());
    assert_eq!(opened(&decision).after.id, case.id);

    let reason = Act::ChangeNature { to: casework::Nature::Request, reason: nasty.to_owned() };
    desk.act(&desk.alice, case.id, reason, minute(2)).await.unwrap();
    let reply = Act::Reply { words: words(nasty), waits: false };
    desk.act(&desk.alice, case.id, reply, minute(3)).await.unwrap();
    let mut agent = new_agent(&desk.alice);
    (agent.id, agent.email, agent.name) = (desk.mint.id(), nasty.to_owned(), nasty.to_owned());
    desk.store.add_agent(agent.clone(), START).await.unwrap();
    let credentials = desk.store.credentials(nasty).await.unwrap().unwrap();
    assert_eq!(credentials.agent, agent.id);
}

async fn message_ids_are_read_back_as_they_were_written(place: &Place) {
    let desk = Desk::new(place).await;
    // A backslash and `u0000`: six harmless characters that look like an escaped NUL.
    let ids = ["\\u0000@x", "\"quoted\"@x", "'; drop table cases; --@x", "é\u{1f600}@x", "\\\\@x"];
    let mut letter = mail("luc@exemple.fr", ids[0]);
    letter.answers = ids[1..].iter().map(|id| (*id).to_owned()).collect();
    let decision = desk.receive(letter, START).await.unwrap();
    let page = desk.store.case_page(opened(&decision).after.clone(), None).await.unwrap();
    let received = page.messages.iter().find(|message| message.message.letter.is_some()).unwrap();
    assert_eq!(received.message, decision.messages[0]);
    let mut conn = desk.store.reader().await.unwrap();
    let leads = Lookup(&mut conn).thread(desk.brand, &ids.map(str::to_owned)).await.unwrap();
    assert_eq!(leads, [Some(opened(&decision).after.id); 5]);
}

async fn long_texts_are_kept_whole(place: &Place) {
    let desk = Desk::new(place).await;
    let long = "é".repeat(1_500_000);
    let address = format!("{}@exemple.fr", "a".repeat(243));
    let mut letter = mail(&address, &"m".repeat(100_000));
    letter.text.clone_from(&long);
    letter.subject = long[..100_000].to_owned();
    letter.from.as_mut().unwrap().name = Some(long[..100_000].to_owned());
    letter.answers = vec!["r".repeat(100_000)];
    let decision = desk.receive(letter, START).await.unwrap();
    let page = desk.store.case_page(opened(&decision).after.clone(), Some(&desk.root)).await.unwrap();
    assert!(page.messages.iter().any(|message| message.text == long));
    assert_eq!(page.customer.name.unwrap().len(), 100_000);
    let query = store::ListQuery {
        agent: &desk.root,
        token: None,
        view: store::View::All,
        seek: store::Seek::Start,
        rows_max: 10,
    };
    let rows = desk.store.list(&query).await.unwrap().rows;
    assert!(rows[0].excerpt.chars().count() <= 400, "a list carries the beginning only");
}

async fn dates_at_the_edge_of_time_read_back(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let edge = Timestamp::from_second(Timestamp::MAX.as_second()).unwrap();
    for chase_at in [edge, Timestamp::MAX] {
        let wait = Act::WaitForThirdParty { name: "transporteur".to_owned(), chase_at };
        let decision = desk.act(&desk.alice, case.id, wait, minute(1)).await.unwrap();
        let stored = desk.case(case.id).await;
        assert_eq!(stored.status, Status::WaitingThirdParty);
        let micros = |at: Option<Timestamp>| at.map(Timestamp::as_microsecond);
        assert_eq!(micros(stored.chase_at), micros(opened(&decision).after.chase_at));
        assert!(!desk.store.claim_clocks(Timestamp::MAX, 10).await.unwrap().is_empty());
    }
}

async fn quotes_and_wildcards_are_only_text(place: &Place) {
    let desk = Desk::new(place).await;
    let nasty = "'\"%_\\$1; --";
    let mut letter = mail("o'neil%_@exemple.fr", "1@exemple.fr");
    letter.subject = nasty.to_owned();
    let decision = desk.receive(letter, START).await.unwrap();
    let page = desk.store.case_page(opened(&decision).after.clone(), None).await.unwrap();
    assert_eq!(
        (page.subject.as_str(), page.customer.identities[0].address.as_str()),
        (nasty, "o'neil%_@exemple.fr")
    );
    let mut conn = desk.store.reader().await.unwrap();
    let other = Lookup(&mut conn).sender(desk.brand, "o'neilxx@exemple.fr").await.unwrap();
    assert!(other.is_none());
}

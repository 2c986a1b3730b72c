//! What deciding asks: facts as they are, with the versions they were read at.

use casework::act::Act;
use casework::decision::{NewCustomer, ThreadKey};
use casework::{Automatic, BrandId, CaseId, Decision, intake};
use store::{Lookup, THREAD_KEYS_MAX};

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, mail, minute, opened, words};

both!(
    a_sender_is_known_by_address,
    a_thread_leads_where_its_keys_lead,
    a_filed_letter_is_known_by_its_fingerprint,
    open_cases_come_with_their_first_words,
    automatic_mails_are_counted_by_hour_and_day,
    an_answer_reaches_the_thread_last_written_in,
    a_case_that_no_person_wrote_in_is_answered_at_the_first_address,
    inboxes_and_brands_are_known,
);

async fn a_sender_is_known_by_address(place: &Place) {
    let desk = Desk::new(place).await;
    let letter = desk.receive(mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let new: &NewCustomer = letter.new_customer.as_ref().unwrap();
    let mut conn = desk.store.reader().await.unwrap();
    let mut lookup = Lookup(&mut conn);
    let (customer, identity) = lookup.sender(desk.brand, "luc@exemple.fr").await.unwrap().unwrap();
    assert_eq!((customer.id, customer.version, identity.id), (new.id, 1, letter.new_identities[0].id));
    assert_eq!((customer.name, customer.language), (new.name.clone(), new.language.clone()));
    assert_eq!((identity.customer, identity.address.as_str()), (new.id, "luc@exemple.fr"));
    assert!(lookup.sender(desk.brand, "eve@exemple.fr").await.unwrap().is_none());
    assert!(lookup.sender(BrandId(8), "luc@exemple.fr").await.unwrap().is_none());
}

async fn a_thread_leads_where_its_keys_lead(place: &Place) {
    let desk = Desk::new(place).await;
    let cases: [CaseId; 2] = [desk.mint.id(), desk.mint.id()];
    let mut decision = Decision::empty(desk.brand, START);
    for (mail_id, case) in [("a@x", cases[0]), ("b@x", cases[1]), (&"long".repeat(5000), cases[0])] {
        decision.thread_keys.push(ThreadKey { mail_id: mail_id.to_owned(), case });
    }
    desk.store.commit(decision).await.unwrap();
    let mut conn = desk.store.reader().await.unwrap();
    let mut thread = async |brand, keys: &[&str]| {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        Lookup(&mut conn).thread(brand, &keys).await.unwrap()
    };
    let leads = thread(desk.brand, &["b@x", "none@x", "a@x", "b@x", &"long".repeat(5000)]).await;
    assert_eq!(leads, [Some(cases[1]), None, Some(cases[0]), Some(cases[1]), Some(cases[0])]);
    assert_eq!(thread(BrandId(8), &["a@x"]).await, [None]);
    assert!(thread(desk.brand, &[]).await.is_empty());
    let mut many = ["none@x"; THREAD_KEYS_MAX + 5];
    many[THREAD_KEYS_MAX - 1] = "a@x";
    let leads = thread(desk.brand, &many).await;
    assert_eq!((leads.len(), leads[THREAD_KEYS_MAX - 1]), (THREAD_KEYS_MAX, Some(cases[0])));
}

async fn a_filed_letter_is_known_by_its_fingerprint(place: &Place) {
    let desk = Desk::new(place).await;
    let letter = mail("luc@exemple.fr", "1@exemple.fr");
    let case = opened(&desk.receive(letter.clone(), START).await.unwrap()).after.id;
    let mut conn = desk.store.reader().await.unwrap();
    let mut lookup = Lookup(&mut conn);
    let fingerprint = intake::fingerprint(&letter);
    assert_eq!(lookup.filed(desk.brand, fingerprint).await.unwrap(), Some(case));
    assert_eq!(lookup.filed(desk.brand, [0; 32]).await.unwrap(), None);
    assert_eq!(lookup.filed(BrandId(8), fingerprint).await.unwrap(), None);
}

async fn open_cases_come_with_their_first_words(place: &Place) {
    let desk = Desk::new(place).await;
    let mut cases = Vec::new();
    for (text, at) in [("ligne coupée", 0_u8), ("facture fausse", 1), ("colis perdu", 2)] {
        let mut letter = mail("luc@exemple.fr", &format!("{at}@exemple.fr"));
        text.clone_into(&mut letter.text);
        letter.body_hash = [at; 32];
        let decision = desk.receive(letter, minute(i64::from(at))).await.unwrap();
        cases.push(opened(&decision).after.id);
    }
    let mut answer = mail("luc@exemple.fr", "9@exemple.fr");
    answer.answers = vec!["0@exemple.fr".to_owned()];
    "toujours rien".clone_into(&mut answer.text);
    desk.receive(answer, minute(5)).await.unwrap();
    let mut close = Decision::empty(desk.brand, START);
    let case = desk.case(cases[1]).await;
    let customer = case.customer;
    let mut pen = casework::decision::Pen::on(case, minute(6), casework::Actor::Desk, casework::Cause::Act);
    pen.record(casework::What::Closed { closing: casework::Closing::Confirmed });
    close.cases.push(pen.put_down(&casework::Policy::default(), &desk.calendar));
    desk.store.commit(close).await.unwrap();
    let mut conn = desk.store.reader().await.unwrap();
    let found = Lookup(&mut conn).open_cases(desk.brand, customer).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|(case, words)| (case.id, words)).collect();
    assert_eq!(found, [(cases[2], "colis perdu".to_owned()), (cases[0], "ligne coupée".to_owned())]);
}

async fn automatic_mails_are_counted_by_hour_and_day(place: &Place) {
    let desk = Desk::new(place).await;
    for (number, at) in [(0_u8, 0), (1, 60 * 23), (2, 60 * 23 + 30)] {
        let mut letter = mail("luc@exemple.fr", &format!("{number}@exemple.fr"));
        ["ligne coupée", "facture fausse", "colis perdu"][usize::from(number)].clone_into(&mut letter.text);
        letter.body_hash = [number; 32];
        desk.receive(letter, minute(at)).await.unwrap();
    }
    let mut conn = desk.store.reader().await.unwrap();
    let mut lookup = Lookup(&mut conn);
    let (_, identity) = lookup.sender(desk.brand, "luc@exemple.fr").await.unwrap().unwrap();
    for (at, wanted) in [(60 * 23 + 45, (2, 3)), (60 * 24, (1, 2)), (60 * 30, (0, 2)), (60 * 60, (0, 0))] {
        assert_eq!(lookup.automatic_sent(desk.brand, identity.id, minute(at)).await.unwrap(), wanted, "{at}");
    }
    assert_eq!(lookup.automatic_sent(desk.brand, desk.mint.id(), minute(0)).await.unwrap(), (0, 0));
}

async fn an_answer_reaches_the_thread_last_written_in(place: &Place) {
    let desk = Desk::new(place).await;
    let letter = desk.receive(mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let case = opened(&letter).after.id;
    let mut answer = mail("luc@exemple.fr", "2@exemple.fr");
    answer.answers = vec!["1@exemple.fr".to_owned()];
    "Re: ligne".clone_into(&mut answer.subject);
    desk.receive(answer.clone(), minute(1)).await.unwrap();
    answer.message_id = Some("3@exemple.fr".to_owned());
    answer.automatic = Some(Automatic::Reply);
    desk.receive(answer, minute(2)).await.unwrap();
    desk.act(&desk.alice, case, Act::Note(words("note")), minute(3)).await.unwrap();
    let stored = desk.case(case).await;
    let mut conn = desk.store.reader().await.unwrap();
    let mut lookup = Lookup(&mut conn);
    let situation = lookup.situation(stored.clone(), None).await.unwrap();
    let reach = situation.reach.unwrap();
    assert_eq!(reach.answers, ["2@exemple.fr", "1@exemple.fr"]);
    assert_eq!((reach.to, reach.host.as_str()), (letter.messages[0].identity.unwrap(), "lumo.fr"));
    assert_eq!((situation.case, situation.team_members), (stored.clone(), Vec::new()));
    let situation = lookup.situation(stored, Some(desk.other_team)).await.unwrap();
    assert_eq!(situation.team_members, [desk.bob.id]);
}

async fn a_case_that_no_person_wrote_in_is_answered_at_the_first_address(place: &Place) {
    let desk = Desk::new(place).await;
    let mut letter = mail("robot@exemple.fr", "1@exemple.fr");
    letter.automatic = Some(Automatic::Generated);
    let letter = desk.receive(letter, START).await.unwrap();
    let case = opened(&letter).after.id;
    let reply = Act::Reply { words: words("Bonjour"), waits: false };
    let decision = desk.act(&desk.alice, case, reply, minute(1)).await.unwrap();
    assert_eq!(decision.messages[0].identity, letter.messages[0].identity);
    assert!(decision.messages[0].answers.is_empty());
}

async fn inboxes_and_brands_are_known(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let mut conn = desk.store.reader().await.unwrap();
    let mut lookup = Lookup(&mut conn);
    assert!(lookup.is_inbox("care@lumo.fr").await.unwrap());
    assert!(!lookup.is_inbox("luc@exemple.fr").await.unwrap());
    let inbox = lookup.inbox(desk.brand, desk.inbox).await.unwrap();
    assert_eq!(inbox, Some((desk.team, "care@lumo.fr".to_owned())));
    assert_eq!(lookup.inbox(BrandId(8), desk.inbox).await.unwrap(), None);
    assert_eq!(lookup.brand_language(desk.brand).await.unwrap().as_deref(), Some("fr"));
    assert_eq!(lookup.brand_language(BrandId(8)).await.unwrap(), None);
    let found = lookup.case_by_reference(desk.brand, &case.reference).await.unwrap();
    assert_eq!(found.as_ref(), Some(&case));
    assert_eq!(lookup.case_by_reference(BrandId(8), &case.reference).await.unwrap(), None);
}

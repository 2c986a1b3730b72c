//! Walks through the mail door: a letter comes in, is answered, is answered back, is settled. Both engines.

use casework::act::{Act, CustomerAct};
use casework::decision::AsideReason;
use casework::event::What;
use casework::write::Words;
use casework::{Agent, Automatic, Case, ClockKind, Closing, Proof, Purpose, Status};
use desk::door::{DoorError, act};
use jiff::SignedDuration;

use crate::on_both_engines;
use crate::support::{BRAND, INBOX, Letter, TestDesk};

fn words(text: &str) -> Words {
    Words { text: text.to_owned(), html: Some(format!("<p>{text}</p>")), files: Vec::new() }
}

async fn do_act(desk: &TestDesk, agent: &Agent, case: &Case, deed: Act) {
    act::by_agent(&desk.desk, agent, (BRAND, case.id), deed, None).await.unwrap();
    desk.settle().await;
}

async fn happenings(desk: &TestDesk, case: &Case) -> Vec<What> {
    let events = desk.desk.store.timeline(BRAND, case.id).await.unwrap();
    events.into_iter().map(|event| event.what).collect()
}

on_both_engines! {
    async fn a_complaint_is_answered_and_confirmed(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        assert_eq!((case.status, case.language.as_str()), (Status::New, "fr"));

        let (to, receipt) = desk.sent().await.remove(0);
        assert_eq!(to, "nadia@exemple.fr");
        assert_eq!(receipt.answers, ["first@exemple.fr"]);
        assert!(receipt.subject.contains(case.reference.as_str()), "{}", receipt.subject);
        assert!(receipt.text.contains("https://desk.example/c/"), "{}", receipt.text);
        assert_eq!(receipt.automatic, Some(Automatic::Reply), "a receipt says that a machine wrote it");

        let camille = desk.agent("camille").clone();
        desk.pass(SignedDuration::from_mins(20));
        do_act(&desk, &camille, &case, Act::Reply { words: words("Je vérifie auprès du transporteur."), waits: false }).await;
        let (_, answer) = desk.sent().await.remove(1);
        assert_eq!(answer.automatic, None);
        assert!(answer.answers.contains(&"first@exemple.fr".to_owned()));
        assert!(answer.text.contains("Je vérifie auprès du transporteur."));
        let reply_to = answer.reply_to.clone().unwrap().address;
        assert!(reply_to.starts_with("bonjour+"), "{reply_to}");
        assert_eq!(desk.only_case().await.assignee, Some(camille.id), "who answers is in charge");

        desk.pass(SignedDuration::from_mins(20));
        let back = answer.message_id.clone().unwrap();
        desk.mail(&Letter { id: "second@exemple.fr", to: &reply_to, answers: &["first@exemple.fr", &back], text: "Merci, j'attends.\r\n", ..Letter::default() }).await;
        let case = desk.only_case().await;
        assert!(happenings(&desk, &case).await.iter().any(|what| matches!(what, What::MessageReceived { proof: Proof::SignedAddress, .. })));

        do_act(&desk, &camille, &case, Act::Propose(words("Un nouveau colis part ce soir."))).await;
        assert_eq!(desk.only_case().await.status, Status::Resolved);
        act::by_customer(&desk.desk, (BRAND, case.id), CustomerAct::Confirm, None).await.unwrap();
        act::by_customer(&desk.desk, (BRAND, case.id), CustomerAct::Confirm, None).await.unwrap();
        let case = desk.only_case().await;
        assert_eq!((case.status, case.closing), (Status::Closed, Some(Closing::Confirmed)));
        let closings = happenings(&desk, &case).await.iter().filter(|what| matches!(what, What::Closed { .. })).count();
        assert_eq!(closings, 1, "confirming twice closes once");
        let timeline = desk.desk.store.timeline(BRAND, case.id).await.unwrap();
        assert_eq!(casework::fold::fold(BRAND, case.id, &timeline), Some(case));
    }

    async fn a_note_never_leaves(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let camille = desk.agent("camille").clone();
        do_act(&desk, &camille, &case, Act::Note(words("Cliente fidèle, soyons généreux."))).await;
        let sent = desk.sent().await;
        assert_eq!(sent.len(), 1, "only the receipt");
        assert!(sent.iter().all(|(_, mail)| !mail.text.contains("généreux")));
    }

    async fn an_answer_to_ones_own_first_mail_joins_it(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        desk.mail(&Letter { id: "b@exemple.fr", answers: &["first@exemple.fr"], subject: "Re: Colis en retard", text: "J'ajoute la photo du carton.\r\n", ..Letter::default() }).await;
        assert_eq!(desk.only_case().await.seq, 5, "opened, received, receipt written, sent, received");
    }

    async fn an_answer_that_overtakes_its_question_finds_it(desk: TestDesk) {
        desk.mail(&Letter { id: "b@exemple.fr", answers: &["first@exemple.fr"], text: "J'ajoute la photo du carton abîmé.\r\n", ..Letter::default() }).await;
        desk.mail(&Letter::default()).await;
        desk.only_case().await;
    }

    async fn the_same_letter_twice_is_filed_once(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        desk.mail(&Letter::default()).await;
        assert_eq!(desk.only_case().await.seq, 4, "opened, received, receipt written, sent");
        assert_eq!(desk.sent().await.len(), 1, "one receipt");
    }

    async fn two_problems_of_one_customer_are_two_cases(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        desk.mail(&Letter { id: "other@exemple.fr", subject: "Facture", text: "La bouilloire achetée en janvier fait disjoncter toute la maison, je demande son échange.\r\n", ..Letter::default() }).await;
        assert_eq!(desk.cases().await.len(), 2);
    }

    async fn two_orders_in_the_same_words_are_two_cases(desk: TestDesk) {
        let asks = |order: &str| format!("Bonjour,\r\nMa commande {order} n'est toujours pas arrivée. Où en est-elle ?\r\n");
        for (id, order) in [("a@exemple.fr", "MG-24802"), ("b@exemple.fr", "MG-25111"), ("c@exemple.fr", "mg 24802 / MG24802")] {
            desk.mail(&Letter { id, text: &asks(order), ..Letter::default() }).await;
        }
        let cases = desk.cases().await;
        assert_eq!(cases.len(), 2, "the third letter is about the first order");
        assert_eq!(desk.sent().await.len(), 2, "each case has its receipt");
    }

    async fn a_letter_from_our_own_signed_address_opens_nothing(desk: TestDesk) {
        desk.mail(&Letter { from: "bonjour+agraf@atelier.example", ..Letter::default() }).await;
        assert_eq!(desk.cases().await.len(), 0);
    }

    async fn a_team_that_does_not_exist_is_refused(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let camille = desk.agent("camille").clone();
        let team = casework::TeamId(case.id.0);
        let refused = act::by_agent(&desk.desk, &camille, (BRAND, case.id), Act::Assign { team, agent: None }, None).await;
        assert!(matches!(refused, Err(DoorError::Refused(casework::Refusal::NotInTeam))));
    }

    async fn a_stranger_in_the_thread_gets_a_case_of_their_own(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let (_, receipt) = desk.sent().await.remove(0);
        let signed = receipt.reply_to.clone().unwrap().address;
        let known = receipt.message_id.clone().unwrap();
        let subject = format!("Re: Colis en retard [{}]", case.reference);
        desk.mail(&Letter { from: "eve@exemple.org", name: "Eve", id: "x@exemple.org", to: &signed, answers: &[&known], subject: &subject, text: "Envoyez le remboursement sur mon compte.\r\n", ..Letter::default() }).await;
        let cases = desk.cases().await;
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[0].seq, case.seq, "nothing was added to the first case");
        let receipts: Vec<_> = desk.sent().await.into_iter().map(|(to, _)| to).collect();
        assert!(receipts.contains(&"eve@exemple.org".to_owned()), "{receipts:?}");
    }

    async fn machines_are_never_answered(desk: TestDesk) {
        let headers = ["Auto-Submitted: auto-replied\r\n", "List-Id: <news.exemple.org>\r\nList-Unsubscribe: <mailto:u@exemple.org>\r\nPrecedence: list\r\n"];
        for (number, headers) in headers.into_iter().enumerate() {
            let id = format!("auto{number}@exemple.org");
            desk.mail(&Letter { from: "robot@exemple.org", id: &id, headers, ..Letter::default() }).await;
        }
        assert_eq!(desk.cases().await.len(), 0);
        assert_eq!(desk.sent().await.len(), 0);
        let admin = desk.agent("admin").id;
        assert_eq!(desk.desk.store.aside_letters((admin, true), AsideReason::ALL, None, 10).await.unwrap().len(), 2, "kept, visible");
    }

    async fn our_own_mail_that_comes_back_opens_nothing(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let raw = desk.desk.store.postbox(1).await.unwrap().remove(0).bytes;
        desk.hand_in("nadia@exemple.fr", INBOX, &raw).await;
        desk.settle().await;
        assert_eq!(desk.only_case().await.seq, 4, "opened, received, receipt written, sent");
    }

    async fn a_proposal_without_answer_is_reminded_of_and_lapses(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let camille = desk.agent("camille").clone();
        do_act(&desk, &camille, &case, Act::Propose(words("Nous vous remboursons 39 euros."))).await;
        desk.pass(SignedDuration::from_hours(5 * 24));
        desk.settle().await;
        let (_, reminder) = desk.sent().await.pop().unwrap();
        assert!(reminder.text.contains("https://desk.example/c/"));
        assert!(happenings(&desk, &case).await.iter().any(|what| matches!(what, What::MessageWritten { purpose: Purpose::Reminder, .. })));
        desk.pass(SignedDuration::from_hours(5 * 24));
        desk.settle().await;
        let case = desk.only_case().await;
        assert_eq!((case.status, case.closing), (Status::Closed, Some(Closing::Lapsed)));
        assert_eq!(desk.sent().await.len(), 3, "receipt, proposal, one reminder");
    }

    async fn a_clock_rings_once_and_says_that_it_is_late(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        desk.pass(SignedDuration::from_hours(100));
        desk.settle().await;
        let second = desk.second_node().await;
        assert_eq!(desk::worker::clocks::ring_due(&second).await.unwrap(), 0);
        second.store.close().await;
        let case = desk.only_case().await;
        let rings: Vec<_> = happenings(&desk, &case).await.into_iter().filter(|what| matches!(what, What::ClockRang { .. })).collect();
        assert!(matches!(rings[..], [What::ClockRang { kind: ClockKind::FirstReply, is_late: true, .. }]), "{rings:?}");
    }

    async fn the_desk_refuses_an_agent_of_another_team(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let idriss = desk.agent("idriss").clone();
        let refused = act::by_agent(&desk.desk, &idriss, (BRAND, case.id), Act::Note(words("coucou")), None).await;
        assert!(matches!(refused, Err(DoorError::Refused(casework::Refusal::NotAllowed))));
    }

    async fn fifty_first_mails_at_once_about_one_problem_are_one_case(desk: TestDesk) {
        for number in 0..50 {
            let id = format!("burst{number}@exemple.fr");
            let text = format!("Bonjour,\r\nMon colis MG-2481 devait arriver mardi dernier et je n'ai rien reçu. Message {number}.\r\n");
            let letter = Letter { id: &id, text: &text, ..Letter::default() };
            desk.hand_in(letter.from, letter.to, letter.to_mail(desk.desk.clock.now()).as_bytes()).await;
        }
        let second = desk.second_node().await;
        let (first, other) = tokio::join!(desk::demo::player::work(&desk.desk), desk::demo::player::work(&second));
        first.unwrap();
        other.unwrap();
        desk.settle().await;
        second.store.close().await;
        let case = desk.only_case().await;
        let received = happenings(&desk, &case).await.iter().filter(|what| matches!(what, What::MessageReceived { .. })).count();
        assert_eq!(received, 50);
        assert_eq!(desk.sent().await.len(), 1, "one receipt");
    }

    async fn a_letter_that_nobody_survives_is_kept_aside(desk: TestDesk) {
        let letter = Letter::default();
        desk.hand_in(letter.from, letter.to, letter.to_mail(desk.desk.clock.now()).as_bytes()).await;
        for _ in 0..26 {
            // A process claims it and dies: nothing is said, the lease runs out.
            assert_eq!(desk.desk.store.claim_letters(desk.desk.clock.now(), 10).await.unwrap().len(), 1);
            desk.pass(SignedDuration::from_mins(2));
        }
        desk.settle().await;
        assert_eq!(desk.cases().await.len(), 0);
        let admin = desk.agent("admin").id;
        let aside = desk.desk.store.aside_letters((admin, true), AsideReason::ALL, None, 10).await.unwrap();
        assert_eq!(aside.len(), 1, "kept, visible");
        assert!(desk.desk.store.insist_on_letter(aside[0].id, admin, true).await.unwrap());
        desk.settle().await;
        desk.only_case().await;
    }

    async fn an_act_asked_for_twice_is_done_once_and_forgotten_after_three_days(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let camille = desk.agent("camille").clone();
        let once = desk::door::once::Once::new("camille", "the form of this page");
        for _ in 0..2 {
            let note = Act::Note(words("Appelée ce matin."));
            act::by_agent(&desk.desk, &camille, (BRAND, case.id), note, once.clone()).await.unwrap();
        }
        let notes = |happened: Vec<What>| happened.iter().filter(|what| matches!(what, What::NoteWritten { .. })).count();
        assert_eq!(notes(happenings(&desk, &case).await), 1);
        assert_eq!(desk::worker::sweep::sweep(&desk.desk).await.unwrap(), 0);
        desk.pass(SignedDuration::from_hours(73));
        assert_eq!(desk::worker::sweep::sweep(&desk.desk).await.unwrap(), 1);
        desk.settle().await;
    }

    async fn two_hundred_acts_at_once_on_one_case_lose_none(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        let case = desk.only_case().await;
        let camille = desk.agent("camille").clone();
        let acts = (0..200).map(|number| {
            let (desk, camille, id) = (desk.desk.clone(), camille.clone(), case.id);
            tokio::spawn(async move { act::by_agent(&desk, &camille, (BRAND, id), Act::Note(words(&format!("note {number}"))), None).await })
        });
        for done in futures::future::join_all(acts).await {
            done.unwrap().unwrap();
        }
        let notes = happenings(&desk, &case).await.iter().filter(|what| matches!(what, What::NoteWritten { .. })).count();
        assert_eq!(notes, 200);
        let timeline = desk.desk.store.timeline(BRAND, case.id).await.unwrap();
        assert_eq!(casework::fold::fold(BRAND, case.id, &timeline), Some(desk.only_case().await));
    }

    // A support address that is a Google group: every customer's letter carries the marks of a list.
    async fn a_letter_by_our_own_group_is_a_customers(desk: TestDesk) {
        let list = "List-ID: <bonjour.atelier.example>\r\nList-Post: <https://groups.example/x>, <mailto:bonjour@atelier.example>\r\nPrecedence: list\r\n";
        desk.mail(&Letter { headers: list, ..Letter::default() }).await;
        assert_eq!(desk.only_case().await.status, Status::New);
        assert_eq!(desk.sent().await.len(), 1, "she has her receipt");
        let other = "List-ID: <news.boutique.example>\r\nList-Post: <mailto:news@boutique.example>\r\nPrecedence: list\r\n";
        desk.mail(&Letter { headers: other, id: "news@boutique.example", from: "news@boutique.example", ..Letter::default() }).await;
        assert_eq!(desk.cases().await.len(), 1, "somebody else's list is a newsletter");
    }
}

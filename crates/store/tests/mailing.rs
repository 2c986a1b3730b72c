//! Mail on its way out: what it is written from, its bytes kept once, and what is stuck.

use casework::act::Act;
use casework::delivery::{self, Answer, Attempt};
use casework::{Case, Decision, Mailbox, MessageId, MessageState, Purpose};
use futures::future::join_all;
use store::{Lock, Lookup, PostboxMail};
use uuid::Uuid;

use crate::engines::{Place, both};
use crate::fixture::{Desk, Fault, START, mail, minute, opened};

both!(
    a_mail_is_written_from_all_that_is_known,
    bytes_are_kept_once,
    what_is_stuck_is_shown_and_tried_again,
    the_postbox_keeps_each_mail_once,
);

async fn a_mail_is_written_from_all_that_is_known(place: &Place) {
    let desk = Desk::new(place).await;
    let letter = desk.receive(mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let case = opened(&letter).after.id;
    let html = Some("<p>Bonjour</p>".to_owned());
    let reply = Act::Reply {
        words: casework::write::Words { text: "Bonjour".to_owned(), html, files: Vec::new() },
        waits: false,
    };
    let decision = desk.act(&desk.alice, case, reply, minute(1)).await.unwrap();
    let message = decision.messages[0].clone();
    let mail = desk.store.to_write(desk.brand, message.id).await.unwrap().unwrap();
    assert_eq!((&mail.case, &mail.message), (&opened(&decision).after, &message));
    assert_eq!((mail.text.as_str(), mail.html.as_deref()), ("Bonjour", Some("<p>Bonjour</p>")));
    assert_eq!(mail.subject, "Ligne coupée");
    assert_eq!(
        mail.to,
        Mailbox { address: "luc@exemple.fr".to_owned(), name: Some("Luc Martin".to_owned()) }
    );
    assert_eq!(mail.inbox, Mailbox { address: "care@lumo.fr".to_owned(), name: Some("Lumo".to_owned()) });
    assert_eq!((mail.brand.as_str(), mail.zone.as_str()), ("Lumo", "Europe/Paris"));
    assert_eq!(mail.author.as_deref(), Some("Alice"));
    assert_eq!(message.answers, ["1@exemple.fr"]);

    let receipt = letter.orders[0].message;
    let mail = desk.store.to_write(desk.brand, receipt).await.unwrap().unwrap();
    assert_eq!(mail.message.purpose, Some(Purpose::Acknowledgement));
    assert_eq!((mail.text.as_str(), mail.html, mail.author), ("", None, None));
    assert!(desk.store.to_write(desk.brand, desk.mint.id()).await.unwrap().is_none());
}

async fn bytes_are_kept_once(place: &Place) {
    let desk = Desk::new(place).await;
    let message: MessageId = desk.mint.id();
    assert_eq!(desk.store.outgoing(desk.brand, message).await.unwrap(), None);
    let kept = (0..20_u8).map(|number| desk.store.keep_outgoing(desk.brand, message, vec![number, 0, 255]));
    let kept: Vec<Vec<u8>> = join_all(kept).await.into_iter().map(Result::unwrap).collect();
    assert!(kept.iter().all(|mail| *mail == kept[0]));
    assert_eq!(desk.store.outgoing(desk.brand, message).await.unwrap().as_ref(), Some(&kept[0]));
    assert_eq!(desk.store.keep_outgoing(desk.brand, message, b"other".to_vec()).await.unwrap(), kept[0]);
    let other = desk.store.keep_outgoing(desk.brand, desk.mint.id(), b"other".to_vec()).await.unwrap();
    assert_eq!(other, b"other");
}

/// The order is tried, with this answer.
async fn attempt(desk: &Desk, case: &Case, answer: Answer, at: jiff::Timestamp) -> Decision {
    let lease: Uuid = desk.mint.id();
    let due = desk.store.claim_orders(at, lease, 1).await.unwrap().remove(0);
    let attempt = Attempt {
        order: due.id,
        lease,
        message: due.message,
        to: due.to,
        state: due.state,
        number: due.attempt,
        ordered_at: due.ordered_at,
        answer,
    };
    let (thinker, case) = (desk.clone(), case.id);
    let decided = desk.store.decide(Lock::Case(desk.brand, case), move |conn| {
        let (mut desk, attempt) = (thinker.clone(), attempt.clone());
        Box::pin(async move {
            let mut lookup = Lookup(conn);
            let case = lookup.case(desk.brand, case).await?.unwrap();
            let situation = lookup.situation(case, None).await?;
            Ok::<_, Fault>(delivery::decide(&attempt, (&situation, None), &mut desk.mint, at))
        })
    });
    decided.await.unwrap()
}

async fn what_is_stuck_is_shown_and_tried_again(place: &Place) {
    let desk = Desk::new(place).await;
    let case = desk.open_case().await;
    let stuck = async || desk.store.stuck(desk.alice.id, false, 10).await.unwrap();
    assert!(stuck().await.is_empty(), "not tried yet");
    let delayed = attempt(&desk, &case, Answer::Later("451 plus tard".to_owned()), minute(1)).await;
    desk.assert_folds(opened(&delayed)).await;
    let shown = stuck().await.remove(0);
    assert_eq!((shown.reference, shown.is_given_up, shown.attempts), (case.reference.clone(), false, 1));
    assert_eq!((shown.ordered_at, shown.due_at), (START, minute(1) + jiff::SignedDuration::from_secs(30)));
    assert_eq!(shown.reason, "451 plus tard");
    let page = desk.store.case_page(desk.case(case.id).await, None).await.unwrap();
    let receipt = page.messages.iter().find(|message| message.message.purpose.is_some()).unwrap();
    assert_eq!((receipt.reason.as_deref(), receipt.again_at), (Some("451 plus tard"), Some(shown.due_at)));

    attempt(
        &desk,
        &case,
        Answer::Refused { words: "550 inconnu".to_owned(), status: None, is_of_recipient: true },
        minute(2),
    )
    .await;
    let shown = stuck().await.remove(0);
    assert_eq!((shown.is_given_up, shown.attempts, shown.reason.as_str()), (true, 2, "550 inconnu"));
    assert_eq!(desk.store.undone_orders().await.unwrap(), 0);
    let given_up = async |agent, since| desk.store.given_up_since(agent, false, since).await.unwrap();
    let before = START - jiff::SignedDuration::from_secs(1);
    assert_eq!((given_up(desk.alice.id, before).await, given_up(desk.alice.id, START).await), (1, 0));
    assert_eq!(given_up(desk.root.id, before).await, 0, "of no team");

    let retry = async |agent, is_everywhere| {
        desk.store.retry_order(shown.order, agent, is_everywhere, minute(9)).await.unwrap()
    };
    assert!(!retry(desk.root.id, false).await, "an administrator of no team, asking for their teams");
    assert!(desk.store.stuck(desk.root.id, false, 10).await.unwrap().is_empty());
    assert_eq!(desk.store.stuck(desk.root.id, true, 10).await.unwrap().len(), 1);
    assert!(retry(desk.alice.id, false).await);
    let again = stuck().await.remove(0);
    assert_eq!((again.is_given_up, again.due_at, again.ordered_at), (false, minute(9), minute(9)));
    assert_eq!(desk.store.undone_orders().await.unwrap(), 1);
    attempt(&desk, &case, Answer::Taken, minute(9)).await;
    assert!(stuck().await.is_empty());
    assert!(!retry(desk.alice.id, false).await, "it has left");
    let states = desk.store.message_states(desk.brand, case.id).await.unwrap();
    let states: Vec<MessageState> = states.into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, [MessageState::Received, MessageState::Sent]);
}

async fn the_postbox_keeps_each_mail_once(place: &Place) {
    let desk = Desk::new(place).await;
    let letter = |id, minutes, bytes: &[u8]| PostboxMail {
        id,
        at: minute(minutes),
        sender: "care@lumo.fr".to_owned(),
        recipient: "luc@exemple.fr".to_owned(),
        bytes: bytes.to_vec(),
    };
    let ids: [Uuid; 3] = [desk.mint.id(), desk.mint.id(), desk.mint.id()];
    for (id, minutes) in ids.into_iter().zip([1, 3, 2]) {
        desk.store.put_in_postbox(letter(id, minutes, b"first")).await.unwrap();
        desk.store.put_in_postbox(letter(id, minutes, b"again")).await.unwrap();
    }
    let newest = desk.store.postbox(2).await.unwrap();
    assert_eq!(newest.iter().map(|mail| mail.id).collect::<Vec<_>>(), [ids[1], ids[2]]);
    let mail = desk.store.postbox_mail(ids[0]).await.unwrap().unwrap();
    assert_eq!((mail.bytes.as_slice(), mail.at), (b"first".as_slice(), minute(1)));
    assert!(desk.store.postbox_mail(desk.mint.id()).await.unwrap().is_none());
}

//! The same letter more than once: by resending, by two of our addresses, by two brands, by a number used twice.

use std::collections::BTreeSet;

use casework::event::{Flag, What};
use casework::{BrandId, InboxId, Mint as _, TeamId};
use channels::mail::server::{Envelope, Kept, Letterbox, Protocol};
use desk::letterbox::DeskLetterbox;
use store::{Brand, Inbox, Lookup, Team};

use super::post::{happenings, received};
use crate::on_both_engines;
use crate::support::{BRAND, INBOX, Letter, TestDesk};

/// Hands a letter in for several of our addresses at once, as one mail to all of them arrives.
async fn hand_in_for(desk: &TestDesk, recipients: &[&str], letter: &Letter<'_>) {
    let envelope = Envelope {
        from: letter.from.to_owned(),
        recipients: recipients.iter().map(|&to| to.to_owned()).collect(),
        bytes: letter.to_mail(desk.desk.clock.now()).into_bytes(),
        peer: "192.0.2.1".to_owned(),
        helo: "client.example".to_owned(),
    };
    let kept = DeskLetterbox { desk: desk.desk.clone(), protocol: Protocol::Lmtp }.keep(envelope).await;
    assert_eq!(kept, vec![Kept::Yes; recipients.len()]);
    desk.settle().await;
}

/// A second brand with an inbox of its own, worked by the same rules.
async fn second_brand(desk: &TestDesk, address: &str) -> BrandId {
    let (store, id) = (&desk.desk.store, BrandId(2));
    let brand = Brand {
        id,
        slug: "fabrique".to_owned(),
        name: "La Fabrique".to_owned(),
        language: "fr".to_owned(),
        zone: "Europe/Paris".to_owned(),
    };
    store.add_brand(brand).await.unwrap();
    let first = store.teams().await.unwrap().into_iter().find(|(brand, _, _)| *brand == BRAND).unwrap().1;
    let (policy, _) = Lookup(&mut store.reader().await.unwrap()).team_rules(BRAND, first).await.unwrap();
    let team = TeamId(desk.desk.mint().uuid());
    let calendar = desk::demo::setting::office_hours("Europe/Paris").unwrap();
    store
        .add_team(Team { brand: id, id: team, name: "Fabrique".to_owned(), policy, calendar })
        .await
        .unwrap();
    let inbox = InboxId(desk.desk.mint().uuid());
    store
        .add_inbox(Inbox {
            brand: id,
            id: inbox,
            address: address.to_owned(),
            name: "La Fabrique".to_owned(),
            team,
        })
        .await
        .unwrap();
    id
}

on_both_engines! {
    // freescout#3607: the same mail came in twenty-five times.
    async fn the_same_mail_twenty_five_times_is_one_letter_and_one_receipt(desk: TestDesk) {
        for _ in 0..25 {
            desk.mail(&Letter::default()).await;
        }
        assert_eq!(received(&desk, &desk.only_case().await).await, 1);
        assert_eq!(desk.sent().await.len(), 1);
        assert_eq!(desk.desk.store.duplicate_letters().await.unwrap(), 24, "kept, and known for what they are");
    }

    // zammad#1662: one mail became two tickets when it was read twice, here by two nodes at the same time.
    async fn one_mail_read_by_two_nodes_at_once_is_one_case(desk: TestDesk) {
        let letter = Letter::default();
        for _ in 0..6 {
            desk.hand_in(letter.from, letter.to, letter.to_mail(desk.desk.clock.now()).as_bytes()).await;
        }
        let second = desk.second_node().await;
        let (one, other) = tokio::join!(desk::demo::player::work(&desk.desk), desk::demo::player::work(&second));
        one.unwrap();
        other.unwrap();
        desk.settle().await;
        second.store.close().await;
        assert_eq!(received(&desk, &desk.only_case().await).await, 1);
        assert_eq!(desk.sent().await.len(), 1);
    }

    // zammad#1578: one mail to two mailboxes.
    async fn a_mail_to_two_of_our_inboxes_is_one_case(desk: TestDesk) {
        hand_in_for(&desk, &[INBOX, "magasin@atelier.example"], &Letter::default()).await;
        assert_eq!(received(&desk, &desk.only_case().await).await, 1);
        assert_eq!(desk.sent().await.len(), 1);
    }

    async fn an_alias_a_tag_and_capitals_are_the_same_inbox(desk: TestDesk) {
        let inbox = desk.desk.store.inbox_at(INBOX).await.unwrap().unwrap().id;
        desk.desk.store.add_alias("contact@atelier.example".to_owned(), BRAND, inbox).await.unwrap();
        let addresses = ["Contact@Atelier.example", "bonjour+printemps@atelier.example", "contact+web@atelier.example"];
        hand_in_for(&desk, &addresses, &Letter::default()).await;
        let case = desk.only_case().await;
        assert_eq!((case.inbox, received(&desk, &case).await), (inbox, 1));
        let receipt = desk.sent().await.pop().unwrap().1;
        assert!(receipt.from.unwrap().address.starts_with("bonjour@"), "we answer as the inbox itself");
    }

    async fn a_mail_to_two_brands_is_two_cases_that_know_nothing_of_each_other(desk: TestDesk) {
        let other = second_brand(&desk, "bonjour@fabrique.example").await;
        hand_in_for(&desk, &[INBOX, "bonjour@fabrique.example"], &Letter::default()).await;
        let cases = desk.cases().await;
        let brands: BTreeSet<_> = cases.iter().map(|case| case.brand).collect();
        assert_eq!((cases.len(), brands), (2, BTreeSet::from([BRAND, other])));
        let sent = desk.sent().await;
        assert_eq!(sent.len(), 2);
        let first = sent.iter().find(|(_, mail)| mail.from.as_ref().unwrap().address == INBOX).unwrap().1.clone();
        let signed = first.reply_to.unwrap().address;
        // An answer to both: the signed address proves the case of its own brand alone.
        let answer = Letter { id: "b@exemple.fr", answers: &[first.message_id.as_deref().unwrap()], text: "Alors ?\r\n", ..Letter::default() };
        hand_in_for(&desk, &[&signed, "bonjour@fabrique.example"], &answer).await;
        let cases = desk.cases().await;
        let here: Vec<_> = cases.iter().filter(|case| case.brand == BRAND).collect();
        assert_eq!((here.len(), received(&desk, here[0]).await), (1, 2));
        assert_eq!(cases.len(), 3, "the other brand cannot know what it answers");
    }

    async fn a_number_used_twice_is_two_letters_and_says_so(desk: TestDesk) {
        desk.mail(&Letter::default()).await;
        desk.mail(&Letter { text: "Encore moi : le colis MG-2481 est arrivé ouvert et vide, que dois-je faire ?\r\n", ..Letter::default() }).await;
        let case = desk.only_case().await;
        assert_eq!(received(&desk, &case).await, 2, "nothing is lost for a number");
        assert!(happenings(&desk, &case).await.iter().any(|what| matches!(what, What::MessageFlagged { flag: Flag::RepeatedId, .. })));
    }
}

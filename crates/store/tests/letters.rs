//! The letterbox: what was kept is there, byte for byte, until it is decided on, and afterwards.

use std::path::PathBuf;

use casework::decision::{AsideReason, LetterEnd, LetterResult};
use casework::{Agent, BrandId, Decision, LetterId};
use store::{KeptLetter, LetterState, NewLetter, Peer, StoreError};

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, mail, minute, opened};

both!(
    letters_are_kept_in_the_row_or_in_a_file,
    letters_are_kept_all_or_none,
    a_letter_whose_id_is_taken_harms_nothing,
    a_letter_is_filed_with_its_case,
    a_letter_kept_aside_waits_for_a_person,
    letters_of_other_brands_are_not_shown,
    letters_kept_aside_are_counted_and_paged,
    who_handed_a_letter_over_is_kept,
    a_failed_write_leaves_no_file,
    a_failure_of_the_world_counts_no_try,
);

const IN_ROW_BYTES: usize = 64 * 1024;

fn bytes(len: usize) -> Vec<u8> {
    (0..=255).cycle().take(len).collect()
}

fn files(place: &Place) -> Vec<PathBuf> {
    let folder = place.folder().join("desk/letters");
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

async fn letters_are_kept_in_the_row_or_in_a_file(place: &Place) {
    let desk = Desk::new(place).await;
    for (len, files_after) in [(0, 0), (IN_ROW_BYTES, 0), (IN_ROW_BYTES + 1, 1), (3_000_000, 2)] {
        let letter = desk.letter(&bytes(len));
        desk.store.keep_letters(vec![letter.clone()]).await.unwrap();
        let kept = desk.store.unread_letter(letter.id).await.unwrap().unwrap();
        assert!(kept.bytes == bytes(len), "{len} bytes");
        assert_eq!((kept.id, kept.brand, kept.inbox), (letter.id, letter.brand, letter.inbox));
        assert_eq!((kept.recipient, kept.is_insisted, kept.attempts), (letter.recipient, false, 0));
        let files_after = if place.keeps_files() { files_after } else { 0 };
        assert_eq!(files(place).len(), files_after, "{len} bytes");
    }
    assert_eq!(desk.store.unread_letters().await.unwrap(), 4);
    assert!(desk.store.unread_letter(desk.mint.id()).await.unwrap().is_none());
}

async fn letters_are_kept_all_or_none(place: &Place) {
    let desk = Desk::new(place).await;
    let taken = desk.letter(b"first");
    desk.store.keep_letters(vec![taken.clone()]).await.unwrap();
    let others = [desk.letter(b"small"), desk.letter(&bytes(IN_ROW_BYTES + 1))];
    let ids = [others[0].id, others[1].id];
    let [small, large] = others;
    let result = desk.store.keep_letters(vec![small, large, taken]).await;
    assert!(matches!(result, Err(StoreError::Conflict)), "{result:?}");
    for id in ids {
        assert!(desk.store.unread_letter(id).await.unwrap().is_none());
    }
    assert_eq!(desk.store.unread_letters().await.unwrap(), 1);
    assert!(files(place).is_empty());
    desk.store.keep_letters(Vec::new()).await.unwrap();
}

async fn a_letter_whose_id_is_taken_harms_nothing(place: &Place) {
    let desk = Desk::new(place).await;
    let first = desk.letter(&bytes(100_000));
    desk.store.keep_letters(vec![first.clone()]).await.unwrap();
    let mut second = desk.letter(&bytes(200_000));
    let fresh = desk.letter(&bytes(300_000));
    second.id = first.id;
    let result = desk.store.keep_letters(vec![fresh, second]).await;
    assert!(matches!(result, Err(StoreError::Conflict)), "{result:?}");
    assert!(desk.store.unread_letter(first.id).await.unwrap().unwrap().bytes == bytes(100_000));
    assert_eq!(files(place).len(), usize::from(place.keeps_files()));
}

async fn a_letter_is_filed_with_its_case(place: &Place) {
    let desk = Desk::new(place).await;
    let id = desk.keep(&bytes(IN_ROW_BYTES + 1)).await;
    let decision = desk.take_in(id, mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let case = &opened(&decision).after;
    assert!(desk.store.unread_letter(id).await.unwrap().is_none());
    assert_eq!(desk.store.unread_letters().await.unwrap(), 0);
    let filed = async |brand, case| desk.store.filed_letter(brand, case, id).await.unwrap();
    assert!(filed(desk.brand, case.id).await.unwrap() == bytes(IN_ROW_BYTES + 1));
    assert!(filed(BrandId(8), case.id).await.is_none());
    assert!(filed(desk.brand, desk.mint.id()).await.is_none());
    let end = desk.store.letter_end(id).await.unwrap();
    assert_eq!(end, Some((LetterState::Filed, Some(case.reference.clone()))));
    assert_eq!(desk.store.letter_end(desk.mint.id()).await.unwrap(), None);
    assert!(desk.store.claim_letters(minute(60), 10).await.unwrap().is_empty());
    assert!(!desk.store.insist_on_letter(id, desk.root.id, true).await.unwrap());
    desk.store.return_letter(id).await.unwrap();
    assert!(desk.store.claim_letters(minute(60), 10).await.unwrap().is_empty());
}

async fn put_aside(desk: &Desk, letter: LetterId, reason: AsideReason) {
    let mut decision = Decision::empty(desk.brand, START);
    decision.letter = Some(LetterResult { letter, fingerprint: [3; 32], end: LetterEnd::Aside(reason) });
    desk.store.commit(decision).await.unwrap();
}

const ANY: [AsideReason; 3] = [AsideReason::List, AsideReason::Bounce, AsideReason::Junk];

async fn aside(desk: &Desk, agent: &Agent, is_everywhere: bool, max: u32) -> Vec<KeptLetter> {
    desk.store.aside_letters((agent.id, is_everywhere), &ANY, None, max).await.unwrap()
}

/// Only odd letters need a look, and some of them only while they are fresh.
async fn letters_to_look_at(desk: &Desk) {
    let count = async |since| desk.store.aside_to_look_at(desk.alice.id, false, since).await.unwrap();
    assert_eq!(count(START).await, 0, "junk and lists do not call anybody");
    for (place, reason) in
        [AsideReason::Unreadable, AsideReason::Forged, AsideReason::Bounce].into_iter().enumerate()
    {
        let mut letter = desk.letter(b"y");
        letter.received_at = minute(10 + i64::try_from(place).unwrap());
        let id = letter.id;
        desk.store.keep_letters(vec![letter]).await.unwrap();
        put_aside(desk, id, reason).await;
    }
    assert_eq!((count(START).await, count(minute(11)).await, count(minute(60)).await), (3, 2, 1));
    assert_eq!(desk.store.aside_to_look_at(desk.root.id, false, START).await.unwrap(), 0, "of no team");
    assert_eq!(desk.store.aside_to_look_at(desk.root.id, true, START).await.unwrap(), 3);
}

async fn letters_kept_aside_are_counted_and_paged(place: &Place) {
    let desk = Desk::new(place).await;
    let mut ids = Vec::new();
    for number in 0..5 {
        let mut letter = desk.letter(b"x");
        // Two at the same instant: the id decides.
        letter.received_at = minute(number / 2);
        ids.push(letter.id);
        desk.store.keep_letters(vec![letter]).await.unwrap();
    }
    for (place, id) in ids.iter().enumerate() {
        put_aside(&desk, *id, if place == 4 { AsideReason::List } else { AsideReason::Junk }).await;
    }
    let counts = desk.store.aside_counts(desk.alice.id, false).await.unwrap();
    let mut counts: Vec<_> = counts.into_iter().map(|(reason, count)| (reason.as_str(), count)).collect();
    counts.sort_unstable();
    assert_eq!(counts, [("junk", 4), ("list", 1)]);
    assert!(desk.store.aside_counts(desk.root.id, false).await.unwrap().is_empty());
    letters_to_look_at(&desk).await;
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let who = (desk.alice.id, false);
        let page = desk.store.aside_letters(who, &[AsideReason::Junk], before, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.received_at, last.id));
        seen.extend(page.iter().map(|letter| letter.id));
    }
    assert_eq!(seen, [ids[3], ids[2], ids[1], ids[0]]);
}

async fn who_handed_a_letter_over_is_kept(place: &Place) {
    let desk = Desk::new(place).await;
    let peer = Peer { ip: "192.0.2.7".to_owned(), greeting: "mx.exemple.fr".to_owned() };
    let direct = NewLetter { peer: Some(peer.clone()), is_history: true, ..desk.letter(b"x") };
    let relayed = desk.letter(b"y");
    let ids = [direct.id, relayed.id];
    desk.store.keep_letters(vec![direct, relayed]).await.unwrap();
    let direct = desk.store.unread_letter(ids[0]).await.unwrap().unwrap();
    assert_eq!((direct.peer, direct.is_history), (Some(peer), true));
    assert_eq!(direct.sender, "luc@exemple.fr");
    let relayed = desk.store.unread_letter(ids[1]).await.unwrap().unwrap();
    assert_eq!((relayed.peer, relayed.is_history), (None, false));
}

async fn a_letter_kept_aside_waits_for_a_person(place: &Place) {
    let desk = Desk::new(place).await;
    let ids = [desk.keep(b"one").await, desk.keep(b"three").await];
    put_aside(&desk, ids[0], AsideReason::List).await;
    put_aside(&desk, ids[1], AsideReason::Bounce).await;
    assert_eq!(desk.store.unread_letters().await.unwrap(), 0);
    let kept = aside(&desk, &desk.alice, false, 10).await;
    let shown: Vec<_> =
        kept.iter().map(|letter| (letter.id, letter.size_bytes, letter.reason.as_str())).collect();
    assert_eq!(shown, [(ids[1], 5, "bounce"), (ids[0], 3, "list")]);
    assert_eq!((kept[0].sender.as_str(), kept[0].received_at), ("luc@exemple.fr", START));
    assert_eq!(aside(&desk, &desk.alice, false, 1).await.len(), 1);
    assert_eq!(desk.store.letter_end(ids[0]).await.unwrap(), Some((LetterState::Aside, None)));

    assert!(desk.store.insist_on_letter(ids[0], desk.alice.id, false).await.unwrap());
    assert!(!desk.store.insist_on_letter(ids[0], desk.alice.id, false).await.unwrap());
    assert_eq!(desk.store.unread_letters().await.unwrap(), 1);
    assert!(desk.store.unread_letter(ids[0]).await.unwrap().unwrap().is_insisted);
    assert_eq!(desk.store.claim_letters(minute(0), 10).await.unwrap(), [ids[0]]);
    let decision = desk.take_in(ids[0], mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let reference = opened(&decision).after.reference.clone();
    assert_eq!(desk.store.letter_end(ids[0]).await.unwrap(), Some((LetterState::Filed, Some(reference))));
}

async fn letters_of_other_brands_are_not_shown(place: &Place) {
    let desk = Desk::new(place).await;
    let mut letter = desk.letter(b"for others");
    letter.brand = BrandId(8);
    let id = letter.id;
    desk.store.keep_letters(vec![letter]).await.unwrap();
    put_aside(&desk, id, AsideReason::List).await;
    assert!(aside(&desk, &desk.alice, false, 10).await.is_empty());
    assert!(aside(&desk, &desk.root, false, 10).await.is_empty());
    assert!(!desk.store.insist_on_letter(id, desk.alice.id, false).await.unwrap());
    assert_eq!(aside(&desk, &desk.root, true, 10).await.len(), 1);
    assert!(desk.store.insist_on_letter(id, desk.root.id, true).await.unwrap());
}

async fn a_failed_write_leaves_no_file(place: &Place) {
    let desk = Desk::new(place).await;
    desk.store.close().await;
    let result = desk.store.keep_letters(vec![desk.letter(&bytes(100_000))]).await;
    assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
    assert!(files(place).is_empty());
}

async fn a_failure_of_the_world_counts_no_try(place: &Place) {
    let desk = Desk::new(place).await;
    let id = desk.keep(&bytes(10)).await;
    for round in 0..10 {
        assert_eq!(desk.store.claim_letters(minute(round), 10).await.unwrap(), [id], "round {round}");
        desk.store.postpone_letter(id, minute(round + 1)).await.unwrap();
        assert!(desk.store.claim_letters(minute(round), 10).await.unwrap().is_empty(), "not at once");
    }
    desk.store.claim_letters(minute(10), 10).await.unwrap();
    assert_eq!(desk.store.unread_letter(id).await.unwrap().unwrap().attempts, 1);
}

//! What whoever brought a letter in is told of it; and letters that their keeper decides on at once.

use casework::decision::{AsideReason, LetterEnd, LetterResult};
use casework::{Automatic, BrandId, Decision, Inbound};
use store::LetterState;

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, mail, minute, opened};

both!(
    a_letter_tells_what_became_of_it,
    a_letter_kept_aside_is_recognised,
    a_held_letter_is_left_to_its_keeper,
);

async fn a_letter_tells_what_became_of_it(place: &Place) {
    let desk = Desk::new(place).await;
    let first = desk.keep(b"first").await;
    let waiting = desk.store.letter_outcome(first).await.unwrap().unwrap();
    assert_eq!((waiting.state, waiting.brand, waiting.case), (LetterState::Unread, desk.brand, None));
    let decision = desk.take_in(first, mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let case = Some(opened(&decision).after.reference.clone());
    let reply = Inbound {
        answers: vec!["1@exemple.fr".to_owned()],
        automatic: Some(Automatic::Reply),
        body_hash: [1; 32],
        ..mail("luc@exemple.fr", "2@exemple.fr")
    };
    let (second, again) = (desk.keep(b"second").await, desk.keep(b"again").await);
    desk.take_in(second, reply.clone(), START).await.unwrap();
    desk.take_in(again, reply, START).await.unwrap();
    for (letter, state, is_new, automatic) in [
        (first, LetterState::Filed, true, None),
        (second, LetterState::Filed, false, Some(Automatic::Reply)),
        (again, LetterState::Duplicate, false, None),
    ] {
        let told = desk.store.letter_outcome(letter).await.unwrap().unwrap();
        assert_eq!((told.state, told.is_new, told.automatic, told.reason), (state, is_new, automatic, None));
        assert_eq!(told.case, case);
    }
    assert_eq!(desk.store.letter_outcome(desk.mint.id()).await.unwrap(), None);
}

async fn a_letter_kept_aside_is_recognised(place: &Place) {
    let desk = Desk::new(place).await;
    let (first, second) = (desk.keep(b"one").await, desk.keep(b"one again").await);
    let known = async |brand, fingerprint| desk.store.letter_aside_like(brand, fingerprint).await.unwrap();
    assert_eq!(known(desk.brand, [3; 32]).await, None);
    for letter in [first, second] {
        let mut decision = Decision::empty(desk.brand, START);
        let end = LetterEnd::Aside(AsideReason::List);
        decision.letter = Some(LetterResult { letter, fingerprint: [3; 32], end });
        desk.store.commit(decision).await.unwrap();
    }
    assert_eq!(known(desk.brand, [3; 32]).await, Some(first));
    assert_eq!(known(desk.brand, [4; 32]).await, None);
    assert_eq!(known(BrandId(8), [3; 32]).await, None);
    let told = desk.store.letter_outcome(first).await.unwrap().unwrap();
    assert_eq!((told.state, told.reason), (LetterState::Aside, Some(AsideReason::List)));
}

async fn a_held_letter_is_left_to_its_keeper(place: &Place) {
    let desk = Desk::new(place).await;
    let letters = [desk.letter(b"held"), desk.letter(b"given back")];
    let [held, given_back] = [letters[0].id, letters[1].id];
    desk.store.keep_held_letters(letters.to_vec(), minute(1)).await.unwrap();
    assert_eq!(desk.store.claim_letters(START, 9).await.unwrap(), []);
    desk.store.return_letter(given_back).await.unwrap();
    assert_eq!(desk.store.claim_letters(START, 9).await.unwrap(), [given_back]);
    assert_eq!(desk.store.claim_letters(minute(1), 1).await.unwrap(), [held], "its keeper died");
}

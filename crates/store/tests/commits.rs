//! A decision is written whole, and reads back as it was decided.

use casework::act::Act;
use casework::{Nature, Status};

use crate::engines::{Place, both};
use crate::fixture::{Desk, mail, minute, opened, words};

both!(a_first_letter_reads_back);

async fn a_first_letter_reads_back(place: &Place) {
    let desk = Desk::new(place).await;
    let decision = desk.receive(mail("luc@exemple.fr", "1@exemple.fr"), minute(0)).await.unwrap();
    let change = opened(&decision);
    desk.assert_folds(change).await;
    assert_eq!(change.after.status, Status::New);
    let act = Act::ChangeNature { to: Nature::Request, reason: "c'est une demande".to_owned() };
    let decision = desk.act(&desk.alice, change.after.id, act, minute(1)).await.unwrap();
    desk.assert_folds(opened(&decision)).await;
    let decision = desk.act(&desk.alice, change.after.id, Act::Note(words("note")), minute(2)).await.unwrap();
    desk.assert_folds(opened(&decision)).await;
}

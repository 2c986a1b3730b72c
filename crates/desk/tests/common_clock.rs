//! Nodes whose machines disagree about the time go by the clock of the database's.

use casework::Mint as _;
use desk::time::Clock;
use desk::worker::{common_clock, letters};
use jiff::SignedDuration;

use crate::on_both_engines;
use crate::support::INBOX;

on_both_engines! {
    async fn a_node_whose_clock_is_a_day_ahead_takes_nothing_from_another(desk: TestDesk) {
        let letter = b"From: marie@exemple.fr\r\nSubject: Colis\r\n\r\nMon colis est perdu.\r\n";
        desk.hand_in("marie@exemple.fr", INBOX, letter).await;
        assert_eq!(letters::read_due(&desk.desk).await.unwrap(), 1);

        let Some(said) = desk.desk.store.server_time().await.unwrap() else {
            let moved = common_clock::compare(&desk.node_at(Clock::System).await).await.unwrap();
            assert_eq!(moved, None, "a file has no clock but the machine's");
            return desk.settle().await;
        };
        let right = desk.node_at(Clock::shared(said)).await;
        let wrong = desk.node_at(Clock::shared(said + SignedDuration::from_hours(24))).await;
        let moved = common_clock::compare(&wrong).await.unwrap().expect("the clock was wrong");
        assert!(moved < SignedDuration::from_hours(-23), "by a day: {moved:?}");

        let held = right.store.claim_orders(right.clock.now(), right.mint().uuid(), 9).await.unwrap();
        assert_eq!(held.len(), 1, "the receipt is on its way");
        let taken = wrong.store.claim_orders(wrong.clock.now(), wrong.mint().uuid(), 9).await.unwrap();
        assert_eq!(taken, [], "nor does the other node send it as well");

        desk.desk.store.release_claims().await.unwrap();
        desk.settle().await;
        assert_eq!(desk.sent().await.len(), 1);
    }
}

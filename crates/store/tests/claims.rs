//! Work is claimed under a lease: never by two at once, and again when the lease ends.

use std::collections::BTreeSet;

use casework::decision::{CaseChange, Order};
use casework::{Case, Clock, ClockKind, Decision, Lane, LetterId, MessageState, OrderId};
use futures::future::join_all;
use jiff::Timestamp;
use uuid::Uuid;

use crate::engines::{Place, both};
use crate::fixture::{Desk, START, mail, minute, opened};

both!(
    an_order_is_claimed_by_one,
    an_order_comes_back_when_its_lease_ends,
    orders_come_lane_by_lane,
    orders_say_how_far_their_message_came,
    a_clock_is_claimed_by_one,
    a_clock_comes_back_when_its_lease_ends,
    a_letter_is_claimed_by_one,
    a_letter_comes_back_when_its_lease_ends,
    what_a_killed_process_held_is_given_back,
    a_server_tells_its_time,
);

/// A case with a message, and no order to carry out.
async fn quiet_case(desk: &Desk) -> (Case, casework::MessageId) {
    let case = desk.open_case().await;
    let lease: Uuid = desk.mint.id();
    let claimed = desk.store.claim_orders(minute(0), lease, 100).await.unwrap();
    assert_eq!(claimed.len(), 1, "the receipt");
    let mut decision = Decision::empty(desk.brand, START);
    let end = casework::decision::OrderEnd::Done;
    decision.order = Some(casework::decision::OrderResult { order: claimed[0].id, lease, end });
    desk.store.commit(decision).await.unwrap();
    (case, claimed[0].message)
}

async fn give_orders(desk: &Desk, orders: &[(Lane, Timestamp)]) -> Vec<OrderId> {
    let (case, message) = quiet_case(desk).await;
    let mut decision = Decision::empty(desk.brand, START);
    for (lane, due_at) in orders {
        let order = Order { id: desk.mint.id(), case: case.id, message, lane: *lane, due_at: *due_at };
        decision.orders.push(order);
    }
    let ids = decision.orders.iter().map(|order| order.id).collect();
    desk.store.commit(decision).await.unwrap();
    ids
}

/// What eight claimers on two nodes get when they ask at once, again and again until nothing is left.
async fn claim_all<T, C>(desk: &Desk, place: &Place, claim: C) -> Vec<T>
where
    C: AsyncFn(&Desk) -> Vec<T>,
{
    let other = Desk { store: place.open().await, ..desk.clone() };
    let claimers = (0..8).map(|number| {
        let (desk, claim) = (if number % 2 == 0 { desk } else { &other }, &claim);
        async move {
            let mut got = Vec::new();
            loop {
                let some = claim(desk).await;
                assert!(some.len() <= 7, "more than was asked for");
                if some.is_empty() {
                    return got;
                }
                got.extend(some);
            }
        }
    });
    join_all(claimers).await.into_iter().flatten().collect()
}

async fn an_order_is_claimed_by_one(place: &Place) {
    let desk = Desk::new(place).await;
    let given = give_orders(&desk, &[(Lane::Reply, minute(0)); 100]).await;
    let got = claim_all(&desk, place, async |desk| {
        let lease: Uuid = desk.mint.id();
        let orders = desk.store.claim_orders(minute(1), lease, 7).await.unwrap();
        assert!(orders.iter().all(|order| order.lease == lease && order.attempt == 1));
        orders.into_iter().map(|order| order.id).collect()
    });
    let got = got.await;
    assert_eq!(got.len(), 100);
    assert_eq!(got.into_iter().collect::<BTreeSet<_>>(), given.into_iter().collect());
}

async fn an_order_comes_back_when_its_lease_ends(place: &Place) {
    let desk = Desk::new(place).await;
    let given = give_orders(&desk, &[(Lane::Reply, minute(0)), (Lane::Reply, minute(30))]).await;
    let claim = async |at| {
        let lease: Uuid = desk.mint.id();
        let orders = desk.store.claim_orders(at, lease, 9).await.unwrap();
        orders.into_iter().map(|order| (order.id, order.attempt)).collect::<Vec<_>>()
    };
    assert_eq!(claim(minute(0)).await, [(given[0], 1)]);
    assert_eq!(claim(minute(4)).await, []);
    assert_eq!(claim(minute(5)).await, [(given[0], 2)]);
    assert_eq!(claim(minute(9)).await, []);
    assert_eq!(claim(minute(30)).await, [(given[0], 3), (given[1], 1)]);
    assert_eq!(desk.store.undone_orders().await.unwrap(), 2);
}

async fn orders_come_lane_by_lane(place: &Place) {
    let desk = Desk::new(place).await;
    let wanted = [
        (Lane::Reply, minute(1)),
        (Lane::Reply, minute(7)),
        (Lane::Acknowledgement, minute(0)),
        (Lane::Acknowledgement, minute(2)),
        (Lane::Notice, minute(-9)),
    ];
    // Given in another order than wanted.
    let shuffled = [wanted[4], wanted[1], wanted[3], wanted[0], wanted[2]];
    let ids = give_orders(&desk, &shuffled).await;
    let in_order = [ids[3], ids[1], ids[4], ids[2], ids[0]];
    let mut got = Vec::new();
    for max in [2, 1, 10] {
        let lease: Uuid = desk.mint.id();
        let some = desk.store.claim_orders(minute(10), lease, max).await.unwrap();
        got.extend(some.into_iter().map(|order| order.id));
    }
    assert_eq!(got, in_order);
}

async fn orders_say_how_far_their_message_came(place: &Place) {
    let desk = Desk::new(place).await;
    let letter = desk.receive(mail("luc@exemple.fr", "1@exemple.fr"), START).await.unwrap();
    let (case, order) = (opened(&letter).after.id, letter.orders[0].clone());
    let lease: Uuid = desk.mint.id();
    let claimed = desk.store.claim_orders(minute(0), lease, 1).await.unwrap();
    assert_eq!((claimed[0].id, claimed[0].brand, claimed[0].case), (order.id, desk.brand, case));
    assert_eq!((claimed[0].message, claimed[0].ordered_at), (order.message, START));
    assert_eq!(claimed[0].state, MessageState::Queued);
    let mut delayed = Decision::empty(desk.brand, START);
    delayed.message_states.push((order.message, MessageState::Delayed, None));
    desk.store.commit(delayed).await.unwrap();
    let claimed = desk.store.claim_orders(minute(5), lease, 1).await.unwrap();
    assert_eq!((claimed[0].state, claimed[0].attempt), (MessageState::Delayed, 2));
}

/// Makes so many cases with two clocks each, and nothing else that rings.
async fn set_clocks(desk: &Desk, count: u32) {
    let case = desk.open_case().await;
    let mut decision = Decision::empty(desk.brand, START);
    for number in 0..count {
        let (mut after, mut before) = (case.clone(), Some(case.seq));
        if number > 0 {
            before = None;
            after.id = desk.mint.id();
            after.reference = casework::Reference::draw(&mut desk.mint.clone());
        }
        let clocks = clocks_at(i64::from(number));
        decision.cases.push(CaseChange { before, after, events: Vec::new(), clocks, act_by: None });
    }
    desk.store.commit(decision).await.unwrap();
}

fn clocks_at(number: i64) -> Vec<Clock> {
    vec![
        Clock { kind: ClockKind::FirstReply, due_at: minute(-number) },
        Clock { kind: ClockKind::ChaseThirdParty, due_at: minute(-number - 1) },
    ]
}

async fn a_clock_is_claimed_by_one(place: &Place) {
    let desk = Desk::new(place).await;
    set_clocks(&desk, 30).await;
    let got = claim_all(&desk, place, async |desk| {
        let due = desk.store.claim_clocks(minute(0), 7).await.unwrap();
        assert!(due.is_sorted_by_key(|due| due.clock.due_at));
        due.into_iter().map(|due| (due.case, due.clock.kind)).collect()
    });
    let got = got.await;
    assert_eq!(got.len(), 60);
    assert_eq!(got.into_iter().collect::<BTreeSet<_>>().len(), 60);
}

async fn a_clock_comes_back_when_its_lease_ends(place: &Place) {
    let desk = Desk::new(place).await;
    set_clocks(&desk, 1).await;
    let claim = async |at| desk.store.claim_clocks(at, 9).await.unwrap().len();
    let seconds = jiff::SignedDuration::from_secs;
    assert_eq!(claim(minute(-2)).await, 0);
    assert_eq!(claim(minute(-1)).await, 1);
    assert_eq!(claim(minute(0) - seconds(1)).await, 0);
    assert_eq!(claim(minute(0)).await, 2);
    assert_eq!(claim(minute(1) - seconds(1)).await, 0);
    assert_eq!(claim(minute(1)).await, 2);
}

async fn a_letter_is_claimed_by_one(place: &Place) {
    let desk = Desk::new(place).await;
    let letters: Vec<_> = (0..60).map(|_| desk.letter(b"hello")).collect();
    let kept: BTreeSet<LetterId> = letters.iter().map(|letter| letter.id).collect();
    desk.store.keep_letters(letters).await.unwrap();
    let got =
        claim_all(&desk, place, async |desk| desk.store.claim_letters(minute(0), 7).await.unwrap()).await;
    assert_eq!(got.len(), 60);
    assert_eq!(got.into_iter().collect::<BTreeSet<_>>(), kept);
}

async fn a_letter_comes_back_when_its_lease_ends(place: &Place) {
    let desk = Desk::new(place).await;
    let mut letters = vec![desk.letter(b"younger"), desk.letter(b"older")];
    letters[1].received_at = minute(-1);
    let [younger, older] = [letters[0].id, letters[1].id];
    desk.store.keep_letters(letters).await.unwrap();
    let claim = async |at, max| desk.store.claim_letters(at, max).await.unwrap();
    let half = minute(0) + jiff::SignedDuration::from_secs(30);
    assert_eq!(claim(minute(0), 1).await, [older]);
    assert_eq!(claim(minute(0), 9).await, [younger]);
    assert_eq!(claim(half, 9).await, []);
    desk.store.return_letter(younger).await.unwrap();
    assert_eq!(claim(half, 9).await, [younger]);
    assert_eq!(claim(minute(1), 9).await, [older]);
    assert_eq!(claim(minute(20), 9).await, [older, younger]);
    assert_eq!(desk.store.unread_letter(younger).await.unwrap().unwrap().attempts, 3);
}

async fn what_a_killed_process_held_is_given_back(place: &Place) {
    let desk = Desk::new(place).await;
    set_clocks(&desk, 2).await;
    let letter = desk.keep(b"hello").await;
    let claim_all = async || {
        let lease: Uuid = desk.mint.id();
        let orders = desk.store.claim_orders(minute(0), lease, 9).await.unwrap();
        let clocks = desk.store.claim_clocks(minute(0), 9).await.unwrap();
        (orders.len(), clocks.len(), desk.store.claim_letters(minute(0), 9).await.unwrap())
    };
    assert_eq!(claim_all().await, (1, 4, vec![letter]));
    assert_eq!(claim_all().await, (0, 0, Vec::new()));
    desk.store.release_claims().await.unwrap();
    assert_eq!(claim_all().await, (1, 4, vec![letter]));
}

/// A file has no clock but ours. The tests' server runs on this machine, so that its clock is ours too.
async fn a_server_tells_its_time(place: &Place) {
    let desk = Desk::new(place).await;
    let before = Timestamp::from_microsecond(Timestamp::now().as_microsecond()).unwrap();
    let said = desk.store.server_time().await.unwrap();
    assert_eq!(said.is_some(), matches!(place.location, store::Location::Server { .. }));
    assert!(said.is_none_or(|said| (before..=Timestamp::now()).contains(&said)));
}

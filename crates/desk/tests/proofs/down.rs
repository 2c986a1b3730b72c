//! The server that takes the desk's mails is away, then refuses, then takes them: every message says so on its timeline,
//! the outbox lists it with the reason, and it leaves when it can.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use casework::{MessageState, What};
use jiff::Timestamp;
use store::{Store, Stuck};

use super::dice::{Dice, seed};
use super::inspect::{self, Told};
use super::letters::{Mail, first};
use super::lmtp::{Route, Tally};
use super::node::closed_port;
use super::recorder::{Recorder, Temper};
use super::stage::{Stage, administrator, retry_all};
use super::{prove_on_both_engines, until};
use crate::support::Engine;

/// Letters, each with a receipt that cannot leave.
const LETTERS: u32 = 12;
/// Longest wait for the desk to try a mail that is due. A server that is not there is noticed at once.
const TRY_MAX: Duration = Duration::from_secs(30);

prove_on_both_engines!(outgoing_down, proof_outgoing_down_sqlite, proof_outgoing_down_postgres);

async fn outgoing_down(engine: Engine) {
    let started = Instant::now();
    let seed = seed("proof_outgoing_down");
    let port = closed_port();
    let Some(stage) = Stage::set(engine, port) else { return };
    let mut node = stage.node("desk");
    node.start().await;
    let (dice, tally) = (Dice::new(seed), Tally::default());
    let mails: Vec<Mail> = (0..LETTERS).map(|customer| first(customer, 0, false, &dice)).collect();
    let mut route = Route::to(&[node.place.lmtp]);
    for mail in &mails {
        route.deliver(mail, &tally, || ()).await;
    }
    let store = stage.look().await;
    let absent = stuck(&store, 1).await;
    check_delayed(&inspect::read_all(&store).await);

    // Now somebody is there, and says "not now" to each mail once.
    let recorder = Recorder::start_at(seed, Temper { refused: 100, cut: 0 }, port).await;
    retry_all(&store).await;
    let refused = stuck(&store, 2).await;
    assert!(refused.iter().all(|mail| mail.reason.contains("451")), "{refused:?}");
    check_delayed(&inspect::read_all(&store).await);

    // It takes them from now on.
    let retried = Instant::now();
    retry_all(&store).await;
    until("every mail to leave", TRY_MAX, async || store.undone_orders().await.unwrap() == 0).await;
    let left = retried.elapsed();
    store.close().await;
    node.stop().await;
    node.assert_calm();

    let store = stage.look().await;
    let all = inspect::read_all(&store).await;
    inspect::check_rest(&store, &all).await;
    inspect::check_letters(&store, &all, &mails).await;
    let (sent, copies) = inspect::check_outgoing((&store, &stage.secret()), &all, &recorder).await;
    assert_eq!((sent, copies), (LETTERS as usize, 2 * LETTERS as usize), "one refused copy, one taken");
    assert!(store.stuck(administrator(&store).await, true, 100).await.unwrap().is_empty());
    for told in &all {
        let count = |wanted: fn(&What) -> bool| told.timeline.iter().filter(|what| wanted(what)).count();
        assert_eq!(count(|what| matches!(what, What::MessageDelayed { .. })), 1, "told once");
        assert_eq!(count(|what| matches!(what, What::MessageSent { .. })), 1);
    }
    store.close().await;
    println!(
        "proof_outgoing_down {engine:?}: {} mails delayed ({:?}), {} refused for now ({:?}), all left {left:.1?} after the \
         button was pressed; {copies} copies of {sent}; {:.0?} in all",
        absent.len(),
        absent[0].reason,
        refused.len(),
        refused[0].reason,
        started.elapsed()
    );
}

/// Waits until the outbox shows every mail after so many tries, to be tried again in the future.
async fn stuck(store: &Store, attempts: u32) -> Vec<Stuck> {
    let admin = administrator(store).await;
    let mut found = Vec::new();
    until("the outbox", TRY_MAX, async || {
        found = store.stuck(admin, true, 100).await.unwrap();
        found.len() == LETTERS as usize && found.iter().all(|mail| mail.attempts == attempts && !is_due(mail))
    })
    .await;
    for mail in &found {
        assert!(!mail.is_given_up && !mail.reason.is_empty(), "{mail:?}");
    }
    let cases: BTreeSet<&str> = found.iter().map(|mail| mail.reference.as_str()).collect();
    assert_eq!(cases.len(), found.len());
    found
}

fn is_due(mail: &Stuck) -> bool {
    mail.due_at <= Timestamp::now()
}

/// Each case has one message to be sent; it is delayed, and the timeline says so once, with a reason.
fn check_delayed(all: &[Told]) {
    assert_eq!(all.len(), LETTERS as usize);
    for told in all {
        let delayed = told.messages.iter().filter(|m| m.message.state == MessageState::Delayed);
        let delayed: Vec<_> = delayed.collect();
        assert_eq!(delayed.len(), 1, "{:?}", told.messages);
        assert!(delayed[0].reason.as_ref().is_some_and(|reason| !reason.is_empty()));
        assert!(delayed[0].again_at.is_some(), "the page says when it is tried again");
        let events = told.timeline.iter().filter(|what| matches!(what, What::MessageDelayed { .. }));
        assert_eq!(events.count(), 1);
    }
}

//! Two nodes on one `PostgreSQL` share letters, mails and clocks; one of them is killed in the middle.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use casework::What;
use casework::proof::Secret;
use channels::mail::server::{Envelope, Kept, Letterbox, Protocol};
use desk::chance::Chance;
use desk::demo::player::work;
use desk::desk::{Desk, Setup};
use desk::letterbox::DeskLetterbox;
use desk::time::Clock;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::dice::{Dice, seed};
use super::inspect::{self, Told};
use super::letters::{Mail, first};
use super::lmtp::{Route, Tally};
use super::recorder::{Recorder, Temper};
use super::stage::Stage;
use super::until;
use crate::support::Engine;

/// Letters delivered while both run and while one is gone.
const LETTERS: u32 = 200;
/// Mail servers that deliver at the same time.
const CLIENTS: u32 = 4;
/// Cases that are ten days old when the nodes start, each with a clock that is long due.
const OLD_CASES: u32 = 120;
/// Letters after which one node is killed.
const KILL_AFTER: u32 = LETTERS / 2;
/// Longest wait for what both do together.
const LONGEST: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proof_two_nodes_postgres() {
    let started = Instant::now();
    let seed = seed("proof_two_nodes");
    let recorder = Recorder::start(seed, Temper { refused: 3, cut: 3 }).await;
    let Some(stage) = Stage::set(Engine::Postgres, recorder.port()) else { return };
    let begun_at = Timestamp::now();
    let old = make_old_cases(&stage, seed).await;
    let mut nodes = [stage.node("left"), stage.node("right")];
    for node in &mut nodes {
        node.spawn();
    }
    for node in &mut nodes {
        node.greets().await;
    }
    let doors = [nodes[0].place.lmtp, nodes[1].place.lmtp];
    let (tally, count) = (Arc::new(Tally::default()), watch::Sender::new(0));
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        clients.spawn(deliver_all(doors, number, seed, Arc::clone(&tally), count.clone()));
    }
    count.subscribe().wait_for(|count| *count >= KILL_AFTER).await.unwrap();
    let [left, right] = &mut nodes;
    left.kill();
    let accepted: Vec<Mail> = clients.join_all().await.concat();
    recorder.calm_down();
    right.assert_calm();
    // What the dead node held: its leases run out after five minutes.
    stage.let_time_pass().await;
    inspect::rest(&stage).await;
    all_rung(&stage, begun_at).await;
    right.stop().await;
    right.assert_calm();
    left.assert_calm();

    let store = stage.look().await;
    let all = inspect::read_all(&store).await;
    inspect::check_rest(&store, &all).await;
    let (aged, new): (Vec<Told>, Vec<Told>) =
        all.into_iter().partition(|told| told.case.opened_at < begun_at);
    inspect::check_letters(&store, &aged, &old).await;
    inspect::check_letters(&store, &new, &accepted).await;
    let (mails, copies) = inspect::check_outgoing((&store, &stage.secret()), &new, &recorder).await;
    let duplicates = store.duplicate_letters().await.unwrap();
    store.close().await;
    assert_eq!((aged.len(), new.len(), mails), (OLD_CASES as usize, LETTERS as usize, LETTERS as usize));
    let rings: usize = aged.iter().map(|told| inspect::rung(&told.timeline).len()).sum();
    assert!(rings >= aged.len(), "{rings} rings of {} clocks long due", aged.len());
    println!(
        "proof_two_nodes Postgres: {} letters accepted by two nodes, one killed after {KILL_AFTER}; {} tries again, \
         {} in doubt, {duplicates} duplicates recognised; {mails} receipts in {copies} copies; {rings} clocks rang, none \
         twice; {:.0?} in all",
        accepted.len(),
        Tally::of(&tally.again),
        Tally::of(&tally.in_doubt),
        started.elapsed()
    );
}

/// Takes letters in ten days ago, by a desk in this process with its clock in hand; their receipts go to a postbox.
async fn make_old_cases(stage: &Stage, seed: u64) -> Vec<Mail> {
    let then = Timestamp::now().checked_sub(SignedDuration::from_hours(10 * 24)).unwrap();
    let desk = Desk::new(Setup::secluded(
        stage.look().await,
        Clock::standing_at(then),
        Chance::System,
        Secret::new(vec![7; 32]).unwrap(),
    ));
    let dice = Dice::new(seed);
    let mails: Vec<Mail> = (0..OLD_CASES).map(|number| first(10_000 + number, 0, false, &dice)).collect();
    for mail in &mails {
        let envelope = Envelope {
            from: mail.from.clone(),
            recipients: vec![mail.to.clone()],
            bytes: mail.bytes.clone(),
            peer: "192.0.2.1".to_owned(),
            helo: "mx.example".to_owned(),
        };
        assert_eq!(
            DeskLetterbox { desk: desk.clone(), protocol: Protocol::Lmtp }.keep(envelope).await,
            vec![Kept::Yes]
        );
    }
    work(&desk).await.unwrap();
    desk.store.close().await;
    mails
}

/// Delivers to either node; what one does not take goes to the other, as with two MX.
async fn deliver_all(
    doors: [SocketAddr; 2],
    number: u32,
    seed: u64,
    tally: Arc<Tally>,
    count: watch::Sender<u32>,
) -> Vec<Mail> {
    let dice = Dice::new(seed.wrapping_add(u64::from(number) + 1));
    let mut accepted = Vec::new();
    let mut route = Route::to(&doors);
    for letter in 0..LETTERS / CLIENTS {
        let mail = first(number + CLIENTS * letter, 0, dice.percent(10), &dice);
        if dice.percent(50) {
            route.turn();
        }
        route.deliver(&mail, &tally, || ()).await;
        count.send_modify(|count| *count += 1);
        accepted.push(mail);
    }
    accepted
}

/// Waits until each old case's clock has rung.
async fn all_rung(stage: &Stage, begun_at: Timestamp) {
    let store = stage.look().await;
    until("every clock to ring", LONGEST, async || {
        let cases = store.all_cases(1_000).await.unwrap();
        for case in cases.iter().filter(|case| case.opened_at < begun_at) {
            let timeline = store.timeline(case.brand, case.id).await.unwrap();
            if !timeline.iter().any(|event| matches!(event.what, What::ClockRang { .. })) {
                return false;
            }
        }
        true
    })
    .await;
    store.close().await;
}

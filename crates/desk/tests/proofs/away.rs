//! The database server throws everybody out, lets nobody in, loses its name, and comes back: a clear answer meanwhile,
//! and afterwards nothing is lost and all is worked off.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::database::Database;
use super::dice::{Dice, seed};
use super::letters::{Mail, first};
use super::lmtp::{Client, Route, Tally, stuffed};
use super::node::{Node, Place};
use super::recorder::{Recorder, Temper};
use super::stage::Stage;
use super::{inspect, pass, until};
use crate::support::Engine;

/// Mail servers that deliver at the same time, and letters of each.
const CLIENTS: u32 = 3;
const LETTERS: u32 = 60;
/// How long connections are cut again and again, how long nobody is let in, how long the name is gone.
const CUT_FOR: Duration = Duration::from_secs(4);
const CLOSED_FOR: Duration = Duration::from_secs(6);
const NAMELESS_FOR: Duration = Duration::from_secs(4);
/// Longest time to an answer while the database is away.
const ANSWER_MAX: Duration = Duration::from_secs(20);
/// What a page says meanwhile.
const WORDS: &str = "Un instant";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proof_database_away_postgres() {
    let started = Instant::now();
    let seed = seed("proof_database_away");
    let recorder = Recorder::start(seed, Temper { refused: 0, cut: 0 }).await;
    let Some(stage) = Stage::set(Engine::Postgres, recorder.port()) else { return };
    let database = stage.database.as_ref().unwrap();
    let mut node = stage.node("desk");
    node.start().await;
    let known = first(9_999, 0, false, &Dice::new(seed));
    let page = page_of_a_case(&node, &recorder, &known).await;
    assert_eq!(node.get(&page).await.0, 200);

    let tally = Arc::new(Tally::default());
    let phase = watch::Sender::new(0);
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        clients.spawn(deliver_all(node.place.clone(), Arc::clone(&tally), number, seed, phase.subscribe()));
    }
    let cuts = cut_again_and_again(database, CUT_FOR).await;
    phase.send_replace(1);
    let mut announced = Client::connect(node.place.lmtp).await.unwrap();
    assert_eq!(announce(&mut announced, &known).await, None);
    database.allow_connections(false);
    let slowest = refuse_politely(&mut node, database, &page, &mut announced, &known).await;
    cut_again_and_again(database, CLOSED_FOR).await;
    database.move_away();
    pass(NAMELESS_FOR).await;
    assert_eq!(node.get("/health").await.0, 503);
    database.move_back();
    database.allow_connections(true);
    let away = started.elapsed();
    phase.send_replace(2);
    until("health", ANSWER_MAX, async || node.get("/health").await.0 == 200).await;
    assert_eq!(node.get(&page).await.0, 200);
    let mut accepted = clients.join_all().await.concat();
    accepted.push(known);
    node.assert_calm();
    // What was claimed when the connection went is given back by itself after five minutes.
    node.stop().await;
    stage.let_time_pass().await;
    node.start().await;
    inspect::rest(&stage).await;
    node.stop().await;
    node.assert_calm();

    let store = stage.look().await;
    let all = inspect::read_all(&store).await;
    inspect::check_rest(&store, &all).await;
    inspect::check_letters(&store, &all, &accepted).await;
    let (mails, copies) = inspect::check_outgoing((&store, &stage.secret()), &all, &recorder).await;
    let duplicates = store.duplicate_letters().await.unwrap();
    store.close().await;
    assert_eq!(all.len(), accepted.len());
    println!(
        "proof_database_away Postgres: {cuts} connections cut, then away until {away:.0?}; slowest answer {slowest:.1?}; \
         {} letters accepted, {} answered 4xx, {} in doubt, {duplicates} duplicates recognised; {mails} receipts in \
         {copies} copies; {:.0?} in all",
        accepted.len(),
        Tally::of(&tally.later),
        Tally::of(&tally.in_doubt),
        started.elapsed()
    );
}

/// The private link of a case, as its receipt says it.
async fn page_of_a_case(node: &Node, recorder: &Recorder, mail: &Mail) -> String {
    Route::to(&[node.place.lmtp]).deliver(mail, &Tally::default(), || ()).await;
    let mut count = recorder.count();
    timeout(ANSWER_MAX, count.wait_for(|count| *count > 0)).await.unwrap().unwrap();
    let copies = recorder.copies();
    let text = channels::mail::read::read(&copies.values().next().unwrap()[0].bytes, "").0.text;
    let (_, rest) = text.split_once("https://desk.example").unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

/// A third of the letters before the database closes, a third while it is closed, the rest when it is open again.
async fn deliver_all(
    place: Place,
    tally: Arc<Tally>,
    number: u32,
    seed: u64,
    mut phase: watch::Receiver<u32>,
) -> Vec<Mail> {
    let dice = Dice::new(seed.wrapping_add(u64::from(number) + 1));
    let mut accepted = Vec::new();
    let mut route = Route::to(&[place.lmtp]);
    for letter in 0..LETTERS {
        phase.wait_for(|phase| phase * (LETTERS / 3) + LETTERS / 3 > letter).await.unwrap();
        pass(Duration::from_millis(dice.below(150))).await;
        let mail = first(number + CLIENTS * letter, 0, dice.percent(10), &dice);
        route.deliver(&mail, &tally, || ()).await;
        accepted.push(mail);
    }
    accepted
}

/// Throws everybody out of the database, several times a second. Gives how many connections were cut.
async fn cut_again_and_again(database: &Database, time: Duration) -> usize {
    let mut ticks = interval(Duration::from_millis(150));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (started, mut cuts) = (Instant::now(), 0);
    while started.elapsed() < time {
        ticks.tick().await;
        cuts += database.cut_connections();
    }
    cuts
}

/// With the database closed, each door answers, and each says that it cannot now. Gives the slowest answer.
async fn refuse_politely(
    node: &mut Node,
    database: &Database,
    page: &str,
    announced: &mut Client,
    mail: &Mail,
) -> Duration {
    database.cut_connections();
    let mut slowest = Duration::ZERO;
    let mut took = |since: Instant| slowest = slowest.max(since.elapsed());
    let since = Instant::now();
    let (status, _) = node.get("/health").await;
    assert_eq!(status, 503, "health");
    took(since);
    let since = Instant::now();
    let (status, words) = node.get(page).await;
    assert!(status == 503 && words.contains(WORDS), "{status} {words}");
    took(since);
    let since = Instant::now();
    // Its recipient was known before: the answer is about the letter itself.
    announced.write(&stuffed(&mail.bytes)).await.unwrap();
    let told = announced.answer().await.unwrap();
    assert!(told.starts_with("451 4.3.0"), "{told}");
    took(since);
    let since = Instant::now();
    let mut other = Client::connect(node.place.lmtp).await.unwrap();
    let told = announce(&mut other, mail).await.unwrap();
    assert!(told.starts_with("450 4.3.0"), "{told}");
    took(since);
    assert!(slowest < ANSWER_MAX, "an answer took {slowest:?}");
    node.assert_calm();
    slowest
}

async fn announce(client: &mut Client, mail: &Mail) -> Option<String> {
    client.announce(&mail.from, &[&mail.to]).await.unwrap()
}

//! 500 letters over LMTP while the process is killed at random instants and started again at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::dice::{Dice, seed};
use super::letters::{Mail, answer, first};
use super::lmtp::{Route, Tally};
use super::node::{Node, Place};
use super::recorder::{Recorder, Temper};
use super::stage::Stage;
use super::{inspect, pass, prove_on_both_engines};
use crate::support::Engine;

/// How often the process is killed; the issue asks for fifteen.
const KILLS: u32 = 20;
/// Mail servers that deliver at the same time.
const CLIENTS: u32 = 4;
/// First letters of each, from fifty customers with two problems each.
const FIRSTS: u32 = 100;
/// Answers to receipts, of each.
const ANSWERS: u32 = 25;
/// Letters that each may deliver in one life of the process, so that every life and every kill has its share.
const LETTERS_A_LIFE: u32 = 6;
/// Longest pause before a letter, in milliseconds, so that a life has traffic from its beginning to its end.
const PAUSE_MS_MAX: u64 = 350;
/// Longest wait for a receipt that somebody wants to answer.
const RECEIPT_WAIT: Duration = Duration::from_secs(90);

prove_on_both_engines!(killed_and_restarted, proof_kill_sqlite, proof_kill_postgres);

async fn killed_and_restarted(engine: Engine) {
    let started = Instant::now();
    let seed = seed("proof_kill");
    let recorder = Arc::new(Recorder::start(seed, Temper { refused: 5, cut: 5 }).await);
    let Some(stage) = Stage::set(engine, recorder.port()) else { return };
    let mut node = stage.node("desk");
    node.start().await;
    let (tally, sent_whole) = (Arc::new(Tally::default()), watch::Sender::new(0));
    let lives = watch::Sender::new(1);
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let dice = Dice::new(seed.wrapping_add(u64::from(number) + 1));
        let sender = Sender {
            place: node.place.clone(),
            recorder: Arc::clone(&recorder),
            tally: Arc::clone(&tally),
            sent_whole: sent_whole.clone(),
            lives: lives.subscribe(),
            number,
            dice,
        };
        clients.spawn(sender.deliver_all());
    }
    let aimed = kill_again_and_again(&mut node, &lives, &sent_whole, &Dice::new(seed)).await;
    let killed = started.elapsed();
    recorder.calm_down();
    node.stop().await;
    stage.let_time_pass().await;
    node.start().await;
    let accepted: Vec<Mail> = clients.join_all().await.into_iter().flatten().collect();
    inspect::rest(&stage).await;
    node.assert_calm();
    node.stop().await;

    let store = stage.look().await;
    let all = inspect::read_all(&store).await;
    inspect::check_rest(&store, &all).await;
    inspect::check_letters(&store, &all, &accepted).await;
    let (mails, copies) = inspect::check_outgoing((&store, &stage.secret()), &all, &recorder).await;
    let duplicates = store.duplicate_letters().await.unwrap();
    store.close().await;
    node.assert_calm();
    let firsts = (CLIENTS * FIRSTS) as usize;
    assert_eq!(all.len(), firsts, "one case for each problem");
    assert_eq!(accepted.len(), (CLIENTS * (FIRSTS + ANSWERS)) as usize);
    assert_eq!(mails, firsts, "one receipt for each case");
    println!(
        "proof_kill {engine:?}: {KILLS} kills ({aimed} just after a final dot) in {killed:.0?}; {} letters accepted, \
         {} tries again ({} in doubt: sent whole, no answer; {} answered 4xx), {duplicates} duplicates recognised; {} cases; {mails} receipts in {copies} \
         copies; {:.0?} in all",
        accepted.len(),
        Tally::of(&tally.again),
        Tally::of(&tally.in_doubt),
        Tally::of(&tally.later),
        all.len(),
        started.elapsed()
    );
}

/// Some of the kills come at a random instant, most up to 8 ms after a letter was sent whole: then the desk is
/// writing it down, or about to answer.
async fn kill_again_and_again(
    node: &mut Node,
    lives: &watch::Sender<u32>,
    sent: &watch::Sender<u32>,
    dice: &Dice,
) -> u32 {
    let mut aimed = 0;
    for kill in 1..=KILLS {
        pass(Duration::from_millis(300 + dice.below(1_700))).await;
        if dice.percent(70) && timeout(Duration::from_secs(1), sent.subscribe().changed()).await.is_ok() {
            pass(Duration::from_micros(dice.below(8_000))).await;
            aimed += 1;
        }
        node.kill();
        node.spawn();
        lives.send_replace(kill + 1);
    }
    node.greets().await;
    // The gate is open: whatever is left may be delivered.
    lives.send_replace(u32::MAX / LETTERS_A_LIFE);
    aimed
}

/// A mail server with a hundred first letters, and customers who answer the receipts they get.
struct Sender {
    place: Place,
    recorder: Arc<Recorder>,
    tally: Arc<Tally>,
    sent_whole: watch::Sender<u32>,
    lives: watch::Receiver<u32>,
    number: u32,
    dice: Dice,
}

impl Sender {
    async fn deliver_all(mut self) -> Vec<Mail> {
        let mut accepted = Vec::new();
        let mut route = Route::to(&[self.place.lmtp]);
        let mut unanswered = Vec::new();
        for number in 0..FIRSTS {
            let (customer, nth) = (self.number + CLIENTS * (number % (FIRSTS / 2)), number / (FIRSTS / 2));
            let mail = first(customer, nth, self.dice.percent(12), &self.dice);
            self.deliver(&mut route, &mail, &mut accepted).await;
            unanswered.push(mail);
            if number % (FIRSTS / ANSWERS) == 0
                && let Some(answer) = self.answer_any(&mut unanswered)
            {
                self.deliver(&mut route, &answer, &mut accepted).await;
            }
        }
        while accepted.len() < (FIRSTS + ANSWERS) as usize {
            let answer = self.answer_when_it_comes(&mut unanswered).await;
            self.deliver(&mut route, &answer, &mut accepted).await;
        }
        accepted
    }

    async fn deliver(&mut self, route: &mut Route, mail: &Mail, accepted: &mut Vec<Mail>) {
        let needed = u32::try_from(accepted.len()).unwrap() / LETTERS_A_LIFE;
        self.lives.wait_for(|lives| *lives > needed).await.unwrap();
        pass(Duration::from_millis(self.dice.below(PAUSE_MS_MAX))).await;
        route.deliver(mail, &self.tally, || self.sent_whole.send_modify(|sent| *sent += 1)).await;
        accepted.push(mail.clone());
    }

    /// An answer to the first receipt that is there.
    fn answer_any(&self, unanswered: &mut Vec<Mail>) -> Option<Mail> {
        let mut found = unanswered.iter().enumerate();
        let (place, receipt) =
            found.find_map(|(place, first)| Some((place, self.recorder.receipt_for(&first.id)?)))?;
        Some(answer(&unanswered.swap_remove(place), &receipt, &self.dice))
    }

    async fn answer_when_it_comes(&self, unanswered: &mut Vec<Mail>) -> Mail {
        let mut count = self.recorder.count();
        let waiting = async {
            loop {
                if let Some(answer) = self.answer_any(unanswered) {
                    return answer;
                }
                count.changed().await.unwrap();
            }
        };
        timeout(RECEIPT_WAIT, waiting).await.expect("no receipt came that could be answered")
    }
}

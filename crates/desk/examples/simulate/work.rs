//! The workers' work, driven by hand: the same jobs as in `desk::worker`, one piece after the other. When a single piece
//! waits, the job itself does it; when several do, they are taken one by one, since the jobs do several at once and one
//! seed must give one run. Also the next mail server: what it takes has left the desk.

use anyhow::bail;
use casework::Mint as _;
use casework::delivery::Answer;
use desk::desk::Desk;
use desk::door::{delivery, intake};
use desk::outgoing::Outgoing;
use desk::worker::{clocks, letters, mails};
use store::DueOrder;

use crate::customers;
use crate::failures::{Doom, Held, die};
use crate::stage::brand_at;
use crate::world::{Mail, World};

/// Rounds until nothing is due, at most.
const ROUNDS_MAX: usize = 2000;
/// Claims of a node that is about to die.
const DOOMED_CLAIMS: u32 = 3;
/// Mails of the postbox looked at after each one was sent.
const NEWEST: u32 = 5;

/// How an attempt to send goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The next server takes the mail.
    Taken,
    /// Not now.
    Later,
    /// Never.
    Refused,
    /// The node dies before it sends.
    DiesStored,
    /// The node dies before it records.
    DiesSent,
}

/// Both nodes work in turn until nothing is due.
pub async fn work(world: &mut World) -> anyhow::Result<()> {
    if world.trouble.paused_until.is_some_and(|until| until > world.now) && !world.trouble.is_over {
        return Ok(());
    }
    for _ in 0..ROUNDS_MAX {
        let done = read_letters(world).await? + ring_clocks(world).await? + send_mails(world).await?;
        if done == 0 {
            return Ok(());
        }
    }
    bail!("seed {} at {}: the desk does not come to rest", world.seed, world.desk_now())
}

async fn read_letters(world: &mut World) -> anyhow::Result<usize> {
    let waiting = world.desk().store.unread_letters().await?;
    if waiting == 0 {
        return Ok(0);
    }
    let desk = world.next_node();
    let now = desk.clock.now();
    if takes(world, Doom::Letters) {
        let held = desk.store.claim_letters(now, DOOMED_CLAIMS).await?;
        if held.is_empty() {
            return Ok(0);
        }
        world.trouble.doom = None;
        die(world, Held::Letters(held)).await?;
        return Ok(1);
    }
    if waiting == 1 {
        return Ok(letters::read_due(&desk).await?);
    }
    let claimed = desk.store.claim_letters(now, 1).await?;
    for letter in &claimed {
        intake::take_in(&desk, *letter).await?;
    }
    Ok(claimed.len())
}

async fn ring_clocks(world: &mut World) -> anyhow::Result<usize> {
    let desk = world.next_node();
    if takes(world, Doom::Clocks) {
        let held = desk.store.claim_clocks(desk.clock.now(), DOOMED_CLAIMS).await?;
        if held.is_empty() {
            return Ok(0);
        }
        world.trouble.doom = None;
        die(world, Held::Clocks(held)).await?;
        return Ok(1);
    }
    Ok(clocks::ring_due(&desk).await?)
}

async fn send_mails(world: &mut World) -> anyhow::Result<usize> {
    let waiting = world.desk().store.undone_orders().await?;
    if waiting == 0 {
        return Ok(0);
    }
    let desk = world.next_node();
    let is_doomed = [Doom::Orders, Doom::Stored, Doom::Sent].into_iter().any(|doom| takes(world, doom));
    if waiting == 1 && !is_doomed && !is_away(world) && world.dice.says(60) {
        let sent = mails::send_due(&desk).await?;
        collect(world, &desk).await?;
        return Ok(sent);
    }
    let claims = if takes(world, Doom::Orders) { DOOMED_CLAIMS } else { 1 };
    let lease = desk.mint().uuid();
    let orders = desk.store.claim_orders(desk.clock.now(), lease, claims).await?;
    if takes(world, Doom::Orders) && !orders.is_empty() {
        world.trouble.doom = None;
        die(world, Held::Orders(orders)).await?;
        return Ok(1);
    }
    for order in &orders {
        let fate = fate(world);
        carry_out(world, &desk, order, fate).await?;
        if matches!(fate, Fate::DiesStored | Fate::DiesSent) {
            world.trouble.doom = None;
            die(world, Held::Orders(vec![order.clone()])).await?;
        }
    }
    Ok(orders.len())
}

fn takes(world: &World, doom: Doom) -> bool {
    world.trouble.doom == Some(doom) && !world.trouble.is_over
}

fn is_away(world: &World) -> bool {
    world.trouble.outage_until.is_some_and(|until| until > world.now) && !world.trouble.is_over
}

fn fate(world: &mut World) -> Fate {
    let is_lucky = world.trouble.is_over;
    match world.dice.between(1, 100) {
        _ if takes(world, Doom::Stored) => Fate::DiesStored,
        _ if is_away(world) => Fate::Later,
        _ if takes(world, Doom::Sent) => Fate::DiesSent,
        1..=8 if !is_lucky => Fate::Later,
        9..=10 if !is_lucky => Fate::Refused,
        _ => Fate::Taken,
    }
}

/// Carries out one order as `desk::worker::mails` does, up to where its fate lets it come.
pub async fn carry_out(world: &mut World, desk: &Desk, order: &DueOrder, fate: Fate) -> anyhow::Result<()> {
    let mail = mails::prepare(desk, order).await?.map_err(anyhow::Error::msg)?;
    let answer = match fate {
        Fate::Taken | Fate::DiesSent => {
            arrive(world, mail)?;
            Answer::Taken
        }
        Fate::Later => Answer::Later("450 come back later".to_owned()),
        Fate::Refused => {
            let words = "550 no such person".to_owned();
            Answer::Refused { words, status: Some("5.1.1".to_owned()), is_of_recipient: true }
        }
        Fate::DiesStored => return Ok(()),
    };
    match fate {
        Fate::DiesStored | Fate::DiesSent => return Ok(()),
        Fate::Later => world.counts.failures.0 += 1,
        Fate::Refused => world.counts.failures.1 += 1,
        Fate::Taken => {}
    }
    Ok(delivery::record(desk, order, answer).await?)
}

/// Takes over what the job put into the postbox.
async fn collect(world: &mut World, desk: &Desk) -> anyhow::Result<()> {
    let mut newest = desk.store.postbox(NEWEST).await?;
    newest.sort_by_key(|mail| (mail.at, mail.id));
    for mail in newest {
        if world.collected.insert(mail.id) {
            arrive(world, Outgoing { sender: mail.sender, recipient: mail.recipient, bytes: mail.bytes })?;
        }
    }
    Ok(())
}

/// A mail reaches the next server. The first copy is delivered; every further one must be the same, byte for byte.
fn arrive(world: &mut World, mail: Outgoing) -> anyhow::Result<()> {
    let read = channels::mail::read::read(&mail.bytes, "").0;
    let known = world.mails.iter().find(|known| known.read.message_id == read.message_id);
    if let Some(known) = known {
        let is_same =
            known.bytes == mail.bytes && known.recipient == mail.recipient && known.sender == mail.sender;
        let case = known.case;
        world.counts.sent.1 += 1;
        if !is_same {
            world.breaks(&format!("case {case:?}: two copies of the mail {:?} differ", read.message_id));
        }
        return Ok(());
    }
    let reply_to = read.reply_to.as_ref().map(|to| to.address.clone()).unwrap_or_default();
    let case = world.stage.secret.case_of_address(&reply_to, brand_at(&reply_to));
    let Outgoing { sender, recipient, bytes } = mail;
    world.counts.sent.0 += 1;
    world.mails.push(Mail { sender, recipient, bytes, read, case });
    customers::receive(world, world.mails.len() - 1)
}

//! What fails beside the desk's own work: nodes that die in the middle or come back from the dead, workers that stand
//! still, a next mail server that is away, clocks that jump.

use casework::LetterId;
use desk::door::{intake, ring};
use jiff::{SignedDuration, Timestamp};
use store::{DueClock, DueOrder};

use crate::work;
use crate::world::{Deed, World};

/// In the middle of what a node dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doom {
    /// It has claimed letters.
    Letters,
    /// It has claimed orders.
    Orders,
    /// It has claimed clocks.
    Clocks,
    /// It has stored a mail's bytes and not sent them.
    Stored,
    /// It has sent a mail and not recorded it.
    Sent,
}

/// What a dead node held.
#[derive(Debug, Clone)]
pub enum Held {
    /// Letters to read.
    Letters(Vec<LetterId>),
    /// Orders to carry out.
    Orders(Vec<DueOrder>),
    /// Clocks to ring.
    Clocks(Vec<DueClock>),
}

/// What is failing now.
#[derive(Debug, Clone, Default)]
pub struct Trouble {
    /// What the next node to do such work dies of.
    pub doom: Option<Doom>,
    /// Until when no worker works.
    pub paused_until: Option<Timestamp>,
    /// Until when the next mail server is away.
    pub outage_until: Option<Timestamp>,
    /// True when the world is to calm down: nothing fails any more.
    pub is_over: bool,
}

const DOOMS: [Doom; 5] = [Doom::Letters, Doom::Orders, Doom::Clocks, Doom::Stored, Doom::Sent];

/// Plans what will fail.
pub fn plan(world: &mut World) -> anyhow::Result<()> {
    let minutes = u32::try_from(world.end.duration_since(world.now).as_mins()).unwrap_or(u32::MAX);
    let days = minutes / (24 * 60);
    for _ in 0..days * 16 {
        let deed = Deed::Die(DOOMS[world.dice.index(DOOMS.len())]);
        plan_within(world, minutes, deed)?;
    }
    for _ in 0..days * 3 {
        let deed = Deed::Pause(world.dice.minutes(2, 20));
        plan_within(world, minutes, deed)?;
        let deed = Deed::Outage(world.dice.minutes(5, 90));
        plan_within(world, minutes, deed)?;
        // Time servers push a clock to either side.
        let step = world.dice.minutes(0, 5);
        let step = if world.dice.says(60) { -step } else { step };
        plan_within(world, minutes, Deed::Jump(step))?;
    }
    if world.dice.says(50) {
        plan_within(world, minutes, Deed::Jump(SignedDuration::from_hours(24)))?;
    }
    Ok(())
}

fn plan_within(world: &mut World, minutes: u32, deed: Deed) -> anyhow::Result<()> {
    let after = world.dice.minutes(1, minutes.saturating_sub(1).max(1));
    world.plan(after, deed)
}

/// The desk's clock jumps.
pub fn jump(world: &mut World, by: SignedDuration) -> anyhow::Result<()> {
    world.skew = world.skew.checked_add(by).unwrap_or(world.skew);
    world.counts.jumps += 1;
    world.come_to(world.now)
}

/// A node has died with this in its hands. Its process starts anew; half of the time the old one was only frozen,
/// and goes on when its leases have long run out.
pub async fn die(world: &mut World, held: Held) -> anyhow::Result<()> {
    world.counts.crashes.0 += 1;
    if world.dice.says(50) {
        let after = world.dice.minutes(6, 45);
        world.plan(after, Deed::Wake(held))?;
    }
    let reborn = world.dice.next();
    let node = world.stage.node(reborn).await?;
    let dead = std::mem::replace(&mut world.nodes[world.turn], node);
    dead.store.close().await;
    Ok(())
}

/// A node that was thought dead goes on with what it held.
pub async fn wake(world: &mut World, held: Held) -> anyhow::Result<()> {
    world.counts.crashes.1 += 1;
    let desk = world.next_node();
    match held {
        Held::Letters(letters) => {
            for letter in letters {
                intake::take_in(&desk, letter).await?;
            }
        }
        Held::Orders(orders) => {
            for order in orders {
                work::carry_out(world, &desk, &order, work::Fate::Taken).await?;
            }
        }
        Held::Clocks(clocks) => {
            for clock in clocks {
                ring::ring(&desk, clock).await?;
            }
        }
    }
    Ok(())
}

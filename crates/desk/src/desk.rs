//! The desk as a whole: what every door, worker and screen works with. Holds parts; decides nothing.

use std::sync::Arc;

use casework::proof::Secret;
use channels::mail::send::Courier;
use store::Store;
use tokio::sync::{Notify, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;

use crate::chance::{Chance, TimedMint};
use crate::time::Clock;

/// Everything that belongs to one running desk.
#[derive(Clone)]
pub struct Desk(Arc<Parts>);

/// The parts of a desk.
pub struct Parts {
    /// Its memory.
    pub store: Store,
    /// Its clock.
    pub clock: Clock,
    /// Its randomness.
    pub chance: Chance,
    /// What signs reply addresses and private links.
    pub secret: Secret,
    /// How mail leaves.
    pub postman: Postman,
    /// Where customers and agents reach it, such as `https://desk.brand.fr`, without a slash at the end.
    pub public_url: String,
    /// True for a demonstration: postbox page, logins shown.
    pub is_demo: bool,
    /// Tells screens that a case has changed.
    pub changes: broadcast::Sender<store::Change>,
    /// Wakes the worker that reads letters.
    pub letter_came: Notify,
    /// Wakes the worker that sends mails.
    pub order_came: Notify,
    /// Cancelled when the desk stops: long answers end then.
    pub stopping: CancellationToken,
    /// Password checks at once: each takes 19 MiB and a core for a while.
    pub password_places: Arc<Semaphore>,
}

/// How mail leaves the desk.
#[derive(Debug)]
pub enum Postman {
    /// By a mail server.
    Smtp(Courier),
    /// Into the demonstration's postbox.
    Postbox,
}

/// Password checks at once.
const PASSWORD_PLACES: usize = 2;
/// Changes that a slow screen may lag behind before it is told to look at everything.
const CHANGES_KEPT: usize = 1024;

/// What a desk is made of.
pub struct Setup {
    /// Its memory.
    pub store: Store,
    /// Its clock.
    pub clock: Clock,
    /// Its randomness.
    pub chance: Chance,
    /// Its secret.
    pub secret: Secret,
    /// How mail leaves.
    pub postman: Postman,
    /// Where it is reached.
    pub public_url: String,
    /// Whether it is a demonstration.
    pub is_demo: bool,
}

impl Desk {
    /// Puts a desk together.
    pub fn new(setup: Setup) -> Self {
        let Setup { store, clock, chance, secret, postman, public_url, is_demo } = setup;
        Self(Arc::new(Parts {
            store,
            clock,
            chance,
            secret,
            postman,
            public_url: public_url.trim_end_matches('/').to_owned(),
            is_demo,
            changes: broadcast::Sender::new(CHANGES_KEPT),
            letter_came: Notify::new(),
            order_came: Notify::new(),
            stopping: CancellationToken::new(),
            password_places: Arc::new(Semaphore::new(PASSWORD_PLACES)),
        }))
    }

    /// Mints ids for one decision.
    pub fn mint(&self) -> TimedMint<'_> {
        TimedMint { chance: &self.0.chance, clock: &self.0.clock }
    }

    /// The mark by which our own mails are known when they come back.
    pub fn mark(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0.secret.sign("mark", &[])[..8])
    }
}

impl std::ops::Deref for Desk {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

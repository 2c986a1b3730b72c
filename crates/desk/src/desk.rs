//! The desk as a whole: what every door, worker and screen works with. Holds parts; decides nothing.

use std::sync::Arc;

use casework::BrandId;
use casework::proof::Secret;
use channels::webhook::Settings as WebhookSettings;
use files::{Place, Vault};
use store::Store;
use tokio::sync::{Notify, Semaphore, broadcast};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::chance::{Chance, TimedMint};
use crate::postman::Postman;
use crate::prover::Prover;
use crate::time::Clock;
use crate::tokens::Tokens;

/// Everything that belongs to one running desk.
#[derive(Clone)]
pub struct Desk(Arc<Parts>);

/// The parts of a desk.
pub struct Parts {
    /// Its memory.
    pub store: Store,
    /// Its clock.
    pub clock: Clock,
    /// Where attachments are kept.
    pub vault: Vault,
    /// Its randomness.
    pub chance: Chance,
    /// What signs reply addresses and private links.
    pub secret: Secret,
    /// How mail leaves.
    pub postman: Postman,
    /// How senders of letters are proven.
    pub prover: Prover,
    /// Access tokens of mail accounts.
    pub tokens: Tokens,
    /// Certificates in PEM that are trusted besides the usual ones; may be empty.
    pub extra_roots: Vec<u8>,
    /// How other programs are told.
    pub webhooks: WebhookSettings,
    /// What it calls itself to mail servers.
    pub hello: String,
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
    /// Wakes the worker that erases.
    pub erasure_asked: Notify,
    /// Tells the worker that reads mail accounts which one somebody changed or repaired.
    pub account_changed: broadcast::Sender<(BrandId, Uuid)>,
    /// Cancelled when the desk stops: long answers end then.
    pub stopping: CancellationToken,
    /// Password checks at once: each takes 19 MiB and a core for a while.
    pub password_places: Arc<Semaphore>,
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
    /// Where attachments are kept.
    pub vault: Vault,
    /// Its randomness.
    pub chance: Chance,
    /// Its secret.
    pub secret: Secret,
    /// How mail leaves.
    pub postman: Postman,
    /// How senders are proven.
    pub prover: Prover,
    /// Certificates trusted besides the usual ones, in PEM.
    pub extra_roots: Vec<u8>,
    /// How other programs are told.
    pub webhooks: WebhookSettings,
    /// What it calls itself to mail servers.
    pub hello: String,
    /// Where it is reached.
    pub public_url: String,
    /// Whether it is a demonstration.
    pub is_demo: bool,
}

impl Setup {
    /// A desk that asks nobody outside: mails go into the postbox, senders are not proven. For demonstrations and tests.
    pub fn secluded(store: Store, clock: Clock, chance: Chance, secret: Secret) -> Self {
        let folder = store.folder();
        let vault = Vault::new(Place::Folder(folder.join("files")), folder.join("incoming"), None);
        Self {
            store,
            clock,
            vault,
            chance,
            secret,
            postman: Postman::Postbox,
            prover: Prover::Off,
            extra_roots: Vec::new(),
            webhooks: WebhookSettings::default(),
            hello: "localhost".to_owned(),
            public_url: "https://desk.example".to_owned(),
            is_demo: false,
        }
    }
}

impl Desk {
    /// Puts a desk together.
    pub fn new(setup: Setup) -> Self {
        let Setup {
            store,
            clock,
            vault,
            chance,
            secret,
            postman,
            prover,
            extra_roots,
            webhooks,
            hello,
            public_url,
            is_demo,
        } = setup;
        Self(Arc::new(Parts {
            store,
            clock,
            vault,
            chance,
            secret,
            postman,
            prover,
            tokens: Tokens::default(),
            extra_roots,
            webhooks,
            hello,
            public_url: public_url.trim_end_matches('/').to_owned(),
            is_demo,
            changes: broadcast::Sender::new(CHANGES_KEPT),
            letter_came: Notify::new(),
            order_came: Notify::new(),
            erasure_asked: Notify::new(),
            account_changed: broadcast::Sender::new(CHANGES_KEPT),
            stopping: CancellationToken::new(),
            password_places: Arc::new(Semaphore::new(PASSWORD_PLACES)),
        }))
    }

    /// Tells the reader of mail accounts that one was changed or repaired. Where none runs, nobody need hear it.
    pub fn tell_account_changed(&self, account: (BrandId, Uuid)) {
        drop(self.0.account_changed.send(account));
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

//! Reads mail accounts by IMAP: each account by one node at a time, under a lease. How far it was read is kept in the same
//! commit as its letters, so that a crash neither loses a letter nor takes one twice.

use std::collections::HashMap;
use std::time::Duration;

use casework::BrandId;
use channels::mail::imap::{Mailbox, Wait};
use jiff::Timestamp;
use store::{Lease, MailAccount, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::account::Trouble;
use crate::account::reach::imap_settings;
use crate::desk::Desk;
use crate::fetching::{Progress, Stuck, take_new};

/// How often the list of accounts is looked at, for what another node has changed.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often the right to read is renewed: three times within the lease.
const RENEW_EVERY: Duration = Duration::from_secs(20);
/// How often a node asks for an account that another one reads.
const ASK_EVERY: Duration = Duration::from_secs(15);
/// Longest that one connection waits for news before it looks by itself: servers forget to tell.
const WAIT_LONGEST: Duration = Duration::from_mins(5);
/// Pause after a failure, doubled with each in a row up to the longest.
const PAUSE: Duration = Duration::from_secs(5);
const PAUSE_LONGEST: Duration = Duration::from_mins(5);

type Key = (BrandId, Uuid);

/// Reads all accounts until `stop` is cancelled. A changed account is read anew with what holds now.
pub async fn run(desk: Desk, stop: CancellationToken) {
    let mut changed = desk.account_changed.subscribe();
    let mut readers = Readers { holder: casework::Mint::uuid(&mut desk.mint()), ..Readers::default() };
    loop {
        match desk.store.accounts().await {
            Ok(accounts) => readers.match_with(&desk, &accounts, &stop),
            Err(error) => tracing::warn!(%error, "the mail accounts cannot be listed; tried again"),
        }
        tokio::select! {
            () = stop.cancelled() => break,
            // Somebody repaired something: whoever was pausing tries at once.
            key = changed.recv() => readers.stop_where(|running| key.as_ref().map_or(true, |key| key == running)),
            // One that has ended is started again at the next look, which is now.
            Some(ended) = readers.tasks.join_next_with_id() => readers.forget(ended.map_or_else(|error| error.id(), |(id, ())| id)),
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
    while readers.tasks.join_next().await.is_some() {}
}

/// The accounts that this node tends, each by one task at a time: the next begins when the one before has ended, so that
/// two never read under one lease.
#[derive(Default)]
struct Readers {
    holder: Uuid,
    tasks: JoinSet<()>,
    running: HashMap<Key, (tokio::task::Id, CancellationToken)>,
}

impl Readers {
    /// Starts a task for each account that has none, and ends those of accounts that are gone.
    fn match_with(&mut self, desk: &Desk, accounts: &[MailAccount], stop: &CancellationToken) {
        let keys: Vec<Key> =
            accounts.iter().map(|account| (account.set_up.brand, account.set_up.id)).collect();
        self.stop_where(|running| !keys.contains(running));
        for key in keys {
            self.running.entry(key).or_insert_with(|| {
                let own = stop.child_token();
                let task = tend_always(desk.clone(), key, self.holder, own.clone());
                (self.tasks.spawn(task).id(), own)
            });
        }
    }

    /// Asks tasks to end.
    fn stop_where(&self, is_meant: impl Fn(&Key) -> bool) {
        let meant = self.running.iter().filter(|(key, _)| is_meant(key));
        meant.for_each(|(_, (_, task))| task.cancel());
    }

    /// A task has ended: its account may have another one.
    fn forget(&mut self, ended: tokio::task::Id) {
        self.running.retain(|_, (id, _)| *id != ended);
    }
}

/// Tends one account until told to stop. A panic while reading is a bug; it must not end reading for good.
async fn tend_always(desk: Desk, key: Key, holder: Uuid, stop: CancellationToken) {
    while let Err(error) = tokio::spawn(tend(desk.clone(), key, holder, stop.clone())).await {
        tracing::error!(account = %key.1, %error, "reading an account ended by itself; it begins again");
        note_failure(&desk, key, &Trouble::OwnFault).await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE_LONGEST) => {}
        }
    }
}

/// Reads one account for as long as this node has the right to, again and again.
async fn tend(desk: Desk, (brand, id): Key, holder: Uuid, stop: CancellationToken) {
    let (mut failures, mut stuck) = (0, Stuck::default());
    while !stop.is_cancelled() {
        let pause = match desk.store.lease_account((brand, id), holder, desk.clock.now()).await {
            Ok(None) => ASK_EVERY,
            Ok(Some(lease)) => {
                let outcome = tokio::select! {
                    outcome = read(&desk, lease, &mut stuck, &stop) => outcome,
                    () = renew(&desk, lease, holder) => Err(Trouble::Store(StoreError::Conflict)),
                };
                if let Err(error) = desk.store.release_account(lease).await {
                    tracing::warn!(account = %id, %error, "the account's lease will run out by itself");
                }
                failures = if outcome.is_ok() { 0 } else { failures + 1 };
                rest_after(&desk, (brand, id), outcome, failures).await
            }
            Err(error) => {
                tracing::warn!(account = %id, %error, "an account waits: the store is not ready");
                PAUSE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Remembers how reading ended, and says how long to wait before the next try.
async fn rest_after(desk: &Desk, key: Key, outcome: Result<(), Trouble>, failures: u32) -> Duration {
    let Err(trouble) = outcome else { return Duration::ZERO };
    // Another node has taken over, or the database is away: nothing is wrong with the account.
    if let Trouble::Store(error) = &trouble {
        tracing::warn!(account = %key.1, %error, "reading an account stopped");
        return PAUSE;
    }
    tracing::warn!(account = %key.1, kind = trouble.code(), failures, "an account cannot be read");
    note_failure(desk, key, &trouble).await;
    if trouble.is_lasting() {
        return PAUSE_LONGEST;
    }
    PAUSE.saturating_mul(1 << failures.min(6)).min(PAUSE_LONGEST)
}

async fn note_failure(desk: &Desk, key: Key, trouble: &Trouble) {
    if let Err(error) = desk.store.account_failed(key, trouble.to_kept(), desk.clock.now()).await {
        tracing::warn!(account = %key.1, %error, "its failure could not be noted");
    }
}

/// Keeps the right to read until it is lost.
async fn renew(desk: &Desk, lease: Lease, holder: Uuid) {
    loop {
        tokio::time::sleep(RENEW_EVERY).await;
        let renewed = desk.store.lease_account((lease.brand, lease.account), holder, desk.clock.now()).await;
        match renewed {
            Ok(Some(now)) if now.fence == lease.fence => {}
            // A database that is away for a moment takes nothing: the fence decides about every write.
            Err(error) if error.is_passing() => {}
            Ok(_) | Err(_) => return,
        }
    }
}

/// Reads what is new, waits for more, until told to stop.
async fn read(desk: &Desk, lease: Lease, stuck: &mut Stuck, stop: &CancellationToken) -> Result<(), Trouble> {
    let Some(account) = desk.store.account(lease.brand, lease.account).await? else { return Ok(()) };
    let mut mailbox = open(desk, &account).await?;
    let mut progress = Progress::begin(&account, &mut mailbox, *stuck).await?;
    loop {
        let taken = take_new(desk, &account, lease, (&mut mailbox, &mut progress)).await;
        *stuck = progress.stuck();
        if let Some(failure) = taken?.left_lying {
            // New letters come in all the same; somebody has to look at the folder.
            tracing::warn!(account = %lease.account, "letters that were read stay where they are");
            note_failure(desk, (lease.brand, lease.account), &failure.into()).await;
        }
        match mailbox.wait(WAIT_LONGEST, stop).await? {
            Wait::NewMail => {}
            Wait::TimedOut => {
                desk.store.account_answered(lease.brand, lease.account, desk.clock.now()).await?;
            }
            Wait::Stopped => {
                mailbox.close().await;
                return Ok(());
            }
        }
    }
}

/// Reads once what is new in an account and leaves: for the command line and for tests. Gives how many letters were kept;
/// none when another node reads the account.
pub async fn read_once(desk: &Desk, (brand, id): Key, stuck: &mut Stuck) -> Result<usize, Trouble> {
    let holder = casework::Mint::uuid(&mut desk.mint());
    let now: Timestamp = desk.clock.now();
    let Some(lease) = desk.store.lease_account((brand, id), holder, now).await? else { return Ok(0) };
    let outcome = read_what_is_there(desk, lease, stuck).await;
    desk.store.release_account(lease).await?;
    outcome
}

async fn read_what_is_there(desk: &Desk, lease: Lease, stuck: &mut Stuck) -> Result<usize, Trouble> {
    let Some(account) = desk.store.account(lease.brand, lease.account).await? else { return Ok(0) };
    let mut mailbox = open(desk, &account).await?;
    let mut progress = Progress::begin(&account, &mut mailbox, *stuck).await?;
    let taken = take_new(desk, &account, lease, (&mut mailbox, &mut progress)).await;
    *stuck = progress.stuck();
    mailbox.close().await;
    taken.map(|taken| taken.count)
}

async fn open(desk: &Desk, account: &MailAccount) -> Result<Mailbox, Trouble> {
    let settings = imap_settings(desk, account).await?;
    let opened = Mailbox::open(&settings).await;
    if opened.is_err() {
        // Whatever was wrong with the login, the next try asks for a new token.
        desk.tokens.forget((account.set_up.brand, account.set_up.id)).await;
    }
    Ok(opened?)
}

//! Work that goes on by itself: one file a job. Each job has one function that does what is due now and says how much
//! it did, so that tests and simulations drive the same code by hand; here they are driven by time and by waking.

pub mod accounts;
pub mod clocks;
pub mod letters;
pub mod mails;
pub mod notify;
pub mod sweep;

use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;

/// How often each job looks by itself, for work that another node or a restart left behind.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Pause after a failure, so that a database that is away is not asked without end.
const FAILURE_PAUSE: Duration = Duration::from_secs(2);

/// Runs every job until `stop` is cancelled; what is under way is finished first.
pub async fn run_all(desk: Desk, stop: CancellationToken) {
    let mut jobs = tokio::task::JoinSet::new();
    jobs.spawn(letters_loop(desk.clone(), stop.clone()));
    jobs.spawn(mails_loop(desk.clone(), stop.clone()));
    jobs.spawn(clocks_loop(desk.clone(), stop.clone()));
    jobs.spawn(sweep::run(desk.clone(), stop.clone()));
    jobs.spawn(accounts::run(desk.clone(), stop.clone()));
    jobs.spawn(notify::run(desk, stop));
    while let Some(ended) = jobs.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a job ended by itself");
        }
    }
}

async fn letters_loop(desk: Desk, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let done = letters::read_due(&desk).await;
        rest("letters", done, &desk.letter_came, &stop).await;
    }
}

async fn mails_loop(desk: Desk, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let done = mails::send_due(&desk).await;
        rest("mails", done, &desk.order_came, &stop).await;
    }
}

async fn clocks_loop(desk: Desk, stop: CancellationToken) {
    let never = Notify::new();
    while !stop.is_cancelled() {
        let done = clocks::ring_due(&desk).await;
        rest("clocks", done, &never, &stop).await;
    }
}

/// Waits until there may be more to do: not at all after work was found, else until woken or for a second.
async fn rest(job: &str, done: Result<usize, store::StoreError>, wake: &Notify, stop: &CancellationToken) {
    let pause = match done {
        Ok(0) => LOOK_EVERY,
        Ok(_) => return,
        Err(error) => {
            tracing::warn!(job, %error, "a job could not do its work; it tries again");
            FAILURE_PAUSE
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = wake.notified() => {}
        () = tokio::time::sleep(pause) => {}
    }
}

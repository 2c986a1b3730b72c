//! Work that goes on by itself: one file a job. Each job has one function that does what is due now and says how much
//! it did, so that tests and simulations drive the same code by hand; here they are driven by time and by waking.

pub mod accounts;
pub mod clocks;
pub mod common_clock;
pub mod erasure;
pub mod feed;
pub mod letters;
pub mod mails;
pub mod notify;
pub mod search;
pub mod statistics;
pub mod sweep;
pub mod webhooks;

use std::pin::Pin;
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
    let with = |job: fn(Desk, CancellationToken) -> Job| {
        let (desk, stop) = (desk.clone(), stop.clone());
        move || job(desk.clone(), stop.clone())
    };
    tokio::join!(
        keep_up("letters", &stop, with(|desk, stop| Box::pin(letters_loop(desk, stop)))),
        keep_up("mails", &stop, with(|desk, stop| Box::pin(mails_loop(desk, stop)))),
        keep_up("clocks", &stop, with(|desk, stop| Box::pin(clocks_loop(desk, stop)))),
        keep_up("search", &stop, with(|desk, stop| Box::pin(search::run(desk, stop)))),
        keep_up("statistics", &stop, with(|desk, stop| Box::pin(statistics::run(desk, stop)))),
        keep_up("feed", &stop, with(|desk, stop| Box::pin(feed::run(desk, stop)))),
        keep_up("webhooks", &stop, with(|desk, stop| Box::pin(webhooks::run(desk, stop)))),
        keep_up("erasure", &stop, with(|desk, stop| Box::pin(erasure::run(desk, stop)))),
        keep_up("sweep", &stop, with(|desk, stop| Box::pin(sweep::run(desk, stop)))),
        keep_up("accounts", &stop, with(|desk, stop| Box::pin(accounts::run(desk, stop)))),
        keep_up("common clock", &stop, with(|desk, stop| Box::pin(common_clock::run(desk, stop)))),
        keep_up("notify", &stop, with(|desk, stop| Box::pin(notify::run(desk, stop)))),
    );
}

/// A job at work; it ends when it is told to stop.
type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs one job in a task of its own. A panic is a bug; it must not end the job for good, so the job begins again.
async fn keep_up(name: &str, stop: &CancellationToken, job: impl Fn() -> Job) {
    while let Err(error) = tokio::spawn(job()).await {
        tracing::error!(job = name, %error, "a job ended by itself; it begins again");
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(FAILURE_PAUSE) => {}
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_job_that_panics_begins_again_and_one_that_ends_does_not() {
        let begun = Arc::new(AtomicU32::new(0));
        let counted = begun.clone();
        let job = move || -> Job {
            let nth = counted.fetch_add(1, Ordering::Relaxed) + 1;
            Box::pin(async move { assert!(nth >= 3, "breaks off, the first two times") })
        };
        keep_up("test", &CancellationToken::new(), job).await;
        assert_eq!(begun.load(Ordering::Relaxed), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_panics_while_the_desk_stops_stays_ended() {
        let begun = Arc::new(AtomicU32::new(0));
        let (stop, counted) = (CancellationToken::new(), begun.clone());
        stop.cancel();
        let job = move || -> Job {
            counted.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { panic!("breaks off") })
        };
        keep_up("test", &stop, job).await;
        assert_eq!(begun.load(Ordering::Relaxed), 1);
    }
}

//! The writer task: every write runs here, never in a request's own future, so that a visitor who goes away
//! cannot leave a transaction open. On `SQLite` all writes go through one connection, and those that wait together
//! share one commit (group commit), each in its own savepoint. On `PostgreSQL` each write is a task of its own.
//!
//! Whatever happens, each caller is answered: with what its commit gave, or with why it was not written, or with
//! "nobody knows" when the connection broke while committing.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::conn::Conn;
use crate::connect::{POSTGRES_WRITERS_MAX, Pools};
use crate::error::StoreError;

/// Writes that wait for one another at most; beyond, callers wait for room.
const QUEUE_MAX: u32 = 1024;
/// Writes that share one commit at most.
const GROUP_MAX: usize = 64;
/// A group is closed when it has worked this long, so that no transaction grows over 50 ms.
const GROUP_TIME_MAX: Duration = Duration::from_millis(20);

/// What a write does inside its transaction. It owns nothing of the caller.
pub(crate) type Work<T> =
    Box<dyn for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static>;

/// The hand that every write passes through.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::UnboundedSender<Box<dyn Job>>,
    /// One place a write, from the moment it is queued until it is answered. It bounds the queue.
    places: Arc<Semaphore>,
}

impl Writer {
    /// Starts the task. It ends when the last handle is dropped and the queue is empty.
    pub(crate) fn start(pools: Pools) -> Self {
        let (queue, jobs) = mpsc::unbounded_channel();
        if pools.has_one_writer() {
            tokio::spawn(write_in_groups(pools, jobs));
        } else {
            tokio::spawn(write_side_by_side(pools, jobs));
        }
        Self { queue, places: Arc::new(Semaphore::new(QUEUE_MAX as usize)) }
    }

    /// Runs a piece of work in a transaction and answers after its commit. An error rolls it back.
    pub(crate) async fn write<T: Send + 'static>(&self, work: Work<T>) -> Result<T, StoreError> {
        self.queue(work, |_| true).await
    }

    /// The same for work that may refuse: a refusal rolls back and is given to the caller.
    pub(crate) async fn write_unless_refused<T: Send + 'static, E: Send + 'static>(
        &self,
        work: Work<Result<T, E>>,
    ) -> Result<Result<T, E>, StoreError> {
        self.queue(work, Result::is_ok).await
    }

    /// Waits until every write that was queued is answered; later ones are turned away.
    pub(crate) async fn finish(&self) {
        // Fails only when it was finished before.
        drop(self.places.acquire_many(QUEUE_MAX).await);
        self.places.close();
    }

    async fn queue<T: Send + 'static>(
        &self,
        work: Work<T>,
        is_kept: fn(&T) -> bool,
    ) -> Result<T, StoreError> {
        let closed = || StoreError::Unavailable(sqlx::Error::PoolClosed);
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| closed())?;
        let (answer, answered) = oneshot::channel();
        let job = TypedJob { work: Some(work), result: None, is_kept, answer, _place: place };
        self.queue.send(Box::new(job)).map_err(|_| closed())?;
        // A job is dropped without an answer only when the runtime ends in the middle of it.
        answered.await.map_err(|_| StoreError::Unknown(sqlx::Error::WorkerCrashed))?
    }
}

/// How a piece of work ended.
enum Ran {
    /// What it wrote is to be committed.
    Good,
    /// What it wrote is to be undone.
    Failed,
    /// It broke off in the middle: its connection is in no known state.
    Panicked,
}

/// A write whose type is forgotten, so that different ones can stand in one queue.
trait Job: Send {
    /// Does the work. The result is kept until the commit is known.
    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, Ran>;
    /// Answers the caller: with the kept result, or with why it was not written.
    fn finish(self: Box<Self>, failure: Option<StoreError>);
}

struct TypedJob<T> {
    work: Option<Work<T>>,
    result: Option<Result<T, StoreError>>,
    /// Whether a result is one to commit.
    is_kept: fn(&T) -> bool,
    answer: oneshot::Sender<Result<T, StoreError>>,
    _place: OwnedSemaphorePermit,
}

impl<T: Send + 'static> Job for TypedJob<T> {
    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, Ran> {
        Box::pin(async move {
            let Some(work) = self.work.take() else { return Ran::Failed };
            let Ok(result) = AssertUnwindSafe(async { work(conn).await }).catch_unwind().await else {
                tracing::error!("a write panicked");
                self.result = Some(Err(StoreError::Panicked));
                return Ran::Panicked;
            };
            let is_good = result.as_ref().is_ok_and(self.is_kept);
            self.result = Some(result);
            if is_good { Ran::Good } else { Ran::Failed }
        })
    }

    fn finish(self: Box<Self>, failure: Option<StoreError>) {
        let result = match (failure, self.result) {
            // It did not mean to write anything, so that the end of the transaction is none of its business.
            (_, Some(Err(own))) => Err(own),
            (_, Some(Ok(refused))) if !(self.is_kept)(&refused) => Ok(refused),
            (Some(failure), _) => Err(failure),
            (None, Some(done)) => done,
            (None, None) => Err(Failure::NotWritten.as_error()),
        };
        // The caller may have gone away; what was written stays written.
        drop(self.answer.send(result));
    }
}

/// How a transaction as a whole went wrong; each write in it is told.
#[derive(Clone, Copy)]
enum Failure {
    /// Nothing was written.
    NotWritten,
    /// The connection broke while committing: nobody knows.
    Unknown,
}

impl Failure {
    fn as_error(self) -> StoreError {
        match self {
            Self::NotWritten => StoreError::Unavailable(sqlx::Error::WorkerCrashed),
            Self::Unknown => StoreError::Unknown(sqlx::Error::WorkerCrashed),
        }
    }
}

type Jobs = mpsc::UnboundedReceiver<Box<dyn Job>>;

async fn write_in_groups(pools: Pools, mut jobs: Jobs) {
    while let Some(first) = jobs.recv().await {
        let mut group = vec![first];
        let failure = match begin(&pools).await {
            Ok(conn) => write_group(conn, &mut group, &mut jobs).await.err(),
            Err(failure) => Some(failure),
        };
        for job in group {
            job.finish(failure.map(Failure::as_error));
        }
    }
}

/// Writes the first job and all that come in meanwhile in one transaction, each in its own savepoint. An error means that the
/// transaction as a whole is lost.
async fn write_group(mut conn: Conn, group: &mut Vec<Box<dyn Job>>, jobs: &mut Jobs) -> Result<(), Failure> {
    let started_at = Instant::now();
    let mut next = 0;
    while let Some(job) = group.get_mut(next) {
        // The first savepoint began with the transaction.
        if let Err(error) = run_in_savepoint(&mut conn, job.as_mut(), next > 0).await {
            tracing::error!(%error, "a group of writes was given up");
            conn.discard();
            return Err(Failure::NotWritten);
        }
        next += 1;
        let has_room = group.len() < GROUP_MAX && started_at.elapsed() < GROUP_TIME_MAX;
        if has_room && let Ok(job) = jobs.try_recv() {
            group.push(job);
        }
    }
    commit(conn, "release job; commit").await
}

/// Leaves its savepoint open. `SQLite` itself may have rolled back the whole transaction (disk full, out of memory): then
/// there is no savepoint left to go back to, and that is the error.
async fn run_in_savepoint(conn: &mut Conn, job: &mut dyn Job, is_next: bool) -> Result<(), StoreError> {
    if is_next {
        conn.command("release job; savepoint job").await?;
    }
    match job.run(conn).await {
        Ran::Good => Ok(()),
        Ran::Failed => conn.command("rollback to job").await,
        Ran::Panicked => Err(StoreError::Panicked),
    }
}

async fn write_side_by_side(pools: Pools, mut jobs: Jobs) {
    let hands = Arc::new(Semaphore::new(POSTGRES_WRITERS_MAX as usize));
    while let Some(mut job) = jobs.recv().await {
        let Ok(hand) = Arc::clone(&hands).acquire_owned().await else { return };
        let pools = pools.clone();
        tokio::spawn(async move {
            let failure = match begin(&pools).await {
                Ok(conn) => write_one(conn, job.as_mut()).await.err(),
                Err(failure) => Some(failure),
            };
            job.finish(failure.map(Failure::as_error));
            drop(hand);
        });
    }
}

async fn write_one(mut conn: Conn, job: &mut dyn Job) -> Result<(), Failure> {
    match job.run(&mut conn).await {
        Ran::Good => return commit(conn, "commit").await,
        Ran::Failed if conn.command("rollback").await.is_ok() => {}
        Ran::Failed | Ran::Panicked => conn.discard(),
    }
    Ok(())
}

/// A connection with a transaction begun. One on which that failed may have begun it all the same: it is closed.
async fn begin(pools: &Pools) -> Result<Conn, Failure> {
    let mut conn = pools.writer().await.map_err(|error| {
        tracing::error!(%error, "no connection to write with");
        Failure::NotWritten
    })?;
    match conn.command(pools.begin_to_write()).await {
        Ok(()) => Ok(conn),
        Err(error) => {
            tracing::error!(%error, "no transaction could be begun");
            conn.discard();
            Err(Failure::NotWritten)
        }
    }
}

async fn commit(mut conn: Conn, commands: &'static str) -> Result<(), Failure> {
    let Err(error) = conn.command(commands).await else { return Ok(()) };
    tracing::error!(%error, "a commit failed");
    // A server that broke off, or a disk that failed to sync, may have kept the commit.
    let failure = match error {
        StoreError::Unavailable(_) => Failure::Unknown,
        _ => Failure::NotWritten,
    };
    // A connection in an unknown state is never used again; closing it also rolls back.
    conn.discard();
    Err(failure)
}

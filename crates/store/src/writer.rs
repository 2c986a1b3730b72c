//! The writer task: every write runs here, never in a request's own future, so that a visitor who goes away
//! cannot leave a transaction open. On SQLite all writes go through one connection, and those that wait together
//! share one commit (group commit), each in its own savepoint. On PostgreSQL each write is a task of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::conn::Conn;
use crate::connect::Pools;
use crate::error::StoreError;

/// Writes that wait for one another at most; beyond, callers wait for room.
const QUEUE_MAX: usize = 1024;
/// Writes that share one commit at most.
const GROUP_MAX: usize = 64;
/// A group is closed when it has worked this long, so that no transaction grows over 50 ms.
const GROUP_TIME_MAX: Duration = Duration::from_millis(20);
/// Writes at once on a server, kept below the pool so that readers always find a connection.
const TASKS_MAX: usize = 16;

/// What a write does inside its transaction. It owns nothing of the caller.
pub(crate) type Work<T> =
    Box<dyn for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static>;

/// The hand that every write passes through.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
}

impl Writer {
    /// Starts the task. It ends when the last handle is dropped and the queue is empty.
    pub(crate) fn start(pools: Pools) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        if pools.has_one_writer() {
            tokio::spawn(write_in_groups(pools, jobs));
        } else {
            tokio::spawn(write_side_by_side(pools, jobs));
        }
        Self { queue }
    }

    /// Runs a piece of work in a transaction and answers after its commit.
    pub(crate) async fn write<T: Send + 'static>(&self, work: Work<T>) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = TypedJob { work: Some(work), result: None, answer: Some(answer) };
        let gone = || StoreError::Unavailable(sqlx::Error::WorkerCrashed);
        self.queue.send(Box::new(job)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

/// A write whose type is forgotten, so that different ones can stand in one queue.
trait Job: Send {
    /// Does the work. The result is kept until the commit is known.
    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, bool>;
    /// Answers the caller: with the kept result, or with why it was not written.
    fn finish(self: Box<Self>, failure: Option<StoreError>);
}

struct TypedJob<T> {
    work: Option<Work<T>>,
    result: Option<Result<T, StoreError>>,
    answer: Option<oneshot::Sender<Result<T, StoreError>>>,
}

impl<T: Send + 'static> Job for TypedJob<T> {
    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else { return false };
            let result = work(conn).await;
            let is_good = result.is_ok();
            self.result = Some(result);
            is_good
        })
    }

    fn finish(mut self: Box<Self>, failure: Option<StoreError>) {
        let Some(answer) = self.answer.take() else { return };
        let result = match (failure, self.result.take()) {
            (_, Some(Err(own))) => Err(own),
            (Some(failure), _) => Err(failure),
            (None, Some(done)) => done,
            (None, None) => Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed)),
        };
        // The caller may have gone away; what was written stays written.
        drop(answer.send(result));
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

async fn write_in_groups(pools: Pools, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = jobs.recv().await {
        let mut group = vec![first];
        let failure = match pools.writer().await {
            Ok(conn) => write_group(conn, pools.begin(), &mut group, &mut jobs).await.err(),
            Err(error) => {
                tracing::error!(%error, "no connection to write with");
                Some(Failure::NotWritten)
            }
        };
        for job in group {
            job.finish(failure.map(Failure::as_error));
        }
    }
}

/// Writes the first job and all that come in meanwhile in one transaction, each in its own savepoint.
async fn write_group(
    mut conn: Conn,
    begin: &'static str,
    group: &mut Vec<Box<dyn Job>>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
) -> Result<(), Failure> {
    begin_or_log(&mut conn, begin).await?;
    let started_at = Instant::now();
    let mut next = 0;
    while let Some(job) = group.get_mut(next) {
        if let Err(error) = run_in_savepoint(&mut conn, job.as_mut()).await {
            tracing::error!(%error, "a group of writes was given up");
            conn.discard().await;
            return Err(Failure::NotWritten);
        }
        next += 1;
        let has_room = group.len() < GROUP_MAX && started_at.elapsed() < GROUP_TIME_MAX;
        if has_room && let Ok(job) = jobs.try_recv() {
            group.push(job);
        }
    }
    commit(conn).await
}

async fn run_in_savepoint(conn: &mut Conn, job: &mut dyn Job) -> Result<(), StoreError> {
    conn.command("savepoint job").await?;
    if !job.run(conn).await {
        conn.command("rollback to job").await?;
    }
    conn.command("release job").await
}

async fn write_side_by_side(pools: Pools, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let places = Arc::new(Semaphore::new(TASKS_MAX));
    while let Some(mut job) = jobs.recv().await {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let pools = pools.clone();
        tokio::spawn(async move {
            let failure = match pools.writer().await {
                Ok(conn) => write_one(conn, pools.begin(), job.as_mut()).await.err(),
                Err(error) => {
                    tracing::error!(%error, "no connection to write with");
                    Some(Failure::NotWritten)
                }
            };
            job.finish(failure.map(Failure::as_error));
            drop(place);
        });
    }
}

async fn write_one(mut conn: Conn, begin: &'static str, job: &mut dyn Job) -> Result<(), Failure> {
    begin_or_log(&mut conn, begin).await?;
    if job.run(&mut conn).await {
        return commit(conn).await;
    }
    if conn.command("rollback").await.is_err() {
        conn.discard().await;
    }
    Ok(())
}

async fn begin_or_log(conn: &mut Conn, begin: &'static str) -> Result<(), Failure> {
    conn.command(begin).await.map_err(|error| {
        tracing::error!(%error, "no transaction could be begun");
        Failure::NotWritten
    })
}

async fn commit(mut conn: Conn) -> Result<(), Failure> {
    let Err(error) = conn.command("commit").await else { return Ok(()) };
    tracing::error!(%error, "a commit failed");
    let failure = match error {
        StoreError::Unavailable(_) if matches!(conn, Conn::Postgres(_)) => Failure::Unknown,
        _ => Failure::NotWritten,
    };
    // A connection in an unknown state is never used again; closing it also rolls back.
    conn.discard().await;
    Err(failure)
}

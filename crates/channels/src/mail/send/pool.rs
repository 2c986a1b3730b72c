//! Connections that wait for the next mail: a bounded number, each for a bounded time. What is said is not known here.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;

use super::conversation::Conversation;

/// An idle connection is closed after this; servers give five minutes (RFC 5321 4.5.3.2.7), impatient ones less.
const IDLE_MAX: Duration = Duration::from_mins(1);

/// The connections nobody uses at the moment.
#[derive(Default)]
pub(super) struct Pool {
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    /// The last one put back is the first one taken, so that those not needed grow old.
    waiting: Vec<Waiting>,
    /// Counts connections put back, so that a timer ends the one it was set for.
    last: u64,
}

struct Waiting {
    number: u64,
    conversation: Conversation,
    timer: AbortHandle,
}

impl Pool {
    /// The connection that waited least.
    pub fn take(&self) -> Option<Conversation> {
        let taken = self.lock().waiting.pop()?;
        taken.timer.abort();
        Some(taken.conversation)
    }

    /// Lets a connection wait for the next mail, for a minute.
    pub fn put_back(self: &Arc<Self>, conversation: Conversation) {
        let mut idle = self.lock();
        idle.last += 1;
        let number = idle.last;
        // The timer does not keep the pool alive: with its owner gone the connections close.
        let pool = Arc::downgrade(self);
        let idle_time = tokio::time::sleep(IDLE_MAX);
        let timer = tokio::spawn(async move {
            idle_time.await;
            let old = pool.upgrade().and_then(|pool| pool.remove(number));
            if let Some(old) = old {
                old.quit().await;
            }
        });
        idle.waiting.push(Waiting { number, conversation, timer: timer.abort_handle() });
    }

    /// Drops all of them: one was found dead, so the server has probably gone and come back.
    pub fn clear(&self) {
        for waiting in self.lock().waiting.drain(..) {
            waiting.timer.abort();
        }
    }

    fn remove(&self, number: u64) -> Option<Conversation> {
        let mut idle = self.lock();
        let at = idle.waiting.iter().position(|waiting| waiting.number == number)?;
        Some(idle.waiting.remove(at).conversation)
    }

    /// Nothing is left half done under this lock, so a panic elsewhere while it was held does no harm.
    fn lock(&self) -> std::sync::MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

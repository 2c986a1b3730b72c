//! What has changed, told to screens as it happens (server-sent events): only the name of the view, never its content.
//! The first change of a view is told at once, later ones at most once a second. Where many follow the lists, each is told
//! of them less often and at a moment of its own, so that they do not all come at once for the same rows.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use casework::{Agent, Role};
use futures::future::BoxFuture;
use futures::stream::{self, FuturesUnordered, Stream, StreamExt};
use store::Change;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior};

use super::context::Signed;
use super::trouble::Trouble;
use crate::auth::session;
use crate::desk::Desk;

/// A view is told at most once in this time.
const QUIET: Duration = Duration::from_secs(1);
/// Beyond this many followers of one node, the lists are told of so much less often.
const CROWD: u32 = 40;
/// The view that every list and its counts belong to.
const LISTS: &str = "cases";
/// How often a word is sent so that the line is not taken for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often the session is looked at again.
const LOOK_AGAIN: Duration = Duration::from_mins(1);
/// Views followed at once; beyond, the screen is told to look at everything.
const VIEWS_MAX: usize = 500;
/// The name that stands for every view.
const EVERYTHING: &str = "*";

/// GET `/live`.
pub(super) async fn live(signed: Signed) -> Result<Response, Trouble> {
    let token = signed.visit.session.clone().ok_or(Trouble::SignIn)?;
    let stream = follow(signed.desk.clone(), signed.agent, token);
    let events = stream.map(|view| Ok::<_, Infallible>(Event::default().event("view").data(view)));
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(([("x-accel-buffering", "no")], Sse::new(events).keep_alive(keep_alive)).into_response())
}

/// The views to look at again, until the session ends or the desk stops.
fn follow(desk: Desk, agent: Agent, token: String) -> impl Stream<Item = String> + Send {
    let mut look_again = tokio::time::interval(LOOK_AGAIN);
    look_again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let changes = desk.changes.subscribe();
    let number = u32::try_from(desk.changes.receiver_count()).unwrap_or(u32::MAX);
    let follower = Follower { desk, agent, token, changes, look_again, number, pace: Pace::default() };
    stream::unfold(follower, |mut follower| async move { Some((follower.next().await?, follower)) })
}

struct Follower {
    desk: Desk,
    agent: Agent,
    token: String,
    changes: Receiver<Change>,
    look_again: Interval,
    /// How many followed when it came.
    number: u32,
    pace: Pace,
}

impl Follower {
    /// The next view to tell; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        let stopping = self.desk.stopping.clone();
        loop {
            if let Some(view) = self.pace.due.pop() {
                return Some(view);
            }
            tokio::select! {
                () = stopping.cancelled() => return None,
                _ = self.look_again.tick() => self.look_at_session().await?,
                Some(view) = self.pace.quiet_ends.next() => self.end_quiet(view),
                change = self.changes.recv() => match change {
                    Ok(change) => self.note(&change),
                    Err(RecvError::Lagged(_)) => self.pace.changed(EVERYTHING, QUIET, Duration::ZERO),
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Takes the person as they are now: their teams may have changed. `None` once they are signed out.
    async fn look_at_session(&mut self) -> Option<()> {
        match session::agent_of_session(&self.desk, &self.token).await {
            Ok(Some(agent)) => self.agent = agent,
            Ok(None) => return None,
            Err(error) => tracing::debug!(%error, "a session is looked at later"),
        }
        Some(())
    }

    fn note(&mut self, change: &Change) {
        if concerns(&self.agent, change) {
            let quiet = self.quiet_of(LISTS);
            self.pace.changed(LISTS, quiet, lag(quiet, self.number));
            self.pace.changed(&format!("case/{}", change.reference), QUIET, Duration::ZERO);
        }
    }

    fn end_quiet(&mut self, view: String) {
        let quiet = self.quiet_of(&view);
        self.pace.end_quiet(view, quiet);
    }

    fn quiet_of(&self, view: &str) -> Duration {
        if view != LISTS {
            return QUIET;
        }
        let followers = u32::try_from(self.desk.changes.receiver_count()).unwrap_or(u32::MAX);
        (QUIET * followers / CROWD).max(QUIET)
    }
}

/// How long after a change a follower is told of the lists, in a crowd: each at a moment of its own in the time that they
/// share. Steps of the golden section spread any number of followers evenly.
fn lag(quiet: Duration, number: u32) -> Duration {
    if quiet <= QUIET {
        return Duration::ZERO;
    }
    let turns = f64::from(number) * 0.618_033_988_749_895;
    quiet.mul_f64(turns.fract())
}

/// Whether a change is in a case that this person may see.
fn concerns(agent: &Agent, change: &Change) -> bool {
    agent.role == Role::Admin
        || change.assignee == Some(agent.id)
        || agent.teams.contains(&(change.brand, change.team))
}

/// How often a view is told.
#[derive(Default)]
struct Pace {
    /// To be told now.
    due: Vec<String>,
    /// Told less than a second ago, and whether it has changed again since.
    quiet: HashMap<String, bool>,
    /// Ends of those seconds.
    quiet_ends: FuturesUnordered<BoxFuture<'static, String>>,
}

impl Pace {
    /// Tells of a view after a lag, or once its quiet time is over.
    fn changed(&mut self, view: &str, quiet: Duration, lag: Duration) {
        let view = if self.quiet.len() < VIEWS_MAX { view } else { EVERYTHING };
        if let Some(has_changed) = self.quiet.get_mut(view) {
            *has_changed = true;
        } else if lag.is_zero() {
            self.tell(view.to_owned(), quiet);
        } else {
            self.be_quiet(view.to_owned(), true, lag);
        }
    }

    fn end_quiet(&mut self, view: String, quiet: Duration) {
        if self.quiet.remove(&view) == Some(true) {
            self.tell(view, quiet);
        }
    }

    fn tell(&mut self, view: String, quiet: Duration) {
        self.be_quiet(view.clone(), false, quiet);
        self.due.push(view);
    }

    fn be_quiet(&mut self, view: String, has_changed: bool, time: Duration) {
        self.quiet.insert(view.clone(), has_changed);
        self.quiet_ends.push(Box::pin(async move {
            tokio::time::sleep(time).await;
            view
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_told_at_once_and_then_once_a_second() {
        let mut pace = Pace::default();
        for _ in 0..5 {
            pace.changed("cases", QUIET, Duration::ZERO);
        }
        pace.changed("case/A", QUIET, Duration::ZERO);
        assert_eq!(std::mem::take(&mut pace.due), ["cases", "case/A"]);
        pace.end_quiet("cases".to_owned(), QUIET);
        pace.end_quiet("case/A".to_owned(), QUIET);
        assert_eq!(std::mem::take(&mut pace.due), ["cases"], "it changed again while it was quiet");
        pace.end_quiet("cases".to_owned(), QUIET);
        assert!(pace.due.is_empty() && pace.quiet.is_empty());
    }

    #[test]
    fn in_a_crowd_the_lists_are_told_later_and_never_forgotten() {
        let mut pace = Pace::default();
        pace.changed("cases", 5 * QUIET, 2 * QUIET);
        assert!(pace.due.is_empty(), "its own moment has not come");
        pace.end_quiet("cases".to_owned(), 5 * QUIET);
        assert_eq!(std::mem::take(&mut pace.due), ["cases"]);
    }

    #[test]
    fn a_crowd_is_spread_evenly() {
        assert_eq!(lag(QUIET, 7), Duration::ZERO);
        let mut tenths = [0; 10];
        for number in 0..200 {
            let place = lag(5 * QUIET, number).as_millis() / 500;
            tenths[usize::try_from(place).unwrap()] += 1;
        }
        assert!(tenths.iter().all(|count| (18..=22).contains(count)), "{tenths:?}");
    }

    #[test]
    fn too_many_views_are_everything() {
        let mut pace = Pace::default();
        for number in 0..VIEWS_MAX + 10 {
            pace.changed(&format!("case/{number}"), QUIET, Duration::ZERO);
        }
        assert_eq!(pace.due.len(), VIEWS_MAX + 1);
        assert_eq!(pace.due.last().map(String::as_str), Some(EVERYTHING));
    }
}

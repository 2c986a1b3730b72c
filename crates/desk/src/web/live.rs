//! What has changed, told to screens as it happens (server-sent events): only the name of the view, never its content.
//! The first change of a view is told at once, later ones at most once a second.

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
    let follower = Follower { desk, agent, token, changes, look_again, pace: Pace::default() };
    stream::unfold(follower, |mut follower| async move { Some((follower.next().await?, follower)) })
}

struct Follower {
    desk: Desk,
    agent: Agent,
    token: String,
    changes: Receiver<Change>,
    look_again: Interval,
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
                Some(view) = self.pace.quiet_ends.next() => self.pace.end_quiet(view),
                change = self.changes.recv() => match change {
                    Ok(change) => self.note(&change),
                    Err(RecvError::Lagged(_)) => self.pace.changed(EVERYTHING),
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
            self.pace.changed("cases");
            self.pace.changed(&format!("case/{}", change.reference));
        }
    }
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
    fn changed(&mut self, view: &str) {
        let view = if self.quiet.len() < VIEWS_MAX { view } else { EVERYTHING };
        if let Some(has_changed) = self.quiet.get_mut(view) {
            *has_changed = true;
        } else {
            self.tell(view.to_owned());
        }
    }

    fn end_quiet(&mut self, view: String) {
        if self.quiet.remove(&view) == Some(true) {
            self.tell(view);
        }
    }

    fn tell(&mut self, view: String) {
        self.quiet.insert(view.clone(), false);
        let name = view.clone();
        self.quiet_ends.push(Box::pin(async move {
            tokio::time::sleep(QUIET).await;
            name
        }));
        self.due.push(view);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_told_at_once_and_then_once_a_second() {
        let mut pace = Pace::default();
        for _ in 0..5 {
            pace.changed("cases");
        }
        pace.changed("case/A");
        assert_eq!(std::mem::take(&mut pace.due), ["cases", "case/A"]);
        pace.end_quiet("cases".to_owned());
        pace.end_quiet("case/A".to_owned());
        assert_eq!(std::mem::take(&mut pace.due), ["cases"], "it changed again while it was quiet");
        pace.end_quiet("cases".to_owned());
        assert!(pace.due.is_empty() && pace.quiet.is_empty());
    }

    #[test]
    fn too_many_views_are_everything() {
        let mut pace = Pace::default();
        for number in 0..VIEWS_MAX + 10 {
            pace.changed(&format!("case/{number}"));
        }
        assert_eq!(pace.due.len(), VIEWS_MAX + 1);
        assert_eq!(pace.due.last().map(String::as_str), Some(EVERYTHING));
    }
}

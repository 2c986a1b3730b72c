//! The events of a case in the words of the screen: who, what, why. Some only make sense beside the ones before them,
//! so the timeline is walked from its start.

use casework::{
    Actor as By, CallResult, CaseId, Cause, ClockKind, Closing, CommitmentId, ContentId, Direction, Event,
    Flag, Ground, Proof, Purpose, TeamId, What as Happened,
};
use store::CasePage as Stored;

use super::super::words;
use crate::web::view::timeline::EventEntry;
use crate::web::view::{Actor, Happening, Reader, Status, ThreadProof};

/// A walk along a timeline.
pub(super) struct Walk<'a> {
    stored: &'a Stored,
    reader: &'a Reader,
    team: Option<TeamId>,
}

impl<'a> Walk<'a> {
    /// At the start.
    pub(super) fn new(stored: &'a Stored, reader: &'a Reader) -> Self {
        Self { stored, reader, team: None }
    }

    /// The next event; `None` when a message beside it says it all.
    pub(super) fn step(&mut self, event: &Event) -> Option<EventEntry> {
        let (happening, reason) = self.happening(event)?;
        let reason = reason.and_then(|id| self.stored.lines.get(&id).cloned()).unwrap_or_default();
        Some(EventEntry { actor: self.actor(event), happening, reason })
    }

    fn happening(&mut self, event: &Event) -> Option<(Happening, Option<ContentId>)> {
        let happening = match &event.what {
            Happened::Opened { team, .. } => {
                self.team = Some(*team);
                Happening::Opened
            }
            Happened::MessageReceived { proof, .. } => Happening::Threaded(thread_proof(*proof)?),
            Happened::MessageWritten { purpose: Purpose::Reminder, .. } => Happening::Reminded,
            Happened::MessageWithheld { .. } => Happening::Withheld,
            Happened::MessageDelayed { reason, .. } => return Some((Happening::MailDelayed, Some(*reason))),
            Happened::MessageRefused { reason, .. } => return Some((Happening::MailRefused, Some(*reason))),
            Happened::Assigned { team, agent } => self.assigned(event, *team, *agent),
            Happened::StatusChanged { to, third_party, chase_at } => {
                self.status_changed(*to, *third_party, *chase_at)
            }
            Happened::SolutionProposed { .. } => Happening::SolutionProposed,
            Happened::Reopened { .. } => Happening::Reopened,
            Happened::Closed { closing: Closing::Confirmed } => Happening::Confirmed,
            Happened::Closed { closing: Closing::Lapsed } => Happening::Lapsed,
            // What a merge closes is told by the merge.
            Happened::Closed { closing: Closing::Merged } => return None,
            Happened::MessageFlagged { flag: Flag::RepeatedId, .. } => Happening::RepeatedId,
            Happened::MessageFlagged { flag: Flag::Encrypted, .. } => Happening::Encrypted,
            Happened::LetterForwarded { .. } => Happening::PassedOn,
            Happened::MergedInto { other } => Happening::MergedInto(self.reference(*other)?),
            Happened::TookIn { other, .. } => Happening::TookIn(self.reference(*other)?),
            Happened::MergeUndone { other } => Happening::MergeUndone(self.reference(*other)?),
            Happened::NatureChanged { to, reason } => {
                return Some((Happening::NatureChanged(words::nature(*to)), Some(*reason)));
            }
            Happened::LinkProposed { other, .. } => Happening::LinkProposed(self.reference(*other)?),
            Happened::Called { direction, result, call_again_at, .. } => Happening::Called {
                key: call_key(*direction, *result),
                again: call_again_at.map(|at| self.reader.at(at).words),
            },
            Happened::Committed { text, due_at, .. } => Happening::Committed {
                promise: self.stored.lines.get(text).cloned().unwrap_or_default(),
                due: self.reader.at(*due_at).words,
            },
            Happened::CommitmentKept { commitment } => Happening::CommitmentKept(self.promise(*commitment)),
            Happened::LinksRevoked => Happening::LinksRevoked,
            Happened::HeldForLaw { reason } => return Some((Happening::Held, Some(*reason))),
            Happened::HoldLifted => Happening::HoldLifted,
            Happened::Erased { ground } => Happening::Erased(match ground {
                Ground::Asked => "event-erased-asked",
                Ground::Expired => "event-erased-expired",
                Ground::Restored => "event-erased-restored",
            }),
            Happened::ClockRang { kind, .. } => {
                Happening::ClockBroken(self.reader.language.t(broken_clock(*kind)?))
            }
            Happened::MessageWritten { .. } | Happened::NoteWritten { .. } | Happened::MessageSent { .. } => {
                return None;
            }
        };
        Some((happening, None))
    }

    fn assigned(&mut self, event: &Event, team: TeamId, agent: Option<casework::AgentId>) -> Happening {
        let is_new_team = self.team.replace(team) != Some(team);
        match agent {
            Some(agent) if event.actor == By::Agent(agent) => Happening::Taken,
            Some(agent) => Happening::Assigned(self.agent(agent)),
            None if is_new_team => Happening::TeamAssigned(self.team_name(team)),
            None => Happening::Unassigned,
        }
    }

    fn status_changed(
        &self,
        to: casework::Status,
        third_party: Option<ContentId>,
        chase_at: Option<jiff::Timestamp>,
    ) -> Happening {
        let shown = words::status(to, None);
        match (shown, chase_at) {
            (Status::WaitingThirdParty, Some(chase_at)) => Happening::WaitsForThirdParty {
                name: third_party.and_then(|id| self.stored.lines.get(&id).cloned()).unwrap_or_default(),
                chase_on: self.reader.day(chase_at).words,
            },
            _ => Happening::StatusChanged(shown),
        }
    }

    /// The words of a promise, from the event that made it.
    fn promise(&self, id: CommitmentId) -> String {
        let made = self.stored.events.iter().find_map(|event| match &event.what {
            Happened::Committed { commitment, text, .. } if *commitment == id => Some(*text),
            _ => None,
        });
        made.and_then(|text| self.stored.lines.get(&text).cloned()).unwrap_or_default()
    }

    fn actor(&self, event: &Event) -> Actor {
        match (event.actor, event.cause) {
            (By::Agent(agent), _) => Actor::Agent(self.agent(agent)),
            (By::Customer(_), _) => Actor::Customer,
            (By::Desk, Cause::Clock(_)) => Actor::Clock,
            (By::Desk, _) => Actor::Desk,
        }
    }

    /// What people call another case; nothing when this reader may not see it.
    fn reference(&self, other: CaseId) -> Option<String> {
        let linked = self.stored.linked.iter().find(|linked| linked.id == other)?;
        Some(linked.reference.to_string())
    }

    fn agent(&self, agent: casework::AgentId) -> String {
        self.stored.names.agents.get(&agent).cloned().unwrap_or_default()
    }

    fn team_name(&self, team: TeamId) -> String {
        let found = self.stored.names.teams.iter().find(|(id, _)| *id == team);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    }
}

/// How a message was recognised; the one that opened the case needs no proof.
fn thread_proof(proof: Proof) -> Option<ThreadProof> {
    match proof {
        Proof::First => None,
        Proof::Chain => Some(ThreadProof::AnswersOurMail),
        Proof::SignedAddress => Some(ThreadProof::SignedAddress),
        Proof::SameProblem => Some(ThreadProof::SameProblem),
        Proof::PrivateLink => Some(ThreadProof::PrivateLink),
        Proof::WrittenDown => Some(ThreadProof::WrittenDown),
    }
}

/// The name of a clock whose ringing means that the desk is late. The two others are told by what they cause.
fn broken_clock(kind: ClockKind) -> Option<&'static str> {
    match kind {
        ClockKind::FirstReply => Some("clock-first-reply"),
        ClockKind::NextReply => Some("clock-next-reply"),
        ClockKind::NextUpdate => Some("clock-next-update"),
        ClockKind::ChaseThirdParty => Some("clock-chase-third-party"),
        ClockKind::CallAgain => Some("clock-call-again"),
        ClockKind::Commitment => Some("clock-commitment"),
        ClockKind::ConfirmReminder | ClockKind::ConfirmLapse => None,
    }
}

/// The sentence of a call.
fn call_key(direction: Direction, result: CallResult) -> &'static str {
    match (direction, result) {
        (Direction::Inbound, _) => "event-called-us",
        (Direction::Outbound, CallResult::Reached) => "event-called-reached",
        (Direction::Outbound, CallResult::Absent) => "event-called-absent",
        (Direction::Outbound, CallResult::Voicemail) => "event-called-voicemail",
    }
}

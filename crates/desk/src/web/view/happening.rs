//! The events of a case in words: who did what, and on which cause. Sentences are made here, never stored.

use fluent_templates::fluent_bundle::FluentValue;

use crate::web::language::Language;
use crate::web::view::{Nature, Status};

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A conseiller, by name.
    Agent(String),
    /// The customer.
    Customer,
    /// A clock that rang.
    Clock,
    /// The desk itself, by rule.
    Desk,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// The case was opened by a message that belongs to no other.
    Opened,
    /// A message joined this case; how it was recognised.
    Threaded(ThreadProof),
    /// Somebody took the case for themselves.
    Taken,
    /// The case was given to a person.
    Assigned(String),
    /// The case was given to a team.
    TeamAssigned(String),
    /// Nobody is in charge any more.
    Unassigned,
    /// The status changed.
    StatusChanged(Status),
    /// It now waits for a third party, until a date in words.
    WaitsForThirdParty {
        /// Its name.
        name: String,
        /// When it is to be chased, in words.
        chase_on: String,
    },
    /// The nature was corrected.
    NatureChanged(Nature),
    /// A solution was proposed.
    SolutionProposed,
    /// The customer confirmed that it is solved.
    Confirmed,
    /// The customer said that it is not solved.
    Reopened,
    /// The customer was reminded of the proposed solution.
    Reminded,
    /// Closed without an answer after a reminder.
    Lapsed,
    /// A limit passed: the name of the clock, in words.
    ClockBroken(String),
    /// An automatic mail was held back, so that two machines do not answer each other.
    Withheld,
    /// A mail of ours could not be handed over yet.
    MailDelayed,
    /// A mail of ours was refused by the other server.
    MailRefused,
    /// It may belong with another case, by reference.
    LinkProposed(String),
    /// A letter has the id of an earlier one and says something else.
    RepeatedId,
    /// A letter is encrypted and cannot be read here.
    Encrypted,
    /// A colleague passed the customer's letter on.
    PassedOn,
    /// It goes on in another case, by reference.
    MergedInto(String),
    /// Another case goes on in this one, by reference.
    TookIn(String),
    /// A merge with another case was undone, by reference.
    MergeUndone(String),
    /// A call: the key of its sentence, and when the customer is to be called again.
    Called {
        /// Who called, and how it ended.
        key: &'static str,
        /// When to call again, in words.
        again: Option<String>,
    },
    /// A promise was made, for a date in words.
    Committed {
        /// What was promised.
        promise: String,
        /// By when.
        due: String,
    },
    /// A promise was kept.
    CommitmentKept(String),
    /// Private links given out so far lead nowhere any more.
    LinksRevoked,
    /// It is kept as evidence.
    Held,
    /// It is kept no longer than others.
    HoldLifted,
    /// Its words and files were erased; the key of its sentence.
    Erased(&'static str),
}

/// How a message was recognised as part of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadProof {
    /// It answers one of our mails.
    AnswersOurMail,
    /// It was sent to the case's own signed address.
    SignedAddress,
    /// The same person described the same problem again.
    SameProblem,
    /// It came through the private link.
    PrivateLink,
    /// A person of the desk, or a program, wrote it down.
    WrittenDown,
}

impl Happening {
    /// The sentence.
    pub fn words(&self, language: impl Into<Language>, actor: &Actor) -> String {
        let language = language.into();
        let who = actor.words(language);
        let plain = |key: &str| language.ta(key, [("who", who.as_str().into())]);
        let with = |key: &str, name: &'static str, value: &str| {
            language.ta(key, [("who", who.as_str().into()), (name, FluentValue::from(value))])
        };
        match self {
            Self::Opened => language.t("event-opened"),
            Self::Threaded(proof) => language.t(proof.key()),
            Self::Taken => plain("event-taken"),
            Self::Assigned(to) => with("event-assigned", "to", to),
            Self::TeamAssigned(team) => with("event-team-assigned", "team", team),
            Self::Unassigned => plain("event-unassigned"),
            Self::StatusChanged(status) => with("event-status", "status", &status.words(language)),
            Self::WaitsForThirdParty { name, chase_on } => language.ta(
                "event-waits-third-party",
                [
                    ("who", who.as_str().into()),
                    ("name", name.as_str().into()),
                    ("date", chase_on.as_str().into()),
                ],
            ),
            Self::NatureChanged(nature) => with("event-nature", "nature", &nature.words(language)),
            Self::SolutionProposed => plain("event-solution-proposed"),
            Self::Confirmed => language.t("event-confirmed"),
            Self::Reopened => language.t("event-reopened"),
            Self::Reminded => language.t("event-reminded"),
            Self::Lapsed => language.t("event-lapsed"),
            Self::ClockBroken(clock) => with("event-clock-broken", "clock", clock),
            Self::Withheld => language.t("event-withheld"),
            Self::MailDelayed => language.t("event-mail-delayed"),
            Self::MailRefused => language.t("event-mail-refused"),
            Self::LinkProposed(reference) => with("event-link-proposed", "reference", reference),
            Self::RepeatedId => language.t("event-repeated-id"),
            Self::Encrypted => language.t("event-encrypted"),
            Self::PassedOn => plain("event-passed-on"),
            Self::MergedInto(reference) => with("event-merged-into", "reference", reference),
            Self::TookIn(reference) => with("event-took-in", "reference", reference),
            Self::MergeUndone(reference) => with("event-merge-undone", "reference", reference),
            Self::Called { key, again: None } | Self::Erased(key) => plain(key),
            Self::Called { key, again: Some(at) } => {
                format!("{} {}", plain(key), language.ta("event-call-again", [("at", at.as_str().into())]))
            }
            Self::Committed { promise, due } => language.ta(
                "event-committed",
                [
                    ("who", who.as_str().into()),
                    ("promise", promise.as_str().into()),
                    ("at", due.as_str().into()),
                ],
            ),
            Self::CommitmentKept(promise) => with("event-commitment-kept", "promise", promise),
            Self::LinksRevoked => plain("event-links-revoked"),
            Self::Held => plain("event-held"),
            Self::HoldLifted => plain("event-hold-lifted"),
        }
    }

    /// The other case that the sentence names.
    pub fn other_case(&self) -> Option<&str> {
        match self {
            Self::LinkProposed(reference)
            | Self::MergedInto(reference)
            | Self::TookIn(reference)
            | Self::MergeUndone(reference) => Some(reference),
            _ => None,
        }
    }

    /// The icon before the sentence.
    pub fn icon(&self) -> &'static str {
        match self {
            Self::Opened => "circle-dot",
            Self::Threaded(_) | Self::LinkProposed(_) => "link",
            Self::Taken | Self::Assigned(_) | Self::TeamAssigned(_) => "user-check",
            Self::Unassigned => "user-question",
            Self::StatusChanged(_) | Self::Reopened => "refresh",
            Self::WaitsForThirdParty { .. } | Self::MailDelayed => "hourglass",
            Self::NatureChanged(_) => "tag",
            Self::SolutionProposed => "bulb",
            Self::Confirmed => "circle-check",
            Self::Reminded => "alarm",
            Self::Lapsed => "archive",
            Self::ClockBroken(_) => "clock-exclamation",
            Self::Withheld => "zzz",
            Self::Encrypted | Self::LinksRevoked | Self::Held | Self::HoldLifted => "lock",
            Self::Erased(_) => "trash",
            Self::MailRefused | Self::RepeatedId => "alert-triangle",
            Self::PassedOn => "corner-up-right",
            Self::MergedInto(_) | Self::TookIn(_) => "arrows-join",
            Self::MergeUndone(_) => "arrows-split",
            Self::Called { .. } => "phone",
            Self::Committed { .. } | Self::CommitmentKept(_) => "calendar",
        }
    }
}

impl ThreadProof {
    fn key(self) -> &'static str {
        match self {
            Self::AnswersOurMail => "event-threaded-answer",
            Self::SignedAddress => "event-threaded-address",
            Self::SameProblem => "event-threaded-same-problem",
            Self::PrivateLink => "event-threaded-link",
            Self::WrittenDown => "event-threaded-written-down",
        }
    }
}

impl Actor {
    /// The name used after "par" or "by".
    pub fn words(&self, language: impl Into<Language>) -> String {
        let language = language.into();
        match self {
            Self::Agent(name) => name.clone(),
            Self::Customer => language.t("actor-customer"),
            Self::Clock => language.t("actor-clock"),
            Self::Desk => language.t("actor-desk"),
        }
    }
}

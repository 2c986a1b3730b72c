//! What happened: the events of a timeline. Stored for good, so a change here is additive, and every old form stays readable
//! (`tests/events.jsonl` holds one of each). Events hold ids, never personal text.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::case::{ClockKind, Closing, Nature, Status, words};
use crate::id::{
    AgentId, CaseId, CommitmentId, ContentId, CustomerId, IdentityId, InboxId, LetterId, MessageId, OrderId,
    Reference, TeamId,
};
use crate::inbound::Automatic;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "who", content = "id")]
pub enum Actor {
    /// The customer, or somebody who takes part in their case.
    Customer(CustomerId),
    /// A person of the desk.
    Agent(AgentId),
    /// The desk itself, by its own rules.
    Desk,
}

/// What made it happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why", content = "id")]
pub enum Cause {
    /// A letter came in.
    Letter(LetterId),
    /// Somebody pressed a button, on a screen or by the API.
    Act,
    /// The customer used their private link.
    PrivateLink,
    /// A clock rang.
    Clock(ClockKind),
    /// The result of an order came back.
    Order(OrderId),
    /// One of the company's own rules said so.
    Rule,
}

words! {
    /// How a letter was found to belong to a case.
    Proof {
        /// It opened the case.
        First = "first",
        /// It answers a message of the case, and its writer takes part in the case.
        Chain = "chain",
        /// It was sent to the case's signed address by somebody who takes part in the case.
        SignedAddress = "signed_address",
        /// The same sender described the same problem again shortly after.
        SameProblem = "same_problem",
        /// It was written on the private page of the case.
        PrivateLink = "private_link",
        /// Somebody of the desk, or a program of the company's, wrote down what the customer told them.
        WrittenDown = "written_down",
    }
}

words! {
    /// Why a letter may belong to another case without proof; a person decides.
    Hint {
        /// Its subject cites the other case's reference.
        Reference = "reference",
        /// It answers a message of the other case, but its writer takes no part in that case.
        ChainByStranger = "chain_by_stranger",
        /// It was sent to the other case's signed address by somebody who takes no part in it.
        SignedAddressByStranger = "signed_address_by_stranger",
        /// The same customer has another case that reads alike.
        Alike = "alike",
        /// It answers a case that has been closed for long.
        LongClosed = "long_closed",
        /// It would belong there, but the domain of its sender disowns it.
        ForgedSender = "forged_sender",
    }
}

words! {
    /// What is remarkable about a letter.
    Flag {
        /// It has the `Message-ID` of an earlier letter and another body.
        RepeatedId = "repeated_id",
        /// It is encrypted, and nobody here has the key: its words cannot be read.
        Encrypted = "encrypted",
    }
}

words! {
    /// What a written message is for.
    Purpose {
        /// A person's answer.
        Answer = "answer",
        /// A person's proposed solution, with a link to confirm or reopen.
        Proposal = "proposal",
        /// The automatic receipt for a new case.
        Acknowledgement = "acknowledgement",
        /// The automatic reminder that a solution waits for a yes or no.
        Reminder = "reminder",
        /// A new private link, which the customer asked for.
        Link = "link",
    }
}

words! {
    /// Why what somebody wrote is erased.
    Ground {
        /// The person asked for it.
        Asked = "asked",
        /// It was kept as long as the company's rules say.
        Expired = "expired",
        /// It had been erased before, and a backup that is older has been restored.
        Restored = "restored",
    }
}

words! {
    /// Who called.
    Direction {
        /// The customer called the desk.
        Inbound = "inbound",
        /// The desk called the customer.
        Outbound = "outbound",
    }
}

words! {
    /// How a call ended.
    CallResult {
        /// The two spoke.
        Reached = "reached",
        /// Nobody answered.
        Absent = "absent",
        /// A machine answered, and was told something.
        Voicemail = "voicemail",
    }
}

/// One thing that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Position on the timeline, from 1, without gaps.
    pub seq: u32,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Why.
    pub cause: Cause,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

impl What {
    /// The message that this event brings onto the timeline.
    pub fn brings(&self) -> Option<MessageId> {
        match self {
            Self::MessageReceived { message, .. }
            | Self::MessageWritten { message, .. }
            | Self::NoteWritten { message }
            | Self::Called { message, .. } => Some(*message),
            _ => None,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum What {
    /// The case began.
    Opened {
        /// Its public reference.
        reference: Reference,
        /// Its nature, as first understood.
        nature: Nature,
        /// Whose it is.
        customer: CustomerId,
        /// Where it came in.
        inbox: InboxId,
        /// The team it was given to.
        team: TeamId,
        /// The subject.
        subject: ContentId,
        /// The language to answer in.
        language: String,
    },
    /// A letter from outside was added.
    MessageReceived {
        /// The message.
        message: MessageId,
        /// Why it belongs here.
        proof: Proof,
        /// Set when a machine wrote it: such a message starts no clock and moves nothing.
        automatic: Option<Automatic>,
        /// When it had reached the company, where that is before it was written down here: clocks start then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        received_at: Option<Timestamp>,
    },
    /// The customer and the desk spoke by phone, or one of them tried to.
    Called {
        /// What was noted of it. It never leaves.
        message: MessageId,
        /// Who called.
        direction: Direction,
        /// How it ended.
        result: CallResult,
        /// When the customer is to be called again.
        call_again_at: Option<Timestamp>,
    },
    /// The customer was promised something.
    Committed {
        /// The promise.
        commitment: CommitmentId,
        /// What was promised.
        text: ContentId,
        /// By when.
        due_at: Timestamp,
    },
    /// A promise was kept.
    CommitmentKept {
        /// The promise.
        commitment: CommitmentId,
    },
    /// The private links given out so far lead nowhere from now on.
    LinksRevoked,
    /// Everything of the case must be kept, whatever rules or requests say: it may be needed as evidence.
    HeldForLaw {
        /// Why.
        reason: ContentId,
    },
    /// It need not be kept any longer.
    HoldLifted,
    /// The words, the files and the letters of the case were erased. What happened stays.
    Erased {
        /// On what ground.
        ground: Ground,
    },
    /// Something is remarkable about a letter.
    MessageFlagged {
        /// The message.
        message: MessageId,
        /// What.
        flag: Flag,
    },
    /// A person of the desk passed a customer's letter on.
    LetterForwarded {
        /// The message made of it.
        message: MessageId,
    },
    /// A letter was written to the customer and ordered to be sent.
    MessageWritten {
        /// The message.
        message: MessageId,
        /// What for.
        purpose: Purpose,
        /// To which of the customer's addresses.
        to: IdentityId,
    },
    /// An automatic message was due but held back, so that two machines do not answer each other for ever.
    MessageWithheld {
        /// What it was for.
        purpose: Purpose,
    },
    /// An internal note was written. It never leaves.
    NoteWritten {
        /// The note.
        message: MessageId,
    },
    /// The next mail server took the message over.
    MessageSent {
        /// The message.
        message: MessageId,
    },
    /// It could not be handed over yet; it is tried again.
    MessageDelayed {
        /// The message.
        message: MessageId,
        /// What the other side said.
        reason: ContentId,
    },
    /// It was refused for good, given up, or came back: the customer did not get it.
    MessageRefused {
        /// The message.
        message: MessageId,
        /// What the other side said.
        reason: ContentId,
    },
    /// Somebody took the case or was given it.
    Assigned {
        /// The owning team from now on.
        team: TeamId,
        /// The agent in charge from now on.
        agent: Option<AgentId>,
    },
    /// The case changed status by an act or as a consequence.
    StatusChanged {
        /// The new status.
        to: Status,
        /// Name of the third party, when that is who we wait for.
        third_party: Option<ContentId>,
        /// When to chase it.
        chase_at: Option<Timestamp>,
    },
    /// A solution was proposed to the customer, in this message.
    SolutionProposed {
        /// The message that says it.
        message: MessageId,
    },
    /// The customer said that the problem is not solved.
    Reopened {
        /// What they wrote, if they did.
        message: Option<MessageId>,
    },
    /// The case was closed.
    Closed {
        /// Confirmed or lapsed.
        closing: Closing,
    },
    /// The nature was corrected.
    NatureChanged {
        /// The new nature.
        to: Nature,
        /// Why.
        reason: ContentId,
    },
    /// The case may belong with another one; a person decides.
    LinkProposed {
        /// The other case.
        other: CaseId,
        /// What points to it.
        hint: Hint,
    },
    /// The case turned out to be about the same problem as another one, which goes on in its place.
    MergedInto {
        /// The case that goes on.
        other: CaseId,
    },
    /// Another case about the same problem was merged into this one.
    TookIn {
        /// The case that ended.
        other: CaseId,
        /// Since when its customer had been waiting for a person's answer.
        waiting_since: Option<Timestamp>,
    },
    /// A merge was undone; on both timelines.
    MergeUndone {
        /// The other case.
        other: CaseId,
    },
    /// A time limit passed.
    ClockRang {
        /// Which.
        kind: ClockKind,
        /// When it was due.
        due_at: Timestamp,
        /// True when the desk was not running at that time.
        is_late: bool,
    },
}

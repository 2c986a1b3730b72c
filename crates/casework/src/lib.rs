//! The law of the desk: cases, what may happen to them, and why.
//!
//! Pure by rule: no IO, no async, no `now()`, no randomness. Time and ids are arguments; what comes out is a decision.
//!
//! - what there is: [`id`], [`people`], [`case`], [`message`], [`inbound`], [`outbound`]
//! - what happens: [`event`], [`fold`]
//! - what is decided: [`intake`], [`report`], [`act`], [`relink`], [`identify`], [`merge`], [`ring`], [`delivery`], [`erasure`] → [`decision`],
//!   by way of [`mod@write`]
//! - by which law: [`wording`], [`clock`], [`regime`], [`promised`], [`span`], [`access`], [`proof`], [`refusal`]

pub mod access;
pub mod act;
pub mod case;
pub mod clock;
pub mod decision;
pub mod delivery;
pub mod erasure;
pub mod event;
pub mod fold;
pub mod id;
pub mod identify;
pub mod inbound;
pub mod intake;
pub mod merge;
pub mod message;
pub mod outbound;
pub mod people;
pub mod promised;
pub mod proof;
pub mod refusal;
pub mod regime;
pub mod relink;
pub mod report;
pub mod ring;
pub mod span;
pub mod wording;
pub mod write;

pub use case::{Case, Channel, ClockKind, Closing, Commitment, Nature, Status};
pub use clock::{Clock, Policy};
pub use decision::{Decision, Lane};
pub use event::{Actor, CallResult, Cause, Direction, Event, Flag, Ground, Hint, Proof, Purpose, What};
pub use id::{
    AgentId, BrandId, CaseId, CommitmentId, ContentId, CustomerId, FileId, IdentityId, InboxId, LetterId,
    MessageId, Mint, OrderId, Reference, TeamId,
};
pub use inbound::{Automatic, Defect, Inbound, InboundFile, Mailbox, SenderProof};
pub use message::{Message, MessageState};
pub use outbound::Outbound;
pub use people::{Agent, Customer, Identity, IdentityKind, Role};
pub use refusal::Refusal;

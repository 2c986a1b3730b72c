//! The law of the desk: cases, what may happen to them, and why.
//!
//! Pure by rule: no IO, no async, no `now()`, no randomness. Time and ids are arguments; what comes out is a decision.

pub mod inbound;
pub mod outbound;

pub use inbound::{Automatic, Defect, Inbound, InboundFile, Mailbox};
pub use outbound::Outbound;

//! The one door. Whatever happens to a case happens here: gather, let casework decide, commit.
//! A letter, an act, a ringing clock and the result of an order differ only in what they bring.

pub mod act;
pub mod delivery;
pub mod erasure;
pub mod identity;
pub mod intake;
pub mod merge;
pub mod once;
pub mod relink;
pub mod report;
pub mod ring;

use casework::Refusal;
use store::StoreError;
use thiserror::Error;

/// Why nothing was done.
#[derive(Debug, Error)]
pub enum DoorError {
    /// The desk says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What it was about does not exist any more.
    #[error("it is gone")]
    Gone,
    /// The case is not as it was when the act was thought of.
    #[error("the case has changed")]
    Changed,
    /// Something else was done under the same word before.
    #[error("something else was asked for under this key")]
    OtherBefore,
    /// The world failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

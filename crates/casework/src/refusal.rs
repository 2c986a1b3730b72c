//! What the desk says no to. Each refusal is shown to a person in their language, under its word as catalogue key.

use thiserror::Error;

/// The desk says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Their role or team does not allow it.
    #[error("not allowed")]
    NotAllowed,
    /// The message has no words.
    #[error("nothing was written")]
    Empty,
    /// The message is longer than can be kept.
    #[error("the text is too long")]
    TooLong,
    /// There is no address to write to.
    #[error("the customer has no address to write to")]
    NoAddress,
    /// The case is closed: it must be opened again first.
    #[error("the case is closed")]
    Closed,
    /// No solution waits for an answer.
    #[error("no solution is waiting for an answer")]
    NothingProposed,
    /// A third party needs a name and a date in the future to chase it.
    #[error("a third party needs a name and a date to come")]
    NoChaseDate,
    /// The agent is not in the team that owns the case.
    #[error("the agent does not belong to the team")]
    NotInTeam,
    /// A case cannot be merged with itself, nor with one that has been merged away.
    #[error("these two cases cannot be merged")]
    NoMerge,
    /// Each customer keeps a case of their own.
    #[error("the two cases belong to two customers")]
    OtherCustomer,
    /// The case is not merged into another one.
    #[error("the case is not merged")]
    NotMerged,
    /// The case goes on in another one, where everything happens from now on.
    #[error("the case goes on in another one")]
    MergedAway,
    /// There are more files than one message takes.
    #[error("there are too many files")]
    TooManyFiles,
    /// A call can only be repeated later.
    #[error("the date of the next call has passed")]
    NoCallDate,
    /// A promise needs words and a date to come.
    #[error("a promise needs a date to come")]
    NoDueDate,
    /// The case has as many open promises as can be watched.
    #[error("the case has too many open promises")]
    TooManyCommitments,
    /// Something cannot have reached the company in the future, nor years ago.
    #[error("the day of receipt cannot be right")]
    NoReceiptDay,
    /// A customer needs an address or a number by which they can be answered.
    #[error("the customer cannot be answered in any way")]
    NoIdentity,
    /// Somebody else is known by this sign.
    #[error("somebody else is known by this")]
    IdentityTaken,
    /// A case that is not settled cannot be erased.
    #[error("a case is not settled")]
    NotSettled,
    /// What must be kept as evidence cannot be erased.
    #[error("a case is held as evidence")]
    Held,
    /// Nothing is left of the case but that it was.
    #[error("the case has been erased")]
    Erased,
    /// A change of nature needs a reason.
    #[error("a reason is needed")]
    NoReason,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: &'static [Self] = &[
        Self::NotAllowed,
        Self::Empty,
        Self::TooLong,
        Self::NoAddress,
        Self::Closed,
        Self::NothingProposed,
        Self::NoChaseDate,
        Self::NotInTeam,
        Self::NoMerge,
        Self::OtherCustomer,
        Self::NotMerged,
        Self::MergedAway,
        Self::TooManyFiles,
        Self::NoCallDate,
        Self::NoDueDate,
        Self::TooManyCommitments,
        Self::NoReceiptDay,
        Self::NoIdentity,
        Self::IdentityTaken,
        Self::NotSettled,
        Self::Held,
        Self::Erased,
        Self::NoReason,
    ];

    /// The catalogue key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotAllowed => "refusal-not-allowed",
            Self::Empty => "refusal-empty",
            Self::TooLong => "refusal-too-long",
            Self::NoAddress => "refusal-no-address",
            Self::Closed => "refusal-closed",
            Self::NothingProposed => "refusal-nothing-proposed",
            Self::NoChaseDate => "refusal-no-chase-date",
            Self::NotInTeam => "refusal-not-in-team",
            Self::NoMerge => "refusal-no-merge",
            Self::OtherCustomer => "refusal-other-customer",
            Self::NotMerged => "refusal-not-merged",
            Self::MergedAway => "refusal-merged-away",
            Self::TooManyFiles => "refusal-too-many-files",
            Self::NoCallDate => "refusal-no-call-date",
            Self::NoDueDate => "refusal-no-due-date",
            Self::TooManyCommitments => "refusal-too-many-commitments",
            Self::NoReceiptDay => "refusal-no-receipt-day",
            Self::NoIdentity => "refusal-no-identity",
            Self::IdentityTaken => "refusal-identity-taken",
            Self::NotSettled => "refusal-not-settled",
            Self::Held => "refusal-held",
            Self::Erased => "refusal-erased",
            Self::NoReason => "refusal-no-reason",
        }
    }
}

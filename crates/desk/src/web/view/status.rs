//! The states and natures of a case, in words and colours.

use crate::web::language::Language;

/// Where a case stands. See the table of PRODUCT.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Status {
    /// Nobody has looked at it yet.
    #[default]
    New,
    /// Ours to move.
    Open,
    /// The customer is to answer.
    WaitingCustomer,
    /// A named third party is to act.
    WaitingThirdParty,
    /// A solution is proposed.
    Resolved,
    /// Confirmed by the customer.
    ClosedConfirmed,
    /// Closed without an answer, after a reminder.
    ClosedLapsed,
    /// It goes on in another case.
    ClosedMerged,
}

impl Status {
    /// Its name in the reader's language.
    pub fn words(self, language: impl Into<Language>) -> String {
        let language = language.into();
        language.t(match self {
            Self::New => "status-new",
            Self::Open => "status-open",
            Self::WaitingCustomer => "status-waiting-customer",
            Self::WaitingThirdParty => "status-waiting-third-party",
            Self::Resolved => "status-resolved",
            Self::ClosedConfirmed => "status-closed-confirmed",
            Self::ClosedLapsed => "status-closed-lapsed",
            Self::ClosedMerged => "status-closed-merged",
        })
    }

    /// The class of its pill.
    pub fn class(self) -> &'static str {
        match self {
            Self::New => "is-new",
            Self::Open => "is-open",
            Self::WaitingCustomer | Self::WaitingThirdParty => "is-waiting",
            Self::Resolved => "is-resolved",
            Self::ClosedConfirmed | Self::ClosedLapsed | Self::ClosedMerged => "is-closed",
        }
    }

    /// True once nothing is expected from anybody.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::ClosedConfirmed | Self::ClosedLapsed | Self::ClosedMerged)
    }
}

/// What kind of case it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Nature {
    /// Something is asked.
    #[default]
    Request,
    /// Something went wrong.
    Complaint,
    /// Something is reported.
    Report,
    /// A decision is contested.
    Dispute,
}

impl Nature {
    /// All, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Request, Self::Complaint, Self::Report, Self::Dispute];

    /// The word used in forms: `request`, `complaint`, `report`, `dispute`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Complaint => "complaint",
            Self::Report => "report",
            Self::Dispute => "dispute",
        }
    }

    /// Its name in the reader's language.
    pub fn words(self, language: impl Into<Language>) -> String {
        let language = language.into();
        language.t(match self {
            Self::Request => "nature-request",
            Self::Complaint => "nature-complaint",
            Self::Report => "nature-report",
            Self::Dispute => "nature-dispute",
        })
    }
}

//! Who may use a route, and what admission leaves with the request. Only the guard admits.

use casework::{Agent, Case};

/// Who may use a route. Checked before its handler runs; what a person may do with one case is asked there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Everybody.
    Public,
    /// Everybody, for their own browser; its form may also stand on the page of a private link.
    Preference,
    /// Everybody, in a demonstration; elsewhere it does not exist.
    Demo,
    /// Whoever has the private link of a case.
    PrivateLink,
    /// Everybody, by a form that we showed them: its own stamp is the proof, whatever their browser remembers.
    Form,
    /// People of the desk.
    SignedIn,
    /// Those who lead a team, and administrators.
    Lead,
    /// Administrators.
    Admin,
    /// Programs with an API token.
    Token,
    /// Programs with an API token of somebody who leads a team, or of an administrator.
    LeadToken,
}

/// The person of the desk, or on whose behalf a program acts; put there by the guard alone.
#[derive(Debug, Clone)]
pub(super) struct Admitted(pub Agent);

/// The case that a private link leads to; put there by the guard alone.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    /// The token of the link.
    pub token: String,
    /// The case.
    pub case: Case,
}

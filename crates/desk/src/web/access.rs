//! Who may use a route, and what admission leaves with the request. Only the guard admits.

use casework::{Agent, BrandId, Case};

use crate::auth::scope::Scope;

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
    /// Programs with an API token that is good for this.
    Token(Scope),
    /// The same, of somebody who leads a team, or of an administrator.
    LeadToken(Scope),
}

impl Access {
    /// Whether programs come this way, and no browsers.
    pub fn is_for_programs(self) -> bool {
        matches!(self, Self::Token(_) | Self::LeadToken(_))
    }
}

/// The person of the desk, or on whose behalf a program acts; put there by the guard alone.
#[derive(Debug, Clone)]
pub(super) struct Admitted(pub Agent);

/// The program that comes with a token; put there by the guard alone.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// The hash of the token.
    pub token: [u8; 32],
    /// The brands it is for; `None` for all of its user's.
    pub brands: Option<Vec<BrandId>>,
}

/// The case that a private link leads to; put there by the guard alone.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    /// The token of the link.
    pub token: String,
    /// The case.
    pub case: Case,
}

//! The people of a case: customers and agents, and what an agent's role lets them be. No sign-in here, no storage.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::case::words;
use crate::id::{AgentId, BrandId, CustomerId, IdentityId, TeamId};

/// A person who writes in, as far as a decision needs to know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Who.
    pub id: CustomerId,
    /// Counts the decisions that relied on this customer's set of cases; part of the read set.
    pub version: i64,
    /// The name they last gave.
    pub name: Option<String>,
    /// The language they last wrote in: `fr`, `en`, …
    pub language: Option<String>,
}

words! {
    /// What kind of sign a customer is known by.
    IdentityKind {
        /// A mail address, in lower case.
        Mail = "mail",
        /// A phone number in E.164: `+33612345678`.
        Phone = "phone",
        /// The company's own number of a customer, an order or a contract.
        Reference = "reference",
        /// A name on a public network.
        Handle = "handle",
    }
}

/// One way to reach or recognise a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its id, which messages and events name instead of the address.
    pub id: IdentityId,
    /// Whose it is.
    pub customer: CustomerId,
    /// What it is.
    pub kind: IdentityKind,
    /// The mail address in lower case, the number in E.164, the reference or handle as it is written.
    pub address: String,
    /// Since when mails to it come back.
    pub undeliverable_at: Option<Timestamp>,
}

/// What an agent may be trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works the cases of their teams.
    Agent,
    /// Leads: the same, and sees what is stuck or was set aside.
    Lead,
    /// Administers: every team of every brand.
    Admin,
}

impl Role {
    /// The word kept in the store and shown on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Lead => "lead",
            Self::Admin => "admin",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Agent, Self::Lead, Self::Admin].into_iter().find(|role| role.as_str() == word)
    }
}

/// A person who works at the desk, with the teams they belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Who.
    pub id: AgentId,
    /// The name colleagues and customers see.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their teams, each with the brand it works for.
    pub teams: Vec<(BrandId, TeamId)>,
}

//! Customers and the signs they are known by.

use casework::IdentityKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::Person;
use utoipa::ToSchema;
use uuid::Uuid;

use super::case::CaseSummary;
use super::words;

/// Customers who were looked for.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct CustomerList {
    /// Those that were found; at most one for each sign.
    pub customers: Vec<Customer>,
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Customer {
    pub id: Uuid,
    /// The name they gave.
    pub name: Option<String>,
    /// The language they last used.
    pub language: Option<String>,
    /// When they were first heard of.
    pub created_at: Timestamp,
    /// The signs they are known by, the first one first.
    pub identities: Vec<Identity>,
}

/// A customer with their cases.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct CustomerDetail {
    #[serde(flatten)]
    pub customer: Customer,
    /// Their cases that the program may see, newest first, at most 100.
    pub cases: Vec<CaseSummary>,
}

/// A sign that a customer is known by.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Identity {
    pub id: Uuid,
    #[schema(value_type = words::IdentityKind)]
    pub kind: IdentityKind,
    /// In its normal form: an address in lower case, a number in E.164.
    pub value: String,
    /// False while somebody merely said so.
    pub is_proved: bool,
    /// Since when mails to it come back.
    pub undeliverable_at: Option<Timestamp>,
}

/// A sign, as somebody writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewIdentity {
    #[schema(value_type = words::IdentityKind)]
    pub kind: IdentityKind,
    /// In any spelling.
    pub value: String,
}

impl Customer {
    /// Somebody as the store knows them.
    pub fn of(person: &Person) -> Self {
        let known = |known: &store::KnownBy| Identity {
            id: known.id.0,
            kind: known.kind,
            value: known.address.clone(),
            is_proved: known.is_proved,
            undeliverable_at: known.undeliverable_at,
        };
        Self {
            id: person.id.0,
            name: person.name.clone(),
            language: person.language.clone(),
            created_at: person.created_at,
            identities: person.identities.iter().map(known).collect(),
        }
    }
}

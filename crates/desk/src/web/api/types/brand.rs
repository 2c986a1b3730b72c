//! Brands with what belongs to them.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The brands that the program works for.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct BrandList {
    pub brands: Vec<Brand>,
}

/// A brand.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Brand {
    /// Its short name, by which the API knows it.
    #[serde(rename = "brand")]
    pub slug: String,
    /// The name that customers know.
    pub name: String,
    /// The language it answers in by default.
    pub language: String,
    /// Its time zone (IANA).
    pub time_zone: String,
    /// The addresses it is written to at.
    pub inboxes: Vec<Inbox>,
    /// Its teams.
    pub teams: Vec<Team>,
}

/// An inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Inbox {
    pub address: String,
    pub name: String,
    /// The team that works it.
    pub team: Uuid,
}

/// A team.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Team {
    pub id: Uuid,
    pub name: String,
    /// Who belongs to it.
    pub members: Vec<Member>,
}

/// A person of a team.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct Member {
    pub id: Uuid,
    pub name: String,
}

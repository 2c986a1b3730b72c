//! Events of all cases.

use serde::Serialize;
use utoipa::ToSchema;

use super::case::Happening;

/// A part of the feed.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct EventList {
    /// Oldest first.
    pub events: Vec<HappeningInCase>,
    /// What to pass as `after` next time; also when there was nothing.
    pub next: i64,
}

/// Something that happened in a case.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::web) struct HappeningInCase {
    /// Its place in the feed.
    pub position: i64,
    /// The brand's short name.
    pub brand: String,
    /// The reference of the case.
    pub case: String,
    #[serde(flatten)]
    pub happening: Happening,
}

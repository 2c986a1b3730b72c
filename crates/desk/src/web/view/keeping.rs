//! How long things are kept, and what was erased.

use askama::Template;

use crate::web::page::{Frame, Page};
use crate::web::view::{Moment, Nature, Status, filters};

/// GET `/keeping`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "keeping.html")]
pub struct Keeping {
    /// The page.
    pub page: Page,
    /// The frame.
    pub frame: Frame,
    /// The brands with their rules.
    pub brands: Vec<BrandRules>,
    /// The newest erasures that somebody asked for.
    pub erasures: Vec<ErasureLine>,
}

/// The rules of a brand.
#[derive(Debug, Clone)]
pub struct BrandRules {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// One row a nature.
    pub rows: Vec<RuleRow>,
}

/// How long cases of a nature are kept.
#[derive(Debug, Clone)]
pub struct RuleRow {
    /// The nature.
    pub nature: Nature,
    /// For each way to end: how it is called, the field, and the months; empty for ever.
    pub fields: Vec<(Status, String, String)>,
}

/// An erasure that somebody asked for.
#[derive(Debug, Clone)]
pub struct ErasureLine {
    /// The customer, by the id that stays.
    pub customer: String,
    /// Where their page is, while there is one.
    pub url: String,
    /// When it was asked for.
    pub asked_at: Moment,
    /// Who of the desk said so.
    pub by: String,
    /// When nothing was left.
    pub done_at: Option<Moment>,
    /// What stands in its way.
    pub obstacle: Option<String>,
}

//! The one test binary of this crate: a table of contents. What is checked lives in the modules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper that panics fails its test; clippy.toml only excuses functions marked #[test]"
)]

mod access;
mod act;
mod adversarial;
mod clock;
mod customer_act;
mod delivery;
mod erasure;
mod events;
mod fold;
mod intake;
mod merge;
mod promises;
mod proof;
mod reference;
mod regime;
mod report;
mod ring;
mod span;
mod support;

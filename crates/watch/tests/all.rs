//! The one test binary of this crate: a table of contents. What is checked lives in the modules.

#![allow(
    clippy::unwrap_used,
    reason = "a helper that panics fails its test; clippy.toml only excuses functions marked #[test]"
)]

#[path = "all/baseline.rs"]
mod baseline;
#[path = "all/surge.rs"]
mod surge;

//! The shell around the law: configuration, commands, workers and screens. No law here, no SQL.

pub mod chance;
pub mod desk;
pub mod door;
pub mod letterbox;
pub mod time;
pub mod web;

//! The shell around the law: configuration, commands, workers and screens. No law here, no SQL.
//!
//! - a desk and its parts: [`desk`], [`time`], [`chance`], [`secret`], [`config`]
//! - how anything happens: [`letterbox`], [`door`], [`worker`], [`writing`]
//! - who looks at it: [`auth`], [`web`]
//! - how it is started: [`cli`], [`running`], [`alone`], [`demo`]

pub mod alone;
pub mod auth;
pub mod chance;
pub mod cli;
pub mod config;
pub mod demo;
pub mod desk;
pub mod door;
pub mod letterbox;
pub mod running;
pub mod secret;
pub mod time;
pub mod web;
pub mod worker;
pub mod writing;

//! The shell around the law: configuration, commands, workers and screens. No law here, no SQL.
//!
//! - a desk and its parts: [`desk`], [`time`], [`chance`], [`secret`], [`seal`], [`config`]
//! - how anything happens: [`letterbox`], [`account`], [`fetching`], [`prover`], [`door`], [`worker`], [`writing`],
//!   [`outgoing`], [`sending`]
//! - what those are given: [`postman`], [`tokens`]
//! - who looks at it: [`auth`], [`web`]
//! - how it is started: [`cli`], [`running`], [`alone`], [`demo`], [`backup`]

pub mod account;
pub mod alone;
pub mod auth;
pub mod backup;
pub mod chance;
pub mod cli;
pub mod config;
pub mod demo;
pub mod desk;
pub mod door;
pub mod fetching;
pub mod forms;
pub mod letterbox;
pub mod outgoing;
pub mod postman;
pub mod prover;
pub mod running;
pub mod seal;
pub mod secret;
pub mod sending;
pub mod time;
pub mod tokens;
pub mod web;
pub mod worker;
pub mod writing;

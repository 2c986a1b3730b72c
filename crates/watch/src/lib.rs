//! What is happening: is today's count of similar cases unusual, given the days before?
//!
//! Lives here: baselines and alarms on counts. May not live here: IO, the clock, cases, people. Counts come in, a
//! judgement goes out; who is told, and what an investigation does, is casework's. Formula, source and limits are in
//! this folder's README.

pub mod baseline;
pub mod surge;

pub use baseline::{Bound, FalseAlarm, NotEnoughHistory, Settings};
pub use surge::Judgement;

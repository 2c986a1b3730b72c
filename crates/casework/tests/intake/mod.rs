//! A letter comes in: one table a question, each line a letter, what is known of it, and what is made of it.

mod forwarded;
mod opening;
mod repeated;
mod returned;
mod screening;
mod threading;

use casework::intake::Known;

use crate::support::{Post, told};

/// Decides on a letter and compares what is told of the decision.
#[track_caller]
fn check(name: &str, post: &Post, known: &Known, expected: &str) {
    assert_eq!(told(&post.decided(known)), expected, "{name}");
}

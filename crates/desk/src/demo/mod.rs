//! The demonstration: a believable week at a French brand, played through the real doors with the clock in hand,
//! so that every timeline in it is true.

pub mod player;
pub mod setting;
pub mod story;

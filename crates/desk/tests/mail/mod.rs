//! Walks about mail, through the public doors, on both engines: each answers something that people who run other desks
//! have complained about. `repo#number` names the thread where they did.

mod bounces;
mod copies;
mod forged;
mod forwards;
mod junk;
mod kept;
mod machines;
mod merging;
mod post;
mod threads;
mod unusual;

//! All integration tests of the crate in one binary: corpora in files, real replies, properties, hostile input.

mod corpus;
mod forwards;
mod hostile;
mod html;
mod pairs;
mod properties;
mod replies;
mod talon;

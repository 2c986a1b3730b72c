//! All integration tests of the crate in one binary: corpora in files, real replies, own words, properties, hostile input.

mod corpus;
mod forwards;
mod hostile;
mod html;
mod own_words;
mod pairs;
mod properties;
mod replies;
mod signatures;
mod talon;

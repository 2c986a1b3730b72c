//! Foreign tongues: bytes to letters and letters to bytes; signed calls to other programs.
//!
//! May live here: protocols, formats, the conversations they need. May not: decisions, SQL, a store, the web, the clock of the desk.
//! Reading never fails: it returns what it understood and the list of what was wrong.

pub mod mail;
pub mod tls;
pub mod webhook;

//! What the API takes and says: plain values with stable names. Instants are RFC 3339 in UTC; ids and words never change.

pub(in crate::web) mod act;
pub(in crate::web) mod brand;
pub(in crate::web) mod case;
pub(in crate::web) mod customer;
pub(in crate::web) mod event;
pub(in crate::web) mod file;
pub(in crate::web) mod search;
pub(in crate::web) mod words;

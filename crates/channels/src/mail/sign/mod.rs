//! DKIM (RFC 6376): our domain's word on the mails that leave. A table of contents; DNS is asked nowhere here.

mod key;
mod signing;

pub use key::{DkimKey, DkimKeyError, KeyKind, generate};
pub use signing::sign;

//! Bytes of attachments: received in a stream, looked at, kept under their hash in a folder or an S3-compatible store.
//!
//! Here: what a file is by its bytes, a name without tricks, a small picture of a large one, an antivirus if there is one.
//! Not here: whose a file is and who may see it. Every stream is bounded; what comes in is never unpacked and never run.

pub mod name;
mod preview;
mod scan;
pub mod sniff;
mod spool;
mod vault;

pub use scan::Scanner;
pub use spool::{Hash, Spool, SpoolFailure};
#[cfg(feature = "s3")]
pub use vault::S3;
pub use vault::{Kept, Object, Place, Vault, VaultFailure};

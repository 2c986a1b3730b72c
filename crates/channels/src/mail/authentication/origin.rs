//! How a letter came to us. Values only.

use std::net::IpAddr;

/// How a letter came to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Through a server of ours, or fetched from a mailbox: who connected is not known here.
    Relay,
    /// Straight from the sender's server: SPF can be asked.
    Direct {
        /// The address that connected.
        ip: IpAddr,
        /// What it called itself.
        helo: String,
        /// The envelope sender; empty for the null sender.
        mail_from: String,
    },
}

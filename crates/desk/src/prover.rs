//! Asks whether a sender's domain stands behind a letter, the way this desk is set up to. The answer is a value that others
//! decide on; nothing is kept here.

use std::net::IpAddr;

use casework::SenderProof;
use channels::mail::authentication::{Authenticator, Origin};
use store::UnreadLetter;

/// How senders are proven.
#[derive(Debug, Default)]
pub enum Prover {
    /// Not at all: nobody is proven and nobody is forged.
    #[default]
    Off,
    /// By what servers of ours wrote on the letter, else by asking the sender's domain.
    On {
        /// Who asks.
        authenticator: Box<Authenticator>,
        /// Names of servers whose `Authentication-Results` count.
        trusted: Vec<String>,
    },
}

impl Prover {
    /// Whether the domain of the letter's sender stands behind it. Bounded in time; silence proves nothing.
    pub async fn prove(&self, letter: &UnreadLetter) -> SenderProof {
        let Self::On { authenticator, trusted } = self else { return SenderProof::Unknown };
        if letter.is_history {
            return Authenticator::read_statements(&letter.bytes, trusted);
        }
        authenticator.prove(&letter.bytes, &origin(letter), trusted).await
    }
}

fn origin(letter: &UnreadLetter) -> Origin {
    let peer = letter.peer.as_ref().and_then(|peer| Some((peer.ip.parse::<IpAddr>().ok()?, peer)));
    match peer {
        Some((ip, peer)) => {
            Origin::Direct { ip, helo: peer.greeting.clone(), mail_from: letter.sender.clone() }
        }
        None => Origin::Relay,
    }
}

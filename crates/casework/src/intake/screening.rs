//! Which letters become cases at all. What is kept aside stays visible, and a person can insist on it.

use super::{Known, Letter};
use crate::case::words;
use crate::decision::AsideReason;
use crate::inbound::{Automatic, SenderProof};

words! {
    /// What a rule of the desk says about letters from somewhere or about something.
    JunkRule {
        /// Never junk, whatever a filter says.
        Accept = "accept",
        /// Always junk.
        Junk = "junk",
    }
}

/// One of our own mails that came back, or one from an address of ours. The latter may be a person's, who insists on it;
/// what carries our mark is never a customer's.
pub(super) fn is_own_loop(letter: &Letter<'_>, known: &Known) -> bool {
    let carries_mark = letter.inbound.automatic == Some(Automatic::OwnLoop);
    carries_mark || known.sender_is_ours && !letter.is_insisted
}

/// Why a letter that belongs to no case opens none.
pub(super) fn reason_to_keep_aside(letter: &Letter<'_>, known: &Known) -> Option<AsideReason> {
    if !letter.is_insisted
        && let Some(reason) = letter.inbound.automatic.and_then(reason_of_machine)
    {
        return Some(reason);
    }
    if letter.inbound.from.is_none() {
        return Some(AsideReason::NoSender);
    }
    if letter.is_insisted { None } else { junk(letter, known) }
}

/// Why letters of such a machine open no case. What is merely generated may be somebody's words.
fn reason_of_machine(automatic: Automatic) -> Option<AsideReason> {
    match automatic {
        Automatic::Bounce => Some(AsideReason::Bounce),
        Automatic::Reply => Some(AsideReason::AutomaticReply),
        Automatic::List => Some(AsideReason::List),
        Automatic::Receipt => Some(AsideReason::Receipt),
        Automatic::Invitation => Some(AsideReason::Invitation),
        Automatic::OwnLoop | Automatic::Generated => None,
    }
}

/// The desk's own rules go before any filter's opinion, and so does a customer whose domain stands behind the letter; but no
/// rule about an address holds for who merely claims it.
fn junk(letter: &Letter<'_>, known: &Known) -> Option<AsideReason> {
    match known.junk_rule {
        Some(JunkRule::Junk) => Some(AsideReason::Junk),
        _ if letter.is_forged() => Some(AsideReason::Forged),
        Some(JunkRule::Accept) => None,
        None if known.sender.is_some() && letter.sender == SenderProof::Proven => None,
        None => letter.inbound.junk.is_some().then_some(AsideReason::Junk),
    }
}

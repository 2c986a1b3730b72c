//! Whose letter is it? Mostly the address in `From`. But a web form writes for somebody else, a colleague passes a customer's
//! letter on, and some letters name nobody. Nothing is decided here: the letter is put right before it is decided on.

use casework::inbound::Forwarded;
use casework::intake::Forwarding;
use casework::{AgentId, Automatic, Inbound, Mailbox, SenderProof};
use store::{Lookup, StoreError, UnreadLetter};

/// What a letter written inside another one may give, as the mail reader bounds it elsewhere.
const ADDRESS_BYTES_MAX: usize = 254;
const NAME_CHARS_MAX: usize = 200;
const SUBJECT_CHARS_MAX: usize = 500;

/// A letter with the author it is really from.
#[derive(Debug, Clone)]
pub(super) struct Authored {
    /// The letter; the one inside, when it was passed on.
    pub inbound: Inbound,
    /// Who passed it on.
    pub forwarding: Option<Forwarding>,
    /// Whether the author's domain stands behind it.
    pub sender: SenderProof,
    /// True when somebody else wrote it down for the author, whom nothing but that word names: such a letter may open a
    /// case, and proves nothing about any other.
    pub is_by_proxy: bool,
}

/// Finds the author.
pub(super) async fn find(
    lookup: &mut Lookup<'_>,
    letter: &UnreadLetter,
    mut inbound: Inbound,
    sender: SenderProof,
) -> Result<Authored, StoreError> {
    if let Some(agent) = passing_on(lookup, letter, &inbound, sender).await?
        && let Some(inside) = letter_inside(&inbound)
    {
        return Ok(passed_on(inbound, sender, agent, inside));
    }
    let inbox = lookup.inbox(letter.brand, letter.inbox).await?;
    let host = inbox.as_ref().map_or("", |(_, address)| host_of(address));
    if is_our_own_list(lookup, &inbound).await? {
        inbound.automatic = None;
    }
    let named = stand_in(&inbound, host).or_else(|| envelope_sender(&inbound, letter));
    let is_by_proxy = named.is_some();
    let sender = if is_by_proxy { SenderProof::Unknown } else { sender };
    if is_by_proxy {
        inbound.from = named;
    }
    Ok(Authored { inbound, forwarding: None, sender, is_by_proxy })
}

/// Whether the list that sent the letter is one of our own addresses: companies make their support address a group, and
/// then every customer's letter comes by that list. A person wrote it.
async fn is_our_own_list(lookup: &mut Lookup<'_>, inbound: &Inbound) -> Result<bool, StoreError> {
    match &inbound.list {
        Some(list) if inbound.automatic == Some(Automatic::List) => lookup.is_inbox(list).await,
        _ => Ok(false),
    }
}

/// The colleague who may have passed the letter on; nobody whose address is forged.
async fn passing_on(
    lookup: &mut Lookup<'_>,
    letter: &UnreadLetter,
    inbound: &Inbound,
    sender: SenderProof,
) -> Result<Option<AgentId>, StoreError> {
    match &inbound.from {
        Some(from) if sender != SenderProof::Forged && inbound.automatic.is_none() => {
            lookup.agent_at(letter.brand, &from.address).await
        }
        _ => Ok(None),
    }
}

/// The letter inside: attached, or copied below a line that says "forwarded". Nobody passes on their own letter: a
/// colleague who complains is a customer.
fn letter_inside(outer: &Inbound) -> Option<Forwarded> {
    let copied = || {
        let forward = text::forward::read(&outer.subject, &outer.text)?;
        let address = forward.from_address.filter(|address| address.len() <= ADDRESS_BYTES_MAX)?;
        let name = forward.from_name.map(|name| one_line(&name, NAME_CHARS_MAX));
        let subject = forward.subject.unwrap_or_else(|| text::subject::plain(&outer.subject));
        Some(Forwarded {
            from: Mailbox { address, name },
            subject: one_line(&subject, SUBJECT_CHARS_MAX),
            text: forward.text,
            message_id: None,
            comment: forward.comment,
        })
    };
    let inside = outer.forwarded.as_deref().cloned().or_else(copied)?;
    let own = outer.from.as_ref().is_some_and(|from| from.address == inside.from.address);
    (!own).then_some(inside)
}

fn one_line(line: &str, chars_max: usize) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(chars_max).collect()
}

/// The letter inside becomes the letter; files and layout stay those of the one around it, which is what was received.
/// An address is easily written: unless the colleague is proven, what they pass on joins no case of the customer's.
fn passed_on(outer: Inbound, sender: SenderProof, agent: AgentId, inside: Forwarded) -> Authored {
    let inbound = Inbound {
        from: Some(inside.from),
        reply_to: None,
        subject: inside.subject,
        message_id: inside.message_id,
        answers: Vec::new(),
        text: inside.text,
        automatic: None,
        report: None,
        forwarded: None,
        junk: None,
        ..outer
    };
    let forwarding = Some(Forwarding { agent, comment: inside.comment });
    let is_by_proxy = sender != SenderProof::Proven;
    Authored { inbound, forwarding, sender: SenderProof::Unknown, is_by_proxy }
}

/// Who stands behind a letter that our own web site, or an address that nobody reads, wrote for somebody else:
/// then `Reply-To` names them. Anybody else's `Reply-To` is a wish about answers, and makes nobody the author.
fn stand_in(inbound: &Inbound, host: &str) -> Option<Mailbox> {
    let (from, reply_to) = (inbound.from.as_ref()?, inbound.reply_to.as_ref()?);
    let writes_for_others = from.takes_no_answers() || host_of(&from.address) == host;
    let is_outside = host_of(&reply_to.address) != host && !reply_to.takes_no_answers();
    (writes_for_others && is_outside).then(|| reply_to.clone())
}

/// A letter without `From`, as some scanners and scripts write, is from whoever handed it over.
fn envelope_sender(inbound: &Inbound, letter: &UnreadLetter) -> Option<Mailbox> {
    let is_named = inbound.from.is_some() || inbound.automatic.is_some();
    let address = letter.sender.trim().to_lowercase();
    (!is_named && address.contains('@')).then_some(Mailbox { address, name: None })
}

fn host_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(address: &str) -> Mailbox {
        Mailbox { address: address.to_owned(), name: None }
    }

    #[test]
    fn reply_to_names_the_author_only_where_the_sender_writes_for_others() {
        let table = [
            ("formulaire@marque.fr", "anne@client.fr", Some("anne@client.fr")),
            ("no-reply@boutique.fr", "anne@client.fr", Some("anne@client.fr")),
            ("anne@client.fr", "luc@client.fr", None),
            ("formulaire@marque.fr", "autre@marque.fr", None),
            ("formulaire@marque.fr", "noreply@client.fr", None),
        ];
        for (from, reply_to, expected) in table {
            let inbound = Inbound {
                from: Some(mailbox(from)),
                reply_to: Some(mailbox(reply_to)),
                ..Inbound::default()
            };
            let found = stand_in(&inbound, "marque.fr").map(|found| found.address);
            assert_eq!(found.as_deref(), expected, "{from} {reply_to}");
        }
    }
}

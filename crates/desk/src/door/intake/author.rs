//! Whose letter is it? Mostly the address in `From`. But a web form writes for somebody else, a colleague passes a customer's
//! letter on, and some letters name nobody. Nothing is decided here: the letter is put right before it is decided on.

use casework::inbound::Forwarded;
use casework::intake::Forwarding;
use casework::{Inbound, Mailbox, SenderProof};
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
    if let Some((inside, forwarding)) = forwarding(lookup, letter, &inbound, sender).await? {
        return Ok(passed_on(inbound, inside, forwarding));
    }
    let inbox = lookup.inbox(letter.brand, letter.inbox).await?;
    let host = inbox.as_ref().map_or("", |(_, address)| host_of(address));
    let named = stand_in(&inbound, host).or_else(|| envelope_sender(&inbound, letter));
    let is_by_proxy = named.is_some();
    let sender = if is_by_proxy { SenderProof::Unknown } else { sender };
    if is_by_proxy {
        inbound.from = named;
    }
    Ok(Authored { inbound, forwarding: None, sender, is_by_proxy })
}

/// The letter inside and the colleague who passed it on; nobody whose address is forged.
async fn forwarding(
    lookup: &mut Lookup<'_>,
    letter: &UnreadLetter,
    inbound: &Inbound,
    sender: SenderProof,
) -> Result<Option<(Forwarded, Forwarding)>, StoreError> {
    let Some(from) = inbound.from.as_ref().filter(|_| sender != SenderProof::Forged) else { return Ok(None) };
    let Some(agent) = lookup.agent_at(letter.brand, &from.address).await? else { return Ok(None) };
    let inside = inbound.forwarded.as_deref().cloned().or_else(|| written_inside(inbound));
    // Nobody passes on their own letter: a colleague who complains is a customer.
    let Some(inside) = inside.filter(|inside| inside.from.address != from.address) else { return Ok(None) };
    let forwarding = Forwarding { agent, comment: inside.comment.clone() };
    Ok(Some((inside, forwarding)))
}

/// The letter that stands in the words of another one, as mail programs forward it ("TR:", "Fwd:", "WG:").
fn written_inside(outer: &Inbound) -> Option<Forwarded> {
    let found = text::forward::read(&outer.subject, &outer.text)?;
    let address = found.from_address.filter(|address| address.len() <= ADDRESS_BYTES_MAX)?;
    let subject = found.subject.unwrap_or_else(|| text::subject::plain(&outer.subject));
    let one_line = |line: String, max: usize| {
        line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(max).collect()
    };
    Some(Forwarded {
        from: Mailbox { address, name: found.from_name.map(|name| one_line(name, NAME_CHARS_MAX)) },
        subject: one_line(subject, SUBJECT_CHARS_MAX),
        text: found.text,
        message_id: None,
        comment: found.comment,
    })
}

/// The letter inside becomes the letter; files and layout stay those of the one around it, which is what was received.
fn passed_on(outer: Inbound, inside: Forwarded, forwarding: Forwarding) -> Authored {
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
    let forwarding = Some(forwarding);
    Authored { inbound, forwarding, sender: SenderProof::Unknown, is_by_proxy: false }
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

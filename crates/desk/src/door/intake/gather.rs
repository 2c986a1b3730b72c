//! What is known when a letter comes in: one read of the sender, the cases it may belong to, the rules that hold.

use casework::intake::{Known, Match, Returned};
use casework::proof::{Secret, without_tag};
use casework::{Automatic, BrandId, Case, CaseId, CustomerId, Inbound, Reference};
use jiff::Timestamp;
use store::{Conn, Lookup, StoreError, UnreadLetter};

use super::super::DoorError;
use super::author::Authored;

/// Language that a brand answers in when its own is not found.
const LANGUAGE: &str = "fr";
/// Cases that headers may lead to.
const MATCHES_MAX: usize = 5;

/// Gathers what a decision on this letter needs to know.
pub(super) async fn gather(
    conn: &mut Conn,
    secret: &Secret,
    letter: &UnreadLetter,
    (authored, fingerprint): (&Authored, [u8; 32]),
    now: Timestamp,
) -> Result<Known, DoorError> {
    let mut lookup = Lookup(conn);
    let inbound = &authored.inbound;
    let brand = letter.brand;
    let address = super::sender_of(inbound);
    let (team, inbox_address) = lookup.inbox(brand, letter.inbox).await?.ok_or(DoorError::Gone)?;
    let (policy, calendar) = lookup.team_rules(brand, team).await?;
    let sender = lookup.sender(brand, &address).await?;
    let thread = Thread::of(&mut lookup, brand, inbound).await?;
    let by_address = secret.case_of_address(&letter.recipient, brand);
    let customer = sender.as_ref().map(|(customer, _)| customer.id);
    let by_undoubted = by_address.filter(|_| !authored.sender.is_against());
    let returned = returned(&mut lookup, brand, (&thread, by_undoubted), inbound).await?;
    let chain = thread.chain(inbound, returned.is_some());
    // Whoever writes for others proves nothing about them.
    let prover = customer.filter(|_| !authored.is_by_proxy);
    let matches = matches(&mut lookup, brand, (chain, by_address), prover).await?;
    let automatic_sent = match &sender {
        Some((_, identity)) => lookup.automatic_sent(brand, identity.id, now).await?,
        None => (0, 0),
    };
    let duplicate_of = lookup.filed(brand, fingerprint).await?;
    Ok(Known {
        brand,
        brand_language: lookup.brand_language(brand).await?.unwrap_or_else(|| LANGUAGE.to_owned()),
        inbox: letter.inbox,
        host: inbox_address.rsplit_once('@').map_or_else(String::new, |(_, host)| host.to_owned()),
        team,
        sender_is_ours: lookup.is_inbox(&without_tag(&address)).await?,
        junk_rule: lookup.junk_rule(brand, &address, &inbound.subject.to_lowercase()).await?,
        duplicate_of,
        repeats_id: duplicate_of.is_none() && thread.knows_own_id(inbound),
        returned,
        cited: cited(&mut lookup, brand, inbound).await?,
        open_cases: open_cases(&mut lookup, brand, customer, matches.is_empty()).await?,
        free_keys: thread.free_keys(),
        matches,
        automatic_sent,
        sender,
        policy,
        calendar,
    })
}

/// The letter's own `Message-ID` and the newest it answers, each with the case it leads to.
struct Thread(Vec<(String, Option<CaseId>)>);

impl Thread {
    async fn of(lookup: &mut Lookup<'_>, brand: BrandId, inbound: &Inbound) -> Result<Self, StoreError> {
        let mut keys: Vec<String> = Vec::new();
        for key in inbound.message_id.iter().chain(&inbound.answers) {
            if keys.len() < store::THREAD_KEYS_MAX && !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        let leads = lookup.thread(brand, &keys).await?;
        Ok(Self(keys.into_iter().zip(leads).collect()))
    }

    fn lead_of(&self, mail_id: &str) -> Option<CaseId> {
        self.0.iter().find(|(key, _)| key == mail_id).and_then(|(_, lead)| *lead)
    }

    /// Whether the letter's own id is one of a letter received before. An answer that came before what it answers has
    /// claimed that id too: then no letter with it is known.
    fn knows_own_id(&self, inbound: &Inbound) -> bool {
        inbound.message_id.as_deref().is_some_and(|id| self.lead_of(id).is_some())
    }

    /// The cases that the letter's ids lead to. A delivery report proves nothing but by a mail of ours that came back:
    /// its number cannot be guessed, those of customers' letters are known to all whom they wrote a copy.
    fn chain(&self, inbound: &Inbound, is_ours_returned: bool) -> Vec<CaseId> {
        let is_report = inbound.automatic == Some(Automatic::Bounce);
        let returned = inbound.answers.first().filter(|_| is_ours_returned);
        let counts = |id: &String| !is_report || returned == Some(id);
        self.0.iter().filter(|(id, _)| counts(id)).filter_map(|(_, lead)| *lead).collect()
    }

    fn free_keys(&self) -> Vec<String> {
        self.0.iter().filter(|(_, lead)| lead.is_none()).map(|(key, _)| key.clone()).collect()
    }
}

/// The cases that the chain of `Message-ID`s and the signed address lead to, each once.
async fn matches(
    lookup: &mut Lookup<'_>,
    brand: BrandId,
    (chain, by_address): (Vec<CaseId>, Option<CaseId>),
    customer: Option<CustomerId>,
) -> Result<Vec<Match>, StoreError> {
    let by_chain = chain.into_iter().map(|case| (case, false));
    let mut asked: Vec<CaseId> = Vec::new();
    let mut matches: Vec<Match> = Vec::new();
    for (id, is_by_address) in by_address.map(|case| (case, true)).into_iter().chain(by_chain) {
        if asked.contains(&id) || asked.len() == MATCHES_MAX {
            continue;
        }
        asked.push(id);
        let Some(led_to) = lookup.case(brand, id).await? else { continue };
        let case = lookup.home_of(led_to.clone()).await?;
        if case.erased_at.is_some() || matches.iter().any(|known| known.case.id == case.id) {
            continue;
        }
        let sender_takes_part = match customer {
            Some(customer) => {
                lookup.takes_part(&led_to, customer).await? || lookup.takes_part(&case, customer).await?
            }
            None => false,
        };
        matches.push(Match { case, is_by_address, sender_takes_part });
    }
    Ok(matches)
}

/// The mail of ours that a delivery report is about: its `Message-ID` comes first among what the report answers. Some
/// servers do not tell it; a report that came to a signed address is then about the last mail that left from there.
async fn returned(
    lookup: &mut Lookup<'_>,
    brand: BrandId,
    (thread, by_address): (&Thread, Option<CaseId>),
    inbound: &Inbound,
) -> Result<Option<Returned>, StoreError> {
    if inbound.automatic != Some(Automatic::Bounce) {
        return Ok(None);
    }
    if let Some(mail_id) = inbound.answers.first() {
        return match thread.lead_of(mail_id) {
            Some(case) => lookup.returned(brand, case, mail_id).await,
            None => Ok(None),
        };
    }
    match by_address {
        Some(case) => {
            let recipient = inbound.report.as_ref().and_then(|report| report.recipient.as_deref());
            lookup.last_sent(brand, case, recipient.unwrap_or_default()).await
        }
        None => Ok(None),
    }
}

async fn cited(lookup: &mut Lookup<'_>, brand: BrandId, inbound: &Inbound) -> Result<Vec<Case>, StoreError> {
    let mut cases = Vec::new();
    for reference in Reference::cited_in(&inbound.subject) {
        if let Some(case) = lookup.case_by_reference(brand, &reference).await? {
            let case = lookup.home_of(case).await?;
            cases.extend((case.erased_at.is_none()).then_some(case));
        }
    }
    Ok(cases)
}

/// The sender's open cases with the words of their first letters; asked only when the headers lead nowhere.
async fn open_cases(
    lookup: &mut Lookup<'_>,
    brand: BrandId,
    customer: Option<CustomerId>,
    is_needed: bool,
) -> Result<Vec<(Case, String)>, StoreError> {
    let Some(customer) = customer.filter(|_| is_needed) else { return Ok(Vec::new()) };
    let cases = lookup.open_cases(brand, customer).await?;
    Ok(cases.into_iter().map(|(case, words)| (case, text::reading::read(&words).visible())).collect())
}

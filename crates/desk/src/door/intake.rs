//! A letter comes in: read → understand → gather → decide → commit.

use casework::decision::{AsideReason, LetterEnd, LetterResult};
use casework::intake::{self, Findings, Known, Letter, Match};
use casework::proof::{Secret, without_tag};
use casework::{BrandId, CaseId, Decision, Inbound, LetterId, Reference};
use jiff::Timestamp;
use store::{Conn, Lock, Lookup, StoreError, UnreadLetter};

use super::DoorError;
use crate::desk::Desk;

/// Letters larger than this are read on a thread of their own, so that they hold up nobody.
const QUICK_BYTES_MAX: usize = 128 * 1024;
/// Claims before a letter is kept aside unread: one that ends the whole process leaves no failure behind, only its claims.
const CLAIMS_MAX: u32 = 25;
/// Language that a brand answers in when its own is not found.
const LANGUAGE: &str = "fr";

/// Decides on a letter that waits in the letterbox. One that was decided on meanwhile is passed over.
pub async fn take_in(desk: &Desk, id: LetterId) -> Result<(), DoorError> {
    let Some(letter) = desk.store.unread_letter(id).await? else { return Ok(()) };
    if letter.attempts > CLAIMS_MAX {
        tracing::error!(letter = %id, "a letter was claimed again and again and never decided on");
        return Ok(keep_aside(desk, &letter).await?);
    }
    let inbound = read(desk, &letter).await?;
    let findings = understand(&inbound);
    let fingerprint = intake::fingerprint(&inbound);
    let lock = Lock::Address(letter.brand, sender_of(&inbound));
    let at_the_door = desk.clone();
    let decided = desk.store.decide(lock, move |conn| {
        let (desk, letter) = (at_the_door.clone(), letter.clone());
        let (inbound, findings) = (inbound.clone(), findings.clone());
        Box::pin(async move {
            let now = desk.clock.now();
            let known = gather(conn, &desk.secret, &letter, (&inbound, fingerprint), now).await?;
            let letter = Letter {
                id: letter.id,
                fingerprint,
                inbound: &inbound,
                findings: &findings,
                is_insisted: letter.is_insisted,
            };
            Ok::<Decision, DoorError>(intake::decide(&letter, &known, &mut desk.mint(), now))
        })
    });
    match decided.await {
        Ok(_) => {
            desk.order_came.notify_one();
            Ok(())
        }
        // Somebody else has decided on it: there is nothing left to do.
        Err(DoorError::Store(StoreError::Conflict)) if desk.store.unread_letter(id).await?.is_none() => {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Keeps a letter aside that cannot be decided on: visible, and a person can have it tried again.
pub async fn keep_aside(desk: &Desk, letter: &UnreadLetter) -> Result<(), StoreError> {
    let mut decision = Decision::empty(letter.brand, desk.clock.now());
    let end = LetterEnd::Aside(AsideReason::Unreadable);
    decision.letter = Some(LetterResult { letter: letter.id, fingerprint: [0; 32], end });
    desk.store.commit(decision).await.map(drop)
}

async fn read(desk: &Desk, letter: &UnreadLetter) -> Result<Inbound, DoorError> {
    let mark = desk.mark();
    if letter.bytes.len() <= QUICK_BYTES_MAX {
        return Ok(channels::mail::read::read(&letter.bytes, &mark).0);
    }
    let bytes = letter.bytes.clone();
    let reading = tokio::task::spawn_blocking(move || channels::mail::read::read(&bytes, &mark).0);
    reading.await.map_err(|_| DoorError::Gone)
}

/// What the text of a letter says.
pub fn understand(inbound: &Inbound) -> Findings {
    let visible = text::reading::read(&inbound.text).visible();
    let language = text::language::of(&visible).map(|language| language.code().to_owned());
    Findings { visible, language }
}

fn sender_of(inbound: &Inbound) -> String {
    inbound.from.as_ref().map(|from| from.address.clone()).unwrap_or_default()
}

async fn gather(
    conn: &mut Conn,
    secret: &Secret,
    letter: &UnreadLetter,
    (inbound, fingerprint): (&Inbound, [u8; 32]),
    now: Timestamp,
) -> Result<Known, DoorError> {
    let mut lookup = Lookup(conn);
    let brand = letter.brand;
    let address = sender_of(inbound);
    let (team, inbox_address) = lookup.inbox(brand, letter.inbox).await?.ok_or(DoorError::Gone)?;
    let (policy, calendar) = lookup.team_rules(brand, team).await?;
    let sender = lookup.sender(brand, &address).await?;
    let (keys, leads) = thread(&mut lookup, brand, inbound).await?;
    let by_address = secret.case_of_address(&letter.recipient, brand);
    let customer = sender.as_ref().map(|(customer, _)| customer.id);
    let matches = matches(&mut lookup, brand, &leads, by_address, customer).await?;
    let automatic_sent = match &sender {
        Some((_, identity)) => lookup.automatic_sent(brand, identity.id, now).await?,
        None => (0, 0),
    };
    Ok(Known {
        brand,
        brand_language: lookup.brand_language(brand).await?.unwrap_or_else(|| LANGUAGE.to_owned()),
        inbox: letter.inbox,
        host: inbox_address.rsplit_once('@').map_or_else(String::new, |(_, host)| host.to_owned()),
        team,
        sender_is_ours: lookup.is_inbox(&without_tag(&address)).await?,
        duplicate_of: lookup.filed(brand, fingerprint).await?,
        cited: cited(&mut lookup, brand, inbound).await?,
        open_cases: open_cases(&mut lookup, brand, customer, matches.is_empty()).await?,
        free_keys: keys
            .into_iter()
            .zip(&leads)
            .filter(|(_, lead)| lead.is_none())
            .map(|(key, _)| key)
            .collect(),
        matches,
        automatic_sent,
        sender,
        policy,
        calendar,
    })
}

/// The letter's own `Message-ID` and the newest it answers, with the cases they lead to.
async fn thread(
    lookup: &mut Lookup<'_>,
    brand: BrandId,
    inbound: &Inbound,
) -> Result<(Vec<String>, Vec<Option<CaseId>>), StoreError> {
    let mut keys: Vec<String> = Vec::new();
    for key in inbound.message_id.iter().chain(&inbound.answers) {
        if keys.len() < store::THREAD_KEYS_MAX && !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    let leads = lookup.thread(brand, &keys).await?;
    Ok((keys, leads))
}

/// The cases that the chain of `Message-ID`s and the signed address lead to, each once; at most five.
async fn matches(
    lookup: &mut Lookup<'_>,
    brand: BrandId,
    leads: &[Option<CaseId>],
    by_address: Option<CaseId>,
    customer: Option<casework::CustomerId>,
) -> Result<Vec<Match>, StoreError> {
    let mut ids: Vec<(CaseId, bool)> = Vec::new();
    let found = by_address.map(|case| (case, true)).into_iter();
    for (case, is_by_address) in found.chain(leads.iter().flatten().map(|case| (*case, false))) {
        if ids.len() < 5 && !ids.iter().any(|(known, _)| *known == case) {
            ids.push((case, is_by_address));
        }
    }
    let mut matches = Vec::with_capacity(ids.len());
    for (id, is_by_address) in ids {
        if let Some(case) = lookup.case(brand, id).await? {
            let sender_takes_part = customer == Some(case.customer);
            matches.push(Match { case, is_by_address, sender_takes_part });
        }
    }
    Ok(matches)
}

async fn cited(
    lookup: &mut Lookup<'_>,
    brand: BrandId,
    inbound: &Inbound,
) -> Result<Vec<casework::Case>, StoreError> {
    let mut cases = Vec::new();
    for reference in Reference::cited_in(&inbound.subject) {
        cases.extend(lookup.case_by_reference(brand, &reference).await?);
    }
    Ok(cases)
}

/// The sender's open cases with the words of their first letters; asked only when the headers lead nowhere.
async fn open_cases(
    lookup: &mut Lookup<'_>,
    brand: BrandId,
    customer: Option<casework::CustomerId>,
    is_needed: bool,
) -> Result<Vec<(casework::Case, String)>, StoreError> {
    let Some(customer) = customer.filter(|_| is_needed) else { return Ok(Vec::new()) };
    let cases = lookup.open_cases(brand, customer).await?;
    Ok(cases.into_iter().map(|(case, words)| (case, text::reading::read(&words).visible())).collect())
}

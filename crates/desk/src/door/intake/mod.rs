//! A letter comes in: read → understand → gather → decide → commit.

mod author;
mod gather;

use casework::decision::{AsideReason, LetterEnd, LetterResult};
use casework::intake::{self, Findings, Letter};
use casework::{BrandId, Decision, Defect, Flag, Inbound, LetterId};
use store::{Lock, Lookup, StoreError, UnreadLetter};

use self::author::Authored;
use super::DoorError;
use crate::desk::Desk;

/// Letters larger than this are read on a thread of their own, so that they hold up nobody.
const QUICK_BYTES_MAX: usize = 128 * 1024;
/// Claims before a letter is kept aside unread: one that ends the whole process leaves no failure behind, only its claims.
const CLAIMS_MAX: u32 = 25;

/// Decides on a letter that waits in the letterbox. One that was decided on meanwhile is passed over.
pub async fn take_in(desk: &Desk, id: LetterId) -> Result<(), DoorError> {
    let Some(letter) = desk.store.unread_letter(id).await? else { return Ok(()) };
    if letter.attempts > CLAIMS_MAX {
        tracing::error!(letter = %id, "a letter was claimed again and again and never decided on");
        return Ok(keep_aside(desk, letter.brand, id).await?);
    }
    let (inbound, flags) = read(desk, &letter).await?;
    // A letter that was passed on is recognised again as the one it was, not as the one inside.
    let fingerprint = intake::fingerprint(&inbound);
    let sender = desk.prover.prove(&letter).await;
    let mut conn = desk.store.reader().await?;
    let authored = author::find(&mut Lookup(&mut conn), &letter, inbound, sender).await?;
    drop(conn);
    let findings = understand(&authored.inbound);
    let lock = Lock::Address(letter.brand, sender_of(&authored.inbound));
    let at_the_door = desk.clone();
    let decided = desk.store.decide(lock, move |conn| {
        let (desk, letter) = (at_the_door.clone(), letter.clone());
        let (authored, findings, flags) = (authored.clone(), findings.clone(), flags.clone());
        Box::pin(async move {
            let now = desk.clock.now();
            let known = gather::gather(conn, &desk.secret, &letter, (&authored, fingerprint), now).await?;
            let Authored { inbound, forwarding, sender, is_by_proxy } = &authored;
            let letter = Letter {
                id: letter.id,
                fingerprint,
                inbound,
                findings: &findings,
                is_insisted: letter.is_insisted,
                is_history: letter.is_history,
                flags: &flags,
                sender: *sender,
                forwarding: forwarding.as_ref(),
                is_by_proxy: *is_by_proxy,
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
pub async fn keep_aside(desk: &Desk, brand: BrandId, letter: LetterId) -> Result<(), StoreError> {
    let mut decision = Decision::empty(brand, desk.clock.now());
    let end = LetterEnd::Aside(AsideReason::Unreadable);
    decision.letter = Some(LetterResult { letter, fingerprint: [0; 32], end });
    desk.store.commit(decision).await.map(drop)
}

async fn read(desk: &Desk, letter: &UnreadLetter) -> Result<(Inbound, Vec<Flag>), DoorError> {
    let mark = desk.mark();
    let (inbound, defects) = if letter.bytes.len() <= QUICK_BYTES_MAX {
        channels::mail::read::read(&letter.bytes, &mark)
    } else {
        let bytes = letter.bytes.clone();
        let reading = tokio::task::spawn_blocking(move || channels::mail::read::read(&bytes, &mark));
        reading.await.map_err(|_| DoorError::Gone)?
    };
    let is_encrypted = defects.iter().any(|defect| matches!(defect, Defect::Encrypted(_)));
    Ok((inbound, is_encrypted.then_some(Flag::Encrypted).into_iter().collect()))
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

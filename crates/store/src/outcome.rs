//! What became of a letter, for whoever brought it in and waits for the answer. Decides nothing about it.

use casework::decision::AsideReason;
use casework::event::Cause;
use casework::{Automatic, BrandId, Event, LetterId, Reference};

use crate::Store;
use crate::conn::values;
use crate::error::StoreError;
use crate::letters::LetterState;
use crate::rows;

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterOutcome {
    /// The brand it was sent to.
    pub brand: BrandId,
    /// How far it is.
    pub state: LetterState,
    /// Why it was kept aside.
    pub reason: Option<AsideReason>,
    /// The case it was filed in, or that held the same letter before.
    pub case: Option<Reference>,
    /// True when the case began with it.
    pub is_new: bool,
    /// What the message made of it says of its writer, when that was a machine.
    pub automatic: Option<Automatic>,
}

impl Store {
    /// What became of a letter; `None` when there is no such letter.
    pub async fn letter_outcome(&self, id: LetterId) -> Result<Option<LetterOutcome>, StoreError> {
        let sql = "select l.brand_id, l.state, l.reason, c.reference, m.automatic, e.body as opening from letters l \
                   left join cases c on c.brand_id = l.brand_id and c.id = l.case_id \
                   left join messages m on m.brand_id = l.brand_id and m.id = l.message_id \
                   left join events e on e.brand_id = l.brand_id and e.case_id = l.case_id and e.seq = 1 \
                   where l.id = $1";
        let row = self.reader().await?.row(sql, values![id]).await?;
        let Some(row) = row else { return Ok(None) };
        let reference: Option<String> = row.get("reference")?;
        let automatic: Option<String> = row.get("automatic")?;
        let automatic = automatic.map(|word| serde_json::from_str(&word)).transpose();
        let opening: Option<String> = row.get("opening")?;
        let opening: Option<Event> = opening
            .map(|body| serde_json::from_str(&body))
            .transpose()
            .map_err(|_| StoreError::Corrupt("event"))?;
        Ok(Some(LetterOutcome {
            brand: BrandId(row.get("brand_id")?),
            state: row.word("state", LetterState::parse)?,
            reason: row.word_opt("reason", AsideReason::parse)?,
            case: reference.map(|_| rows::reference(&row)).transpose()?,
            is_new: opening.is_some_and(|event| event.cause == Cause::Letter(id)),
            automatic: automatic.map_err(|_| StoreError::Corrupt("automatic"))?,
        }))
    }

    /// The letter with this fingerprint that is kept aside already, the first one if there are several.
    pub async fn letter_aside_like(
        &self,
        brand: BrandId,
        fingerprint: [u8; 32],
    ) -> Result<Option<LetterId>, StoreError> {
        let sql = "select id from letters where brand_id = $1 and fingerprint = $2 and state = 'aside' \
                   order by received_at, id limit 1";
        let row = self.reader().await?.row(sql, values![brand, fingerprint]).await?;
        row.map(|row| row.id("id")).transpose()
    }
}

//! What a customer does on the private page of their case.

use jiff::Timestamp;

use super::{CustomerAct, Situation, refuse_erased, refuse_merged};
use crate::case::{Channel, Closing, Status};
use crate::decision::{Decision, Pen};
use crate::event::{Actor, Cause, Proof, What};
use crate::id::{MessageId, Mint};
use crate::refusal::Refusal;
use crate::wording::checked;
use crate::write::{self, Words};

/// Decides on a customer's act by private link. Doing the same twice does it once.
pub fn by_customer(
    act: &CustomerAct,
    situation: &Situation,
    mint: &mut dyn Mint,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let case = &situation.case;
    refuse_erased(case)?;
    refuse_merged(case)?;
    let mut decision = Decision::empty(case.brand, now);
    let author = Actor::Customer(case.customer);
    let mut pen = Pen::on(case.clone(), now, author, Cause::PrivateLink);
    match act {
        CustomerAct::Confirm if case.closing == Some(Closing::Confirmed) => return Ok(decision),
        CustomerAct::Confirm => {
            let may_confirm = case.status == Status::Resolved || case.closing == Some(Closing::Lapsed);
            if !may_confirm {
                return Err(Refusal::NothingProposed);
            }
            pen.record(What::Closed { closing: Closing::Confirmed });
        }
        CustomerAct::Reopen(words) => {
            let said =
                words.as_ref().filter(|words| !words.text.trim().is_empty() || !words.files.is_empty());
            let message = said.map(|words| write_in(&mut decision, &mut pen, words, mint)).transpose()?;
            if matches!(case.status, Status::Resolved | Status::Closed) {
                pen.record(What::Reopened { message });
            } else if message.is_none() {
                return Err(Refusal::Empty);
            } else if case.status == Status::WaitingCustomer {
                pen.record(What::StatusChanged { to: Status::Open, third_party: None, chase_at: None });
            }
        }
    }
    decision.cases.push(pen.put_down(&situation.policy, &situation.calendar));
    Ok(decision)
}

fn write_in(
    decision: &mut Decision,
    pen: &mut Pen,
    words: &Words,
    mint: &mut dyn Mint,
) -> Result<MessageId, Refusal> {
    let trimmed = Words { text: words.text.trim().to_owned(), html: None, files: words.files.clone() };
    let words = checked(&trimmed)?;
    let case = pen.case();
    let author = Actor::Customer(case.customer);
    let message = write::told(decision, case.id, (author, Channel::Page), words, mint);
    let proof = Proof::PrivateLink;
    pen.record(What::MessageReceived { message, proof, automatic: None, received_at: None });
    Ok(message)
}

//! A customer asks for a new private link: it goes to an address of theirs, never onto the page where it was asked for.

use jiff::Timestamp;

use crate::act::Situation;
use crate::decision::{Decision, Lane, Pen};
use crate::event::{Actor, Cause, Purpose};
use crate::id::{IdentityId, Mint};
use crate::write::{self, Mail, is_too_many_automatic};

/// Decides on a request for a new link. `to` is a mail address of somebody who takes part in the case; after too many
/// automatic mails to it, nothing is sent and nothing is said.
pub fn decide(
    situation: &Situation,
    (to, automatic_sent): (IdentityId, (u32, u32)),
    host: &str,
    mint: &mut dyn Mint,
    now: Timestamp,
) -> Decision {
    let case = &situation.case;
    let mut decision = Decision::empty(case.brand, now);
    if is_too_many_automatic(automatic_sent) || case.merged_into.is_some() || case.erased_at.is_some() {
        return decision;
    }
    let mut pen = Pen::on(case.clone(), now, Actor::Desk, Cause::Act);
    let mail = Mail {
        purpose: Purpose::Link,
        to,
        answers: Vec::new(),
        subject: None,
        words: None,
        lane: Lane::Acknowledgement,
        host: host.to_owned(),
    };
    write::mail(&mut decision, &mut pen, Actor::Desk, mail, mint);
    decision.cases.push(pen.put_down(&situation.policy, &situation.calendar));
    decision
}

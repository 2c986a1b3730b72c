//! A letter opens a case: whose it is, in which language it is answered, and its receipt.

use super::filing::{self, Place};
use super::{Known, Letter, belonging};
use crate::case::Nature;
use crate::decision::{ContentKind, Decision, Lane, LetterEnd, NewCustomer, NewIdentity, Pen};
use crate::event::{Actor, Cause, Proof, Purpose, What};
use crate::id::{CaseId, ContentId, CustomerId, IdentityId, Mint, Reference};
use crate::inbound::Mailbox;
use crate::people::IdentityKind;
use crate::write::{self, Mail, is_too_many_automatic};

/// Opens a case for a letter.
pub(super) fn open(decision: &mut Decision, letter: &Letter<'_>, known: &Known, mint: &mut dyn Mint) {
    let Some((customer, identity)) = sender_or_new(decision, letter, known, mint) else { return };
    let id = CaseId(mint.uuid());
    let author = Actor::Customer(customer);
    let subject = decision.content(id, ContentKind::Subject, letter.inbound.subject.clone(), mint);
    let opened = What::Opened {
        reference: Reference::draw(mint),
        nature: Nature::Complaint,
        customer,
        inbox: known.inbox,
        team: known.team,
        subject,
        language: language_of(letter, known),
    };
    let by = (author, Cause::Letter(letter.id));
    let Some(mut pen) = Pen::begin(known.brand, id, decision.at, by, opened) else { return };
    let place = Place { case: id, author, identity: Some(identity) };
    let message = filing::file_letter(decision, letter, known, place, mint);
    let automatic = letter.inbound.automatic;
    pen.record(What::MessageReceived { message, proof: Proof::First, automatic, received_at: None });
    filing::remark(decision, &mut pen, (letter, known), message, mint);
    for (other, hint) in belonging::hints(letter, known) {
        pen.record_as(Actor::Desk, What::LinkProposed { other, hint });
    }
    if automatic.is_none() && !letter.is_forged() && !letter.is_history {
        acknowledge(decision, &mut pen, (letter, known), (identity, subject), mint);
    }
    decision.cases.push(pen.put_down(&known.policy, &known.calendar));
    decision.letter = Some(letter.end(LetterEnd::Filed(id, message)));
}

/// The language to answer in: the letter's, else what the customer used before, else the brand's.
/// The desk writes French and English; any other language is answered in the brand's.
fn language_of(letter: &Letter<'_>, known: &Known) -> String {
    let before = known.sender.as_ref().and_then(|(customer, _)| customer.language.as_deref());
    let ours = |language: &&str| matches!(*language, "fr" | "en");
    let found = letter.findings.language.as_deref().filter(ours).or(before.filter(ours));
    found.unwrap_or(&known.brand_language).to_owned()
}

fn sender_or_new(
    decision: &mut Decision,
    letter: &Letter<'_>,
    known: &Known,
    mint: &mut dyn Mint,
) -> Option<(CustomerId, IdentityId)> {
    if let Some((customer, identity)) = &known.sender {
        decision.customer = Some((customer.id, customer.version));
        return Some((customer.id, identity.id));
    }
    let from = letter.inbound.from.as_ref()?;
    let id = CustomerId(mint.uuid());
    let identity = NewIdentity {
        id: IdentityId(mint.uuid()),
        customer: id,
        kind: IdentityKind::Mail,
        address: from.address.clone(),
        is_proved: true,
    };
    let ids = (id, identity.id);
    decision.new_identities.push(identity);
    let name = from.name.as_deref().map(|name| text::cards::mask(name).into_owned());
    let language = letter.findings.language.clone();
    decision.new_customer = Some(NewCustomer { id, name, language });
    Some(ids)
}

/// The receipt for a new case, unless two machines may be answering each other or nobody reads what comes back.
fn acknowledge(
    decision: &mut Decision,
    pen: &mut Pen,
    (letter, known): (&Letter<'_>, &Known),
    (identity, subject): (IdentityId, ContentId),
    mint: &mut dyn Mint,
) {
    if is_too_many_automatic(known.automatic_sent)
        || letter.inbound.from.as_ref().is_some_and(Mailbox::takes_no_answers)
    {
        pen.record_as(Actor::Desk, What::MessageWithheld { purpose: Purpose::Acknowledgement });
        return;
    }
    let mail = Mail {
        purpose: Purpose::Acknowledgement,
        to: identity,
        answers: letter.inbound.message_id.iter().cloned().collect(),
        subject: Some(subject),
        words: None,
        lane: Lane::Acknowledgement,
        host: known.host.clone(),
    };
    write::mail(decision, pen, Actor::Desk, mail, mint);
}

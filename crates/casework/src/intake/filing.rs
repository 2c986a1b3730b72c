//! A letter becomes a message of a case: its words as contents, its ids as thread keys, and what follows from it.

use jiff::SignedDuration;

use super::{Known, Letter, returned};
use crate::case::{Case, Channel, Status};
use crate::decision::{ContentKind, Decision, LetterEnd, Pen, ThreadKey};
use crate::event::{Actor, Cause, Flag, Proof, What};
use crate::id::{CaseId, IdentityId, MessageId, Mint};
use crate::inbound::Automatic;
use crate::message::{Message, MessageState, REFERENCES_MAX};
use crate::write::{self, Words};

/// A letter that was written so long before it came is shown with the day of its own.
const LONG_BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// Adds a letter to a case.
pub(super) fn append(
    decision: &mut Decision,
    letter: &Letter<'_>,
    known: &Known,
    (case, proof): (&Case, Proof),
    mint: &mut dyn Mint,
) {
    let automatic = letter.inbound.automatic;
    if proof == Proof::SameProblem {
        decision.customer = known.sender.as_ref().map(|(customer, _)| (customer.id, customer.version));
    }
    // A mail server wrote a bounce, whoever it names as its sender: that makes nobody a participant.
    let sender = known.sender.as_ref().filter(|_| !letter.is_bounce());
    let author = sender.map_or(Actor::Desk, |(customer, _)| Actor::Customer(customer.id));
    let identity = sender.map(|(_, identity)| identity.id);
    let mut pen = Pen::on(case.clone(), decision.at, author, Cause::Letter(letter.id));
    let message = file_letter(decision, letter, known, Place { case: case.id, author, identity }, mint);
    pen.record(What::MessageReceived { message, proof, automatic, received_at: None });
    remark(decision, &mut pen, (letter, known), message, mint);
    if automatic.is_none() {
        move_on(&mut pen, message);
    }
    if let (Some(report), Some(returned)) = (&letter.inbound.report, &known.returned) {
        returned::take_back(decision, &mut pen, (report, returned), mint);
    }
    decision.cases.push(pen.put_down(&known.policy, &known.calendar));
    decision.letter = Some(letter.end(LetterEnd::Filed(case.id, message)));
}

/// A customer's own words make the case ours to move again.
fn move_on(pen: &mut Pen, message: MessageId) {
    match pen.case().status {
        Status::Closed => pen.record(What::Reopened { message: Some(message) }),
        Status::WaitingCustomer | Status::Resolved => {
            pen.record(What::StatusChanged { to: Status::Open, third_party: None, chase_at: None });
        }
        Status::New | Status::Open | Status::WaitingThirdParty => {}
    }
}

/// Where a letter is filed, and as whose.
pub(super) struct Place {
    /// The case.
    pub case: CaseId,
    /// Who wrote it.
    pub author: Actor,
    /// From which of their addresses.
    pub identity: Option<IdentityId>,
}

/// Makes a message of the letter: its words as contents, its `Message-ID`s as thread keys.
pub(super) fn file_letter(
    decision: &mut Decision,
    letter: &Letter<'_>,
    known: &Known,
    Place { case, author, identity }: Place,
    mint: &mut dyn Mint,
) -> MessageId {
    let id = MessageId(mint.uuid());
    let inbound = letter.inbound;
    let text = decision.content(case, ContentKind::Text, inbound.text.clone(), mint);
    let subject = decision.content(case, ContentKind::Subject, inbound.subject.clone(), mint);
    let files = (!inbound.files.is_empty())
        .then(|| serde_json::to_string(&inbound.files).unwrap_or_default())
        .map(|json| decision.content(case, ContentKind::Files, json, mint));
    decision
        .thread_keys
        .extend(known.free_keys.iter().map(|mail_id| ThreadKey { mail_id: mail_id.clone(), case }));
    decision.messages.push(Message {
        id,
        case,
        at: decision.at,
        written_at: inbound.sent_at.filter(|at| decision.at.duration_since(*at) > LONG_BEFORE),
        author,
        channel: Channel::Mail,
        state: MessageState::Received,
        purpose: None,
        identity,
        text,
        html: None,
        subject: Some(subject),
        files,
        has_layout: inbound.html.is_some(),
        letter: Some(letter.id),
        mail_id: inbound.message_id.clone(),
        answers: inbound.answers.iter().take(REFERENCES_MAX).cloned().collect(),
        automatic: inbound.automatic,
        sender: letter.sender,
        reason: None,
    });
    mark_alive(decision, letter, known);
    id
}

/// What is remarkable about a letter that was filed: whoever passed it on, and an id that another letter had before.
pub(super) fn remark(
    decision: &mut Decision,
    pen: &mut Pen,
    (letter, known): (&Letter<'_>, &Known),
    message: MessageId,
    mint: &mut dyn Mint,
) {
    let own = known.repeats_id.then_some(Flag::RepeatedId);
    for flag in own.into_iter().chain(letter.flags.iter().copied()) {
        pen.record_as(Actor::Desk, What::MessageFlagged { message, flag });
    }
    let Some(forwarding) = letter.forwarding else { return };
    let agent = Actor::Agent(forwarding.agent);
    pen.record_as(agent, What::LetterForwarded { message });
    let comment = forwarding.comment.trim();
    if !comment.is_empty() {
        let words = Words { text: comment.to_owned(), html: None, files: Vec::new() };
        let note = write::note(decision, pen, (agent, Channel::Mail), words, mint);
        pen.record_as(agent, What::NoteWritten { message: note });
    }
}

/// An address that writes is an address that can be written to.
fn mark_alive(decision: &mut Decision, letter: &Letter<'_>, known: &Known) {
    let is_from_there = matches!(letter.inbound.automatic, None | Some(Automatic::Reply));
    let marked = known.sender.as_ref().filter(|(_, identity)| identity.undeliverable_at.is_some());
    if let Some((_, identity)) =
        marked.filter(|_| is_from_there && !letter.is_doubtful() && !letter.is_by_proxy)
    {
        decision.identity_marks.push((identity.id, None));
    }
}

//! A letter comes in: screen → thread → open or append → route → clocks. Everything known is handed in; a decision comes out.
//! Reads no channel, no database and no clock.

use std::collections::BTreeSet;

use calendar::Calendar;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::case::{Case, Nature, Status};
use crate::clock::Policy;
use crate::decision::{
    AsideReason, ContentKind, Decision, Lane, LetterEnd, LetterResult, NewCustomer, Pen, ThreadKey,
};
use crate::event::{Actor, Cause, Hint, Proof, Purpose, What};
use crate::id::{
    BrandId, CaseId, ContentId, CustomerId, IdentityId, InboxId, LetterId, MessageId, Mint, Reference, TeamId,
};
use crate::inbound::{Automatic, Inbound};
use crate::message::{Message, MessageState, REFERENCES_MAX};
use crate::people::{Customer, Identity};
use crate::write::{self, Mail};

/// A second first letter about the same problem joins the case while it is this young.
const SAME_PROBLEM_WITHIN: SignedDuration = SignedDuration::from_hours(72);
/// Digits that make a word a reference. Years and prices mostly have fewer, or differ as rarely as they agree.
const REFERENCE_DIGITS_MIN: usize = 5;
/// References read of one text.
const REFERENCES_READ_MAX: usize = 50;
/// Automatic mails to one address within an hour, and within a day, after which the desk falls silent.
const AUTOMATIC_PER_HOUR_MAX: u32 = 5;
const AUTOMATIC_PER_DAY_MAX: u32 = 20;

/// The letter, read and understood.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// Its id in the letterbox.
    pub id: LetterId,
    /// What tells it from every other letter, as [`fingerprint`] makes it.
    pub fingerprint: [u8; 32],
    /// What it says.
    pub inbound: &'a Inbound,
    /// What the text was found to mean.
    pub findings: &'a Findings,
    /// True when a person asked for a case to be made of a letter that was kept aside.
    pub is_insisted: bool,
}

impl Letter<'_> {
    fn end(&self, end: LetterEnd) -> LetterResult {
        LetterResult { letter: self.id, fingerprint: self.fingerprint, end }
    }
}

/// What the text crate found in a letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// The writer's own words, without quoted history and signature.
    pub visible: String,
    /// `fr`, `en` or another code; `None` when it is too short to tell.
    pub language: Option<String>,
}

/// Everything that was known when the letter was decided on.
#[derive(Debug, Clone)]
pub struct Known {
    /// The brand written to.
    pub brand: BrandId,
    /// The language the brand answers in when it cannot tell the customer's.
    pub brand_language: String,
    /// The inbox written to.
    pub inbox: InboxId,
    /// The domain of its address.
    pub host: String,
    /// The team that works this inbox.
    pub team: TeamId,
    /// The sender, if the address is known.
    pub sender: Option<(Customer, Identity)>,
    /// True when the sender's address is one of our own inboxes.
    pub sender_is_ours: bool,
    /// The case that holds the same letter already (same `Message-ID`, same body).
    pub duplicate_of: Option<CaseId>,
    /// Cases that the letter's headers lead to.
    pub matches: Vec<Match>,
    /// Cases that the subject cites.
    pub cited: Vec<Case>,
    /// The sender's open cases, newest first, with the words of their first message.
    pub open_cases: Vec<(Case, String)>,
    /// `Message-ID`s among the letter's own and those it answers that lead nowhere yet.
    pub free_keys: Vec<String>,
    /// Automatic mails written to the sender in the last hour and in the last day. Counters are not part of the read set.
    pub automatic_sent: (u32, u32),
    /// Targets of the owning team.
    pub policy: Policy,
    /// Hours of the owning team.
    pub calendar: Calendar,
}

/// A case that a letter's headers lead to.
#[derive(Debug, Clone)]
pub struct Match {
    /// The case.
    pub case: Case,
    /// True when the signed reply address led to it, false when the chain of `Message-ID`s did.
    pub is_by_address: bool,
    /// Whether the sender takes part in the case.
    pub sender_takes_part: bool,
}

/// What makes a letter the same as one received before: its `Message-ID`, its sender and its body.
/// A letter without `Message-ID` is told apart by its date as well.
pub fn fingerprint(inbound: &Inbound) -> [u8; 32] {
    let mut hash = Sha256::new();
    let from = inbound.from.as_ref().map_or("", |from| from.address.as_str());
    let id = match &inbound.message_id {
        Some(id) => id.clone(),
        None => inbound.sent_at.map(|at| at.to_string()).unwrap_or_default(),
    };
    for part in [id.as_bytes(), from.as_bytes(), &inbound.body_hash] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Decides what becomes of a letter.
pub fn decide(letter: &Letter<'_>, known: &Known, mint: &mut dyn Mint, now: Timestamp) -> Decision {
    let mut decision = Decision::empty(known.brand, now);
    if let Some(case) = known.duplicate_of {
        decision.letter = Some(letter.end(LetterEnd::Duplicate(case)));
        return decision;
    }
    let is_own_loop = letter.inbound.automatic == Some(Automatic::OwnLoop) && !letter.is_insisted;
    if known.sender_is_ours || is_own_loop {
        return aside(decision, letter, AsideReason::OwnLoop);
    }
    if let Some((case, proof)) = find_case(letter, known, now) {
        append(&mut decision, letter, known, (case, proof), mint);
        return decision;
    }
    let reason = match letter.inbound.automatic {
        _ if letter.inbound.from.is_none() => Some(AsideReason::NoSender),
        _ if letter.is_insisted => None,
        Some(Automatic::Bounce) => Some(AsideReason::Bounce),
        Some(Automatic::Reply) => Some(AsideReason::AutomaticReply),
        Some(Automatic::List) => Some(AsideReason::List),
        Some(Automatic::Receipt) => Some(AsideReason::Receipt),
        Some(Automatic::Invitation) => Some(AsideReason::Invitation),
        Some(Automatic::OwnLoop | Automatic::Generated) | None => None,
    };
    if let Some(reason) = reason {
        return aside(decision, letter, reason);
    }
    open(&mut decision, letter, known, mint);
    decision
}

fn aside(mut decision: Decision, letter: &Letter<'_>, reason: AsideReason) -> Decision {
    decision.letter = Some(letter.end(LetterEnd::Aside(reason)));
    decision
}

/// The case a letter belongs to by proof, never by a number in its subject.
/// A bounce needs no participant: its author is a mail server, and the proof cannot be guessed. Any other machine does,
/// else a stranger who was shown an address would only have to call themselves automatic.
fn find_case<'a>(letter: &Letter<'_>, known: &'a Known, now: Timestamp) -> Option<(&'a Case, Proof)> {
    let is_machine = letter.inbound.automatic.is_some();
    let proven = known.matches.iter().find(|found| {
        (found.sender_takes_part || is_bounce(letter))
            && (is_machine || !is_long_closed(&found.case, known, now))
    });
    if let Some(found) = proven {
        let proof = if found.is_by_address { Proof::SignedAddress } else { Proof::Chain };
        return Some((&found.case, proof));
    }
    if is_machine || !known.matches.is_empty() {
        return None;
    }
    let is_young = |case: &Case| now.duration_since(case.opened_at) <= SAME_PROBLEM_WITHIN;
    let said = format!("{}\n{}", letter.inbound.subject, letter.findings.visible);
    let alike = known.open_cases.iter().filter(|(case, words)| {
        is_young(case) && case.inbox == known.inbox && !names_other_things(words, &said)
    });
    alike
        .map(|(case, words)| (case, text::similar::likeness(words, &letter.findings.visible)))
        .filter(|(_, likeness)| *likeness >= text::similar::SAME_PROBLEM)
        .max_by(|(_, left), (_, right)| left.total_cmp(right))
        .map(|(case, _)| (case, Proof::SameProblem))
}

/// Whether two texts name references (order, parcel, contract numbers) and none in common: then they are two problems,
/// however alike the rest reads.
fn names_other_things(left: &str, right: &str) -> bool {
    let (left, right) = (references_in(left), references_in(right));
    !left.is_empty() && !right.is_empty() && left.is_disjoint(&right)
}

/// The numbers of a text: runs of letters and digits with at least four digits, without dashes and in one case.
fn references_in(text: &str) -> BTreeSet<String> {
    let word = |c: char| !(c.is_alphanumeric() || c == '-' || c == '_');
    let plain =
        |word: &str| word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let words = text
        .split(word)
        .filter(|word| !is_date(word))
        .map(plain)
        .filter(|word: &String| digits_in(word) >= REFERENCE_DIGITS_MIN);
    words.take(REFERENCES_READ_MAX).collect()
}

/// `2026-03-03` is a date, not a reference.
fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && part.len() == digits_in(part))
}

fn digits_in(word: &str) -> usize {
    word.chars().filter(char::is_ascii_digit).count()
}

fn is_bounce(letter: &Letter<'_>) -> bool {
    letter.inbound.automatic == Some(Automatic::Bounce)
}

fn is_long_closed(case: &Case, known: &Known, now: Timestamp) -> bool {
    case.closed_at.is_some_and(|at| now.duration_since(at) > known.policy.reopen_within)
}

/// Adds a letter to a case.
fn append(
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
    let sender = known.sender.as_ref().filter(|_| !is_bounce(letter));
    let author = sender.map_or(Actor::Desk, |(customer, _)| Actor::Customer(customer.id));
    let identity = sender.map(|(_, identity)| identity.id);
    let mut pen = Pen::on(case.clone(), decision.at, author, Cause::Letter(letter.id));
    let message = file_letter(decision, letter, known, Place { case: case.id, author, identity }, mint);
    pen.record(What::MessageReceived { message, proof, automatic });
    if automatic.is_none() {
        move_on(&mut pen, message);
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

/// Opens a case for a letter.
fn open(decision: &mut Decision, letter: &Letter<'_>, known: &Known, mint: &mut dyn Mint) {
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
    let message = file_letter(decision, letter, known, place, mint);
    let automatic = letter.inbound.automatic;
    pen.record(What::MessageReceived { message, proof: Proof::First, automatic });
    for (other, hint) in hints(letter, known) {
        pen.record_as(Actor::Desk, What::LinkProposed { other, hint });
    }
    if automatic.is_none() {
        let answered = letter.inbound.message_id.clone();
        acknowledge(decision, &mut pen, known, (identity, answered, subject), mint);
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
    let new = NewCustomer {
        id: CustomerId(mint.uuid()),
        identity: IdentityId(mint.uuid()),
        address: from.address.clone(),
        name: from.name.clone(),
        language: letter.findings.language.clone(),
    };
    let ids = (new.id, new.identity);
    decision.new_customer = Some(new);
    Some(ids)
}

/// The receipt for a new case, unless two machines may be answering each other.
fn acknowledge(
    decision: &mut Decision,
    pen: &mut Pen,
    known: &Known,
    (identity, answered, subject): (IdentityId, Option<String>, ContentId),
    mint: &mut dyn Mint,
) {
    let (hour, day) = known.automatic_sent;
    if hour >= AUTOMATIC_PER_HOUR_MAX || day >= AUTOMATIC_PER_DAY_MAX {
        pen.record_as(Actor::Desk, What::MessageWithheld { purpose: Purpose::Acknowledgement });
        return;
    }
    let mail = Mail {
        purpose: Purpose::Acknowledgement,
        to: identity,
        answers: answered.into_iter().collect(),
        subject: Some(subject),
        words: None,
        lane: Lane::Acknowledgement,
        host: known.host.clone(),
    };
    write::mail(decision, pen, Actor::Desk, mail, mint);
}

/// Cases that this letter may belong with, for a person to judge; at most five.
fn hints(letter: &Letter<'_>, known: &Known) -> Vec<(CaseId, Hint)> {
    let by_headers = known.matches.iter().map(|found| {
        let hint = match (found.sender_takes_part, found.is_by_address) {
            (true, _) => Hint::LongClosed,
            (false, true) => Hint::SignedAddressByStranger,
            (false, false) => Hint::ChainByStranger,
        };
        (found.case.id, hint)
    });
    let by_subject = known.cited.iter().map(|case| (case.id, Hint::Reference));
    let by_words = known.open_cases.iter().filter_map(|(case, words)| {
        let likeness = text::similar::likeness(words, &letter.findings.visible);
        (likeness >= text::similar::SAME_PROBLEM).then_some((case.id, Hint::Alike))
    });
    let mut seen = Vec::new();
    by_headers
        .chain(by_subject)
        .chain(by_words)
        .filter(|(case, _)| {
            !seen.contains(case) && {
                seen.push(*case);
                true
            }
        })
        .take(5)
        .collect()
}

/// Where a letter is filed, and as whose.
struct Place {
    case: CaseId,
    author: Actor,
    identity: Option<IdentityId>,
}

/// Makes a message of the letter: its words as contents, its `Message-ID`s as thread keys.
fn file_letter(
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
        author,
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
        reason: None,
    });
    id
}

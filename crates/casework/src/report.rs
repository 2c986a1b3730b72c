//! Somebody tells the desk about a problem by any other way than a letter by mail: in the public form, on the phone, at a
//! counter, on paper, through a program. It opens a case. (report, known, now) → decision or refusal.
//!
//! Nothing proves who fills in a form, so a report joins no case by itself: it may read like an open one, which becomes a
//! hint for a person.

use calendar::Calendar;
use jiff::Timestamp;

use crate::access::{self, Wish};
use crate::case::{Case, Channel, Nature};
use crate::clock::Policy;
use crate::decision::{ContentKind, Decision, Lane, NewCustomer, NewIdentity, Pen, ThreadKey};
use crate::event::{Actor, Cause, Hint, Proof, Purpose, What};
use crate::id::{BrandId, CaseId, ContentId, CustomerId, IdentityId, InboxId, Mint, Reference, TeamId};
use crate::people::{Agent, Customer, IdentityKind};
use crate::refusal::Refusal;
use crate::wording::{checked, checked_day, line};
use crate::write::{self, Mail, Words, is_too_many_automatic};

/// Signs of a customer that one report brings.
pub const IDENTITIES_MAX: usize = 10;
/// Longest subject made of the first words, in characters.
const SUBJECT_CHARS_MAX: usize = 80;

/// What was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How.
    pub channel: Channel,
    /// What it is about, on one line; made of the first words where it is empty.
    pub subject: String,
    /// The customer's words.
    pub words: Words,
    /// What kind of matter it is.
    pub nature: Nature,
    /// The language they used, where it is known.
    pub language: Option<String>,
    /// When it had reached the company, if that was before now.
    pub received_at: Option<Timestamp>,
    /// Whether the customer gets a receipt with their private link, where they have an address.
    pub receipt: Receipt,
}

/// Whether a receipt is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It is.
    Sent,
    /// It is not: the customer has been told, or does not want one.
    None,
}

/// Who told it to the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Teller {
    /// The customer, by themselves.
    Customer,
    /// A person of the desk, or a program on their behalf, who writes it down.
    Agent(Agent),
}

/// Whose problem it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// A customer we know.
    Known(Customer),
    /// Somebody new; the name they gave.
    New(Option<String>),
}

/// A sign that a customer is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// What it is.
    pub kind: IdentityKind,
    /// In its normal form.
    pub address: String,
    /// Its id, where the customer is known by it already.
    pub known_as: Option<IdentityId>,
}

/// Everything that was known when the report was decided on.
#[derive(Debug, Clone)]
pub struct Known {
    /// The brand.
    pub brand: BrandId,
    /// The language it answers in when nobody can tell the customer's.
    pub brand_language: String,
    /// The inbox from which the case is answered.
    pub inbox: InboxId,
    /// The domain of its address.
    pub host: String,
    /// The team that works it.
    pub team: TeamId,
    /// Whose it is.
    pub whose: Whose,
    /// By which signs they can be reached, the best one first; at most [`IDENTITIES_MAX`].
    pub signs: Vec<Sign>,
    /// Their open cases, newest first, with the words of their first message.
    pub open_cases: Vec<(Case, String)>,
    /// Automatic mails written to the first mail address in the last hour and in the last day.
    pub automatic_sent: (u32, u32),
    /// Targets of the team.
    pub policy: Policy,
    /// Its hours.
    pub calendar: Calendar,
}

/// Decides on a report: a case, its first message, its receipt. `key` is claimed for the case: the same report once more
/// is a conflict, and leads to the case that has it.
pub fn open(
    report: &Report,
    teller: &Teller,
    known: &Known,
    (key, mint): (&str, &mut dyn Mint),
    now: Timestamp,
) -> Result<Decision, Refusal> {
    if let Teller::Agent(agent) = teller {
        access::allow(agent, Wish::OpenCase(known.brand, known.team))?;
    }
    let words = checked(&report.words)?;
    let received_at = checked_day(report.received_at, now)?;
    if known.signs.is_empty() {
        return Err(Refusal::NoIdentity);
    }
    let mut decision = Decision::empty(known.brand, now);
    let (customer, reach) = customer(&mut decision, report, teller, known, mint);
    let id = CaseId(mint.uuid());
    decision.thread_keys.push(ThreadKey { mail_id: key.to_owned(), case: id });
    let author = match teller {
        Teller::Customer => Actor::Customer(customer),
        Teller::Agent(agent) => Actor::Agent(agent.id),
    };
    let subject = decision.content(id, ContentKind::Subject, subject_of(report), mint);
    let opened = What::Opened {
        reference: Reference::draw(mint),
        nature: report.nature,
        customer,
        inbox: known.inbox,
        team: known.team,
        subject,
        language: language_of(report, known),
    };
    let begun = Pen::begin(known.brand, id, now, (author, Cause::Act), opened);
    let mut pen = begun.ok_or(Refusal::NotAllowed)?;
    let said_by = (Actor::Customer(customer), report.channel);
    let message = write::told(&mut decision, id, said_by, words, mint);
    name_identity(&mut decision, reach.map(|(identity, _)| identity));
    pen.record(What::MessageReceived { message, proof: Proof::First, automatic: None, received_at });
    for other in alike(report, known) {
        pen.record_as(Actor::Desk, What::LinkProposed { other, hint: Hint::Alike });
    }
    if let (Receipt::Sent, Some((to, IdentityKind::Mail))) = (report.receipt, reach) {
        acknowledge(&mut decision, &mut pen, (known, to, subject), mint);
    }
    decision.cases.push(pen.put_down(&known.policy, &known.calendar));
    Ok(decision)
}

/// Whose case it is, and how they are reached. What a person of the desk or a program writes down counts as known to be
/// theirs; what is typed into a public form is merely claimed.
fn customer(
    decision: &mut Decision,
    report: &Report,
    teller: &Teller,
    known: &Known,
    mint: &mut dyn Mint,
) -> (CustomerId, Option<(IdentityId, IdentityKind)>) {
    let customer = match &known.whose {
        Whose::Known(customer) => {
            decision.customer = Some((customer.id, customer.version));
            customer.id
        }
        Whose::New(name) => {
            let id = CustomerId(mint.uuid());
            let name = name.as_deref().and_then(line).map(|name| text::cards::mask(&name).into_owned());
            decision.new_customer = Some(NewCustomer { id, name, language: report.language.clone() });
            id
        }
    };
    let mut ways = Vec::new();
    for sign in known.signs.iter().take(IDENTITIES_MAX) {
        let id = sign.known_as.unwrap_or_else(|| IdentityId(mint.uuid()));
        if sign.known_as.is_none() {
            decision.new_identities.push(NewIdentity {
                id,
                customer,
                kind: sign.kind,
                address: sign.address.clone(),
                is_proved: matches!(teller, Teller::Agent(_)),
            });
        }
        ways.push((id, sign.kind));
    }
    let by_mail = ways.iter().find(|(_, kind)| *kind == IdentityKind::Mail).copied();
    (customer, by_mail.or(ways.first().copied()))
}

/// The first message names the sign that answers go to.
fn name_identity(decision: &mut Decision, identity: Option<IdentityId>) {
    if let Some(message) = decision.messages.last_mut() {
        message.identity = identity;
    }
}

/// The subject that was given, else the first words.
fn subject_of(report: &Report) -> String {
    line(&report.subject).unwrap_or_else(|| {
        let first =
            report.words.text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
        let mut subject: String = first.chars().filter(|c| !c.is_control()).take(SUBJECT_CHARS_MAX).collect();
        if first.chars().count() > SUBJECT_CHARS_MAX {
            subject.push('…');
        }
        subject
    })
}

/// The desk writes French and English; any other language is answered in the brand's.
fn language_of(report: &Report, known: &Known) -> String {
    let before = match &known.whose {
        Whose::Known(customer) => customer.language.as_deref(),
        Whose::New(_) => None,
    };
    let ours = |language: &&str| matches!(*language, "fr" | "en");
    let found = report.language.as_deref().filter(ours).or(before.filter(ours));
    found.unwrap_or(&known.brand_language).to_owned()
}

/// Open cases of the customer that read alike, at most five.
fn alike(report: &Report, known: &Known) -> Vec<CaseId> {
    let is_alike =
        |words: &str| text::similar::likeness(words, &report.words.text) >= text::similar::SAME_PROBLEM;
    let found = known.open_cases.iter().filter(|(_, words)| is_alike(words));
    found.map(|(case, _)| case.id).take(5).collect()
}

fn acknowledge(
    decision: &mut Decision,
    pen: &mut Pen,
    (known, to, subject): (&Known, IdentityId, ContentId),
    mint: &mut dyn Mint,
) {
    if is_too_many_automatic(known.automatic_sent) {
        pen.record_as(Actor::Desk, What::MessageWithheld { purpose: Purpose::Acknowledgement });
        return;
    }
    let mail = Mail {
        purpose: Purpose::Acknowledgement,
        to,
        answers: Vec::new(),
        subject: Some(subject),
        words: None,
        lane: Lane::Acknowledgement,
        host: known.host.clone(),
    };
    write::mail(decision, pen, Actor::Desk, mail, mint);
}

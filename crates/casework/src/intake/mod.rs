//! A letter comes in: screen → thread → open or append → route → clocks. Everything known is handed in; a decision comes out.
//! Reads no channel, no database and no clock.

mod belonging;
mod filing;
mod opening;
mod returned;
mod screening;

use calendar::Calendar;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

pub use returned::Returned;
pub use screening::JunkRule;

use crate::case::Case;
use crate::clock::Policy;
use crate::decision::{AsideReason, Decision, LetterEnd, LetterResult};
use crate::event::Flag;
use crate::id::{AgentId, BrandId, CaseId, InboxId, LetterId, Mint, TeamId};
use crate::inbound::{Automatic, Inbound, SenderProof};
use crate::people::{Customer, Identity};

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
    /// True when it is old: brought over from elsewhere, it gets no receipt.
    pub is_history: bool,
    /// Whether the domain of the writer's address stands behind it.
    pub sender: SenderProof,
    /// What its reader found remarkable.
    pub flags: &'a [Flag],
    /// Set when a person of the desk passed it on: then `inbound` is the letter inside.
    pub forwarding: Option<&'a Forwarding>,
    /// True when somebody else, who is not proven either, names its writer: it may open a case, and joins none.
    pub is_by_proxy: bool,
}

impl Letter<'_> {
    fn end(&self, end: LetterEnd) -> LetterResult {
        LetterResult { letter: self.id, fingerprint: self.fingerprint, end }
    }

    fn is_bounce(&self) -> bool {
        self.inbound.automatic == Some(Automatic::Bounce)
    }

    fn is_forged(&self) -> bool {
        self.sender == SenderProof::Forged
    }

    fn is_doubtful(&self) -> bool {
        self.sender.is_against()
    }
}

/// A person of the desk passed a customer's letter on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarding {
    /// Who.
    pub agent: AgentId,
    /// What they wrote above it: an internal note. Often empty.
    pub comment: String,
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
    /// What the desk's own rules say of the sender and the subject.
    pub junk_rule: Option<JunkRule>,
    /// The case that holds the same letter already (same `Message-ID`, same body).
    pub duplicate_of: Option<CaseId>,
    /// True when the letter's own `Message-ID` is known although the letter is not: its body is another one.
    pub repeats_id: bool,
    /// Cases that the letter's headers lead to; a merged case stands for the one it was merged into.
    pub matches: Vec<Match>,
    /// The mail of ours that a delivery report is about.
    pub returned: Option<Returned>,
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

/// What makes a letter the same as one received before in the same brand: its `Message-ID` and its body.
/// A letter without `Message-ID` is told apart by its date and its sender as well.
pub fn fingerprint(inbound: &Inbound) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    };
    if let Some(id) = &inbound.message_id {
        add(id.as_bytes());
    } else {
        add(inbound.sent_at.map(|at| at.to_string()).unwrap_or_default().as_bytes());
        add(inbound.from.as_ref().map_or("", |from| from.address.as_str()).as_bytes());
    }
    add(&inbound.body_hash);
    hash.finalize().into()
}

/// Decides what becomes of a letter.
pub fn decide(letter: &Letter<'_>, known: &Known, mint: &mut dyn Mint, now: Timestamp) -> Decision {
    let mut decision = Decision::empty(known.brand, now);
    if let Some(case) = known.duplicate_of {
        decision.letter = Some(letter.end(LetterEnd::Duplicate(case)));
        return decision;
    }
    if screening::is_own_loop(letter, known) {
        return aside(decision, letter, AsideReason::OwnLoop);
    }
    if let Some((case, proof)) = belonging::find_case(letter, known, now) {
        filing::append(&mut decision, letter, known, (case, proof), mint);
        return decision;
    }
    if let Some(reason) = screening::reason_to_keep_aside(letter, known) {
        return aside(decision, letter, reason);
    }
    opening::open(&mut decision, letter, known, mint);
    decision
}

fn aside(mut decision: Decision, letter: &Letter<'_>, reason: AsideReason) -> Decision {
    decision.letter = Some(letter.end(LetterEnd::Aside(reason)));
    decision
}

//! Everything outside the desk, as it truly is: people, what they wrote, what they got, what they will do and when.
//! The laws compare what the desk believes with this.

use std::collections::{BTreeMap, BTreeSet};

use casework::decision::AsideReason;
use casework::{BrandId, CaseId, Inbound, LetterId, SenderProof};
use desk::desk::Desk;
use jiff::{SignedDuration, Timestamp};
use store::LetterState;

use crate::dice::Dice;
use crate::failures::{Doom, Held};
use crate::stage::{Engine, Stage};

/// When runs begin: a Monday, the Fridays before both changes of the clocks, the eve of a holiday, the end of a year.
const STARTS: [&str; 5] = [
    "2026-03-02T06:00:00Z",
    "2026-03-27T06:00:00Z",
    "2026-10-23T05:00:00Z",
    "2026-04-29T05:00:00Z",
    "2026-12-30T06:00:00Z",
];

/// What somebody will do.
#[derive(Debug, Clone)]
pub enum Deed {
    /// A person writes about a new problem.
    Write(usize),
    /// A person writes about that problem again, as a new mail.
    Again(usize, usize),
    /// A person answers their own first mail about that problem.
    AnswerSelf(usize, usize),
    /// A person answers a mail of ours.
    Answer(usize),
    /// A person's machine answers a mail of ours.
    Away(usize),
    /// A mail server reports about a mail of ours.
    Report(usize),
    /// A mail of ours comes back as it is.
    Return(usize),
    /// A mail server sends a paper once more.
    Resend(usize),
    /// A person says by the private link in a mail of ours that it is solved.
    Confirm(usize),
    /// A person says by the private link that it is not.
    Reopen(usize),
    /// A person's calendar answers a mail of ours, or their program says that they have read it.
    Notice(usize),
    /// A person tells it to an agent, who passes it on.
    PassOn(usize),
    /// A person fills in our own web form.
    FillIn(usize),
    /// A machine that does not say so writes by itself.
    Hum(usize),
    /// It answers a mail of ours.
    Echo(usize),
    /// An agent undoes a merge: the case that ended, the case that goes on.
    Undo(usize, (BrandId, CaseId, CaseId)),
    /// Somebody writes who has no business with us, or means ill.
    Strange,
    /// An agent works for a while.
    Round(usize),
    /// A lead looks at what was kept aside and what is stuck.
    Tidy,
    /// A node will die at its next work of this kind.
    Die(Doom),
    /// A node that was thought dead goes on with what it held.
    Wake(Held),
    /// Both nodes' workers stand still until then.
    Pause(SignedDuration),
    /// The next mail server is away until then.
    Outage(SignedDuration),
    /// The desk's clock jumps.
    Jump(SignedDuration),
}

/// Somebody who writes.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "habits that are thrown one by one")]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: String,
    /// French, or else English.
    pub is_french: bool,
    /// Their machine answers while they are away.
    pub has_machine: bool,
    /// Their mailbox is full: some mails come back.
    pub is_full: bool,
    /// A machine that answers everything and does not say that it is one.
    pub is_robot: bool,
    /// Their problems.
    pub problems: Vec<Problem>,
}

/// A problem of a person.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Its order number, which nobody else has.
    pub order: String,
    /// What kind.
    pub kind: usize,
    /// The inbox written to.
    pub inbox: String,
    /// The paper of the first mail about it.
    pub first: usize,
}

/// Where a letter must end up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expects {
    /// Wherever the desk sees fit.
    #[default]
    Anything,
    /// In a case, whichever.
    Filed,
    /// Aside, for this reason, unless a person insists.
    Aside(AsideReason),
    /// In this case, unless it was closed for long.
    Case(CaseId),
    /// In the case of this other paper, unless that was closed for long.
    SameAs(usize),
}

/// A mail that somebody wrote; it may be handed in several times.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    /// As it travels.
    pub bytes: Vec<u8>,
    /// The envelope's sender.
    pub sender: String,
    /// The address of whose letter it is.
    pub from: String,
    /// The address it was written to.
    pub to: String,
    /// What is true about its sender.
    pub proof: SenderProof,
    /// The mail of ours that it says failed; empty when it does not say which.
    pub failed: Option<String>,
    /// `Message-ID`.
    pub mail_id: String,
    /// Whether a machine wrote it.
    pub is_automatic: bool,
    /// Whether it reports about a mail of ours.
    pub is_report: bool,
    /// Whether somebody wrote it in another's name, who may not be believed about any case.
    pub is_hearsay: bool,
    /// Where it must end up.
    pub expects: Expects,
}

/// A paper that was handed in for an inbox.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its id in the letterbox.
    pub id: LetterId,
    /// Which paper.
    pub paper: usize,
    /// The brand it was sent to.
    pub brand: BrandId,
    /// When.
    pub at: Timestamp,
    /// What the desk made of it, as far as seen.
    pub end: Option<LetterState>,
}

/// A mail of ours that reached the next server.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipient.
    pub recipient: String,
    /// As it came.
    pub bytes: Vec<u8>,
    /// As its reader sees it.
    pub read: Inbound,
    /// The case that its signed address belongs to.
    pub case: Option<CaseId>,
}

/// What happened, in numbers.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Letters handed in.
    pub letters: u32,
    /// Of these: filed, seen before, kept aside.
    pub ends: (u32, u32, u32),
    /// Cases at the end.
    pub cases: u32,
    /// Events on all timelines.
    pub events: u32,
    /// Acts done by agents and by customers.
    pub acts: (u32, u32),
    /// Acts that the desk refused.
    pub refusals: u32,
    /// Clocks that rang, and of these: late.
    pub rings: (u32, u32),
    /// Cases confirmed, lapsed.
    pub closings: (u32, u32),
    /// Nodes that died in the middle, and that came back with what they held.
    pub crashes: (u32, u32),
    /// Mails that reached the next server, and further copies of them.
    pub sent: (u32, u32),
    /// Attempts that the next server put off, refused.
    pub failures: (u32, u32),
    /// Clock jumps.
    pub jumps: u32,
    /// Merges, and how many of them were undone.
    pub merges: (u32, u32),
    /// Mails of ours that were reported to have failed.
    pub returned: u32,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { letters, ends, cases, events, acts, refusals, rings, .. } = self;
        let Self { closings, crashes, sent, failures, jumps, merges, returned, .. } = self;
        writeln!(f, "letters {letters}: filed {}, seen before {}, aside {}", ends.0, ends.1, ends.2)?;
        writeln!(f, "cases {cases}: events {events}, confirmed {}, lapsed {}", closings.0, closings.1)?;
        writeln!(f, "acts {} by agents, {} by customers, refused {refusals}", acts.0, acts.1)?;
        writeln!(f, "rings {}, late {}; clock jumps {jumps}", rings.0, rings.1)?;
        writeln!(
            f,
            "sent {}, further copies {}, put off {}, refused {}",
            sent.0, sent.1, failures.0, failures.1
        )?;
        writeln!(f, "merges {}, undone {}; reported to have failed {returned}", merges.0, merges.1)?;
        write!(f, "crashes {}, back from the dead {}", crashes.0, crashes.1)
    }
}

/// The world around the desk.
pub struct World {
    /// Which run.
    pub seed: u64,
    /// The source of every choice.
    pub dice: Dice,
    /// The desk's stage.
    pub stage: Stage,
    /// The two nodes.
    pub nodes: [Desk; 2],
    /// Whose turn it is.
    pub turn: usize,
    /// True time; the desk's clock is off by `skew`.
    pub now: Timestamp,
    /// By how much the desk's clock is ahead.
    pub skew: SignedDuration,
    /// When it ends.
    pub end: Timestamp,
    /// What will happen, in order.
    pub agenda: BTreeMap<(Timestamp, u64), Deed>,
    /// Everybody; strangers come last.
    pub people: Vec<Person>,
    /// Everything written.
    pub papers: Vec<Paper>,
    /// Everything handed in.
    pub letters: Vec<Letter>,
    /// Every mail of ours that left.
    pub mails: Vec<Mail>,
    /// Ids of the mails in the postbox that have been looked at.
    pub collected: BTreeSet<uuid::Uuid>,
    /// Letters that a person insisted on.
    pub insisted: BTreeSet<LetterId>,
    /// `Message-ID`s that somebody used for two letters.
    pub reused: BTreeSet<String>,
    /// What failed beside the desk.
    pub trouble: crate::failures::Trouble,
    /// Violations seen while playing.
    pub broken: Vec<String>,
    /// What happened.
    pub counts: Counts,
    planned: u64,
}

impl World {
    /// Opens a world for a seed.
    pub async fn open(seed: u64, days: u32, engine: Engine) -> anyhow::Result<Self> {
        let mut dice = Dice::new(seed);
        let start: Timestamp = dice.pick(&STARTS).unwrap_or(STARTS[0]).parse()?;
        let (stage, first) = Stage::set(engine, start, dice.next()).await?;
        let second = stage.node(dice.next()).await?;
        Ok(Self {
            seed,
            dice,
            stage,
            nodes: [first, second],
            turn: 0,
            now: start,
            skew: SignedDuration::ZERO,
            end: start.checked_add(SignedDuration::from_hours(24 * i64::from(days)))?,
            agenda: BTreeMap::new(),
            people: Vec::new(),
            papers: Vec::new(),
            letters: Vec::new(),
            mails: Vec::new(),
            collected: BTreeSet::new(),
            insisted: BTreeSet::new(),
            reused: BTreeSet::new(),
            trouble: crate::failures::Trouble::default(),
            broken: Vec::new(),
            counts: Counts::default(),
            planned: 0,
        })
    }

    /// Closes it.
    pub async fn close(self) -> anyhow::Result<()> {
        for node in &self.nodes {
            node.store.close().await;
        }
        self.stage.strike()
    }

    /// The node whose turn it is; the other one is next.
    pub fn next_node(&mut self) -> Desk {
        self.turn = 1 - self.turn;
        self.nodes[self.turn].clone()
    }

    /// Any node, to look at the store.
    pub fn desk(&self) -> &Desk {
        &self.nodes[0]
    }

    /// What the desk's clock says.
    pub fn desk_now(&self) -> Timestamp {
        self.stage.clock.now()
    }

    /// Lets true time come to `at`.
    pub fn come_to(&mut self, at: Timestamp) -> anyhow::Result<()> {
        self.now = self.now.max(at);
        self.stage.clock.move_to(self.now.checked_add(self.skew)?);
        Ok(())
    }

    /// Plans a deed so much later.
    pub fn plan(&mut self, after: SignedDuration, deed: Deed) -> anyhow::Result<()> {
        let at = self.now.checked_add(after)?;
        self.plan_at(at, deed);
        Ok(())
    }

    /// Plans a deed at an instant.
    pub fn plan_at(&mut self, at: Timestamp, deed: Deed) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), deed);
    }

    /// The next deed whose time has come.
    pub fn due(&mut self) -> Option<Deed> {
        let entry = self.agenda.first_entry()?;
        if entry.key().0 <= self.now { Some(entry.remove()) } else { None }
    }

    /// Keeps a paper and gives its number.
    pub fn keep(&mut self, paper: Paper) -> usize {
        self.papers.push(paper);
        self.papers.len() - 1
    }

    /// A `Message-ID` that nobody had before.
    pub fn mail_id(&mut self, address: &str) -> String {
        let host = address.rsplit_once('@').map_or(address, |(_, host)| host);
        format!("{:016x}.{}@{host}", self.dice.next(), self.papers.len())
    }

    /// Notes that a law was broken.
    pub fn breaks(&mut self, what: &str) {
        self.broken.push(format!("seed {} at {}: {what}", self.seed, self.stage.clock.now()));
    }
}

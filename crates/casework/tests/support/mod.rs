//! What the tests share: fixed people and places, a mint that counts, and a decision told in words.

mod letters;
mod told;

use calendar::{Calendar, CalendarSpec, HolidaySet};
use casework::act::{Reach, Situation};
use casework::write::Words;
use casework::{
    Actor, Agent, AgentId, BrandId, Case, CaseId, Cause, ContentId, CustomerId, Event, IdentityId, InboxId,
    LetterId, MessageId, Mint, Nature, Policy, Proof, Purpose, Reference, Role, Status, TeamId, What, fold,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

pub use letters::{Post, known, matched, sender};
pub use told::{events_told, told};

pub const BRAND: BrandId = BrandId(1);
pub const INBOX: InboxId = InboxId(Uuid::from_u128(0x1b));
pub const TEAM: TeamId = TeamId(Uuid::from_u128(0x7e));
pub const OTHER_TEAM: TeamId = TeamId(Uuid::from_u128(0x7f));
pub const LEA: AgentId = AgentId(Uuid::from_u128(0xa1));
pub const MARC: AgentId = AgentId(Uuid::from_u128(0xa2));
pub const ANNE: CustomerId = CustomerId(Uuid::from_u128(0xc1));
pub const ANNE_MAIL: IdentityId = IdentityId(Uuid::from_u128(0x1d));
pub const OLD: CaseId = CaseId(Uuid::from_u128(0x01d));
pub const OTHER: CaseId = CaseId(Uuid::from_u128(0x07e));
pub const HOST: &str = "marque.example";

/// Counts ids up from a seed; random bits are a hash of seed and count. One seed is one run.
#[derive(Debug, Clone)]
pub struct Counting {
    seed: u64,
    count: u64,
}

impl Counting {
    pub fn seeded(seed: u64) -> Self {
        Self { seed, count: 0 }
    }

    /// `SplitMix64` (Steele, Lea, Flood 2014).
    fn mixed(&mut self) -> u64 {
        self.count += 1;
        let mut z = self.seed.wrapping_add(self.count.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

impl Mint for Counting {
    fn uuid(&mut self) -> Uuid {
        self.count += 1;
        Uuid::from_u64_pair(self.seed | 1 << 63, self.count)
    }

    fn random(&mut self) -> u128 {
        u128::from(self.mixed()) << 64 | u128::from(self.mixed())
    }
}

pub fn mint() -> Counting {
    Counting::seeded(7)
}

/// An instant of March 2026 as people write it: `02T09:00` is Monday the second, nine o'clock UTC, ten in Paris.
pub fn march(day_and_time: &str) -> Timestamp {
    format!("2026-03-{day_and_time}:00Z").parse().unwrap()
}

pub fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

pub fn always_open() -> Calendar {
    Calendar::always_open("Europe/Paris").unwrap()
}

/// Monday to Friday, 09:00-18:00 in Paris.
pub fn office_hours() -> Calendar {
    Calendar::new(CalendarSpec {
        zone: "Europe/Paris".to_owned(),
        hours: "Mo-Fr 09:00-18:00".to_owned(),
        holidays: HolidaySet::FRANCE,
        closures: vec![],
    })
    .unwrap()
}

pub fn agent(id: AgentId, role: Role, teams: &[TeamId]) -> Agent {
    Agent { id, name: "Léa".to_owned(), role, teams: teams.iter().map(|team| (BRAND, *team)).collect() }
}

/// Léa works in the team that owns the cases here.
pub fn lea() -> Agent {
    agent(LEA, Role::Agent, &[TEAM])
}

pub fn words(text: &str) -> Words {
    Words { text: text.to_owned(), html: None, files: Vec::new() }
}

pub fn message(number: u128) -> MessageId {
    MessageId(Uuid::from_u128(0x3e5 << 32 | number))
}

pub fn content(number: u128) -> ContentId {
    ContentId(Uuid::from_u128(0xc0 << 32 | number))
}

pub fn letter(number: u128) -> LetterId {
    LetterId(Uuid::from_u128(0x1e << 32 | number))
}

/// A history in the making: events at instants, without going through decisions, for setting a scene.
#[derive(Debug, Clone)]
pub struct History {
    pub case: CaseId,
    pub events: Vec<Event>,
}

impl History {
    /// Anne's case, opened and received at this instant.
    pub fn opened(case: CaseId, at: Timestamp) -> Self {
        let opened = What::Opened {
            reference: Reference::parse("K7M2-4Q8P").unwrap(),
            nature: Nature::Complaint,
            customer: ANNE,
            inbox: INBOX,
            team: TEAM,
            subject: content(1),
            language: "fr".to_owned(),
        };
        let received = What::MessageReceived {
            message: message(1),
            proof: Proof::First,
            automatic: None,
            received_at: None,
        };
        Self { case, events: vec![] }.then(at, Actor::Customer(ANNE), opened).then(
            at,
            Actor::Customer(ANNE),
            received,
        )
    }

    pub fn then(mut self, at: Timestamp, actor: Actor, what: What) -> Self {
        let seq = u32::try_from(self.events.len()).unwrap() + 1;
        self.events.push(Event { seq, at, actor, cause: Cause::Act, what });
        self
    }

    pub fn answered(self, at: Timestamp) -> Self {
        self.then(
            at,
            Actor::Agent(LEA),
            What::MessageWritten { message: message(2), purpose: Purpose::Answer, to: ANNE_MAIL },
        )
    }

    pub fn moved(self, at: Timestamp, to: Status) -> Self {
        self.then(at, Actor::Agent(LEA), What::StatusChanged { to, third_party: None, chase_at: None })
    }

    pub fn proposed(self, at: Timestamp) -> Self {
        let purpose = Purpose::Proposal;
        self.then(at, Actor::Agent(LEA), What::MessageWritten { message: message(3), purpose, to: ANNE_MAIL })
            .then(at, Actor::Agent(LEA), What::SolutionProposed { message: message(3) })
    }

    pub fn closed(self, at: Timestamp, closing: casework::Closing) -> Self {
        self.then(at, Actor::Customer(ANNE), What::Closed { closing })
    }

    pub fn case(&self) -> Case {
        fold::fold(BRAND, self.case, &self.events).unwrap()
    }
}

pub fn reach() -> Reach {
    Reach {
        by: casework::Channel::Mail,
        to: ANNE_MAIL,
        answers: vec!["first@client.example".to_owned()],
        subject: Some(content(1)),
        host: HOST.to_owned(),
    }
}

/// What is known when somebody acts: a reachable customer, the default targets, a desk that never closes.
pub fn situation(case: Case) -> Situation {
    Situation {
        case,
        reach: Some(reach()),
        team_members: vec![LEA, MARC],
        policy: Policy::default(),
        calendar: always_open(),
    }
}

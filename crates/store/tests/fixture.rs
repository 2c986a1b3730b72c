//! A small desk for tests: one brand with two teams and their agents, and the doors through which things happen to
//! it, made of casework's own decisions. Time stands where the test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use calendar::Calendar;
use casework::act::{self, Act};
use casework::decision::CaseChange;
use casework::intake::{self, Findings, Known, Letter, Match};
use casework::write::Words;
use casework::{
    Agent, AgentId, BrandId, Case, CaseId, Decision, Inbound, InboxId, LetterId, Mailbox, Mint, Policy,
    Refusal, Role, TeamId,
};
use jiff::{SignedDuration, Timestamp};
use store::{Brand, Conn, Inbox, Lock, Lookup, NewAgent, NewLetter, Store, StoreError, Team};
use uuid::Uuid;

use crate::engines::Place;

/// The instant at which every test begins.
pub const START: Timestamp = Timestamp::constant(1_772_449_200, 0);

/// So many minutes after the start.
pub fn minute(minutes: i64) -> Timestamp {
    START + SignedDuration::from_mins(minutes)
}

/// Ids in order, and numbers that do not repeat.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<AtomicU64>);

impl Counter {
    /// A new id.
    pub fn id<T: From<Uuid>>(&self) -> T {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        T::from(Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_0000_0000 + u128::from(number)))
    }
}

impl Mint for Counter {
    fn uuid(&mut self) -> Uuid {
        self.id()
    }

    fn random(&mut self) -> u128 {
        // An odd factor maps different numbers to different numbers.
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
    }
}

/// Why something at the test's doors did not happen.
#[derive(Debug)]
pub enum Fault {
    /// The desk says no.
    Refused(Refusal),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A desk.
#[derive(Clone)]
pub struct Desk {
    /// Its store.
    pub store: Store,
    /// Where ids come from.
    pub mint: Counter,
    /// The brand.
    pub brand: BrandId,
    /// The inbox.
    pub inbox: InboxId,
    /// The team that works the inbox.
    pub team: TeamId,
    /// Another team.
    pub other_team: TeamId,
    /// An agent of the team.
    pub alice: Agent,
    /// An agent of the other team.
    pub bob: Agent,
    /// An administrator without a team.
    pub root: Agent,
    /// The hours.
    pub calendar: Calendar,
}

impl Desk {
    /// A desk in a fresh store.
    pub async fn new(place: &Place) -> Self {
        Self::in_store(place.open().await).await
    }

    /// Sets the desk up in this store.
    pub async fn in_store(store: Store) -> Self {
        let mint = Counter::default();
        let brand = BrandId(7);
        let (team, other_team): (TeamId, TeamId) = (mint.id(), mint.id());
        let agent = |name: &str, role, teams| Agent { id: mint.id(), name: name.to_owned(), role, teams };
        let desk = Self {
            inbox: mint.id(),
            alice: agent("Alice", Role::Agent, vec![(brand, team)]),
            bob: agent("Bob", Role::Agent, vec![(brand, other_team)]),
            root: agent("Root", Role::Admin, Vec::new()),
            calendar: Calendar::always_open("Europe/Paris").unwrap(),
            store,
            mint,
            brand,
            team,
            other_team,
        };
        desk.set_up().await;
        desk
    }

    async fn set_up(&self) {
        let (slug, name) = ("lumo".to_owned(), "Lumo".to_owned());
        let (language, zone) = ("fr".to_owned(), "Europe/Paris".to_owned());
        self.store.add_brand(Brand { id: self.brand, slug, name, language, zone }).await.unwrap();
        for (id, name) in [(self.team, "Service client"), (self.other_team, "Facturation")] {
            let (policy, calendar) = (Policy::default(), self.calendar.clone());
            let team = Team { brand: self.brand, id, name: name.to_owned(), policy, calendar };
            self.store.add_team(team).await.unwrap();
        }
        for agent in [&self.alice, &self.bob, &self.root] {
            self.store.add_agent(new_agent(agent), START).await.unwrap();
            for (brand, team) in &agent.teams {
                self.store.join_team(agent.id, *brand, *team).await.unwrap();
            }
        }
        let (address, name) = ("care@lumo.fr".to_owned(), "Lumo".to_owned());
        let inbox = Inbox { brand: self.brand, id: self.inbox, address, name, team: self.team };
        self.store.add_inbox(inbox).await.unwrap();
    }

    /// Puts a letter into the letterbox.
    pub async fn keep(&self, bytes: &[u8]) -> LetterId {
        let letter = self.letter(bytes);
        let id = letter.id;
        self.store.keep_letters(vec![letter]).await.unwrap();
        id
    }

    /// A letter to keep.
    pub fn letter(&self, bytes: &[u8]) -> NewLetter {
        NewLetter {
            peer: None,
            is_history: false,
            id: self.mint.id(),
            brand: self.brand,
            inbox: self.inbox,
            recipient: "care+tag@lumo.fr".to_owned(),
            sender: "luc@exemple.fr".to_owned(),
            received_at: START,
            bytes: bytes.into(),
        }
    }

    /// A letter arrives and is decided on.
    pub async fn receive(&self, inbound: Inbound, at: Timestamp) -> Result<Decision, Fault> {
        let id = self.keep(inbound.text.as_bytes()).await;
        self.take_in(id, inbound, at).await
    }

    /// A letter of the letterbox is decided on.
    pub async fn take_in(&self, id: LetterId, inbound: Inbound, at: Timestamp) -> Result<Decision, Fault> {
        let desk = self.clone();
        let address = inbound.from.as_ref().unwrap().address.clone();
        let decided = self.store.decide(Lock::Address(self.brand, address), move |conn| {
            let (mut desk, inbound) = (desk.clone(), inbound.clone());
            Box::pin(async move { desk.think_of_letter(conn, id, &inbound, at).await })
        });
        decided.await
    }

    async fn think_of_letter(
        &mut self,
        conn: &mut Conn,
        id: LetterId,
        inbound: &Inbound,
        at: Timestamp,
    ) -> Result<Decision, Fault> {
        let known = self.gather(conn, inbound, at).await?;
        let findings = Findings { visible: inbound.text.clone(), language: Some("fr".to_owned()) };
        let fingerprint = intake::fingerprint(inbound);
        let letter = Letter {
            id,
            fingerprint,
            inbound,
            findings: &findings,
            is_insisted: false,
            is_history: false,
            flags: &[],
            sender: casework::SenderProof::Proven,
            forwarding: None,
            is_by_proxy: false,
        };
        Ok(intake::decide(&letter, &known, &mut self.mint, at))
    }

    /// What is known when a letter is decided on.
    pub async fn gather(&self, conn: &mut Conn, inbound: &Inbound, at: Timestamp) -> Result<Known, Fault> {
        let mut lookup = Lookup(conn);
        let sender = lookup.sender(self.brand, &inbound.from.as_ref().unwrap().address).await?;
        let keys: Vec<String> = inbound.message_id.iter().chain(&inbound.answers).cloned().collect();
        let leads = lookup.thread(self.brand, &keys).await?;
        let mut matches = Vec::new();
        for case in leads.iter().flatten().take(1) {
            let case = lookup.case(self.brand, *case).await?.unwrap();
            let sender_takes_part = sender.as_ref().is_some_and(|(customer, _)| customer.id == case.customer);
            matches.push(Match { case, is_by_address: false, sender_takes_part });
        }
        let (open_cases, automatic_sent) = match &sender {
            Some((customer, identity)) => (
                lookup.open_cases(self.brand, customer.id).await?,
                lookup.automatic_sent(self.brand, identity.id, at).await?,
            ),
            None => (Vec::new(), (0, 0)),
        };
        let (policy, calendar) = lookup.team_rules(self.brand, self.team).await?;
        Ok(Known {
            brand: self.brand,
            brand_language: lookup.brand_language(self.brand).await?.unwrap(),
            inbox: self.inbox,
            host: "lumo.fr".to_owned(),
            team: self.team,
            sender,
            sender_is_ours: false,
            junk_rule: None,
            repeats_id: false,
            returned: None,
            duplicate_of: lookup.filed(self.brand, intake::fingerprint(inbound)).await?,
            free_keys: keys
                .into_iter()
                .zip(&leads)
                .filter(|(_, lead)| lead.is_none())
                .map(|(key, _)| key)
                .collect(),
            matches,
            cited: Vec::new(),
            open_cases,
            automatic_sent,
            policy,
            calendar,
        })
    }

    /// A new case of a customer who writes for the first time.
    pub async fn open_case(&self) -> Case {
        let number = self.mint.0.load(Ordering::Relaxed);
        let letter = mail(&format!("luc{number}@exemple.fr"), &format!("first-{number}@exemple.fr"));
        opened(&self.receive(letter, START).await.unwrap()).after.clone()
    }

    /// An agent acts on a case.
    pub async fn act(&self, agent: &Agent, case: CaseId, act: Act, at: Timestamp) -> Result<Decision, Fault> {
        let (desk, agent) = (self.clone(), agent.clone());
        let to_team = if let Act::Assign { team, .. } = &act { Some(*team) } else { None };
        let decided = self.store.decide(Lock::Case(self.brand, case), move |conn| {
            let (mut desk, agent, act) = (desk.clone(), agent.clone(), act.clone());
            Box::pin(async move {
                let mut lookup = Lookup(conn);
                let case = lookup.case(desk.brand, case).await?.unwrap();
                let situation = lookup.situation(case, to_team).await?;
                Ok(act::by_agent(&agent, &act, &situation, &mut desk.mint, at)?)
            })
        });
        decided.await
    }

    /// The case as it is stored.
    pub async fn case(&self, case: CaseId) -> Case {
        self.store.case(self.brand, case).await.unwrap().expect("the case is there")
    }

    /// The row, the folded timeline and what was decided must be one.
    pub async fn assert_folds(&self, change: &CaseChange) {
        let id = change.after.id;
        let timeline = self.store.timeline(self.brand, id).await.unwrap();
        assert_eq!(self.case(id).await, change.after);
        assert_eq!(casework::fold::fold(self.brand, id, &timeline).as_ref(), Some(&change.after));
    }
}

/// An agent to create, with the password hash `secret`.
pub fn new_agent(agent: &Agent) -> NewAgent {
    NewAgent {
        id: agent.id,
        email: format!("{}@lumo.fr", agent.name.to_lowercase()),
        name: agent.name.clone(),
        role: agent.role,
        password_hash: "secret".to_owned(),
    }
}

/// An id that nothing has.
pub fn nobody() -> AgentId {
    AgentId(Uuid::max())
}

/// A letter from somebody about a line that is dead.
pub fn mail(from: &str, message_id: &str) -> Inbound {
    Inbound {
        from: Some(Mailbox { address: from.to_owned(), name: Some("Luc Martin".to_owned()) }),
        subject: "Ligne coupée".to_owned(),
        message_id: Some(message_id.to_owned()),
        text: "Bonjour, ma ligne est coupée depuis lundi et personne ne répond au téléphone.".to_owned(),
        body_hash: [9; 32],
        ..Inbound::default()
    }
}

/// The one case that a decision changes.
pub fn opened(decision: &Decision) -> &CaseChange {
    assert_eq!(decision.cases.len(), 1, "one case changes");
    &decision.cases[0]
}

/// Words of an agent.
pub fn words(text: &str) -> Words {
    Words { text: text.to_owned(), html: None, files: Vec::new() }
}
